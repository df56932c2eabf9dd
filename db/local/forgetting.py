"""Forgetting records for good: what was purged, or may not be seen here any more.

Nothing of such a record stays on the laptop: not its row, its words, its history nor its sent changes.
A record with own work that has not arrived is left alone: that work is its maker's to decide on. It
is noted, and goes as soon as nothing of it waits any more, unless the shared database gave it again.
"""

import json
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from db.local import conflicts, digests, journal, meta
from db.local.indexes import driver

_LEFT = "left:"
"""How the keys of small settings begin that note what is to go later."""
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
    for record_id in own:
        leave(connection, entity, record_id)
    gone = [(row[0], row[1]) for row in found if row[1] not in own]
    raw = driver(connection)
    for table, key in (("search", "rowid"), ("infix", "rowid"), ("place", "number")):
        raw.executemany(f"DELETE FROM {table} WHERE {key} = ?", [(number,) for number, _ in gone])
    ids = [(record_id,) for _, record_id in gone]
    names = _bytes_of(connection, [record_id for _, record_id in gone], entity)
    raw.executemany("DELETE FROM item WHERE record_id = ?", ids)
    raw.executemany(f"DELETE FROM {entity} WHERE id = ?", ids)
    for table in _BY_RECORD:
        raw.executemany(f"DELETE FROM {table} WHERE record_id = ?", ids)
    _drop_unused(connection, names)
    return [record_id for _, record_id in gone]


def _bytes_of(connection: Connection, record_ids: list[str], entity: str) -> list[str]:
    """Return the SHA-256 of the files and small pictures of these attachments."""
    if entity != "attachment":
        return []
    rows = connection.exec_driver_sql(
        "WITH gone AS (SELECT sha256, thumbnail FROM attachment"
        " WHERE id IN (SELECT value FROM json_each(?)))"
        " SELECT sha256 FROM gone UNION SELECT thumbnail FROM gone WHERE thumbnail IS NOT NULL",
        (json.dumps(record_ids),),
    )
    return list(rows.scalars())


def _drop_unused(connection: Connection, names: list[str]) -> None:
    """Drop those of these bytes that no attachment here speaks of any more."""
    used = "SELECT sha256 FROM attachment UNION SELECT coalesce(thumbnail, '') FROM attachment"
    for table in ("blob", "blob_part") if names else ():
        connection.exec_driver_sql(
            f"DELETE FROM {table} WHERE sha256 IN (SELECT value FROM json_each(?))"
            f" AND sha256 NOT IN ({used})",
            (json.dumps(names),),
        )


def leave(connection: Connection, entity: str, record_id: str) -> None:
    """Note that a record is to be forgotten once its own work is over."""
    meta.put(connection, _LEFT + record_id, entity)


def forget_left(connection: Connection) -> dict[str, frozenset[UUID]]:
    """Forget what was left for own work that is over now; return the ids of what went, by entity."""
    rows = connection.exec_driver_sql(
        "SELECT m.value, substr(m.key, ?), i.record_id IS NOT NULL AND i.digest IS NULL"
        " FROM meta AS m LEFT JOIN item AS i ON i.record_id = substr(m.key, ?)"
        " WHERE m.key GLOB ?",
        (len(_LEFT) + 1, len(_LEFT) + 1, f"{_LEFT}*"),
    ).fetchall()
    gone: dict[str, set[UUID]] = {}
    for entity, record_id, is_to_go in rows:
        meta.put(connection, _LEFT + record_id, None)
        if is_to_go:
            went = forget(connection, entity, [record_id])
            gone.setdefault(entity, set()).update(map(UUID, went))
    return {entity: frozenset(ids) for entity, ids in gone.items() if ids}


def _with_own_work(connection: Connection, record_ids: list[str]) -> set[str]:
    unsent = journal.entries(connection, journal.OWN, record_ids=record_ids)
    asked = conflicts.open_conflicts(connection, record_ids)
    return {str(e.change.record_id) for e in unsent} | {str(q.record_id) for q in asked}
