"""Taking back what has no receipt yet: one change, as if it had not been made.

A change that was never sent leaves the outbox, and the unsent changes after it are put on its base.
One that may have arrived is answered by a counter-change instead, as others may have seen it. Where a
later change stands on it there is nothing to answer yet: it is marked, and taking back the later one
goes back beyond both.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from db.changes import Change, ChangeKind, Json
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_
from db.local import conflicts, journal, meta
from db.local.edits import Editor, make_edit, make_tombstone
from db.local.journal import OutboxEntry, OutboxState
from db.local.records import declared_part, read, write_changed

_CARRYING = (ChangeKind.CREATE, ChangeKind.RESTORE)
"""Kinds without which later changes of the record make no sense."""


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
    ids = [str(change.record_id)]
    own = journal.entries(connection, journal.OWN, record_ids=ids)
    later = [e for e in own if e.position > entry.position]
    back = _undone(change, stored, [e.change for e in later])
    beyond = _beyond(connection, entry, back)
    made_on = {**declared_part(stored), **(back if entry.state is not OutboxState.SENT else {})}
    back |= beyond
    write_changed(connection, change.entity, {**stored, **back}, back)
    conflicts.renew_ours(connection, replace(change, kind=ChangeKind.EDIT, values=back))
    meta.pull_covered_again(connection, str(change.record_id))
    if entry.state is OutboxState.SENT:
        connection.exec_driver_sql(
            "UPDATE outbox SET reason = ? WHERE position = ?", (journal.TAKEN_BACK, entry.position)
        )
    else:
        _leave(connection, entry, later)
    answer = back if entry.state is OutboxState.SENT else beyond
    if answer:
        counter = _counter(editor, change, made_on, answer)
        journal.put_change(connection, counter)
        journal.put_history(connection, [journal.history_row(counter)])
    return change


def _beyond(connection: Connection, entry: OutboxEntry, back: dict[str, Json]) -> dict[str, Json]:
    """Return older values, where what would come back was made by a change taken back as well."""
    if entry.change.kind is not ChangeKind.EDIT or not back:
        return {}
    ids = [str(entry.change.record_id)]
    found = dict(back)
    for earlier in reversed(journal.entries(connection, tuple(OutboxState), record_ids=ids)):
        change = earlier.change
        if earlier.position < entry.position and earlier.reason == journal.TAKEN_BACK:
            over = {n for n, value in change.values.items() if n in found and found[n] == value}
            found.update((name, change.base.get(name)) for name in over)
    return {name: value for name, value in found.items() if value != back[name]}


def _undone(change: Change, stored: dict[str, Json], later: list[Change]) -> dict[str, Json]:
    if change.kind is ChangeKind.EDIT:
        # A later change may have come to the same value by itself, such as a decision.
        set_again = {name for c in later if c.kind is ChangeKind.EDIT for name in c.values}
        before = _values_before(change, stored)
        return {name: value for name, value in before.items() if name not in set_again}
    back: dict[str, Json] = {}
    if change.kind is ChangeKind.RESTORE:  # the edits after it go, too
        for edit in reversed([c for c in later if c.kind is ChangeKind.EDIT]):
            back |= _values_before(edit, {**stored, **back})
    elif change.kind is ChangeKind.DELETE and any(c.kind is not ChangeKind.EDIT for c in later):
        return {}
    return {**back, "deleted": change.kind is not ChangeKind.DELETE}


def _values_before(change: Change, stored: dict[str, Json]) -> dict[str, Json]:
    return {n: change.base.get(n) for n, value in change.values.items() if stored.get(n) == value}


def _leave(connection: Connection, entry: OutboxEntry, later: list[OutboxEntry]) -> None:
    """Take an unsent change out, with the ones after it that only make sense with it."""
    change = entry.change
    gone = [change, *(e.change for e in later)] if change.kind in _CARRYING else [change]
    for taken in gone:
        journal.set_state(connection, taken, OutboxState.TAKEN_BACK)
        journal.drop_history(connection, [(str(taken.record_id), str(taken.id))])
        journal.put_history(connection, [journal.history_row(taken, "taken_back")])
    if len(gone) == 1:
        _rebase(connection, later, change)


def _rebase(connection: Connection, later: list[OutboxEntry], taken: Change) -> None:
    """Put what follows, up to where a field is changed again, on the base of the one taken back."""
    names = set(taken.values)
    for entry in later:
        change = entry.change
        under = {n for n in names if n in change.base and change.base[n] == taken.values[n]}
        if under and entry.state is not OutboxState.SENT:
            base = {n: taken.base.get(n) if n in under else v for n, v in change.base.items()}
            journal.rewrite(connection, entry, replace(change, base=base))
        names -= change.values.keys()


def _counter(
    editor: Editor, change: Change, current: dict[str, Json], back: dict[str, Json]
) -> Change:
    entity = ENTITIES[change.entity]
    if "deleted" in back:
        gone = bool(back["deleted"])
        return make_tombstone(entity, editor, change.record_id, current, deleted=gone)
    return make_edit(entity, editor, change.record_id, current, back)
