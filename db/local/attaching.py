"""Attachments of one laptop: taken in with their bytes, asked for when large, and how far they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from db import rules
from db.changes import ChangeSet
from db.entities.place import Attachment
from db.errors import UserProblem
from db.fields import N_
from db.local import blobs, edits, parts
from db.local.engine import reading, writing
from db.local.store import LocalStore


@dataclass(frozen=True, slots=True)
class FileState:
    """Where a file's bytes are: here, on their way (by itself, or asked for), and how much has come."""

    is_here: bool
    will_come: bool = False
    is_asked: bool = False
    received_bytes: int = 0


def attach(
    store: LocalStore,
    attachment: Attachment,
    contents: Iterable[bytes],
    origin: UUID | None = None,
) -> Attachment:
    """Keep a new attachment and its bytes in one transaction: there is never one without the other.

    Raises:
        UserProblem: a rule is broken. StorageFull: the disk is full; nothing was saved.
    """
    found = rules.errors(rules.problems(attachment, None))
    if found:
        raise UserProblem(N_("This can't be saved yet. Look at the fields marked in red."), found)
    with writing(store.engine) as connection:
        for content in contents:
            blobs.add(connection, content)
        saved = edits.save(connection, store.editor, attachment, None).record
    store.announce(_news(origin, attachment))
    assert isinstance(saved, Attachment)
    return saved


def file_state(store: LocalStore, sha256: str) -> FileState:
    """Return where a file's bytes are."""
    with reading(store.engine) as connection:
        if blobs.is_here(connection, sha256):
            return FileState(is_here=True)
        return FileState(
            is_here=False,
            will_come=blobs.is_missing(connection, sha256),
            is_asked=blobs.is_asked(connection, sha256),
            received_bytes=parts.received_bytes(connection, sha256),
        )


def ask_for(store: LocalStore, attachment: Attachment, *, is_wanted: bool = True) -> None:
    """Have a large file come as soon as there is a connection, or no more; sync hears of it."""
    with writing(store.engine) as connection:
        blobs.want(connection, attachment.sha256, is_wanted=is_wanted)
    store.announce(_news(None, attachment))


def fetch_everything(store: LocalStore, *, is_on: bool) -> None:
    """Have every file come by itself, however large (to pack a visit), or no more."""
    if is_on != (store.meta(blobs.FETCH_ALL) is not None):
        store.set_meta(blobs.FETCH_ALL, "1" if is_on else None)
        store.announce(ChangeSet(None, {}))


def _news(origin: UUID | None, attachment: Attachment) -> ChangeSet:
    """Tell of an attachment and of the record that it makes (in)complete."""
    ids = {Attachment.ENTITY: frozenset({attachment.id})}
    if attachment.belongs_to and attachment.belongs_to_entity:
        ids[attachment.belongs_to_entity] = frozenset({attachment.belongs_to})
    return ChangeSet(origin, ids)
