"""Deciding a double edit, and taking the decision back as if it had not been made.

While the decision was not sent, its changes leave the outbox. Once they may have arrived, a change
puts back what the shared database held before (`theirs`), and the question is open again here; until
that change has its receipt, what sync hears about these fields is no answer to the question.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine

from db.changes import Values
from db.codec import as_mapping, from_json_record
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_
from db.local import conflicts, edits, journal, meetings, resolving, taking_back
from db.local.conflicts import COLUMNS, FIELDS, OpenConflict
from db.local.edits import Editor
from db.local.engine import reading
from db.local.journal import OutboxEntry, OutboxState
from db.local.records import declared_part, read, write_changed

_MAY_HAVE_ARRIVED = (OutboxState.SENT, OutboxState.STORED)

CHANGED_SINCE = N_("Someone changed this since. Look at it before you change it back.")


def decide(
    connection: Connection, editor: Editor, answers: Iterable[tuple[UUID, Values]]
) -> list[OpenConflict]:
    """Give answers (question id, values) together; return the questions that were decided.

    Raises:
        UserProblem: all of it was decided already.
    """
    decided: list[OpenConflict] = []
    given = list(answers)
    for conflict_id, values in given:
        # Deciding to delete the record answers the questions about its fields, too.
        if conflicts.open_conflicts(connection, only=conflict_id):
            decided.append(resolving.resolve(connection, editor, conflict_id, values))
    if given and not decided:
        raise UserProblem(N_("This was decided already."))
    return decided


def answer_deletion(
    connection: Connection, editor: Editor, record_id: UUID, *, deleted: bool
) -> None:
    """Who deletes or restores a record has thereby answered the question about its deletion."""
    kind = conflicts.DELETED_THERE if deleted else conflicts.EDITED_THERE
    for item in conflicts.open_conflicts(connection, [str(record_id)]):
        if item.kind == kind:
            resolving.resolve(connection, editor, item.id, {"deleted": deleted})
            return


def reopen(connection: Connection, editor: Editor, ids: Iterable[UUID]) -> list[OpenConflict]:
    """Take decisions back: the questions are open again, with the user's own values in sight.

    A deletion (or its refusal) that may have arrived is answered by its opposite instead.

    Raises:
        UserProblem: the record was changed since.
    """
    found = [_decided(connection, conflict_id) for conflict_id in ids]
    for item, answer, change_id in found:
        if item.kind == FIELDS and "deleted" in answer:  # closed with the record's deletion
            _show(connection, item, item.conflict.ours)
            _open_again(connection, editor, item, None)
        elif item.kind == FIELDS:
            back = _reopen_fields(connection, editor, item, answer, change_id)
            _open_again(connection, editor, item, back)
        elif _reopen_deletion(connection, editor, item, answer, change_id):
            _open_again(connection, editor, item, None)
    return [item for item, _answer, _change in found]


def _decided(connection: Connection, conflict_id: UUID) -> tuple[OpenConflict, Values, str]:
    row = connection.exec_driver_sql(
        f"SELECT {COLUMNS}, resolution, change_id FROM conflict"
        " WHERE id = ? AND resolution IS NOT NULL",
        (str(conflict_id),),
    ).first()
    if row is None:
        raise UserProblem(CHANGED_SINCE)
    return conflicts.from_row(row), as_mapping(row[-2]), str(row[-1])


def _reopen_fields(
    connection: Connection, editor: Editor, item: OpenConflict, answer: Values, change_id: str
) -> UUID | None:
    """Show the user's own values again; return the change that puts theirs back, if one must."""
    stored = read(connection, item.entity, item.record_id)
    if stored is None or stored["deleted"] or any(stored.get(n) != v for n, v in answer.items()):
        raise UserProblem(CHANGED_SINCE)
    asked = conflicts.open_conflicts(connection, [str(item.record_id)])
    if any(set(other.conflict.fields) & set(item.conflict.fields) for other in asked):
        raise UserProblem(CHANGED_SINCE)
    back = None
    if change_id:
        entry = _entry(connection, item, change_id)
        if entry.state in journal.OWN and entry.state not in _MAY_HAVE_ARRIVED:
            taking_back.take_back(connection, editor, entry.change.id)
        else:
            back = _put_theirs_back(connection, editor, item, stored)
    ours = {name: item.conflict.ours.get(name) for name in item.conflict.fields}
    _show(connection, item, ours)
    return back


def _put_theirs_back(
    connection: Connection, editor: Editor, item: OpenConflict, stored: Values
) -> UUID:
    current = declared_part(stored)
    theirs = {n: item.conflict.theirs.get(n) for n in item.conflict.fields}
    changed = {name: value for name, value in theirs.items() if current.get(name) != value}
    change = edits.make_edit(ENTITIES[item.entity], editor, item.record_id, current, changed)
    journal.put_change(connection, change)
    journal.put_history(connection, [journal.history_row(change)])
    return change.id


def _reopen_deletion(
    connection: Connection, editor: Editor, item: OpenConflict, answer: Values, change_id: str
) -> bool:
    """Bring the record back to how it stood under the question; False: its opposite was done."""
    stored = read(connection, item.entity, item.record_id)
    if stored is None or bool(stored["deleted"]) != answer["deleted"]:
        raise UserProblem(CHANGED_SINCE)
    if change_id:
        entry = _entry(connection, item, change_id)
        if entry.state in _MAY_HAVE_ARRIVED:
            if stored["changed_by"] not in (None, str(editor.author)):
                raise UserProblem(CHANGED_SINCE)
            record = from_json_record(ENTITIES[item.entity], stored)
            edits.set_deleted(connection, editor, record, deleted=not answer["deleted"])
            return False
        taking_back.take_back(connection, editor, entry.change.id)
    was_deleted = item.kind == conflicts.EDITED_THERE
    ours = {} if was_deleted else dict(item.conflict.ours)
    _show(connection, item, {**ours, "deleted": was_deleted})
    return True


def _entry(connection: Connection, item: OpenConflict, change_id: str) -> OutboxEntry:
    """Return the change that carried the decision, which must not have met anything since."""
    states = (*journal.OWN, OutboxState.STORED)
    for entry in journal.entries(connection, states, record_ids=[str(item.record_id)]):
        if str(entry.change.id) == change_id:
            return entry
    raise UserProblem(CHANGED_SINCE)


def _show(connection: Connection, item: OpenConflict, values: Values) -> None:
    stored = read(connection, item.entity, item.record_id)
    assert stored is not None
    write_changed(connection, item.entity, {**stored, **values}, tuple(values))


def _open_again(
    connection: Connection, editor: Editor, item: OpenConflict, back: UUID | None
) -> None:
    connection.exec_driver_sql(
        "UPDATE conflict SET resolution = NULL, resolved_at = NULL, change_id = ? WHERE id = ?",
        (str(back) if back else "", str(item.id)),
    )
    conflicts.note(connection, editor, item, "reopened")


def settled_since(engine: Engine, moment: datetime) -> int:
    """Return how many own changes met a colleague's since `moment` and were settled unasked."""
    with reading(engine) as connection:
        return meetings.count(connection, moment)
