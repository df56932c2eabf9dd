"""Double edits that a person must decide: kept with both values until then, undoable afterwards.

Three kinds: the same field changed on both sides; edited here while deleted there; deleted here
while edited there. The user's own value stays visible meanwhile (promise S6).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from db.changes import Change, ChangeKind, Json, Values, changed_fields, now
from db.codec import as_mapping, dumps
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_
from db.local import journal, meta
from db.local.edits import Editor, make_edit, make_tombstone
from db.local.records import declared_part, read, write_changed
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


def resolve(
    connection: Connection, editor: Editor, conflict_id: UUID, values: Values
) -> OpenConflict:
    """Decide: `values` are the fields as they shall be, or {"deleted": bool} for the delete kinds.

    Raises:
        UserProblem: it was decided already.
    """
    found = open_conflicts(connection, only=conflict_id)
    if not found:
        raise UserProblem(N_("This was decided already."))
    item = found[0]
    stored = read(connection, item.entity, item.record_id)
    assert stored is not None
    changes, row = _followed_up(connection, editor, item, declared_part(stored), values)
    names = changed_fields(stored, {**stored, **row})
    stamp = {
        "changed_at": now().isoformat(),
        "changed_by": str(editor.author) if editor.author else None,
    }
    write_changed(connection, item.entity, {**stored, **row, **stamp}, names)
    if item.kind == FIELDS:
        _leave_to_decision(connection, item)
    for change in changes:
        journal.put_change(connection, change)
        journal.put_history(connection, [journal.history_row(change)])
    if not changes:
        note(connection, editor, item, "took_theirs")
    close(connection, conflict_id, values, changes)
    if item.kind != FIELDS and values["deleted"]:
        meta.pull_covered_again(connection, str(item.record_id))
        for other in open_conflicts(connection, [str(item.record_id)]):
            close(connection, other.id, values)
    return item


def answer_deletion(
    connection: Connection, editor: Editor, record_id: UUID, *, deleted: bool
) -> None:
    """Who deletes or restores a record has thereby answered the question about its deletion."""
    kind = DELETED_THERE if deleted else EDITED_THERE
    for item in open_conflicts(connection, [str(record_id)]):
        if item.kind == kind:
            resolve(connection, editor, item.id, {"deleted": deleted})
            return


def _leave_to_decision(connection: Connection, item: OpenConflict) -> None:
    """Take decided fields out of changes that were never sent: the decision came after them."""
    names = set(item.conflict.fields)
    waiting = [journal.OutboxState.WAITING]
    for entry in journal.entries(connection, waiting, record_ids=[str(item.record_id)]):
        change = entry.change
        if change.kind is not ChangeKind.EDIT or not names & change.values.keys():
            continue
        values = {name: value for name, value in change.values.items() if name not in names}
        base = {name: value for name, value in change.base.items() if name not in names}
        if values:
            journal.rewrite(connection, entry, replace(change, base=base, values=values))
        else:
            journal.set_state(connection, change, journal.OutboxState.REPLACED)


def _followed_up(
    connection: Connection, editor: Editor, item: OpenConflict, current: Values, values: Values
) -> tuple[list[Change], dict[str, Json]]:
    """Return what a decision means, with what else waits of the record or is asked about it."""
    changes, row = _decision(editor, item, current, values, _held_there(connection, item))
    if item.kind == EDITED_THERE and not values["deleted"]:
        row |= _undecided(connection, item)
    if item.kind == DELETED_THERE and values["deleted"]:
        changes = _deletion_after_edits(connection, editor, item, current)
    return changes, row


def _undecided(connection: Connection, item: OpenConflict) -> Values:
    """Return the user's values of a record that comes back while other fields are asked about."""
    asked = open_conflicts(connection, [str(item.record_id)])
    return {n: v for other in asked if other.kind == FIELDS for n, v in other.conflict.ours.items()}


def _deletion_after_edits(
    connection: Connection, editor: Editor, item: OpenConflict, current: Values
) -> list[Change]:
    """Return the deletion to send after edits that wait, which would bring the record back to mind."""
    own = journal.entries(connection, journal.OWN, record_ids=[str(item.record_id)])
    for entry in own:
        if entry.state is journal.OutboxState.REFUSED:
            journal.set_state(connection, entry.change, journal.OutboxState.REPLACED)
    entity = ENTITIES[item.entity]
    gone = make_tombstone(entity, editor, item.record_id, current, deleted=True)
    return [gone] if own else []


def _held_there(connection: Connection, item: OpenConflict) -> Values:
    """Return what the shared database holds of the fields asked about.

    That is `theirs`, but for a question opened again whose putting back was not sent yet.
    """
    held = dict(item.conflict.theirs)
    back = being_reopened(connection, [str(item.record_id)])
    waiting = [journal.OutboxState.WAITING]
    for entry in journal.entries(connection, waiting, record_ids=[str(item.record_id)]):
        if back.get(str(entry.change.id)) == str(item.id):
            held |= {name: v for name, v in entry.change.base.items() if name in held}
    return held


def _decision(
    editor: Editor, item: OpenConflict, current: Values, values: Values, held: Values
) -> tuple[list[Change], dict[str, Json]]:
    """Return the changes to send and the columns to write for a decision."""
    entity, theirs = ENTITIES[item.entity], item.conflict.theirs
    if item.kind == FIELDS:
        names = changed_fields(held, {**held, **values})
        chosen = {name: values[name] for name in names}
        changes = (
            [make_edit(entity, editor, item.record_id, {**current, **held}, chosen)]
            if names
            else []
        )
        return changes, {**theirs, **values}
    keep = not values["deleted"]
    if item.kind == DELETED_THERE:
        if not keep:
            return [], {**item.conflict.base, "deleted": True}
        back = make_tombstone(entity, editor, item.record_id, current, deleted=False)
        edit = make_edit(
            entity, editor, item.record_id, {**current, **item.conflict.base}, item.conflict.ours
        )
        return [back, edit], {"deleted": False}
    if keep:
        return [], {**theirs, "deleted": False}
    gone = make_tombstone(entity, editor, item.record_id, {**current, **theirs}, deleted=True)
    return [gone], {**theirs, "deleted": True}


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
