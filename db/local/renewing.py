"""Open questions brought up to date, as the other side goes on while a person has not decided yet."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from db.changes import Values
from db.codec import dumps
from db.local.conflicts import DELETED_THERE, OpenConflict


def set_theirs(
    connection: Connection, conflict_id: UUID, theirs: Values, by: str | None, at: str | None
) -> None:
    """Renew what the other side holds now."""
    connection.exec_driver_sql(
        "UPDATE conflict SET theirs = ?, theirs_by = ?, theirs_at = ? WHERE id = ?",
        (dumps(theirs), by, at, str(conflict_id)),
    )


def turn_into_deleted_there(
    connection: Connection, items: Iterable[OpenConflict], by: str | None, at: str | None
) -> None:
    """Make one question out of a record's questions, as it was deleted there meanwhile."""
    first, *others = items
    base = {n: v for item in (*others, first) for n, v in item.conflict.base.items()}
    ours = {n: v for item in (*others, first) for n, v in item.conflict.ours.items()}
    connection.exec_driver_sql(
        "UPDATE conflict SET kind = ?, fields = ?, base = ?, ours = ?, theirs = ?, theirs_by = ?,"
        " theirs_at = ? WHERE id = ?",
        (
            DELETED_THERE, dumps(list(ours)), dumps(base), dumps(ours), dumps({"deleted": True}),
            by, at, str(first.id),
        ),
    )  # fmt: skip
    for item in others:
        connection.exec_driver_sql("DELETE FROM conflict WHERE id = ?", (str(item.id),))
