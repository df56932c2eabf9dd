"""Photos and documents are taken by what they are; what is broken or disguised is refused."""

import io
from collections.abc import Iterator
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
from tests.factories import initiative

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
    assert (taken.media_type, taken.size_bytes, taken.file_name) == (kind, len(content), name)
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


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + b"\0" * 100,
        b"\x7fELF" + b"\0" * 100,
        b"#!/bin/sh\n",
        b"<svg/>",
        b"GIF89a",
        b"PK\x03\x04",
    ],
)
def test_a_disguised_program_is_refused(
    store: LocalStore, record: Initiative, content: bytes
) -> None:
    with pytest.raises(UserProblem, match="no photo or document"):
        attachments.attach_content(store, record, "foto.jpg", content)


def test_an_empty_file_and_one_that_is_not_there(
    store: LocalStore, record: Initiative, tmp_path: Path
) -> None:
    with pytest.raises(UserProblem, match="is empty"):
        attachments.attach_content(store, record, "foto.jpg", b"")
    with pytest.raises(UserProblem, match="can't be read"):
        attachments.attach(store, record, tmp_path / "weg.jpg")


def test_a_picture_that_unpacks_to_gigabytes_is_refused(
    store: LocalStore, record: Initiative, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "_MOST_PIXELS", 1000)
    with pytest.raises(UserProblem, match="too many pixels"):
        attachments.attach_content(store, record, "foto.png", photo("PNG"))


def test_a_thumbnail_is_small_and_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held on its side
    small = attachments.thumbnail(photo(exif=turned))
    assert small is not None
    assert Image.open(io.BytesIO(small)).size == (72, 96)


def test_a_document_has_no_thumbnail() -> None:
    assert attachments.thumbnail(PDF) is None
    assert attachments.thumbnail(photo()[:300]) is None


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1", "LA"])
def test_every_kind_of_picture_has_a_thumbnail(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (300, 100)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert attachments.thumbnail(out.getvalue()) is not None
