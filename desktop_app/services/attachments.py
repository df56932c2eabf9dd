"""Photos and documents with a record: taken by what they are, not by what they are called.

Accepted are JPG, PNG and PDF up to 10 MB (domain.md 2.1). The kind is read from the content, and a
picture is opened and decoded before it is kept, so that a broken or disguised file never travels to
colleagues. A photo too large is refused with the size in words: it is not shrunk behind one's back,
since the original may be evidence.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from db.entities.place import MAX_ATTACHMENT_BYTES, Attachment, MediaType
from db.errors import UserProblem
from db.fields import N_, Record
from db.local.store import LocalStore
from desktop_app.i18n import format_size

if TYPE_CHECKING:
    from PIL import Image

THUMBNAIL_PX = 96
_MOST_PIXELS = 80_000_000
"""A picture that unpacks to more is a mistake or an attack: 80 megapixels is 320 MB in memory."""
_NAME_LENGTH = 200

_STARTS = (
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"%PDF-", MediaType.PDF),
)


def attach(store: LocalStore, record: Record, path: Path, caption: str = "") -> Attachment:
    """Take a file in as an attachment of `record`.

    Raises:
        UserProblem: the file is too large, broken, empty, or no photo or document.
    """
    return attach_content(store, record, path.name, read_file(path), caption)


def read_file(path: Path) -> bytes:
    """Return a file's content, without reading one that is too large.

    Raises:
        UserProblem: it is too large or can't be read.
    """
    try:
        size = path.stat().st_size
        if size > MAX_ATTACHMENT_BYTES:
            raise _too_large(size)
        return path.read_bytes()
    except OSError as exc:
        raise UserProblem(
            N_("%(name)s can't be read: %(reason)s."), name=path.name, reason=exc.strerror or exc
        ) from exc


def attach_content(
    store: LocalStore, record: Record, name: str, content: bytes, caption: str = ""
) -> Attachment:
    """Take content in as an attachment; the same file twice with one record is one attachment.

    Raises:
        UserProblem: as `attach`.
    """
    media_type = media_type_of(content)
    sha256 = store.add_blob(content)
    for known in store.attachments(record.id):
        if known.sha256 == sha256:
            return known
    attachment = Attachment(
        belongs_to=record.id,
        belongs_to_entity=record.ENTITY,
        file_name=Path(name).name[-_NAME_LENGTH:],
        media_type=media_type,
        size_bytes=len(content),
        sha256=sha256,
        caption=caption or None,
    )
    saved = store.save(attachment, None).record
    assert isinstance(saved, Attachment)
    return saved


def media_type_of(content: bytes) -> MediaType:
    """Return what a file is, after looking inside.

    Raises:
        UserProblem: it is too large, empty, broken, or nothing that may be attached.
    """
    if not content:
        raise UserProblem(N_("This file is empty."))
    if len(content) > MAX_ATTACHMENT_BYTES:
        raise _too_large(len(content))
    for start, media_type in _STARTS:
        if content.startswith(start):
            _require_whole(content, media_type)
            return media_type
    raise UserProblem(N_("This is no photo or document. Choose a JPG, PNG or PDF."))


def _too_large(size_bytes: int) -> UserProblem:
    return UserProblem(
        N_("This file is %(size)s. At most %(limit)s can be attached. Make it smaller first."),
        size=format_size(size_bytes),
        limit=format_size(10_000_000),
    )


def _require_whole(content: bytes, media_type: MediaType) -> None:
    if media_type is MediaType.PDF:
        if b"%%EOF" not in content[-2048:]:
            raise UserProblem(N_("This document is damaged. Save it again and choose it then."))
        return
    _opened(content)


def _opened(content: bytes) -> Image.Image:
    """Return a picture, decoded to the last pixel.

    Raises:
        UserProblem: it is damaged or unpacks to far too much.
    """
    from PIL import Image, UnidentifiedImageError

    damaged = N_("This photo is damaged. Take it again or choose another.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.open(io.BytesIO(content), formats=("JPEG", "PNG")).verify()  # checksums
            picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
        if picture.width * picture.height > _MOST_PIXELS:
            raise UserProblem(N_("This photo has too many pixels. Make it smaller first."))
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as exc:
        raise UserProblem(damaged) from exc
    except Image.DecompressionBombError as exc:
        raise UserProblem(N_("This photo has too many pixels. Make it smaller first.")) from exc
    return picture


def thumbnail(content: bytes, size_px: int = THUMBNAIL_PX) -> bytes | None:
    """Return a small upright PNG of a photo, or None for a document or what can't be drawn."""
    if not content.startswith((_STARTS[0][0], _STARTS[1][0])):
        return None
    from PIL import ImageOps

    try:
        upright = ImageOps.exif_transpose(_opened(content))
    except UserProblem:
        return None
    small = upright.convert("RGBA" if upright.mode in {"RGBA", "LA", "P"} else "RGB")
    small.thumbnail((size_px, size_px))
    out = io.BytesIO()
    small.save(out, "PNG")
    return out.getvalue()
