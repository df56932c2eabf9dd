"""Attachments on their way, as files with names: what is still to be sent, and still to come."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from db.local import blobs, parts
from db.local.engine import reading
from db.local.store import LocalStore


@dataclass(frozen=True, slots=True)
class FileUnderway:
    """One file and the record that it belongs to; `is_coming`: a colleague's, not here yet.

    `done_bytes` is what of a coming file is here already.
    """

    sha256: str
    file_name: str
    entity: str
    record_id: UUID | None
    size_bytes: int
    is_coming: bool
    done_bytes: int = 0


def files_underway(store: LocalStore, limit: int = 20) -> tuple[FileUnderway, ...]:
    """Return the files that are first in turn, our own before those of others."""
    with reading(store.engine) as connection:
        ours = [sha256 for sha256, _size in blobs.unsent(connection)][:limit]
        theirs = [sha256 for sha256, _size in blobs.missing(connection)][: limit - len(ours)]
        found = _named(connection, [*ours, *theirs])
        coming = {sha256: parts.received_bytes(connection, sha256) for sha256 in theirs}
    return tuple(
        FileUnderway(sha256, *found[sha256], sha256 in coming, coming.get(sha256, 0))
        for sha256 in (*ours, *theirs)
        if sha256 in found
    )


def _named(connection: Connection, shas: list[str]) -> dict[str, tuple[str, str, UUID | None, int]]:
    """Return file name, owner and size by SHA-256; of the same bytes twice, the newest name."""
    rows = connection.exec_driver_sql(
        "SELECT sha256, file_name, belongs_to_entity, belongs_to, size_bytes FROM attachment"
        " WHERE deleted = 0 AND sha256 IN (SELECT value FROM json_each(?)) ORDER BY changed_at",
        (json.dumps(shas),),
    )
    return {
        row[0]: (row[1], row[2] or "", UUID(row[3]) if row[3] else None, row[4]) for row in rows
    }
