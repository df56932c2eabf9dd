"""The moment by the shared database's clock, as far as it is known here.

A laptop's own clock may be years off. No clock decides between edits (promise S4); but how long a
receipt is kept is counted in days, so that is counted by the clock of who gave it.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.changes import now
from db.local import meta

AHEAD = "clock_ahead"
"""Key of the small setting with the seconds that the clock there is ahead of ours."""
NEGLIGIBLE_S = 60


def note(connection: Connection, theirs: datetime | None) -> None:
    """Note what moment it is there (aware); None: it can't tell (version 1)."""
    ahead = round((theirs - now()).total_seconds()) if theirs else 0
    meta.put(connection, AHEAD, str(ahead) if abs(ahead) > NEGLIGIBLE_S else None)


def moment(connection: Connection) -> datetime:
    """Return the moment, aware UTC in whole seconds."""
    return now() + timedelta(seconds=int(meta.get(connection, AHEAD) or 0))
