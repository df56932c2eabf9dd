"""Photos and documents are taken by what they are; what is broken or disguised is refused."""

import io
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from db.entities.initiative import Initiative
from db.entities.place import MediaType
from db.errors import UserProblem
from db.local.engine import create_store
from db.local.keys import new_key
from db.local.store import LocalStore
from desktop_app.services import attachments
from tests.factories import attachment, initiative

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


def photo(kind: str = "JPEG", size: tuple[int, int] = (400, 300), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (120, 160, 90)).save(out, kind, **options)
    return out.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    made = LocalStore(create_store(tmp_path / "store.db", new_key()))
    yield made
    made.close()


@pytest.fixture
def record(store: LocalStore) -> Initiative:
    saved = store.save(initiative(), None).record
    assert isinstance(saved, Initiative)
    return saved


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("plein.jpg", photo(), MediaType.JPEG),
        ("plein.txt", photo("PNG"), MediaType.PNG),
        ("brief.pdf", PDF, MediaType.PDF),
    ],
)
def test_the_content_says_what_it_is(
    store: LocalStore,
    record: Initiative,
    tmp_path: Path,
    name: str,
    content: bytes,
    kind: MediaType,
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    taken = attachments.attach(store, record, path, "Het plein")
    assert (taken.media_type, taken.size_bytes, taken.file_name) == (
        kind,
        len(content),
        name.replace(".txt", ".txt.png"),
    )
    assert store.blob(taken.sha256) == content
    assert store.attachments(record.id) == (taken,)


def test_the_same_photo_twice_is_one_attachment(store: LocalStore, record: Initiative) -> None:
    first = attachments.attach_content(store, record, "a.jpg", photo())
    assert attachments.attach_content(store, record, "b.jpg", photo()).id == first.id


def test_a_photo_of_40_mb_is_refused_without_reading_it(
    store: LocalStore, record: Initiative, tmp_path: Path
) -> None:
    path = tmp_path / "groot.jpg"
    with path.open("wb") as stream:
        stream.write(b"\xff\xd8\xff")
        stream.truncate(40_000_000)
    with pytest.raises(UserProblem, match=r"40,0.MB.*10,0.MB"):
        attachments.attach(store, record, path)
    assert store.attachments(record.id) == ()


@pytest.mark.parametrize(
    "content",
    [photo()[:200], photo()[:-400], photo("PNG")[:-20], b"\xff\xd8\xff" + b"\0" * 50, PDF[:20]],
    ids=["cut off early", "cut off late", "cut png", "zeroes", "cut pdf"],
)
def test_a_damaged_file_is_refused(store: LocalStore, record: Initiative, content: bytes) -> None:
    with pytest.raises(UserProblem, match="damaged"):
        attachments.attach_content(store, record, "foto.jpg", content)
    assert store.attachments(record.id) == ()


def test_an_empty_file_and_one_that_is_not_there(
    store: LocalStore, record: Initiative, tmp_path: Path
) -> None:
    with pytest.raises(UserProblem, match="is empty"):
        attachments.attach_content(store, record, "foto.jpg", b"")
    with pytest.raises(UserProblem, match="can't be read"):
        attachments.attach(store, record, tmp_path / "weg.jpg")


def test_nothing_is_kept_of_what_is_refused(store: LocalStore, record: Initiative) -> None:
    """Bytes and record are one transaction, after every check."""
    with pytest.raises(UserProblem):
        attachments.attach_content(store, record, "foto.jpg", b"MZ" + bytes(100))
    assert store.attachments(record.id) == ()
    assert store.blob(sha256(b"MZ" + bytes(100)).hexdigest()) is None


def test_a_small_picture_is_kept_with_the_photo(store: LocalStore, record: Initiative) -> None:
    taken = attachments.attach_content(store, record, "plein.jpg", photo(size=(1600, 1200)))
    small = attachments.small_picture(store, taken)
    assert small is not None
    assert sha256(small).hexdigest() == taken.thumbnail
    assert Image.open(io.BytesIO(small)).size == (320, 240)


def test_a_document_has_no_small_picture(store: LocalStore, record: Initiative) -> None:
    taken = attachments.attach_content(store, record, "brief.pdf", PDF)
    assert taken.thumbnail is None
    assert attachments.small_picture(store, taken) is None


def test_a_photo_of_an_older_program_gets_a_small_picture_here(
    store: LocalStore, record: Initiative
) -> None:
    content = photo(size=(1600, 1200))
    old = attachment(content, sha256=store.add_blob(content), media_type=MediaType.JPEG)
    small = attachments.small_picture(store, old)
    assert small is not None
    assert Image.open(io.BytesIO(small)).size == (320, 240)


def test_a_copy_is_opened_under_a_harmless_name(tmp_path: Path) -> None:
    content = photo()
    for name in (
        "../../plein.jpg",
        "C:\\x\\plein.jpg",
        "plein\u202egpj.jpg",
        "a" * 300,
        "..",
        "con?*",
    ):
        one = attachment(content, file_name=name[:200], sha256=sha256(content).hexdigest())
        path = attachments.copy_to_open(one, content, tmp_path)
        assert path.parent.parent == tmp_path
        assert path.suffix == ".jpg"
        assert path.read_bytes() == content


def test_what_a_colleague_sent_is_looked_into_before_it_is_opened(tmp_path: Path) -> None:
    program = b"MZ" + bytes(100)
    sent = attachment(program, file_name="foto.jpg", media_type=MediaType.JPEG)
    with pytest.raises(UserProblem, match="program"):
        attachments.copy_to_open(sent, program, tmp_path)
    assert list(tmp_path.iterdir()) == []
