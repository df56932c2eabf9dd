"""Small settings of the store itself, by key.

`device_id`, `me` (staff id), `rights` and `login` (staff id of the last login); of the shared
database `epoch`, `municipality`, `cursor`, `tip` (the mark of that place), `last_sync`, `last_check`
(`db.sync.checking`), `server_version`, `accept_emptied`, and `view`, a digest of what may be seen
and is understood here; `offered_again` until a person saw that the database was put back;
`clock_ahead` (`db.local.true_time`); `awaited`, the receipts not yet seen in the shared history
(`db.sync.awaited`);
`fetch_all` when large files come by themselves; `example` when the store holds voorbeeldgegevens; and
`covered:` with a record's id, the cursor after which its shared row was pulled that lies under own
changes, `left:` with the id of one that is to go (`db.local.forgetting`), and `met:` with the id of an
own change that was settled with another's (`db.local.meetings`).
"""

from collections.abc import Iterable

from sqlalchemy import Connection

_COVERED = "covered:"


def get(connection: Connection, key: str) -> str | None:
    """Return a small setting of the store."""
    return connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (key,)).scalar()


def put(connection: Connection, key: str, value: str | None) -> None:
    """Keep a small setting inside a transaction; None removes it.

    What is the same already is not written: a cycle without news then costs no write to disk.
    """
    if value is None:
        connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (key,))
    else:
        connection.exec_driver_sql(
            "INSERT INTO meta(key, value) VALUES (?,?) ON CONFLICT (key) DO UPDATE"
            " SET value = excluded.value WHERE value IS NOT excluded.value",
            (key, value),
        )


def place(connection: Connection) -> tuple[int, str]:
    """Return how far the shared history was taken in, and the mark of that place ('' without)."""
    cursor = int(get(connection, "cursor") or 0)
    at, _, tip = (get(connection, "tip") or "").partition(" ")
    return cursor, tip if at == str(cursor) else ""


def furthest(connection: Connection) -> tuple[int, str]:
    """Return the furthest place in the shared history that was ever taken in, and its mark.

    Where something is pulled again the cursor stands before it; whether the database was put back is
    told by this place all the same.
    """
    at, _, tip = (get(connection, "tip") or "").partition(" ")
    return (int(at), tip) if tip else place(connection)


def move_to(connection: Connection, cursor: int, tip: str) -> None:
    """Note how far the shared history was taken in."""
    put(connection, "cursor", str(cursor))
    if not tip or cursor >= furthest(connection)[0]:
        put(connection, "tip", f"{cursor} {tip}" if tip else None)


def note_covered(connection: Connection, record_ids: Iterable[str], cursor: int) -> None:
    """Note that rows pulled after `cursor` lie under own changes; the earliest cursor is kept."""
    for record_id in record_ids:
        if get(connection, _COVERED + record_id) is None:
            put(connection, _COVERED + record_id, str(cursor))


def pull_covered_again(connection: Connection, record_id: str) -> None:
    """Have the next cycle pull what lies under a record whose own changes are taken back."""
    covered = get(connection, _COVERED + record_id)
    if covered is None:
        return
    cursor = min(int(covered), int(get(connection, "cursor") or 0))
    put(connection, "cursor", str(cursor))
    put(connection, _COVERED + record_id, None)


def doubt(connection: Connection) -> None:
    """Note that the shared history is another one now: the greeting will find its place unknown."""
    put(connection, "tip", f"{furthest(connection)[0]} lost")


def forget_covered(connection: Connection) -> None:
    """Nothing of one's own lies over the shared rows any more."""
    connection.exec_driver_sql("DELETE FROM meta WHERE key GLOB ?", (f"{_COVERED}*",))
