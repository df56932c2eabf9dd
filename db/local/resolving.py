"""What a decision about a double edit means: the changes to send, and how the record shows.

Which questions there are is in `db.local.conflicts`; giving several answers together, and taking
them back, in `db.local.deciding`.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from db.changes import Change, ChangeKind, Json, Values, changed_fields, now
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_
from db.local import conflicts, journal, meta
from db.local.conflicts import DELETED_THERE, EDITED_THERE, FIELDS, OpenConflict
from db.local.edits import Editor, make_edit, make_tombstone
from db.local.records import declared_part, read, write_changed


def resolve(
    connection: Connection, editor: Editor, conflict_id: UUID, values: Values
) -> OpenConflict:
    """Decide: `values` are the fields as they shall be, or {"deleted": bool} for the delete kinds.

    Raises:
        UserProblem: it was decided already.
    """
    found = conflicts.open_conflicts(connection, only=conflict_id)
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
        conflicts.note(connection, editor, item, "took_theirs")
    conflicts.close(connection, conflict_id, values, changes)
    if item.kind != FIELDS and values["deleted"]:
        meta.pull_covered_again(connection, str(item.record_id))
        for other in conflicts.open_conflicts(connection, [str(item.record_id)]):
            conflicts.close(connection, other.id, values)
    return item


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
    held = _held_there(connection, item, values)
    changes, row = _decision(editor, item, current, values, held)
    if item.kind == EDITED_THERE and not values["deleted"]:
        row |= _undecided(connection, item)
    if item.kind == DELETED_THERE and values["deleted"]:
        changes = _deletion_after_edits(connection, editor, item, current)
    return changes, row


def _undecided(connection: Connection, item: OpenConflict) -> Values:
    """Return the user's values of a record that comes back while other fields are asked about."""
    asked = conflicts.open_conflicts(connection, [str(item.record_id)])
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


def _held_there(connection: Connection, item: OpenConflict, values: Values) -> Values:
    """Return what the shared database holds of the fields asked about, when the answer gets there.

    That is `theirs`, but for a question opened again whose putting back was not sent yet. And an edit
    on its way may have been stored: who takes `theirs` is to have that, and not be asked again about
    an edit that they made before.
    """
    held = dict(item.conflict.theirs)
    back = conflicts.being_reopened(connection, [str(item.record_id)])
    waiting = [journal.OutboxState.WAITING]
    for entry in journal.entries(connection, waiting, record_ids=[str(item.record_id)]):
        if back.get(str(entry.change.id)) == str(item.id):
            held |= {name: v for name, v in entry.change.base.items() if name in held}
    wanted = {name: value for name, value in held.items() if values.get(name, value) == value}
    for entry in journal.entries(
        connection, [journal.OutboxState.SENT], record_ids=[str(item.record_id)]
    ):
        held |= {name: v for name, v in entry.change.values.items() if name in wanted}
    return held


def _decision(
    editor: Editor, item: OpenConflict, current: Values, values: Values, held: Values
) -> tuple[list[Change], dict[str, Json]]:
    """Return the changes to send and the columns to write for a decision."""
    entity, theirs = ENTITIES[item.entity], item.conflict.theirs
    if item.kind == FIELDS:
        wanted = {**theirs, **values}
        names = changed_fields(held, {**held, **wanted})
        chosen = {name: wanted[name] for name in names}
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
