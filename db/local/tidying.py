"""What was sent is kept to be looked at for 90 days, and then cleared away (promise S1).

Only what has arrived and asks nothing of anyone goes: a refused change, and one that met a double
edit, stay until a person has decided on them, and their outcome stays in the history anyway. What
another change took the place of stays as long as the history tells of it: only here it says that the
shared database never held it.
"""

from datetime import timedelta

from sqlalchemy import Connection

from db.local import blobs, meta, true_time

KEPT_DAYS = 90
TIDIED = "tidied_on"
"""Key of the small setting that says on which day this was last done."""


def tidy(connection: Connection) -> int:
    """Clear away what was settled over 90 days ago, at most once a day; return how many went."""
    today = true_time.moment(connection).date().isoformat()
    if meta.get(connection, TIDIED) == today:
        return 0
    meta.put(connection, TIDIED, today)
    blobs.free_removed(connection)
    before = (true_time.moment(connection) - timedelta(days=KEPT_DAYS)).isoformat()
    gone = connection.exec_driver_sql(
        "DELETE FROM outbox WHERE (state = 'stored' OR (state = 'replaced' AND change_id NOT IN"
        " (SELECT change_id FROM history WHERE record_id = outbox.record_id)))"
        " AND coalesce(receipted_at, made_at) < ?"
        " AND record_id NOT IN (SELECT record_id FROM conflict WHERE resolution IS NULL)",
        (before,),
    )
    return gone.rowcount
