"""Outbox, history and drafts: what was done, what is still to be sent, what is half typed.

A change enters the outbox in the transaction that writes its record, and leaves the waiting states
only on a receipt (promise S1). Sent changes stay to be looked at for 90 days.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from db.changes import Change, Json
from db.codec import as_mapping, dumps
from db.local import true_time
from db.local.indexes import driver


class OutboxState(Enum):
    """Where a change is: WAITING was never sent, SENT may have arrived (no receipt yet)."""

    WAITING = "waiting"
    SENT = "sent"
    STORED = "stored"
    CONFLICT = "conflict"
    REFUSED = "refused"
    REPLACED = "replaced"
    TAKEN_BACK = "taken_back"


UNSENT = (OutboxState.WAITING, OutboxState.SENT)
OWN = (*UNSENT, OutboxState.REFUSED)
"""States in which the shared database does not hold the value that the user sees."""

TAKEN_BACK = "taken_back"
"""The reason of a change that may have arrived, and was taken back since."""

UNSETTLED = "state IN ('waiting', 'sent', 'refused')"
"""The condition of the partial index, letter by letter: SQLite uses it only for queries that say so."""


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A change with its state; `receipt` is the number of its proof of arrival."""

    position: int
    change: Change
    state: OutboxState
    receipt: int | None
    receipted_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One past change: `fields` gives (old, new) canonical JSON by field name; `made_at` aware UTC."""

    change_id: UUID
    record_id: UUID
    entity: str
    kind: str
    author: UUID | None
    made_at: datetime
    fields: Mapping[str, tuple[Json, Json]]
    is_sent: bool
    delivered_by: UUID | None = None
    """Who brought it to the shared database, when that was not its author."""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A half-typed form: the record as it was opened (None: new) and as it stands now, as JSON."""

    id: UUID
    entity: str
    record_id: UUID
    base: Mapping[str, Json] | None
    ours: Mapping[str, Json]
    updated_at: datetime


def put_change(connection: Connection, change: Change) -> None:
    """Put a change at the end of the outbox."""
    put_changes(connection, [change])


def put_changes(connection: Connection, changes: Iterable[Change]) -> None:
    """Put changes at the end of the outbox, in this order."""
    driver(connection).executemany(
        "INSERT INTO outbox(change_id, entity, record_id, change, state, made_at)"
        " VALUES (?,?,?,?,'waiting',?)",
        [
            (
                str(change.id), change.entity, str(change.record_id),
                dumps(change.to_json()), _text(change.made_at),
            )
            for change in changes
        ],
    )  # fmt: skip


def entries(
    connection: Connection,
    states: Iterable[OutboxState],
    *,
    record_ids: Iterable[str] | None = None,
    limit: int = -1,
) -> tuple[OutboxEntry, ...]:
    """Return outbox entries in these states, oldest first."""
    # Literal codes, so that the planner can use the partial index of what is not settled.
    wanted = tuple(states)
    codes = ", ".join(f"'{state.value}'" for state in wanted)
    sql = (
        "SELECT position, change, state, receipt, receipted_at, reason FROM outbox"
        f" WHERE state IN ({codes})"
    )
    if set(wanted) <= set(OWN):
        sql += f" AND {UNSETTLED}"
    parameters: list[Any] = []
    if record_ids is not None:
        sql += " AND record_id IN (SELECT value FROM json_each(?))"
        parameters.append(json.dumps(list(record_ids)))
    rows = driver(connection).execute(f"{sql} ORDER BY position LIMIT ?", (*parameters, limit))
    return tuple(_entry(row) for row in rows)


def receipts(connection: Connection, limit: int) -> tuple[OutboxEntry, ...]:
    """Return the changes that have a receipt, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT position, change, state, receipt, receipted_at, reason FROM outbox"
        " WHERE state IN ('stored', 'conflict') AND receipt IS NOT NULL ORDER BY receipt DESC LIMIT ?",
        (limit,),
    )
    return tuple(_entry(row) for row in rows)


def set_state(
    connection: Connection,
    change: Change,
    state: OutboxState,
    *,
    receipt: int | None = None,
    reason: str | None = None,
) -> None:
    """Move one change to `state`, with its receipt number and reason."""
    set_states(connection, [(change, state, receipt, reason)])


def set_states(
    connection: Connection,
    moves: Iterable[tuple[Change, OutboxState, int | None, str | None]],
) -> None:
    """Move changes to their (state, receipt number, reason)."""
    moment = _text(true_time.moment(connection))
    driver(connection).executemany(
        "UPDATE outbox SET state = ?, receipt = coalesce(?, receipt),"
        f" reason = coalesce(?, CASE WHEN reason = '{TAKEN_BACK}' THEN reason END),"
        " receipted_at = coalesce(?, receipted_at) WHERE record_id = ? AND change_id = ?",
        [
            (
                state.value, receipt, reason, moment if receipt is not None or reason else None,
                str(change.record_id), str(change.id),
            )
            for change, state, receipt, reason in moves
        ],
    )  # fmt: skip


def mark_sent(connection: Connection, changes: Iterable[Change]) -> None:
    """Note that these are about to go over the wire: from now on they may have arrived."""
    driver(connection).execute(
        f"UPDATE outbox SET state = 'sent' WHERE state = 'waiting' AND {UNSETTLED}"
        " AND change_id IN (SELECT value FROM json_each(?))",
        (json.dumps([str(change.id) for change in changes]),),
    )


def rewrite(connection: Connection, entry: OutboxEntry, change: Change) -> OutboxEntry:
    """Put `change` in the place of one that was never sent; return its entry."""
    connection.exec_driver_sql(
        "UPDATE outbox SET change = ? WHERE position = ?", (dumps(change.to_json()), entry.position)
    )
    return replace(entry, change=change)


def put_history(connection: Connection, lines: list[tuple[Any, ...]]) -> None:
    """Write lines (change_id, record_id, entity, kind, author, made_at, fields JSON)."""
    driver(connection).executemany(
        "INSERT INTO history(change_id, record_id, entity, kind, author, made_at, fields)"
        " VALUES (?,?,?,?,?,?,?)",
        lines,
    )


def note_deliverers(connection: Connection, lines: Iterable[tuple[str, str, str]]) -> None:
    """Note who brought changes that others made: (deliverer, record_id, change_id)."""
    driver(connection).executemany(
        "UPDATE history SET delivered_by = ? WHERE record_id = ? AND change_id = ?", list(lines)
    )


def drop_history(connection: Connection, lines: Iterable[tuple[str, str]]) -> None:
    """Take out lines (record_id, change_id) to be told anew; what lost a double edit stays for ever."""
    gone = "DELETE FROM history WHERE record_id = ? AND change_id = ? AND kind <> 'conflict'"
    driver(connection).executemany(gone, list(lines))


def drop_fields(
    connection: Connection, record_id: str, change_id: str, fields: Mapping[str, Json]
) -> None:
    """Take out the lines of one change that speak of any of `fields`, or of none at all."""
    rows = driver(connection).execute(
        "SELECT position, fields FROM history WHERE record_id = ? AND change_id = ?",
        (record_id, change_id),
    )
    gone = [
        (position,)
        for position, told in rows
        if told == "{}" or json.loads(told).keys() & fields.keys()
    ]
    driver(connection).executemany("DELETE FROM history WHERE position = ?", gone)


def history_row(change: Change, kind: str | None = None) -> tuple[Any, ...]:
    """Return the history line of an own change; a creation and a deletion need no field values."""
    fields = {name: [change.base.get(name), value] for name, value in change.values.items()}
    if change.kind.value == "create":
        fields = {}
    author = str(change.author) if change.author else None
    return (
        str(change.id), str(change.record_id), change.entity, kind or change.kind.value, author,
        _text(change.made_at), dumps(fields),
    )  # fmt: skip


def history(connection: Connection, record_id: UUID, limit: int) -> tuple[HistoryLine, ...]:
    """Return a record's history, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT h.change_id, h.record_id, h.entity, h.kind, h.author, h.made_at, h.fields,"
        " coalesce(o.state NOT IN ('waiting', 'sent', 'refused'), 1), h.delivered_by"
        " FROM history AS h"
        " LEFT JOIN outbox AS o ON o.record_id = h.record_id AND o.change_id = h.change_id"
        " WHERE h.record_id = ? ORDER BY h.made_at DESC, h.position DESC LIMIT ?",
        (str(record_id), limit),
    )
    return tuple(_line(row) for row in rows)


def put_draft(connection: Connection, draft: DraftRow) -> None:
    """Keep a half-typed form, in place of its earlier state."""
    base = dumps(draft.base) if draft.base is not None else None
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO draft(id, entity, record_id, base, ours, updated_at)"
        " VALUES (?,?,?,?,?,?)",
        (
            str(draft.id), draft.entity, str(draft.record_id), base,
            dumps(draft.ours), _text(draft.updated_at),
        ),
    )  # fmt: skip


def drafts(connection: Connection) -> tuple[DraftRow, ...]:
    """Return all half-typed forms, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT id, entity, record_id, base, ours, updated_at FROM draft ORDER BY updated_at DESC"
    )
    return tuple(
        DraftRow(
            UUID(row[0]), row[1], UUID(row[2]), as_mapping(row[3]) if row[3] else None,
            as_mapping(row[4]), datetime.fromisoformat(row[5]),
        )
        for row in rows
    )  # fmt: skip


def _entry(row: Any) -> OutboxEntry:
    position, change, state, receipt, receipted_at, reason = row
    moment = datetime.fromisoformat(receipted_at) if receipted_at else None
    return OutboxEntry(
        position, Change.from_json(json.loads(change)), OutboxState(state), receipt, moment, reason
    )


def _line(row: Any) -> HistoryLine:
    fields = {name: (pair[0], pair[1]) for name, pair in json.loads(row[6]).items()}
    author = UUID(row[4]) if row[4] else None
    made_at = datetime.fromisoformat(row[5])
    return HistoryLine(
        UUID(row[0]), UUID(row[1]), row[2], row[3], author, made_at, fields, bool(row[7]),
        UUID(row[8]) if row[8] else None,
    )  # fmt: skip


def _text(moment: datetime) -> str:
    return moment.isoformat()
