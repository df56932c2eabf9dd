"""What an administrator does with a shared database in use: roles, passwords, purging, a restore.

Every function takes the administrator's own connection URL, as those of `db.shared.admin`.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from db.changes import Json
from db.errors import UserProblem
from db.fields import N_
from db.shared.admin import only_municipality, require_known, require_set_up, verifier_of
from db.shared.admin_session import OWNER, Driver, administrator
from db.shared.connecting import Address


def change_roles(url: str | Address, login: str, roles: Sequence[str]) -> None:
    """Give a person other roles; what they may not see any more leaves their laptop at its next cycle.

    Raises:
        UserProblem: there is no such person, or no such role.
    """
    require_known(roles)
    with administrator(url) as connection:
        require_set_up(connection)
        connection.execute(
            "UPDATE naoberkaart.person SET roles = %s WHERE id = %s",
            (list(roles), _person(connection, login)),
        )


def reset_password(url: str | Address, login: str) -> str:
    """Give a person a new password; it is returned once and kept nowhere.

    Raises:
        UserProblem: there is no such person.
    """
    secret = secrets.token_urlsafe(18)
    with administrator(url) as connection:
        require_set_up(connection)
        _person(connection, login)
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(login), sql.Literal(verifier_of(connection, login, secret))
            )
        )
    return secret


def rescued(url: str | Address, login: str = "") -> list[dict[str, Json]]:
    """Return what revoked people had not sent yet (of one login): changes as JSON, oldest first."""
    with administrator(url) as connection:
        require_set_up(connection)
        found = connection.execute(
            "SELECT p.role_name, r.rescued_at, r.change FROM naoberkaart.rescued r"
            " JOIN naoberkaart.person p ON p.id = r.person WHERE %s IN ('', p.role_name)"
            " ORDER BY r.rescued_at, r.change ->> 'made_at'",
            (login,),
        ).fetchall()
    return [{"login": row[0], "rescued_at": row[1].isoformat(), **row[2]} for row in found]


def to_purge(url: str | Address, before: datetime, *, municipality: str = "") -> int:
    """Return how many records `purge` would take now, attachments included."""
    with administrator(url) as connection:
        require_set_up(connection)
        where = municipality or only_municipality(connection)
        as_owner(connection)
        found: list[Any] = connection.execute(
            "SELECT entity FROM naoberkaart.entity_meta"
            " WHERE NOT is_server_only AND entity <> 'attachment'"
        ).fetchall()
        gone = sql.SQL(" UNION ALL ").join(
            sql.SQL(
                "SELECT id FROM naoberkaart.{} WHERE municipality = %(where)s"
                " AND deleted AND changed_at < %(before)s"
            ).format(sql.Identifier(entity))
            for (entity,) in found
        )
        counted = sql.SQL(
            "WITH gone AS ({}) SELECT (SELECT count(*) FROM gone) + (SELECT count(*)"
            " FROM naoberkaart.attachment WHERE municipality = %(where)s AND ("
            " deleted AND changed_at < %(before)s OR belongs_to IN (SELECT id FROM gone)))"
        ).format(gone)
        row: Any = connection.execute(counted, {"where": where, "before": before}).fetchone()
    return int(row[0])


def purge(url: str | Address, before: datetime, *, municipality: str = "") -> int:
    """Forget for good what was deleted before a moment (aware), and its attachments; return how many.

    Every laptop forgets it at its next cycle, however long it was away.
    """
    with administrator(url) as connection:
        require_set_up(connection)
        where = municipality or only_municipality(connection)
        as_owner(connection)
        row: Any = connection.execute(
            "SELECT naoberkaart.purge(%s, %s)", (where, before)
        ).fetchone()
    return int(row[0])


def mark_restored(url: str | Address) -> UUID:
    """Say that the database was put back from a backup; laptops look what it lacks, and offer it."""
    with administrator(url) as connection:
        require_set_up(connection)
        as_owner(connection)
        row: Any = connection.execute("SELECT naoberkaart.renew_epoch()").fetchone()
    return UUID(str(row[0]))


def as_owner(connection: Driver) -> None:
    """Do the rest of this transaction as the owner of everything."""
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))


def _person(connection: Driver, login: str) -> UUID:
    row: Any = connection.execute(
        "SELECT id FROM naoberkaart.person WHERE role_name = %s", (login,)
    ).fetchone()
    if row is None:
        raise UserProblem(N_("There is nobody with the login name %(login)s."), login=login)
    return UUID(str(row[0]))
