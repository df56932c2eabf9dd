"""Own changes that met a colleague's on the same record and were settled without a question.

Noted when news comes in, as only then it shows: a colleague's change of a record that was not known
here yet, beside an own change of it that waits or comes back with its number. What merely arrived, was
made or was downloaded for the first time is no such meeting.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.changes import now
from db.local import meta
from db.local.indexes import driver
from db.local.tidying import KEPT_DAYS

_MET = "met:"
"""How the keys of small settings begin that hold when an own change (its id) met another's."""


def note(connection: Connection, lines: Iterable[tuple[str, str]]) -> None:
    """Note which own changes meet others' in these lines (record_id, change_id), not written yet."""
    told = list(lines)
    own = _own(connection, {record_id for record_id, _change in told})
    if not own:
        return
    known = _known(connection, {record_id for record_id, _state in own.values()})
    fresh = {
        record_id
        for record_id, change_id in told
        if change_id not in own and (record_id, change_id) not in known
    }
    here = {change_id for _record, change_id in told}
    met = [
        change_id
        for change_id, (record_id, state) in own.items()
        if record_id in fresh
        and (state != "stored" or change_id in here)
        and known.get((record_id, change_id)) != "merged"
    ]
    if met:
        _put(connection, met)


def count(connection: Connection, since: datetime) -> int:
    """Return how many own changes were settled so since a moment (aware UTC)."""
    found = connection.exec_driver_sql(
        "SELECT count(*) FROM meta WHERE key GLOB ? AND value >= ?", (f"{_MET}*", since.isoformat())
    )
    return int(found.scalar_one())


def _own(connection: Connection, record_ids: set[str]) -> dict[str, tuple[str, str]]:
    """Return own changes of these records that ask nothing: (record_id, state) by their ids."""
    rows = driver(connection).execute(
        "SELECT change_id, record_id, state FROM outbox"
        " WHERE record_id IN (SELECT value FROM json_each(?))"
        " AND state IN ('waiting', 'sent', 'stored')",
        (json.dumps(list(record_ids)),),
    )
    return {change_id: (record_id, state) for change_id, record_id, state in rows}


def _known(connection: Connection, record_ids: set[str]) -> dict[tuple[str, str], str]:
    """Return the kinds of the lines of these records that are here, by record and change."""
    rows = driver(connection).execute(
        "SELECT record_id, change_id, kind FROM history"
        " WHERE record_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(record_ids)),),
    )
    return {(record_id, change_id): kind for record_id, change_id, kind in rows}


def _put(connection: Connection, change_ids: Iterable[str]) -> None:
    moment = now()
    connection.exec_driver_sql(
        "DELETE FROM meta WHERE key GLOB ? AND value < ?",
        (f"{_MET}*", (moment - timedelta(days=KEPT_DAYS)).isoformat()),
    )
    for change_id in change_ids:
        if meta.get(connection, _MET + change_id) is None:
            meta.put(connection, _MET + change_id, moment.isoformat())
