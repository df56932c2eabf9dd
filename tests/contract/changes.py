"""Changes as a laptop makes them, in few words."""

import dataclasses
from typing import Any

from db.changes import Change, ChangeKind, Json, now
from db.codec import values_of
from db.fields import Record
from db.shared.protocol import Page, Receipt, SharedDatabase

DELETED, RESTORED = ChangeKind.DELETE, ChangeKind.RESTORE


def made(record: Record, **overrides: Any) -> Change:
    """Return the change that makes `record`, with JSON values put over it."""
    values = {**values_of(record), **overrides}
    return _change(record, ChangeKind.CREATE, {}, values)


def edited(record: Record, base: dict[str, Json], values: dict[str, Json]) -> Change:
    """Return an edit of `record` from `base` to `values`."""
    return _change(record, ChangeKind.EDIT, base, values)


def removed(record: Record, **seen: Json) -> Change:
    """Return the deletion of `record` as its editor saw it, other values given as `seen`."""
    return _change(record, DELETED, {**values_of(record), **seen}, {})


def restored(record: Record) -> Change:
    """Return the restoring of `record`."""
    return _change(record, RESTORED, {}, {})


def again(change: Change, **overrides: Any) -> Change:
    """Return the same change, id included, with something else about it."""
    return dataclasses.replace(change, **overrides)


def push(database: SharedDatabase, *changes: Change) -> list[Receipt]:
    """Push and return the receipts."""
    return database.push(changes)


def push_one(database: SharedDatabase, change: Change) -> Receipt:
    """Push one change and return its receipt."""
    [receipt] = database.push([change])
    return receipt


def everything(database: SharedDatabase, cursor: int = 0, limit: int = 100) -> Page:
    """Pull page after page and return them as one."""
    pages = [database.pull(cursor, limit)]
    while not pages[-1].is_last:
        pages.append(database.pull(pages[-1].cursor, limit))
    rows = [row for page in pages for row in page.rows]
    log = [line for page in pages for line in page.log]
    return Page(pages[-1].epoch, pages[-1].cursor, rows, log, True)


def row_of(database: SharedDatabase, record: Record) -> dict[str, Any]:
    """Return the row of `record` as a pull gives it; empty when it is not seen."""
    rows = everything(database).rows
    return next((row for row in rows if row["id"] == str(record.id)), {})


def history_of(database: SharedDatabase, record: Record) -> list[dict[str, Any]]:
    """Return the history lines of `record`, oldest first."""
    return [line for line in everything(database).log if line["record_id"] == str(record.id)]


def _change(
    record: Record, kind: ChangeKind, base: dict[str, Json], values: dict[str, Json]
) -> Change:
    return Change(
        entity=record.ENTITY,
        record_id=record.id,
        kind=kind,
        base=base,
        values=values,
        made_at=now(),
    )
