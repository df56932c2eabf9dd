"""The sync engine's side of the store: changes to send, receipts, and pulled pages.

The visible row is the shared row with the user's own undecided values on top; nothing else is kept
twice. Receipts and pages are each applied in one transaction, rows together with the cursor
(promises S3 and S6).
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from db.changes import Change, ChangeKind, Json, Values
from db.codec import dumps
from db.entities import ENTITIES
from db.local import conflicts, journal
from db.local.conflicts import DELETED_THERE, EDITED_THERE, FIELDS
from db.local.edits import Editor, make_edit
from db.local.journal import OWN, OutboxState
from db.local.records import (
    declared_part,
    read,
    read_ids,
    read_many,
    write,
    write_changed,
    write_known,
)
from db.merge import Conflict, merge
from db.shared.protocol import FieldConflict, Outcome, Receipt

_STATES = {
    Outcome.APPLIED: OutboxState.STORED,
    Outcome.MERGED: OutboxState.CONFLICT,
    Outcome.CONFLICT: OutboxState.CONFLICT,
    Outcome.REFUSED: OutboxState.REFUSED,
}


def apply_receipts(
    connection: Connection,
    editor: Editor,
    changes: Mapping[UUID, Change],
    receipts: Iterable[Receipt],
) -> int:
    """Move changes to where their receipts say; return how many merged by themselves go out again."""
    again = 0
    moves: list[tuple[Change, OutboxState, int | None, str | None]] = []
    for receipt in receipts:
        change = changes[receipt.change_id]
        is_refusal = receipt.outcome is Outcome.REFUSED
        state = _STATES[receipt.outcome]
        if receipt.conflicts or receipt.outcome is Outcome.CONFLICT:
            open_ones, merged = _meet(connection, editor, change, receipt)
            again += merged
            state = OutboxState.CONFLICT if open_ones else OutboxState.STORED
        reason = receipt.reason if is_refusal else None
        moves.append((change, state, receipt.number, reason))
    journal.set_states(connection, moves)
    return again


def _meet(
    connection: Connection, editor: Editor, change: Change, receipt: Receipt
) -> tuple[int, int]:
    """Handle what the server could not take: merge it here, or keep the question."""
    if receipt.reason == "deleted":
        question = Conflict(tuple(change.values), change.base, change.values, {"deleted": True})
        by, at = _who(receipt.conflicts)
        conflicts.put(connection, change, DELETED_THERE, question, by, at)
        return 1, 0
    if change.kind is ChangeKind.DELETE:
        theirs = {name: value for item in receipt.conflicts for name, value in item.theirs.items()}
        base = {name: change.base.get(name) for name in theirs}
        by, at = _who(receipt.conflicts)
        conflicts.put(
            connection,
            change,
            EDITED_THERE,
            Conflict(tuple(theirs), base, {"deleted": True}, theirs),
            by,
            at,
        )
        return 1, 0
    open_ones = merged = 0
    for item in receipt.conflicts:
        if _merge_field(connection, editor, change, item):
            merged += 1
        else:
            open_ones += 1
    return open_ones, merged


def _merge_field(
    connection: Connection, editor: Editor, change: Change, item: FieldConflict
) -> bool:
    """Merge one conflicting group on the laptop and send it again; False when a person must choose."""
    entity = ENTITIES[change.entity]
    base = {name: change.base.get(name) for name in item.fields}
    ours = {**base, **{name: change.values[name] for name in item.fields if name in change.values}}
    result = merge(entity, base, ours, item.theirs)
    if result.conflicts:
        conflicts.put(connection, change, FIELDS, result.conflicts[0], *_who([item]))
        return False
    if dict(result.values) == dict(item.theirs):
        return True
    again = make_edit(entity, editor, change.record_id, item.theirs, result.values)
    journal.put_change(connection, again)
    journal.put_history(connection, [journal.history_row(again, "merged")])
    stored = read(connection, change.entity, change.record_id)
    if stored is not None:
        write_changed(connection, change.entity, {**stored, **result.values}, result.values)
    return True


def _who(found: Sequence[FieldConflict]) -> tuple[str | None, str | None]:
    if not found:
        return None, None
    return str(found[0].by) if found[0].by else None, found[0].at


def apply_rows(
    connection: Connection, rows: Sequence[Mapping[str, Json]]
) -> dict[str, frozenset[UUID]]:
    """Write pulled rows under the user's own values; return the ids by entity."""
    ids = [row["id"] for row in rows]
    waiting: dict[str, list[Change]] = {}
    for entry in journal.entries(connection, OWN, record_ids=ids):
        waiting.setdefault(str(entry.change.record_id), []).append(entry.change)
    questions: dict[str, list[conflicts.OpenConflict]] = {}
    for item in conflicts.open_conflicts(connection, ids):
        questions.setdefault(str(item.record_id), []).append(item)
    by_entity: dict[str, list[dict[str, Json]]] = {}
    for row in rows:
        if row["entity"] not in ENTITIES:
            continue
        value = {name: item for name, item in row.items() if name not in ("entity", "seq")}
        if row["id"] in questions:
            value = _under_questions(connection, value, questions[row["id"]])
        value = _under_changes(row["entity"], value, waiting.get(row["id"], ()))
        by_entity.setdefault(row["entity"], []).append(value)
    for entity, values in by_entity.items():
        known = read_ids(connection, [value["id"] for value in values])
        write(connection, entity, [v for v in values if v["id"] not in known], are_new=True)
        write_known(connection, entity, [v for v in values if v["id"] in known])
    return {
        entity: frozenset(UUID(v["id"]) for v in values) for entity, values in by_entity.items()
    }


def apply_log(connection: Connection, lines: Iterable[Mapping[str, Json]]) -> None:
    """Write the shared history; it takes the place of the laptop's own line of the same change."""
    found = [(_change_id(line), line) for line in lines]
    journal.drop_history(connection, ((line["record_id"], change) for change, line in found))
    journal.put_history(
        connection,
        [
            (
                change, line["record_id"], line["entity"], line["kind"], line.get("person"),
                line["made_at"], dumps(line.get("fields") or {}),
            )
            for change, line in found
        ],
    )  # fmt: skip


def _change_id(line: Mapping[str, Json]) -> str:
    """Return the change's id; what the administrator did has none, and is told by its place."""
    return line.get("change_id") or str(UUID(int=line["seq"]))


def _under_changes(
    entity: str, theirs: dict[str, Json], changes: Iterable[Change]
) -> dict[str, Json]:
    """Return the shared row as the user sees it: own unsent changes on top."""
    for change in changes:
        if change.kind in (ChangeKind.DELETE, ChangeKind.RESTORE):
            theirs["deleted"] = change.kind is ChangeKind.DELETE
            continue
        names = {*change.base, *change.values}
        now_there = {name: theirs.get(name) for name in names}
        ours = {**change.base, **change.values}
        theirs.update(merge(ENTITIES[entity], change.base, ours, now_there).values)
    return theirs


def _under_questions(
    connection: Connection, theirs: dict[str, Json], items: Iterable[conflicts.OpenConflict]
) -> dict[str, Json]:
    """Keep the user's values of undecided fields visible, and renew what the other side holds."""
    by, at = theirs.get("changed_by"), theirs.get("changed_at")
    shared = dict(theirs)
    for item in items:
        if item.kind == FIELDS:
            there = {name: shared.get(name) for name in item.conflict.fields}
            if there == dict(item.conflict.ours):
                conflicts.close(connection, item.id, there)
                continue
            if there != dict(item.conflict.theirs):
                conflicts.set_theirs(connection, item.id, there, by, at)
            theirs.update(item.conflict.ours)
        elif item.kind == DELETED_THERE:
            theirs = {**theirs, **item.conflict.ours, "deleted": False}
        elif shared.get("deleted"):
            conflicts.close(connection, item.id, {"deleted": True})
        else:
            there = {
                name: value
                for name, value in declared_part(shared).items()
                if name in item.conflict.theirs
            }
            conflicts.set_theirs(connection, item.id, there, by, at)
            theirs["deleted"] = True
    return theirs


def shared_values(
    connection: Connection, entity: str, ids: Iterable[str]
) -> dict[str, dict[str, Json]]:
    """Return rows as the shared database holds them: the visible ones with own values taken off."""
    found = read_many(connection, entity, ids)
    for item in conflicts.open_conflicts(connection, found):
        if item.kind == FIELDS:
            found[str(item.record_id)].update(item.conflict.theirs)
    for entry in reversed(journal.entries(connection, OWN, record_ids=found)):
        found[str(entry.change.record_id)].update(_base_of(entry.change))
    return found


def _base_of(change: Change) -> Values:
    if change.kind is ChangeKind.EDIT:
        return change.base
    return (
        {"deleted": change.kind is not ChangeKind.DELETE}
        if change.kind is not ChangeKind.CREATE
        else {}
    )


def unsent(connection: Connection, limit: int) -> list[Change]:
    """Return the changes without a receipt, oldest first."""
    return [entry.change for entry in journal.entries(connection, journal.UNSENT, limit=limit)]
