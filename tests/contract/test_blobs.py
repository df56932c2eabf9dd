"""Attachments: in pieces, resumed, never stored when damaged, seen by who may see their record."""

from hashlib import sha256

import pytest

from db.errors import Rejected
from db.shared.protocol import SharedDatabase
from tests.contract.changes import made, push
from tests.factories import attachment, contact_moment
from tests.postgres import SharedSide

CONTENT = bytes(range(256)) * 40
NAME = sha256(CONTENT).hexdigest()
PIECE = 3_000


def send(database: SharedDatabase, content: bytes = CONTENT, until: int | None = None) -> int:
    """Send `content` from where the server is, in pieces, at most until a place."""
    name = sha256(content).hexdigest()
    offset = database.blob_offset(name)
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
    assert later.blob_offset(NAME) == 2 * PIECE
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
    assert hers.blob_offset(NAME) == 0
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
