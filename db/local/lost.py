"""What the laptop knows of changes that a restored shared database may have lost.

The laptop's history holds everybody's changes under their own ids, so whoever still has a change can
offer it again, once and for all: the id sees to it that it has one effect.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from db.changes import Change, Json
from db.codec import dumps
from db.entities import ENTITIES
from db.local.indexes import driver
from db.local.journal import UNSETTLED

_IN_PART = (
    "o.state IN ('conflict', 'replaced') AND EXISTS (SELECT 1 FROM history c"
    " WHERE c.record_id = h.record_id AND c.change_id = h.change_id AND c.kind = 'conflict'"
    " AND json_extract(c.fields, '$.deleted') IS NULL)"
)
"""What met a double edit was stored but for those fields; of what met a deletion nothing was."""
_ARRIVED = (
    "h.kind IN ('create', 'edit', 'delete', 'restore') AND NOT EXISTS (SELECT 1 FROM outbox o"
    " WHERE o.record_id = h.record_id AND o.change_id = h.change_id AND o.state <> 'stored'"
    f" AND NOT ({_IN_PART}))"
)
_BY_ADMINISTRATOR = "00000000-0000-0000-"
"""How ids begin of what the administrator stored: they have no receipt (see `replica.apply_log`)."""


@dataclass(frozen=True, slots=True)
class PastChange:
    """A line of the history that arrived; `fields` gives [old, new] JSON by name."""

    change_id: str
    record_id: str
    entity: str
    kind: str
    author: str | None
    made_at: datetime
    fields: dict[str, list[Json]]


def arrived(connection: Connection, author: UUID | None = None) -> list[UUID]:
    """Return the ids of all changes (of `author`) that the shared database had, as known here."""
    rows = connection.exec_driver_sql(
        f"SELECT DISTINCT h.change_id FROM history h WHERE {_ARRIVED} AND h.change_id NOT GLOB ?"
        " AND coalesce(?, h.author, '') = coalesce(h.author, '')",
        (f"{_BY_ADMINISTRATOR}*", str(author) if author else None),
    )
    return [UUID(text) for text in rows.scalars()]


def past_of(connection: Connection, record_ids: Iterable[str]) -> list[PastChange]:
    """Return the arrived lines of these records, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT change_id, record_id, entity, kind, author, made_at, fields FROM history h"
        f" WHERE record_id IN (SELECT value FROM json_each(?)) AND {_ARRIVED} ORDER BY position",
        (json.dumps(list(record_ids)),),
    )
    return [
        PastChange(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            datetime.fromisoformat(row[5]),
            json.loads(row[6]),
        )
        for row in rows
    ]


def records_of(connection: Connection, change_ids: Iterable[UUID]) -> set[str]:
    """Return the records that these changes are about."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT record_id FROM history"
        " WHERE change_id IN (SELECT value FROM json_each(?))",
        (json.dumps([str(change_id) for change_id in change_ids]),),
    )
    return set(rows.scalars())


def of_contacts(connection: Connection) -> set[str]:
    """Return the records here that tell of persons, their attachments included."""
    personal = json.dumps([name for name, entity in ENTITIES.items() if entity.IS_PERSONAL])
    rows = connection.exec_driver_sql(
        "WITH personal AS (SELECT value FROM json_each(?))"
        " SELECT record_id FROM item WHERE entity IN personal"
        " UNION SELECT id FROM attachment WHERE belongs_to_entity IN personal",
        (personal,),
    )
    return set(rows.scalars())


def put_first(connection: Connection, changes: Sequence[Change]) -> None:
    """Put changes in the outbox before what waits there already: that was made on top of them."""
    raw = driver(connection)
    keys = [(str(change.record_id), str(change.id)) for change in changes]
    raw.executemany("DELETE FROM outbox WHERE record_id = ? AND change_id = ?", keys)
    last = raw.execute("SELECT coalesce(max(position), 0) FROM outbox").fetchone()[0]
    raw.execute(
        # Said twice, as the partial index is of exactly these words (`journal.UNSETTLED`).
        "UPDATE outbox SET position = position + ? WHERE state IN ('waiting', 'sent')"
        f" AND {UNSETTLED}",
        (last + len(changes),),
    )
    raw.executemany(
        "INSERT INTO outbox(position, change_id, entity, record_id, change, state, made_at)"
        " VALUES (?,?,?,?,?,'sent',?)",
        [
            (
                last + place, str(change.id), change.entity, str(change.record_id),
                dumps(change.to_json()), change.made_at.isoformat(),
            )
            for place, change in enumerate(changes, start=1)
        ],
    )  # fmt: skip
