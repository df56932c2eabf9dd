"""Forgetting records for good: what was purged, or may not be seen here any more.

Nothing of such a record stays on the laptop: not its row, its words, its history nor its sent changes.
A record with own work that has not arrived is left alone: that work is its maker's to decide on.
"""

import json
from collections.abc import Iterable

from sqlalchemy import Connection

from db.local import conflicts, digests, journal
from db.local.indexes import driver

_BY_RECORD = ("history", "conflict", "outbox", "draft")


def forget(connection: Connection, entity: str, record_ids: Iterable[str]) -> list[str]:
    """Take these records of one entity out of the store; return those that went."""
    asked = json.dumps(list(record_ids))
    here = "SELECT number, record_id FROM item WHERE entity = ? AND record_id IN"
    found = connection.exec_driver_sql(
        f"{here} (SELECT value FROM json_each(?))", (entity, asked)
    ).fetchall()
    own = _with_own_work(connection, [row[1] for row in found])
    digests.forget(connection, own)
    gone = [(row[0], row[1]) for row in found if row[1] not in own]
    raw = driver(connection)
    for table, key in (("search", "rowid"), ("infix", "rowid"), ("place", "number")):
        raw.executemany(f"DELETE FROM {table} WHERE {key} = ?", [(number,) for number, _ in gone])
    ids = [(record_id,) for _, record_id in gone]
    raw.executemany("DELETE FROM item WHERE record_id = ?", ids)
    raw.executemany(f"DELETE FROM {entity} WHERE id = ?", ids)
    for table in _BY_RECORD:
        raw.executemany(f"DELETE FROM {table} WHERE record_id = ?", ids)
    if entity == "attachment" and gone:
        drop_unused_bytes(connection)
    return [record_id for _, record_id in gone]


def drop_unused_bytes(connection: Connection) -> None:
    """Drop the bytes that no attachment here speaks of any more."""
    used = "SELECT sha256 FROM attachment UNION SELECT coalesce(thumbnail, '') FROM attachment"
    for table in ("blob", "blob_part"):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE sha256 NOT IN ({used})")


def _with_own_work(connection: Connection, record_ids: list[str]) -> set[str]:
    unsent = journal.entries(connection, journal.OWN, record_ids=record_ids)
    asked = conflicts.open_conflicts(connection, record_ids)
    return {str(e.change.record_id) for e in unsent} | {str(q.record_id) for q in asked}
