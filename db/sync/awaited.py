"""Receipts whose changes were not yet seen in the shared history.

A database can be put back to a moment after the last pull of this laptop and before a receipt it
got: the place up to which it pulled is known there, and yet the change is gone. The history that
is pulled next tells: it must hold the change at the place that the receipt names. One of each
answer is kept, as what is answered together was stored together.
"""

import json
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from db.local import meta
from db.shared.protocol import Outcome, Page, Receipt

STORED = (Outcome.APPLIED, Outcome.MERGED)
AWAITED = "awaited"
"""Key of the small setting that holds them: a list of [seq, change id]."""


def note(connection: Connection, receipts: Iterable[Receipt]) -> None:
    """Await the last of the changes that were stored together."""
    stored = [one for one in receipts if one.outcome in STORED and one.seq]
    last = max(stored, key=lambda one: one.seq, default=None)
    if last is not None and last.seq > meta.place(connection)[0]:
        _put(connection, [*_kept(connection), (last.seq, str(last.change_id))])


def missing(connection: Connection, page: Page) -> list[UUID]:
    """Return which of them should stand in this page of the history, or before its end, and do not.

    Ask before the page is taken in and the cursor moves.
    """
    seen = {(line["seq"], str(line["change_id"])) for line in page.log}
    return [
        UUID(entry[1]) for entry in _kept(connection) if _is_due(entry, page) and entry not in seen
    ]


def settle(connection: Connection, page: Page) -> None:
    """Await no longer what this page was to bring."""
    kept = _kept(connection)
    if kept:
        _put(connection, [entry for entry in kept if not _is_due(entry, page)])


def forget(connection: Connection) -> None:
    """Await nothing: all of it is offered again."""
    _put(connection, [])


def _is_due(entry: tuple[int, str], page: Page) -> bool:
    return page.is_last or entry[0] <= page.cursor


def _kept(connection: Connection) -> list[tuple[int, str]]:
    found = json.loads(meta.get(connection, AWAITED) or "[]")
    return [(seq, change_id) for seq, change_id in found]


def _put(connection: Connection, entries: list[tuple[int, str]]) -> None:
    meta.put(connection, AWAITED, json.dumps(entries) if entries else None)
