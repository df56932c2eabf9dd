"""Taking back what has no receipt yet: one change, as if it had not been made.

A change that was never sent leaves the outbox, and the unsent changes after it are put on its base.
One that may have arrived is answered by a counter-change instead, as others may have seen it.
"""

import json
from uuid import UUID

from sqlalchemy import Connection

from db.changes import Change, ChangeKind, Json
from db.codec import dumps
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_
from db.local import journal
from db.local.edits import Editor, make_edit, make_tombstone
from db.local.journal import OutboxEntry, OutboxState
from db.local.records import declared_part, read, write_changed

_WHOLE = (ChangeKind.CREATE, ChangeKind.DELETE, ChangeKind.RESTORE)


def take_back(connection: Connection, editor: Editor, change_id: UUID) -> Change:
    """Undo one change that has no receipt, or was refused; return it.

    Values that the user changed again afterwards stay.

    Raises:
        UserProblem: the change arrived already.
    """
    found = [e for e in journal.entries(connection, journal.OWN) if e.change.id == change_id]
    if not found:
        raise UserProblem(N_("This has been sent already. Change it in the record itself."))
    entry = found[0]
    change = entry.change
    stored = read(connection, change.entity, change.record_id)
    assert stored is not None
    back = _undone(change, stored)
    write_changed(connection, change.entity, {**stored, **back}, back)
    if entry.state is OutboxState.SENT:
        counter = _counter(editor, change, declared_part(stored), back)
        journal.put_change(connection, counter)
        journal.put_history(connection, [journal.history_row(counter)])
    else:
        _leave(connection, entry)
    return change


def _undone(change: Change, stored: dict[str, Json]) -> dict[str, Json]:
    if change.kind in _WHOLE:
        return {"deleted": change.kind is not ChangeKind.DELETE}
    return {n: change.base.get(n) for n, value in change.values.items() if stored.get(n) == value}


def _leave(connection: Connection, entry: OutboxEntry) -> None:
    """Take an unsent change out, with the ones after it that only make sense with it."""
    change = entry.change
    ids = [str(change.record_id)]
    later = [
        e
        for e in journal.entries(connection, journal.OWN, record_ids=ids)
        if e.position > entry.position
    ]
    gone = [change, *(e.change for e in later)] if change.kind in _WHOLE else [change]
    for taken in gone:
        journal.set_state(connection, taken, OutboxState.TAKEN_BACK)
        journal.drop_history(connection, [(str(taken.record_id), str(taken.id))])
        journal.put_history(connection, [journal.history_row(taken, "taken_back")])
    if len(gone) == 1:
        for follower in later:
            _rebase(connection, follower, change)


def _rebase(connection: Connection, follower: OutboxEntry, taken: Change) -> None:
    """Put a change that was never sent on the base of the one taken back before it."""
    base = {
        name: taken.base.get(name)
        if name in taken.values and value == taken.values[name]
        else value
        for name, value in follower.change.base.items()
    }
    connection.exec_driver_sql(
        "UPDATE outbox SET change = ? WHERE position = ?",
        (dumps({**json.loads(dumps(follower.change.to_json())), "base": base}), follower.position),
    )


def _counter(
    editor: Editor, change: Change, current: dict[str, Json], back: dict[str, Json]
) -> Change:
    entity = ENTITIES[change.entity]
    if "deleted" in back:
        gone = bool(back["deleted"])
        return make_tombstone(entity, editor, change.record_id, current, deleted=gone)
    return make_edit(entity, editor, change.record_id, current, back)
