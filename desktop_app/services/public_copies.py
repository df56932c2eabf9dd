"""Copies for the public: the picture or the text, and nothing about who, when, where or with what.

A photo keeps its pixels byte for byte; only the blocks that show the picture stay, and what lies behind
its end (a film, an uncropped original) goes. The one thing kept of EXIF is how the camera was held. A
document is written anew, without its earlier versions, properties, notes and file parts. What can't be
cleaned is refused: nothing becomes public by mistake.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

from db.entities.place import MediaType
from db.errors import UserProblem
from db.fields import N_
from desktop_app.services import pictures
from desktop_app.services.file_kinds import media_type_of

if TYPE_CHECKING:
    from pypdf import PdfWriter

_CANNOT = N_("Of this file no copy for the public can be made. Save or print it anew first.")

_STANDS_ALONE = {0x01, *range(0xD0, 0xD8)}
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APPLICATION = range(0xE0, 0xF0)
_COMMENTS = {0xFE, *range(0xF0, 0xFE)}

_SHOWN = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND",
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"cICP",
}  # fmt: skip
"""The chunks of a PNG that say how its pixels look."""

_TOLD_IN_DOCUMENT = (
    "/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/Author", "/Names", "/OpenAction", "/AA",
    "/AF", "/StructTreeRoot", "/ID", "/Perms", "/Collection",
)  # fmt: skip


def public_copy(content: bytes) -> bytes:
    """Return a photo or document without what its maker and device noted in it.

    Raises:
        UserProblem: it is no photo or document, or it can't be cleaned.
    """
    media_type = media_type_of(content)
    clean = {MediaType.JPEG: _jpeg, MediaType.PNG: _png, MediaType.PDF: _pdf}[media_type]
    try:
        return clean(content)
    except (ValueError, LookupError, struct.error, TypeError, AttributeError, OSError) as exc:
        raise UserProblem(_CANNOT) from exc
    except (RuntimeError, zlib.error, ArithmeticError) as exc:
        raise UserProblem(_CANNOT) from exc


def _jpeg(content: bytes) -> bytes:
    """Copy the segments up to the picture's end that are needed to show it."""
    kept = [b"\xff\xd8", _orientation_segment(content)]
    at = 2
    while True:
        while content[at] == content[at + 1] == 0xFF:
            at += 1
        if content[at] != 0xFF:
            raise ValueError("no marker")
        marker = content[at + 1]
        if marker == _EOI:
            kept.append(b"\xff\xd9")
            return b"".join(kept)
        length = 0 if marker in _STANDS_ALONE else struct.unpack_from(">H", content, at + 2)[0]
        end = at + 2 + length
        if _is_shown(marker, content[at + 4 : end]):
            kept.append(content[at:end])
        at = end
        if marker == _SOS:
            end = _end_of_scan(content, at)
            kept.append(content[at:end])
            at = end


def _is_shown(marker: int, payload: bytes) -> bool:
    """Whether a segment is needed to show the picture: colours yes, notes no."""
    if marker in _COMMENTS:
        return False
    if marker not in _APPLICATION:
        return True
    number = marker - _APPLICATION.start
    is_plain_header = number == 0 and payload.startswith(b"JFIF\0") and len(payload) == 14
    is_colour = number == 2 and payload.startswith(b"ICC_PROFILE\0")
    return is_plain_header or is_colour or (number == 14 and payload.startswith(b"Adobe"))


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the pixels end: at the first marker that does not stand among them."""
    while True:
        at = content.index(b"\xff", at)
        follows = content[at + 1]
        if follows not in {0x00, 0xFF, *_STANDS_ALONE}:
            return at
        at += 1 if follows == 0xFF else 2


def _orientation_block(orientation: int) -> bytes:
    """Return EXIF that says nothing but how the camera was held."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)


def _orientation_segment(content: bytes) -> bytes:
    orientation = pictures.orientation(content)
    if orientation == 1:
        return b""
    payload = b"Exif\0\0" + _orientation_block(orientation)
    return struct.pack(">BBH", 0xFF, 0xE1, len(payload) + 2) + payload


def _png(content: bytes) -> bytes:
    """Copy the chunks that show the first picture."""
    kept = [content[:8]]
    at = 8
    orientation = pictures.orientation(content)
    while True:
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content):
            raise ValueError("cut off")
        if kind in _SHOWN:
            kept.append(content[at:end])
        if kind == b"IHDR" and orientation != 1:
            kept.append(_chunk(b"eXIf", _orientation_block(orientation)))
        if kind == b"IEND":
            return b"".join(kept)
        at = end


def _chunk(kind: bytes, payload: bytes) -> bytes:
    return (
        struct.pack(">I", len(payload))
        + kind
        + payload
        + struct.pack(">I", zlib.crc32(kind + payload))
    )


def _pdf(content: bytes) -> bytes:
    """Write the pages anew, without properties, notes, and what no page shows.

    Twice: what was taken out of the objects of the first copy is left behind by the second.
    """
    from pypdf.errors import PyPdfError

    try:
        return _pages_anew(_pages_anew(content))
    except PyPdfError as exc:
        raise ValueError("unreadable") from exc


def _pages_anew(content: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(content), strict=False).pages:
        writer.add_page(page)
    _silence(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _silence(writer: PdfWriter) -> None:
    """Take out of every object what says something about makers and devices."""
    from pypdf.generic import DictionaryObject, StreamObject

    writer.metadata = None
    for page in writer.pages:
        page.pop("/Annots", None)
    for found in list(writer._objects):  # noqa: SLF001 - there is no other way to reach all of them
        if isinstance(found, DictionaryObject):
            for name in _TOLD_IN_DOCUMENT:
                found.pop(name, None)
        if isinstance(found, StreamObject) and _is_photo(found):
            found._data = _jpeg(found._data)  # noqa: SLF001


def _is_photo(found: Any) -> bool:
    """Whether a stream is a photo as a camera wrote it."""
    is_photo = found.get("/Filter") in ("/DCTDecode", ["/DCTDecode"])
    return is_photo and bool(found._data.startswith(b"\xff\xd8"))  # noqa: SLF001
