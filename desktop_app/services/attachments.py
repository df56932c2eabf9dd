"""Photos and documents with a record: taken in, looked at again before they are opened.

Accepted are JPG, PNG and PDF up to 10 MB (domain.md 2.1), told by content (`file_kinds`). A picture is
decoded before it is kept, so that a broken or disguised file never travels to colleagues; its small
copy travels ahead of it. A photo too large is refused with the size in words: it is not shrunk behind
one's back, since the original may be evidence. When and where it was taken stays in the original,
and is taken out of what becomes public (`public_copies`). What colleagues sent is checked as well
when it is opened: a shared database can't know what bytes are.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from db.entities.place import Attachment, MediaType
from db.errors import UserProblem
from db.fields import N_, Record
from db.local import attaching
from db.local.store import LocalStore
from desktop_app.services.file_kinds import media_type_of, require_size, safe_name


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file turned out to be; `picture` is the small copy of a photo, b"" of a document."""

    media_type: MediaType
    picture: bytes = b""


def attach(store: LocalStore, record: Record, path: Path, caption: str = "") -> Attachment:
    """Take a file in as an attachment of `record`.

    Raises:
        UserProblem: the file is too large, broken, empty, or no photo or document.
    """
    return attach_content(store, record, path.name, read_file(path), caption)


def read_file(path: Path) -> bytes:
    """Return a file's content, without reading one that is too large.

    Raises:
        UserProblem: it is too large, empty or can't be read.
    """
    try:
        require_size(path.stat().st_size)
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
    examined = examine(content, name)
    sha256 = _name_of(content)
    for known in store.attachments(record.id):
        if known.sha256 == sha256:
            return known
    made = Attachment(
        belongs_to=record.id,
        belongs_to_entity=record.ENTITY,
        file_name=safe_name(name, examined.media_type),
        media_type=examined.media_type,
        size_bytes=len(content),
        sha256=sha256,
        thumbnail=_name_of(examined.picture) if examined.picture else None,
        caption=caption or None,
    )
    contents = [content, examined.picture] if examined.picture else [content]
    return attaching.attach(store, made, contents)


def examine(content: bytes, name: str = "") -> Examined:
    """Look into a file.

    Raises:
        UserProblem: it is too large, empty, broken, or nothing that may be attached.
    """
    media_type = media_type_of(content, name)
    if media_type is MediaType.PDF:
        return Examined(media_type)
    from desktop_app.services import pictures

    return Examined(media_type, pictures.small_copy(pictures.opened(content)))


def small_picture(store: LocalStore, attachment: Attachment) -> bytes | None:
    """Return the small copy of a photo; made anew when an older program sent none."""
    content = store.blob(attachment.thumbnail) if attachment.thumbnail else None
    if content is not None or attachment.media_type is MediaType.PDF:
        return content
    whole = store.blob(attachment.sha256)
    try:
        return examine(whole).picture or None if whole else None
    except UserProblem:
        return None


def copy_to_open(attachment: Attachment, content: bytes, folder: Path) -> Path:
    """Write a copy that can be opened, in a folder that is ours alone, under a harmless name.

    Raises:
        UserProblem: the content is not what a colleague's program said it is.
    """
    media_type = media_type_of(content, attachment.file_name)
    place = folder / attachment.sha256[:16]
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = place / safe_name(attachment.file_name, media_type)
    path.write_bytes(content)
    return path


def _name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
