"""Where each record is on its way to the shared database, and in total (promise S13)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from sqlalchemy import Connection

from db.local.journal import UNSETTLED


class RecordState(Enum):
    """The one state that is told of a record; later members weigh more."""

    STORED = "stored"
    LOCAL = "local"
    PHOTO = "photo"
    WAITING = "waiting"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Tally:
    """What is left to do: counts, and when the last cycle ended (aware UTC)."""

    waiting: int
    conflicts: int
    refused: int
    photos: int
    last_sync: datetime | None
    is_connected: bool

    @property
    def is_clean(self) -> bool:
        """Whether "everything is synchronised" is true."""
        return self.is_connected and not (
            self.waiting or self.conflicts or self.refused or self.photos
        )


def record_states(
    connection: Connection, ids: Iterable[UUID], *, is_connected: bool
) -> dict[UUID, RecordState]:
    """Return the state of each of `ids`."""
    wanted = json.dumps([str(record_id) for record_id in ids])
    picked = "IN (SELECT value FROM json_each(?))"
    states = {UUID(text): RecordState.STORED for text in json.loads(wanted)}
    unsent = RecordState.WAITING if is_connected else RecordState.LOCAL
    photos = (
        "SELECT DISTINCT belongs_to FROM attachment JOIN blob USING (sha256)"
        f" WHERE belongs_to {picked} AND deleted = 0 AND stored_at IS NULL"
    )
    outbox = f"SELECT DISTINCT record_id FROM outbox WHERE record_id {picked} AND state"
    undecided = f"SELECT DISTINCT record_id FROM conflict WHERE record_id {picked}"
    questions = (
        (photos, RecordState.PHOTO),
        (f"{outbox} IN ('waiting', 'sent')", unsent),
        (f"{undecided} AND resolution IS NULL", RecordState.CONFLICT),
        (f"{outbox} = 'refused'", RecordState.REFUSED),
    )
    for sql, state in questions:
        for text in connection.exec_driver_sql(sql, (wanted,)).scalars():
            states[UUID(text)] = state
    return states


def tally(connection: Connection, *, last_sync: str | None, is_connected: bool) -> Tally:
    """Count what waits, conflicts, was refused, and photos on their way."""

    def count(sql: str) -> int:
        return int(connection.exec_driver_sql(sql).scalar_one())

    return Tally(
        count(f"SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sent') AND {UNSETTLED}"),
        count("SELECT count(*) FROM conflict WHERE resolution IS NULL"),
        count(f"SELECT count(*) FROM outbox WHERE state = 'refused' AND {UNSETTLED}"),
        count(
            "SELECT count(DISTINCT sha256) FROM blob JOIN attachment USING (sha256)"
            " WHERE stored_at IS NULL AND deleted = 0"
        ),
        datetime.fromisoformat(last_sync) if last_sync else None,
        is_connected,
    )  # fmt: skip
