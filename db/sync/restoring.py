"""When the shared database was put back or replaced: what it lost is offered again (promise S8).

Nothing is deleted here. The laptop asks which of the changes in its own history the database lacks,
and puts those in its outbox as what they are: changes of their makers, with their own ids. So they
are own work to the rest of sync: they stay visible, meet newer work by the usual merge, and have one
effect, however many laptops offer them. What was made of records without a change of their own
(fields the server sets, staff, losing values of double edits) is not offered.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from db.changes import Change, ChangeKind, Json, now
from db.entities import ENTITIES
from db.fields import fields_of
from db.local import blobs, lost, meta
from db.local.engine import reading, writing
from db.local.lost import PastChange
from db.local.records import declared_part
from db.local.store import LocalStore
from db.merge import groups
from db.shared.protocol import CHECKED, ServerInfo, SharedDatabase
from db.shared.rights import Right
from db.sync import awaited, replica

ASKED_AT_ONCE = 5000
OFFERED = "offered_again"
"""Key of the small setting that says when a restore was met and how much was offered, until seen."""


def offer_again(store: LocalStore, shared: SharedDatabase, info: ServerInfo) -> int:
    """Put what the database lost in the outbox, and begin to receive anew; return how many changes."""
    with reading(store.engine) as connection:
        known = lost.arrived(connection, None if info.version >= CHECKED else info.person.id)
    unknown: set[UUID] = set()
    for start in range(0, len(known), ASKED_AT_ONCE):
        asked = known[start : start + ASKED_AT_ONCE]
        # An older server can't tell, but answers one's own change twice alike.
        unknown |= shared.unknown_changes(asked) if info.version >= CHECKED else set(asked)
    with writing(store.engine) as connection:
        changes = _offerable(connection, lost_changes(connection, unknown), info)
        lost.put_first(connection, changes)
        blobs.doubt_all(connection)
        awaited.forget(connection)
        meta.put(connection, "epoch", str(info.epoch))
        meta.put(connection, "cursor", "0")
        meta.put(connection, "tip", None)
        _note(connection, len(changes))
    store.forget_meta()
    return len(changes)


def _note(connection: Connection, count: int) -> None:
    """Note that the database was put back, for the person; with what was not seen of another time."""
    before = json.loads(meta.get(connection, OFFERED) or '{"count": 0}')
    told = {"at": now().isoformat(), "count": before["count"] + count}
    meta.put(connection, OFFERED, json.dumps(told))


def _offerable(connection: Connection, changes: Iterable[Change], info: ServerInfo) -> list[Change]:
    """Leave the work of others out that this person may not bring: it would be refused here for ever.

    A colleague's laptop has it, too. What one made oneself is offered: it is answered to its maker.
    """
    may_write = Right.WRITE.value in info.rights
    hidden = set() if Right.CONTACTS.value in info.rights else lost.of_contacts(connection)
    return [
        change
        for change in changes
        if change.author in (None, info.person.id)
        or (may_write and str(change.record_id) not in hidden)
    ]


def lost_changes(connection: Connection, unknown: Iterable[UUID]) -> list[Change]:
    """Return these changes as they were made, in the order in which they were stored."""
    wanted = {str(change_id) for change_id in unknown}
    record_ids = lost.records_of(connection, unknown)
    past = lost.past_of(connection, record_ids)
    values: dict[str, dict[str, Json]] = {}
    for entity in {line.entity for line in past} & ENTITIES.keys():
        ids = {line.record_id for line in past if line.entity == entity}
        values |= replica.shared_values(connection, entity, ids)
    found = [
        change
        for line in reversed(past)
        if line.record_id in values
        for change in [_taken_back_by_one(line, values[line.record_id])]
        if line.change_id in wanted and not ENTITIES[line.entity].IS_SERVER_ONLY
    ]
    return found[::-1]


def _taken_back_by_one(line: PastChange, row: dict[str, Json]) -> Change:
    """Return the change that `line` tells of, and put `row` back to what it was before it."""
    kind = ChangeKind(line.kind)
    change = Change(
        id=UUID(line.change_id),
        entity=line.entity,
        record_id=UUID(line.record_id),
        kind=kind,
        base={},
        values={},
        made_at=line.made_at,
        author=UUID(line.author) if line.author else None,
    )
    specs = fields_of(ENTITIES[line.entity])
    by_server = {name for name, spec in specs.items() if spec.meta.set_by_server}
    if kind is ChangeKind.CREATE:
        values = {n: v for n, v in declared_part(row).items() if n not in by_server}
        return replace(change, values=values, code=row.get("code"))
    if kind is ChangeKind.EDIT:
        own = {name: pair for name, pair in line.fields.items() if name not in by_server}
        row.update({name: pair[0] for name, pair in line.fields.items()})
        # With all of a merge group, which stands or falls as one.
        names = [name for group in groups(ENTITIES[line.entity], own) for name in group]
        old = {name: row.get(name) for name in names if name not in by_server}
        return replace(change, base=old, values={name: pair[1] for name, pair in own.items()})
    row["deleted"] = kind is ChangeKind.RESTORE
    return replace(change, base=declared_part(row) if kind is ChangeKind.DELETE else {})
