"""Where each record is on its way to the shared database, and in total (promise S13)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from sqlalchemy import Connection

from db.local import blobs
from db.local.journal import UNSETTLED


class RecordState(Enum):
    """The one state that is told of a record; later members weigh more."""

    STORED = "stored"
    LOCAL = "local"
    PHOTO = "photo"
    SENT = "sent"
    """Sent, but no proof of arrival came back yet."""
    WAITING = "waiting"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Tally:
    """What is left to do: counts, and when the last cycle ended (aware UTC).

    `waiting` and `refused` count changes, `conflicts` questions, `photos` attachments that are
    still to be sent from here, `missing` attachments of others that have not come yet, and `asks`
    the records about which a person must decide something.
    """

    waiting: int
    conflicts: int
    refused: int
    photos: int
    last_sync: datetime | None
    is_connected: bool
    missing: int = 0
    asks: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether "everything is synchronised" is true, of both directions."""
        return self.is_connected and not (
            self.waiting or self.conflicts or self.refused or self.photos or self.missing
        )


def record_states(
    connection: Connection, ids: Iterable[UUID], *, is_connected: bool
) -> dict[UUID, RecordState]:
    """Return the state of each of `ids`."""
    wanted = json.dumps([str(record_id) for record_id in ids])
    picked = "IN (SELECT value FROM json_each(?))"
    states = {UUID(text): RecordState.STORED for text in json.loads(wanted)}
    waiting, sent = RecordState.WAITING, RecordState.SENT
    if not is_connected:
        waiting = sent = RecordState.LOCAL
    outbox = f"SELECT DISTINCT record_id FROM outbox WHERE record_id {picked} AND state"
    undecided = f"SELECT DISTINCT record_id FROM conflict WHERE record_id {picked}"
    questions = (
        (f"{outbox} = 'sent'", sent),
        (f"{outbox} = 'waiting'", waiting),
        (f"{undecided} AND resolution IS NULL", RecordState.CONFLICT),
        (f"{outbox} = 'refused'", RecordState.REFUSED),
    )
    for text in blobs.incomplete(connection, json.loads(wanted)) & {*map(str, states)}:
        states[UUID(text)] = RecordState.PHOTO
    for sql, state in questions:
        for text in connection.exec_driver_sql(sql, (wanted,)).scalars():
            states[UUID(text)] = state
    return states


def tally(connection: Connection, *, last_sync: str | None, is_connected: bool) -> Tally:
    """Count what waits, conflicts, was refused, and attachments on their way, in or out."""

    def count(sql: str) -> int:
        return int(connection.exec_driver_sql(sql).scalar_one())

    photos, missing = blobs.counts(connection)
    undecided = "SELECT record_id FROM conflict WHERE resolution IS NULL"
    refused = f"SELECT record_id FROM outbox WHERE state = 'refused' AND {UNSETTLED}"
    return Tally(
        count(f"SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sent') AND {UNSETTLED}"),
        count(f"SELECT count(*) FROM ({undecided})"),
        count(f"SELECT count(*) FROM ({refused})"),
        photos,
        datetime.fromisoformat(last_sync) if last_sync else None,
        is_connected,
        missing if is_connected else 0,
        count(f"SELECT count(*) FROM ({undecided} UNION {refused})"),
    )
