"""Attachments: in pieces, resumed, never stored when damaged, seen by who may see their record."""

from hashlib import sha256

import psycopg
import pytest

from db.errors import Rejected
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import SharedDatabase
from tests.contract.changes import made, push
from tests.factories import attachment, contact_moment
from tests.postgres import PostgresSide, SharedSide

CONTENT = bytes(range(256)) * 40
NAME = sha256(CONTENT).hexdigest()
PIECE = 3_000


def begun(database: SharedDatabase, content: bytes = CONTENT) -> int:
    """Return how much of `content` is there."""
    name = sha256(content).hexdigest()
    return database.blob_offsets({name: len(content)})[name]


def send(database: SharedDatabase, content: bytes = CONTENT, until: int | None = None) -> int:
    """Send `content` from where the server is, in pieces, at most until a place."""
    name = sha256(content).hexdigest()
    offset = begun(database, content)
    while offset < min(len(content), until or len(content)):
        offset = database.put_blob(name, offset, len(content), content[offset : offset + PIECE])
    return offset


def received(database: SharedDatabase, size: int = 1_000) -> bytes:
    """Fetch the attachment piece by piece."""
    pieces: list[bytes] = []
    while piece := database.get_blob(NAME, sum(map(len, pieces)), size):
        pieces.append(piece)
    return b"".join(pieces)


def test_an_attachment_comes_back_byte_for_byte(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "assessor")
    push(hers, made(attachment(CONTENT)))
    assert send(hers) == len(CONTENT)
    assert received(his) == CONTENT
    assert received(his, size=50_000) == CONTENT


def test_a_broken_off_attachment_goes_on_where_it_was(side: SharedSide):
    anna, hers = side.add("Anna", "counter_clerk")
    push(hers, made(attachment(CONTENT)))
    assert send(hers, until=2 * PIECE) == 2 * PIECE
    assert received(hers) == b""
    later = side.connect_again(anna)
    assert begun(later) == 2 * PIECE
    send(later)
    assert received(later) == CONTENT


def test_a_piece_sent_twice_is_stored_once(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    push(hers, made(attachment(CONTENT)))
    for _ in range(2):
        assert hers.put_blob(NAME, 0, len(CONTENT), CONTENT[:PIECE]) == PIECE
    send(hers)
    assert hers.put_blob(NAME, 0, len(CONTENT), CONTENT[:PIECE]) == len(CONTENT)
    assert received(hers) == CONTENT


def test_damaged_bytes_are_never_kept(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    push(hers, made(attachment(CONTENT)))
    with pytest.raises(Rejected):
        hers.put_blob(NAME, 0, len(CONTENT), b"x" * len(CONTENT))
    assert begun(hers) == 0
    send(hers)
    assert received(hers) == CONTENT


@pytest.mark.parametrize(
    ("offset", "total"), [(0, 40 * 1024 * 1024), (0, 0), (-1, 5), (4, 5)], ids=str
)
def test_a_size_that_can_not_be_is_rejected(side: SharedSide, offset: int, total: int):
    _, hers = side.add("Anna", "counter_clerk")
    with pytest.raises(Rejected):
        hers.put_blob(NAME, offset, total, b"abc")


def test_a_reader_adds_no_bytes(side: SharedSide):
    _, his = side.add("Bram", "reader")
    with pytest.raises(Rejected):
        his.put_blob(NAME, 0, len(CONTENT), CONTENT)


def test_bytes_are_seen_by_who_may_see_their_record(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "assessor")
    moment = contact_moment()
    photo = attachment(CONTENT, belongs_to=moment.id, belongs_to_entity="contact_moment")
    push(hers, made(moment), made(photo))
    send(hers)
    assert received(hers) == CONTENT
    assert received(his) == b""


def test_bytes_without_a_record_are_seen_by_nobody(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    send(hers)
    assert received(hers) == b""


def small(number: int) -> bytes:
    return bytes([number]) * (number + 1)


def test_several_small_ones_go_in_one_call_each_way(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    contents = {sha256(small(n)).hexdigest(): small(n) for n in range(20)}
    push(hers, *(made(attachment(content)) for content in contents.values()))
    sizes = {name: len(content) for name, content in contents.items()}
    assert set(hers.blob_offsets(sizes).values()) == {0}
    assert hers.put_blobs(contents) == set(contents)
    assert hers.put_blobs(contents) == set(contents)
    assert hers.blob_offsets(sizes) == sizes
    assert hers.get_blobs(list(contents), 1_000) == contents
    assert hers.get_blobs([*contents, NAME], 5)[NAME] == b""
    assert (hers.blob_offsets({}), hers.put_blobs({}), hers.get_blobs([], 5)) == ({}, set(), {})


def test_one_damaged_among_several_keeps_none_of_the_others_back(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    good = small(3)
    name = sha256(good).hexdigest()
    assert hers.put_blobs({NAME: b"damaged", name: good, "no name": b"x"}) == {name}


def test_a_reader_adds_no_small_ones(side: SharedSide):
    _, his = side.add("Bram", "reader")
    assert his.put_blobs({sha256(small(3)).hexdigest(): small(3)}) == set()


@pytest.mark.parametrize("size", [1, PIECE, len(CONTENT) - 1, len(CONTENT) + 1, 1_000_000])
def test_who_begins_with_a_wrong_size_blocks_nobody(side: SharedSide, size: int):
    """Knowing a photo's SHA-256 is not enough to keep the photo out."""
    _, mallory = side.add("Mallory", "counter_clerk")
    _, hers = side.add("Anna", "counter_clerk")
    push(hers, made(attachment(CONTENT)))
    piece = b"x" * min(size - 1, len(CONTENT))
    assert mallory.put_blob(NAME, 0, size, piece) == len(piece)
    assert begun(hers) == 0
    assert send(hers) == len(CONTENT)
    assert received(hers) == CONTENT
    with pytest.raises(Rejected):
        mallory.put_blob(NAME, 0, 5, b"later still")
    assert mallory.put_blob(NAME, 0, size, b"") == len(CONTENT)
    assert received(hers) == CONTENT


def test_who_begins_with_wrong_bytes_blocks_nobody(side: SharedSide):
    """The whole is dropped at its end; the same cycle sends it anew."""
    _, mallory = side.add("Mallory", "counter_clerk")
    _, hers = side.add("Anna", "counter_clerk")
    push(hers, made(attachment(CONTENT)))
    mallory.put_blob(NAME, 0, len(CONTENT), b"x" * PIECE)
    with pytest.raises(Rejected):
        send(hers)
    assert send(hers) == len(CONTENT)
    assert received(hers) == CONTENT


def test_a_laptop_of_version_1_is_not_fooled_by_a_wrong_size(real_side: PostgresSide):
    """It asks how much is there without saying how much there is to come."""
    mallory, theirs = real_side.add("Mallory", "counter_clerk")
    anna, hers = real_side.add("Anna", "counter_clerk")
    theirs.put_blob(NAME, 0, 1_000_000, b"x" * len(CONTENT))
    held = {
        person.id: offset_of_version_1(real_side.personal_url(person)) for person in (mallory, anna)
    }
    assert held == {mallory.id: len(CONTENT), anna.id: 0}
    assert hers.put_blob(NAME, 0, len(CONTENT), CONTENT[:PIECE]) == PIECE


def offset_of_version_1(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT naoberkaart.blob_offset(%s)", (NAME,)).fetchone()
    return int(row[0]) if row else -1


def test_a_small_picture_is_seen_by_who_may_see_its_record(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "assessor")
    moment, picture = contact_moment(), small(7)
    name = sha256(picture).hexdigest()
    open_one = attachment(b"open", thumbnail=NAME)
    private = attachment(
        b"private", belongs_to=moment.id, belongs_to_entity="contact_moment", thumbnail=name
    )
    push(hers, made(moment), made(open_one), made(private))
    send(hers)
    hers.put_blobs({name: picture})
    assert received(his) == CONTENT
    assert his.get_blobs([name], 100) == {name: b""}
    assert hers.get_blobs([name], 100) == {name: picture}


def test_a_server_of_version_1_is_asked_one_by_one(real_side: PostgresSide):
    """What it can't do for several at once is done for each; nothing else is different."""
    _, hers = real_side.add("Anna", "counter_clerk")
    assert isinstance(hers, PostgresDatabase)
    hers._version = 1
    contents = {sha256(small(n)).hexdigest(): small(n) for n in range(3)}
    push(hers, *(made(attachment(content)) for content in contents.values()))
    sizes = {name: len(content) for name, content in contents.items()}
    assert set(hers.blob_offsets(sizes).values()) == {0}
    assert hers.put_blobs({**contents, NAME: b"damaged"}) == set(contents)
    assert hers.blob_offsets(sizes) == sizes
    assert hers.get_blobs([*contents, NAME], 100) == {**contents, NAME: b""}
