"""Double edits that a person must decide: kept with both values until then, undoable afterwards.

Three kinds: the same field changed on both sides; edited here while deleted there; deleted here
while edited there. The user's own value stays visible meanwhile (promise S6).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from db.changes import Change, ChangeKind, Values, now
from db.codec import as_mapping, dumps
from db.local import journal
from db.local.edits import Editor
from db.merge import Conflict

FIELDS, DELETED_THERE, EDITED_THERE = "fields", "deleted_there", "edited_there"


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A question: `conflict` has base, ours and theirs; who changed theirs and when (aware UTC)."""

    id: UUID
    entity: str
    record_id: UUID
    kind: str
    conflict: Conflict
    theirs_by: UUID | None
    theirs_at: datetime | None
    made_at: datetime


COLUMNS = "id, entity, record_id, kind, fields, base, ours, theirs, theirs_by, theirs_at, made_at"


def open_conflicts(
    connection: Connection, record_ids: Iterable[str] | None = None, only: UUID | None = None
) -> tuple[OpenConflict, ...]:
    """Return the undecided conflicts, oldest first: all, of some records, or one by its id."""
    sql = f"SELECT {COLUMNS} FROM conflict WHERE resolution IS NULL"
    parameters: tuple[Any, ...] = ()
    if only is not None:
        sql, parameters = f"{sql} AND id = ?", (str(only),)
    elif record_ids is not None:
        sql += " AND record_id IN (SELECT value FROM json_each(?))"
        parameters = (json.dumps(list(record_ids)),)
    rows = connection.exec_driver_sql(f"{sql} ORDER BY made_at, id", parameters)
    return tuple(from_row(row) for row in rows)


def has_own_work(connection: Connection) -> bool:
    """Whether own values may lie over what the shared database holds, anywhere."""
    return bool(journal.entries(connection, journal.OWN, limit=1) or open_conflicts(connection))


def put(
    connection: Connection,
    change: Change,
    kind: str,
    conflict: Conflict,
    theirs_by: str | None,
    theirs_at: str | None,
) -> None:
    """Keep a conflict that `change` met; one open on the same fields (or deletion) takes its place."""
    names = dumps(list(conflict.fields))
    connection.exec_driver_sql(
        "UPDATE conflict SET fields = ?, base = ?, ours = ?, theirs = ?, theirs_by = ?,"
        " theirs_at = ?, change_id = ?"
        " WHERE record_id = ? AND kind = ? AND (fields = ? OR kind <> ?) AND resolution IS NULL",
        (
            names, dumps(conflict.base), dumps(conflict.ours), dumps(conflict.theirs), theirs_by,
            theirs_at, str(change.id), str(change.record_id), kind, names, FIELDS,
        ),
    )  # fmt: skip
    if connection.exec_driver_sql("SELECT changes()").scalar_one():
        return
    row = (
        str(uuid4()), change.entity, str(change.record_id), kind, names,
        dumps(conflict.base), dumps(conflict.ours), dumps(conflict.theirs),
        theirs_by, theirs_at, now().isoformat(), str(change.id),
    )  # fmt: skip
    marks = ", ".join("?" * len(row))
    statement = f"INSERT INTO conflict({COLUMNS}, change_id) VALUES ({marks})"
    connection.exec_driver_sql(statement, row)


def renew_ours(connection: Connection, change: Change) -> None:
    """Let an edit of undecided fields show in their question."""
    for item in open_conflicts(connection, [str(change.record_id)]):
        if item.kind == EDITED_THERE or change.kind is not ChangeKind.EDIT:
            continue
        new = {n: v for n, v in change.values.items() if n in item.conflict.ours}
        if new:
            connection.exec_driver_sql(
                "UPDATE conflict SET ours = ? WHERE id = ?",
                (dumps({**item.conflict.ours, **new}), str(item.id)),
            )


def close(
    connection: Connection, conflict_id: UUID, resolution: Values, changes: Sequence[Change] = ()
) -> None:
    """Mark a conflict as decided, with the values that were chosen and the change that sends them."""
    connection.exec_driver_sql(
        "UPDATE conflict SET resolution = ?, resolved_at = ?, change_id = ? WHERE id = ?",
        (
            dumps(resolution), now().isoformat(), str(changes[0].id) if changes else "",
            str(conflict_id),
        ),
    )  # fmt: skip


def being_reopened(connection: Connection, record_ids: Iterable[str]) -> dict[str, str]:
    """Return questions opened again whose putting back has no receipt yet, by that change's id.

    Until then nothing that sync hears about their fields is an answer to them.
    """
    rows = connection.exec_driver_sql(
        "SELECT o.change_id, c.id FROM conflict AS c JOIN outbox AS o"
        " ON o.record_id = c.record_id AND o.change_id = c.change_id"
        " WHERE c.resolution IS NULL AND o.state IN ('waiting', 'sent')"
        " AND c.record_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(record_ids)),),
    )
    return {str(change): str(question) for change, question in rows}


def note(connection: Connection, editor: Editor, item: OpenConflict, kind: str) -> None:
    """Write in the history what was done to a question, with (ours, theirs) by field."""
    ours = item.conflict.ours
    fields = {
        name: [ours.get(name), value]
        for name, value in item.conflict.theirs.items()
        if ours.get(name) != value
    }
    author = str(editor.author) if editor.author else None
    line = (
        str(uuid4()), str(item.record_id), item.entity, kind, author,
        now().isoformat(), dumps(fields),
    )  # fmt: skip
    journal.put_history(connection, [line])


def from_row(row: Any) -> OpenConflict:
    """Return the question in a row that begins with `COLUMNS`."""
    base, ours, theirs = (as_mapping(row[number]) for number in (5, 6, 7))
    return OpenConflict(
        UUID(row[0]), row[1], UUID(row[2]), row[3],
        Conflict(tuple(json.loads(row[4])), base, ours, theirs),
        UUID(row[8]) if row[8] else None,
        datetime.fromisoformat(row[9]) if row[9] else None,
        datetime.fromisoformat(row[10]),
    )  # fmt: skip
