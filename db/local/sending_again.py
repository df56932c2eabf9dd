"""Sending again what was refused, once its cause is gone: a right was given, a plot was moved.

The shared database answers one change id with one receipt, for ever. So a refused change is made
anew: the same values on the base that its maker saw, with an id of its own and in the same place of
the queue, so that what the user did afterwards still comes after it. Whoever changed those fields
meanwhile is asked about by the usual merge, never overwritten. The refused change stays to be
looked at with its receipt, as REPLACED; only one of the two can ever have an effect.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import Connection

from db.changes import Change, ChangeSet
from db.codec import dumps
from db.errors import UserProblem
from db.fields import N_
from db.local import journal, meta
from db.local.engine import writing
from db.local.journal import OutboxEntry, OutboxState
from db.local.store import LocalStore

BY_RIGHTS = frozenset({"rights"})
"""Reasons that go away when a person's rights change."""
BY_VERSION = frozenset({"unknown_entity"})
"""Reasons that go away when the shared database is brought up to date."""


def send_again(store: LocalStore, change_id: UUID | None = None) -> tuple[Change, ...]:
    """Offer a refused change anew, or (None) all of them, and wake who sends; return the new ones.

    Raises:
        UserProblem: this change is not refused (any more).
    """
    with writing(store.engine) as connection:
        made = again(connection, change_id) if change_id else all_again(connection)
    store.announce(ChangeSet.about(None, made))
    return made


def again(connection: Connection, change_id: UUID) -> tuple[Change, ...]:
    """Offer a refused change anew, with the other refused ones of its record; return the new ones.

    Together, as one may stand on another: an edit on the creation of its record.

    Raises:
        UserProblem: it is not refused (any more).
    """
    refused = journal.entries(connection, [OutboxState.REFUSED])
    records = {entry.change.record_id for entry in refused if entry.change.id == change_id}
    if not records:
        raise UserProblem(N_("This does not wait for a decision of yours any more."))
    return _remake(connection, [e for e in refused if e.change.record_id in records])


def all_again(connection: Connection, reasons: Collection[str] | None = None) -> tuple[Change, ...]:
    """Offer anew what was refused, for any of these reason codes or (None) for any at all."""
    refused = journal.entries(connection, [OutboxState.REFUSED])
    records = {
        entry.change.record_id
        for entry in refused
        if reasons is None or (entry.reason or "").partition(":")[0] in reasons
    }
    return _remake(connection, [e for e in refused if e.change.record_id in records])


def after_greeting(connection: Connection, rights: str, version: str) -> tuple[Change, ...]:
    """Offer anew what was refused for a cause that has gone: other rights, or a newer database.

    To be called before the small settings `rights` and `server_version` are renewed.
    """
    reasons: set[str] = set()
    if meta.get(connection, "rights") not in (None, rights):
        reasons |= BY_RIGHTS
    if meta.get(connection, "server_version") not in (None, version):
        reasons |= BY_VERSION
    return all_again(connection, reasons) if reasons else ()


def _remake(connection: Connection, refused: Iterable[OutboxEntry]) -> tuple[Change, ...]:
    return tuple(_remade(connection, entry) for entry in refused)


def _remade(connection: Connection, entry: OutboxEntry) -> Change:
    """Put a new change in the place of a refused one, which goes to the end, settled."""
    old = entry.change
    new = replace(old, id=uuid4())
    connection.exec_driver_sql(
        "UPDATE outbox SET position = (SELECT max(position) + 1 FROM outbox), state = 'replaced'"
        " WHERE position = ?",
        (entry.position,),
    )
    connection.exec_driver_sql(
        "INSERT INTO outbox(position, change_id, entity, record_id, change, state, made_at)"
        " VALUES (?,?,?,?,?,'waiting',?)",
        (
            entry.position, str(new.id), new.entity, str(new.record_id), dumps(new.to_json()),
            new.made_at.isoformat(),
        ),
    )  # fmt: skip
    connection.exec_driver_sql(
        "UPDATE history SET change_id = ? WHERE record_id = ? AND change_id = ?",
        (str(new.id), str(old.record_id), str(old.id)),
    )
    return new
