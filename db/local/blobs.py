"""Attachments' bytes, found by their SHA-256 and encrypted with the rest of the store.

`stored_at` is null until the shared database has the bytes (promise S12: never sent twice).
"""

import hashlib
from uuid import UUID

from sqlalchemy import Connection

from db.changes import now


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
    """Return (sha256, size_bytes) of what the shared database does not have yet, smallest first."""
    rows = connection.exec_driver_sql(
        "SELECT sha256, size_bytes FROM blob WHERE stored_at IS NULL AND sha256 IN"
        " (SELECT sha256 FROM attachment WHERE deleted = 0) ORDER BY size_bytes"
    )
    return [(row[0], row[1]) for row in rows]


def missing(connection: Connection) -> list[tuple[str, int]]:
    """Return (sha256, size_bytes) of live attachments whose bytes are not here, smallest first."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT sha256, size_bytes FROM attachment WHERE deleted = 0"
        " AND sha256 NOT IN (SELECT sha256 FROM blob) ORDER BY size_bytes"
    )
    return [(row[0], row[1]) for row in rows]


def mark_stored(connection: Connection, sha256: str) -> None:
    """Note that the shared database has these bytes."""
    connection.exec_driver_sql(
        "UPDATE blob SET stored_at = ? WHERE sha256 = ?", (now().isoformat(), sha256)
    )


def attachment_ids(connection: Connection, record_id: UUID) -> list[str]:
    """Return the ids of a record's live attachments, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM attachment WHERE belongs_to = ? AND deleted = 0"
        " ORDER BY created_at, file_name",
        (str(record_id),),
    )
    return list(rows.scalars())
