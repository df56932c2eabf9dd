"""The sync engine's side of the store: changes to send, and pulled pages.

The visible row is the shared row with the user's own undecided values on top; nothing else is kept
twice. A page is applied in one transaction, rows together with the cursor (promises S3 and S6).
Where a row comes to lie under own changes, the page is remembered: when those are taken back, it is
asked for again.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from db.changes import Change, ChangeKind, Json, Values
from db.codec import dumps
from db.entities import ENTITIES
from db.fields import fields_of
from db.local import conflicts, forgetting, journal, meetings, meta
from db.local.conflicts import FIELDS
from db.local.edits import Editor
from db.local.journal import OWN
from db.local.records import read_ids, read_many, write_known, write_new
from db.merge import merge
from db.shared.protocol import VERSION
from db.sync import under_questions

PURGED = "purge"
"""The kind of a history line that says: forget this record for good."""
NOT_KEPT = frozenset({"entity", "seq", "digest"})
"""What a pulled row has beside the record itself."""


def apply_rows(
    connection: Connection, editor: Editor, rows: Sequence[Mapping[str, Json]], cursor: int = 0
) -> dict[str, frozenset[UUID]]:
    """Write rows pulled after `cursor` under the user's own values; return the ids by entity."""
    ids = [row["id"] for row in rows]
    questions: dict[str, list[conflicts.OpenConflict]] = {}
    for item in conflicts.open_conflicts(connection, ids):
        questions.setdefault(str(item.record_id), []).append(item)
    for row in rows:
        if row["id"] in questions:
            found = questions[row["id"]]
            questions[row["id"]] = under_questions.renewed(connection, editor, row, found)
    waiting = _waiting_over(connection, ids)
    by_entity: dict[str, list[dict[str, Json]]] = {}
    found_digests = {row["id"]: row["digest"] for row in rows if "digest" in row}
    for row in rows:
        if row["entity"] not in ENTITIES:
            continue
        value = dict(row)
        for name in NOT_KEPT:
            value.pop(name, None)
        value = under_questions.shown(value, questions.get(row["id"], ()))
        value = _under_changes(row["entity"], value, waiting.get(row["id"], ()))
        by_entity.setdefault(row["entity"], []).append(value)
    meta.note_covered(connection, {*waiting, *questions}, cursor)
    for entity, values in by_entity.items():
        known = read_ids(connection, [value["id"] for value in values])
        write_new(connection, entity, [v for v in values if v["id"] not in known], found_digests)
        write_known(connection, entity, [v for v in values if v["id"] in known], found_digests)
    return {
        entity: frozenset(UUID(v["id"]) for v in values) for entity, values in by_entity.items()
    }


def _waiting_over(connection: Connection, ids: Sequence[str]) -> dict[str, list[Change]]:
    """Return own changes that are to be seen over the shared rows, by record.

    What puts theirs back under a question that was opened again is none of these.
    """
    waiting: dict[str, list[Change]] = {}
    back = conflicts.being_reopened(connection, ids)
    for entry in journal.entries(connection, OWN, record_ids=ids):
        if str(entry.change.id) not in back:
            waiting.setdefault(str(entry.change.record_id), []).append(entry.change)
    return waiting


def apply_log(
    connection: Connection, lines: Iterable[Mapping[str, Json]]
) -> dict[str, frozenset[UUID]]:
    """Write the shared history over own lines of the same change; return what was purged, by entity."""
    told = list(lines)
    found = [(_change_id(line), line) for line in told if line["kind"] != PURGED]
    meetings.note(connection, [(line["record_id"], change) for change, line in found])
    whole = {(line["record_id"], change) for change, line in found if line["kind"] != "conflict"}
    journal.drop_history(connection, whole)
    for change, line in found:
        if line["kind"] == "conflict":
            # What of the same change was stored has its own line, maybe of an earlier page.
            journal.drop_fields(connection, line["record_id"], change, line.get("fields") or {})
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
    journal.note_deliverers(
        connection,
        [
            (line["delivered_by"], line["record_id"], change)
            for change, line in found
            if line.get("delivered_by")
        ],
    )
    purged: dict[str, list[str]] = {}
    for line in told:
        if line["kind"] == PURGED and line["entity"] in ENTITIES:
            purged.setdefault(line["entity"], []).append(line["record_id"])
    return {
        entity: frozenset(map(UUID, forgetting.forget(connection, entity, ids)))
        for entity, ids in purged.items()
    }


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
        theirs["deleted"] = False  # never hidden: sending it will ask
    return theirs


def view_of(rights: Iterable[str], version: int) -> str:
    """Return a digest of what is seen and understood here; when it changes, all is pulled again.

    A row that may not be seen, or is of a newer version, is passed over, and the cursor with it.
    """
    known = {name: sorted(fields_of(entity)) for name, entity in ENTITIES.items()}
    return hashlib.sha256(
        dumps([sorted(rights), known, min(version, VERSION)]).encode()
    ).hexdigest()


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
