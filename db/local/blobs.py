"""Attachments' bytes, found by their SHA-256 and encrypted with the rest of the store.

`stored_at` is null until the shared database has the bytes (promise S12: never sent twice). What comes
by itself is a small picture of every photo and all files up to 2 MB; a larger file comes when a person
asks for it, or when this laptop fetches everything (the small setting `fetch_all`, to pack a visit).
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from db.changes import now

LARGE_BYTES = 2_000_000
"""A larger file is fetched when asked for: ten of them would take an hour on a slow mobile line."""
FETCH_ALL = "fetch_all"
KEPT_DAYS = 30
"""How long the bytes of a removed attachment stay, so that it can be put back without a network."""

_PICTURES = "SELECT thumbnail FROM attachment WHERE deleted = 0 AND thumbnail IS NOT NULL"
_HERE = "SELECT sha256 FROM blob"
_COMES = (
    "deleted = 0 AND (size_bytes <= :large OR sha256 IN (SELECT sha256 FROM blob_wanted)"
    " OR EXISTS (SELECT 1 FROM meta WHERE key = 'fetch_all'))"
)
_TO_COME = f"({_COMES} AND sha256 NOT IN ({_HERE}))"
_PICTURE_TO_COME = (
    f"(deleted = 0 AND thumbnail NOT IN ({_HERE})"
    " AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'server_version' AND value = '1'))"
)
_TO_SEND = (
    "(deleted = 0 AND (sha256 IN (SELECT sha256 FROM blob WHERE stored_at IS NULL)"
    " OR thumbnail IN (SELECT sha256 FROM blob WHERE stored_at IS NULL)))"
)
_LARGE = {"large": LARGE_BYTES}


def is_of(content: bytes, sha256: str) -> bool:
    """Whether these bytes are what their name says."""
    return hashlib.sha256(content).hexdigest() == sha256


def add(connection: Connection, content: bytes, *, is_stored: bool = False) -> str:
    """Keep `content`; return its SHA-256 (64 hexadecimal digits). The same bytes are kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    connection.exec_driver_sql(
        "INSERT INTO blob(sha256, size_bytes, content, stored_at) VALUES (?,?,?,?)"
        " ON CONFLICT DO NOTHING",
        (sha256, len(content), content, now().isoformat() if is_stored else None),
    )
    return sha256


def read(connection: Connection, sha256: str) -> bytes | None:
    """Return the bytes, or None when they are not on this laptop."""
    row = connection.exec_driver_sql("SELECT content FROM blob WHERE sha256 = ?", (sha256,)).first()
    return bytes(row[0]) if row else None


def unsent(connection: Connection) -> list[tuple[str, int]]:
    """Return (sha256, size_bytes) of files the shared database does not have yet, smallest first."""
    return _unsent(connection, "SELECT sha256 FROM attachment WHERE deleted = 0")


def pictures_unsent(connection: Connection) -> list[tuple[str, int]]:
    """Return (sha256, size_bytes) of small pictures that the shared database does not have yet."""
    return _unsent(connection, _PICTURES)


def _unsent(connection: Connection, names: str) -> list[tuple[str, int]]:
    rows = connection.exec_driver_sql(
        "SELECT sha256, size_bytes FROM blob WHERE stored_at IS NULL"
        f" AND sha256 IN ({names}) ORDER BY size_bytes, sha256"
    )
    return [(row[0], row[1]) for row in rows]


def missing(connection: Connection) -> list[tuple[str, int]]:
    """Return (sha256, size_bytes) of files that shall come: asked for first, then smallest first."""
    rows = connection.exec_driver_sql(
        "SELECT sha256, max(size_bytes) FROM attachment"
        f" WHERE {_TO_COME} GROUP BY sha256"
        " ORDER BY sha256 NOT IN (SELECT sha256 FROM blob_wanted), 2, 1",
        _LARGE,
    )
    return [(row[0], row[1]) for row in rows]


def pictures_missing(connection: Connection) -> list[str]:
    """Return the SHA-256 of small pictures that shall come, of the newest attachments first."""
    rows = connection.exec_driver_sql(
        f"SELECT thumbnail FROM attachment WHERE {_PICTURE_TO_COME}"
        " GROUP BY thumbnail ORDER BY max(changed_at) DESC, 1"
    )
    return list(rows.scalars())


def counts(connection: Connection) -> tuple[int, int]:
    """Return how many attachments are not sent whole, and how many have not come."""
    rows = connection.exec_driver_sql(
        f"SELECT count(DISTINCT CASE WHEN {_TO_SEND} THEN sha256 END),"
        f" count(DISTINCT CASE WHEN {_TO_COME} OR {_PICTURE_TO_COME} THEN sha256 END)"
        " FROM attachment WHERE deleted = 0",
        _LARGE,
    )
    to_send, to_come = rows.one()
    return to_send, to_come


def incomplete(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Return which of these records, or attachments themselves, lack bytes on either side."""
    wanted = json.dumps(list(ids))
    rows = connection.exec_driver_sql(
        "WITH asked AS (SELECT value FROM json_each(:wanted))"
        " SELECT id, belongs_to FROM attachment"
        " WHERE (belongs_to IN asked OR id IN asked)"
        f" AND ({_TO_SEND} OR {_TO_COME} OR {_PICTURE_TO_COME})",
        {"wanted": wanted, **_LARGE},
    )
    return {text for row in rows for text in row if text is not None}


def mark_stored(connection: Connection, names: Iterable[str]) -> None:
    """Note that the shared database has these bytes."""
    connection.exec_driver_sql(
        "UPDATE blob SET stored_at = ? WHERE sha256 IN (SELECT value FROM json_each(?))",
        (now().isoformat(), json.dumps(list(names))),
    )


def doubt_all(connection: Connection) -> None:
    """Ask again which bytes the shared database has: it was put back, or is another one."""
    connection.exec_driver_sql("UPDATE blob SET stored_at = NULL")


def want(connection: Connection, sha256: str, *, is_wanted: bool = True) -> None:
    """Have a large file come as soon as it can, or no more."""
    statement = "INSERT OR IGNORE INTO blob_wanted(sha256) VALUES (?)"
    if not is_wanted:
        statement = "DELETE FROM blob_wanted WHERE sha256 = ?"
    connection.exec_driver_sql(statement, (sha256,))


def is_here(connection: Connection, sha256: str) -> bool:
    """Whether these bytes are on this laptop."""
    query = "SELECT 1 FROM blob WHERE sha256 = ?"
    return connection.exec_driver_sql(query, (sha256,)).first() is not None


def is_asked(connection: Connection, sha256: str) -> bool:
    """Whether a person asked for this file, and it has not come."""
    query = "SELECT 1 FROM blob_wanted WHERE sha256 = ?"
    return connection.exec_driver_sql(query, (sha256,)).first() is not None


def is_missing(connection: Connection, sha256: str) -> bool:
    """Whether these bytes shall (still) come."""
    query = f"SELECT 1 FROM attachment WHERE sha256 = :name AND {_TO_COME}"
    return connection.exec_driver_sql(query, {"name": sha256, **_LARGE}).first() is not None


def attachment_ids(connection: Connection, record_id: UUID) -> list[str]:
    """Return the ids of a record's live attachments, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM attachment WHERE belongs_to = ? AND deleted = 0"
        " ORDER BY created_at, file_name",
        (str(record_id),),
    )
    return list(rows.scalars())


def owners(connection: Connection, names: Iterable[str]) -> dict[str, frozenset[UUID]]:
    """Return the attachments with these bytes and the records they belong to, by entity."""
    rows = connection.exec_driver_sql(
        "WITH asked AS (SELECT value FROM json_each(?))"
        " SELECT id, belongs_to_entity, belongs_to FROM attachment"
        " WHERE sha256 IN asked OR thumbnail IN asked",
        (json.dumps(list(names)),),
    )
    found: dict[str, set[UUID]] = {}
    for attachment_id, entity, owner_id in rows:
        found.setdefault("attachment", set()).add(UUID(attachment_id))
        if entity and owner_id:
            found.setdefault(entity, set()).add(UUID(owner_id))
    return {entity: frozenset(ids) for entity, ids in found.items()}


def free_removed(connection: Connection) -> int:
    """Drop bytes of attachments removed over 30 days ago; they come again if one is put back.

    What the shared database does not have is kept; return how many went.
    """
    before = (now() - timedelta(days=KEPT_DAYS)).isoformat()
    kept = "SELECT {} FROM attachment WHERE deleted = 0 OR changed_at IS NULL OR changed_at >= :day"
    used = f"{kept.format('sha256')} UNION {kept.format('coalesce(thumbnail, sha256)')}"
    live = "SELECT sha256 FROM attachment WHERE deleted = 0"
    gone = connection.exec_driver_sql(
        f"DELETE FROM blob WHERE stored_at IS NOT NULL AND sha256 NOT IN ({used})", {"day": before}
    )
    connection.exec_driver_sql(
        f"DELETE FROM blob_part WHERE sha256 NOT IN ({live} UNION {_PICTURES})"
    )
    connection.exec_driver_sql(
        f"DELETE FROM blob_wanted WHERE sha256 NOT IN ({live}) OR sha256 IN ({_HERE})"
    )
    return gone.rowcount
