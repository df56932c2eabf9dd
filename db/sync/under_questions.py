"""A pulled row of a record about which the user is still asked something.

The questions are brought up to date with what the shared database holds now: one may be over, turn
from a double edit into edit versus delete, or ask about a newer value. What the user made stays
visible meanwhile.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from db.changes import Json
from db.entities import ENTITIES
from db.local import conflicts, journal, renewing
from db.local.conflicts import DELETED_THERE, EDITED_THERE, FIELDS, OpenConflict
from db.local.edits import Editor, make_edit

Row = Mapping[str, Json]


def renewed(
    connection: Connection, editor: Editor, row: Row, items: list[OpenConflict]
) -> list[OpenConflict]:
    """Bring a record's questions up to date with its pulled row; return those that stay open."""
    if row.get("deleted"):
        _meet_deletion(connection, row, items)
    else:
        back = conflicts.being_reopened(connection, [row["id"]]).values()
        for item in items:
            if str(item.id) not in back:
                _renew(connection, editor, row, item)
    return list(conflicts.open_conflicts(connection, [row["id"]]))


def shown(value: dict[str, Json], items: Iterable[OpenConflict]) -> dict[str, Json]:
    """Return the row as the user sees it: own undecided values on top."""
    for item in items:
        if item.kind == EDITED_THERE:
            value = {**value, "deleted": True}
        elif item.kind == DELETED_THERE:
            value = {**value, **item.conflict.ours, "deleted": False}
        else:
            value = {**value, **item.conflict.ours}
    return value


def _meet_deletion(connection: Connection, row: Row, items: list[OpenConflict]) -> None:
    """Deleted on both sides: nothing to ask. Else the user's undecided values are the question."""
    edits = [item for item in items if item.kind == FIELDS]
    if any(item.kind == EDITED_THERE for item in items):
        for item in items:
            conflicts.close(connection, item.id, {"deleted": True})
    elif edits:
        renewing.turn_into_deleted_there(
            connection, items, row.get("changed_by"), row.get("changed_at")
        )


def _renew(connection: Connection, editor: Editor, row: Row, item: OpenConflict) -> None:
    by, at = row.get("changed_by"), row.get("changed_at")
    if item.kind == DELETED_THERE:
        _offer_again(connection, editor, item)
        return
    there = {name: row.get(name) for name in item.conflict.theirs}
    if item.kind == FIELDS and there == dict(item.conflict.ours):
        conflicts.close(connection, item.id, there)
    elif there != dict(item.conflict.theirs):
        renewing.set_theirs(connection, item.id, there, by, at)


def _offer_again(connection: Connection, editor: Editor, item: OpenConflict) -> None:
    """The record came back there: the edit that met its deletion can be stored after all."""
    entity, ours = ENTITIES[item.entity], item.conflict.ours
    change = make_edit(entity, editor, item.record_id, item.conflict.base, ours)
    journal.put_change(connection, change)
    journal.put_history(connection, [journal.history_row(change)])
    conflicts.close(connection, item.id, {"deleted": False})
