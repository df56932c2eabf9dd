"""What becomes public shows the picture or the text, and tells nothing else."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from db.errors import UserProblem
from desktop_app.services.public_copies import public_copy

SECRET = b"Jan Jansen"
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><dc:creator>Jan Jansen</dc:creator></x:xmpmeta>"
IPTC = b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x10\x1c\x02\x50\0\x0aJan Jansen"
EIBERGEN = {1: "N", 2: (52.0, 6.0, 56.88), 3: "E", 4: (6.0, 31.0, 19.92)}


def noted_photo(
    kind: str = "JPEG",
    orientation: int = 1,
    position: dict[int, object] | None = None,
    size: tuple[int, int] = (640, 480),
    **options: object,
) -> bytes:
    """Return a photo as a telephone makes it: who, when, where and with what are in it."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, "Jan Jansens telefoon", "Jan Jansen"
    exif.get_ifd(0x8769)[0x9003] = "2026:06:03 14:05:09"
    exif.get_ifd(0x8825).update(EIBERGEN if position is None else position)
    picture = Image.linear_gradient("L").convert("RGB").resize(size)
    out = io.BytesIO()
    picture.save(out, kind, exif=exif, **options)
    return out.getvalue()


def segment(number: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, number, len(payload) + 2) + payload


def full_jpeg(**options: object) -> bytes:
    """Return a photo with EXIF, XMP, IPTC, a comment, a small picture, and a film behind its end."""
    content = noted_photo(comment=b"van Jan Jansen", icc_profile=b"colours", **options)
    extra = segment(0xE1, XMP) + segment(0xED, IPTC) + segment(0xE0, b"JFXX\0\x10Jan Jansen")
    return content[:2] + extra + content[2:] + b"film van Jan Jansen"


def pixels(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def is_same_picture(one: bytes, other: bytes) -> bool:
    return ImageChops.difference(pixels(one), pixels(other)).getbbox() is None


@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["baseline", "progressive"])
def test_a_photo_keeps_its_pixels_and_loses_its_notes(options: dict[str, object]) -> None:
    content = full_jpeg(**options)
    assert SECRET in content
    copy = public_copy(content)
    assert SECRET not in copy
    shown = Image.open(io.BytesIO(copy))
    assert not shown.getexif()
    assert not shown.getexif().get_ifd(0x8825)
    assert set(shown.info) <= {
        "jfif", "jfif_version", "jfif_unit", "jfif_density", "icc_profile", "progressive",
        "progression", "dpi",
    }  # fmt: skip
    assert shown.info["icc_profile"] == b"colours"
    assert is_same_picture(content, copy)
    assert copy.endswith(b"\xff\xd9")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_only_how_the_camera_was_held_stays(kind: str) -> None:
    copy = public_copy(noted_photo(kind, orientation=6))
    exif = Image.open(io.BytesIO(copy)).getexif()
    assert dict(exif) == {0x0112: 6}
    assert SECRET not in copy


def test_a_png_loses_its_texts_and_what_lies_behind_its_end() -> None:
    notes = PngInfo()
    notes.add_text("Author", "Jan Jansen")
    notes.add_text("Packed", "Jan Jansen", zip=True)
    notes.add_itxt("XML:com.adobe.xmp", "<x>Jan Jansen</x>")
    content = noted_photo("PNG", pnginfo=notes) + b"uncropped Jan Jansen"
    copy = public_copy(content)
    shown = Image.open(io.BytesIO(copy))
    shown.load()
    assert not shown.info
    assert not shown.getexif()
    assert SECRET not in copy
    assert zlib.compress(SECRET)[2:8] not in copy
    assert is_same_picture(content, copy)


def noted_document() -> bytes:
    """Return a document with properties, XMP, a photo as it was taken, and an older version."""
    page = io.BytesIO()
    Image.open(io.BytesIO(full_jpeg())).save(page, "PDF", title="Brief van Jan Jansen")
    writer = PdfWriter(clone_from=io.BytesIO(page.getvalue()))
    writer.add_metadata({"/Author": "Jan Jansen"})
    told = DecodedStreamObject()
    told.set_data(b"<x:xmpmeta>Jan Jansen</x:xmpmeta>")
    for holder in (writer.root_object, writer.pages[0]):
        holder[NameObject("/Metadata")] = writer._add_object(told)
    writer.pages[0]["/Resources"]["/XObject"]["/image"]._data = full_jpeg()  # type: ignore[index]
    first, later = io.BytesIO(), io.BytesIO()
    writer.write(first)
    newer = PdfWriter(io.BytesIO(first.getvalue()), incremental=True)
    newer.add_metadata({"/Author": "Niemand"})
    newer.write(later)
    return later.getvalue()


def test_a_document_loses_its_properties() -> None:
    content = noted_document()
    assert SECRET in content
    copy = public_copy(content)
    assert SECRET not in copy
    assert b"Brief" not in copy
    assert b"Niemand" not in copy
    assert b"telefoon" not in copy
    read = PdfReader(io.BytesIO(copy))
    assert not read.metadata
    assert read.xmp_metadata is None
    assert len(read.pages) == 1
    assert len(read.pages[0].images) == 1


@pytest.mark.parametrize(
    "content", [b"MZ", b"", b"%PDF-1.7\nnothing\n%%EOF", b"\xff\xd8\xff\xe0\0"]
)
def test_what_cannot_be_cleaned_is_refused(content: bytes) -> None:
    with pytest.raises(UserProblem):
        public_copy(content)


@given(st.data())
def test_no_damage_ends_in_a_crash_or_a_leak(data: st.DataObject) -> None:
    small = {"size": (16, 12)}
    content = bytearray(
        data.draw(st.sampled_from([full_jpeg(**small), noted_photo("PNG", **small)]))
    )
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        copy = public_copy(bytes(content))
    except UserProblem:
        return
    assert SECRET not in copy
