"""One edit becomes a row, a history line and an outbox change, in one transaction (house-style 3.7).

What is written is decided by pure functions on JSON values; this module is the thin shell of I/O.
A form that was opened before the stored row moved is merged; what can't be merged goes back to the
form unsaved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection

from db.changes import Change, ChangeKind, Json, Values, changed_fields, now
from db.codec import from_json_record, system_values_of, values_of
from db.entities import ENTITIES
from db.errors import Forgotten, UserProblem
from db.fields import N_, Record
from db.local import journal
from db.local.journal import OutboxState
from db.local.records import declared_part, read, read_ids, write_changed, write_lost, write_new
from db.local.soundness import refuse_circle, refuse_misfit
from db.merge import Conflict, groups, merge


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome: the stored record, and the conflicts that kept it from being written."""

    record: Record
    conflicts: tuple[Conflict, ...] = ()
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Editor:
    """Who edits on which laptop; stamped on every change."""

    author: UUID | None
    device_id: UUID


def save(connection: Connection, editor: Editor, ours: Record, base: Record | None) -> Saved:
    """Write `ours`, which was made from `base` (None: a new record).

    Raises:
        UserProblem: the record was deleted meanwhile, or does not fit with what there is now.
        Forgotten: it was purged meanwhile, or may not be seen here any more.
    """
    entity = type(ours)
    stored = read(connection, entity.ENTITY, ours.id)
    refuse_circle(connection, ours)
    if stored is None and base is not None:
        stored = _put_back(connection, base)
    if stored is None:
        return _create(connection, editor, ours)
    if stored["deleted"]:
        raise UserProblem(N_("This was deleted meanwhile. Restore it first."))
    current = declared_part(stored)
    opened = values_of(base) if base is not None else current
    merged = merge(entity, opened, values_of(ours), current)
    if merged.conflicts:
        return Saved(from_json_record(entity, stored), merged.conflicts)
    names = changed_fields(current, merged.values)
    if not names:
        return Saved(from_json_record(entity, stored))
    if opened != current:
        refuse_misfit(entity, stored, merged.values)
    change = make_edit(
        entity, editor, ours.id, current, {name: merged.values.get(name) for name in names}
    )
    return _write(connection, editor, change, {**stored, **merged.values}, names)


def _put_back(connection: Connection, base: Record) -> dict[str, Json]:
    """Write a row that the disk lost as it was when it was opened, so that the edit can be made on it.

    What was purged left nothing here, not even its history: that does not come back.
    """
    value = {**system_values_of(base), **values_of(base)}
    if read_ids(connection, [value["id"]]):
        write_lost(connection, base.ENTITY, [value])
    elif journal.history(connection, base.id, 1):
        write_new(connection, base.ENTITY, [value])
    else:
        raise Forgotten(N_("This was removed for good meanwhile, or you may not see it any more."))
    return value


def set_deleted(connection: Connection, editor: Editor, record: Record, *, deleted: bool) -> Saved:
    """Make `record` a tombstone, or bring it back."""
    entity = type(record)
    stored = read(connection, entity.ENTITY, record.id)
    if stored is None or bool(stored["deleted"]) == deleted:
        return Saved(record)
    current = declared_part(stored)
    if not deleted and is_unknown_there(connection, stored):
        change = create_change(entity, editor, record.id, current)
    else:
        change = make_tombstone(entity, editor, record.id, current, deleted=deleted)
    return _write(connection, editor, change, {**stored, "deleted": deleted}, ())


def is_unknown_there(connection: Connection, stored: Values) -> bool:
    """Whether the shared database never heard of a record: its creation was taken back."""
    if stored["revision"]:
        return False
    ids = [stored["id"]]
    taken = journal.entries(connection, [OutboxState.TAKEN_BACK], record_ids=ids)
    kept = journal.entries(connection, [*journal.OWN, OutboxState.STORED], record_ids=ids)
    made = ChangeKind.CREATE
    return any(e.change.kind is made for e in taken) and not any(
        e.change.kind is made for e in kept
    )


def make_tombstone(
    entity: type[Record], editor: Editor, record_id: UUID, current: Values, *, deleted: bool
) -> Change:
    """Make the change that deletes or restores; a deletion tells every value the editor saw."""
    return Change(
        entity=entity.ENTITY,
        record_id=record_id,
        kind=ChangeKind.DELETE if deleted else ChangeKind.RESTORE,
        base=current if deleted else {"deleted": True},
        values={},
        made_at=now(),
        author=editor.author,
        device_id=editor.device_id,
    )


def make_edit(
    entity: type[Record], editor: Editor, record_id: UUID, current: Values, values: Values
) -> Change:
    """Make the change from `current` to `values`, with the base of every field of the groups touched."""
    touched = [name for group in groups(entity, values) for name in group]
    return Change(
        entity=entity.ENTITY,
        record_id=record_id,
        kind=ChangeKind.EDIT,
        base={name: current.get(name) for name in touched},
        values=dict(values),
        made_at=now(),
        author=editor.author,
        device_id=editor.device_id,
    )


def create_change(entity: type[Record], editor: Editor, record_id: UUID, values: Values) -> Change:
    """Make the change that creates a record; empty values are left out."""
    return Change(
        entity=entity.ENTITY,
        record_id=record_id,
        kind=ChangeKind.CREATE,
        base={},
        values={name: value for name, value in values.items() if value not in (None, [])},
        made_at=now(),
        author=editor.author,
        device_id=editor.device_id,
    )


def prepared(
    editor: Editor, ours: Record, made_at: datetime | None = None
) -> tuple[Change, dict[str, Json]]:
    """Return the creating change and the JSON to write for a record that is not stored yet.

    `made_at` is the moment to put on it (None: now); examples are not all of this second.
    """
    change = create_change(type(ours), editor, ours.id, values_of(ours))
    change = replace(change, made_at=made_at or change.made_at)
    stamp = _stamp(editor, change.made_at)
    system = {
        **system_values_of(ours),
        "created_at": stamp["changed_at"],
        "created_by": stamp["changed_by"],
        **stamp,
    }
    return change, {**system, **values_of(ours)}


def create_many(
    connection: Connection, editor: Editor, batch: list[Record], *, as_example: bool
) -> dict[str, frozenset[UUID]]:
    """Write new records in one go; those whose id exists are left alone. Return the ids by entity."""
    known = read_ids(connection, [str(record.id) for record in batch])
    by_entity: dict[str, list[dict[str, Json]]] = {}
    changes: list[Change] = []
    for record in batch:
        if str(record.id) in known:
            continue
        made_at = record.changed_at if as_example else None
        change, value = prepared(editor, record, made_at)
        by_entity.setdefault(record.ENTITY, []).append(value)
        changes.append(change)
    for entity, values in by_entity.items():
        write_new(connection, entity, values)
    journal.put_history(connection, [journal.history_row(change) for change in changes])
    if not as_example:
        journal.put_changes(connection, changes)
    return {
        entity: frozenset(UUID(v["id"]) for v in values) for entity, values in by_entity.items()
    }


def _create(connection: Connection, editor: Editor, ours: Record) -> Saved:
    change, value = prepared(editor, ours)
    write_new(connection, change.entity, [value])
    _record(connection, type(ours), change)
    return Saved(from_json_record(type(ours), value), change=change)


def _write(
    connection: Connection,
    editor: Editor,
    change: Change,
    value: dict[str, Json],
    names: tuple[str, ...],
) -> Saved:
    value = {**value, **_stamp(editor, change.made_at)}
    entity = ENTITIES[change.entity]
    write_changed(connection, change.entity, value, names)
    to_send = _replacing_refused(connection, change, declared_part(value))
    _record(connection, entity, to_send or change, is_sent=to_send is not None)
    return Saved(from_json_record(entity, value), change=to_send or change)


def _record(
    connection: Connection, entity: type[Record], change: Change, *, is_sent: bool = True
) -> None:
    journal.put_history(connection, [journal.history_row(change)])
    if is_sent and not entity.IS_SERVER_ONLY:
        journal.put_change(connection, change)


def _replacing_refused(connection: Connection, change: Change, current: Values) -> Change | None:
    """Let an edit take the place of refused changes to the same fields; return what is to be sent.

    The shared database never took those, so the base of the new change is what *they* were based
    on. While it refused the creation, there is nothing to edit there: create it whole instead, and
    send nothing (None) when it is deleted here.
    """
    refused = journal.entries(connection, [OutboxState.REFUSED], record_ids=[str(change.record_id)])
    touched = set(change.base) | set(change.values)
    is_unborn = any(entry.change.kind is ChangeKind.CREATE for entry in refused)
    if is_unborn and change.kind is not ChangeKind.DELETE:
        change = _as_creation(change, current)
    for entry in reversed(refused):  # one made on the other: the last of them is undone first
        old = entry.change
        if not is_unborn:
            if old.kind is ChangeKind.EDIT and not touched & set(old.values):
                continue
            change = rebased(change, old.base, old.values)
        journal.set_state(connection, old, OutboxState.REPLACED)
    return None if is_unborn and change.kind is ChangeKind.DELETE else change


def _as_creation(change: Change, values: Values) -> Change:
    return Change(
        entity=change.entity, record_id=change.record_id, kind=ChangeKind.CREATE, base={},
        values={name: value for name, value in values.items() if value not in (None, [])},
        made_at=change.made_at, author=change.author, device_id=change.device_id, id=uuid4(),
    )  # fmt: skip


def rebased(change: Change, base: Values, values: Values) -> Change:
    """Return `change` as if made on `base` where it was made on the refused `values`."""
    mended: Mapping[str, Json] = {
        name: base.get(name) if name in values and value == values[name] else value
        for name, value in change.base.items()
    }
    whole = {
        **{name: value for name, value in values.items() if name not in change.values},
        **change.values,
    }
    return Change(
        entity=change.entity, record_id=change.record_id, kind=change.kind, base={**base, **mended},
        values=whole if change.kind is ChangeKind.EDIT else change.values,
        made_at=change.made_at, author=change.author, device_id=change.device_id,
    )  # fmt: skip


def _stamp(editor: Editor, moment: datetime) -> dict[str, Json]:
    return {
        "changed_at": moment.isoformat(),
        "changed_by": str(editor.author) if editor.author else None,
    }
