"""What an administrator does with the shared database: set up, migrate, people, status.

Every function takes the administrator's own connection URL (a login that may create roles and owns,
or may create in, the database) and gives values back; the command line prints them. A person's
password never reaches the server or its log in readable form: only its SCRAM verifier is sent.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from alembic.script import ScriptDirectory
from psycopg import sql

from db.errors import Refused, UserProblem
from db.fields import N_, Record
from db.shared import connecting
from db.shared.admin_session import (
    EVERYONE,
    MIGRATIONS,
    OWNER,
    Driver,
    administrator,
    driver_of,
    installed_version,
    make_roles,
    opened_by,
    store_change,
    store_records,
    upgrade,
)
from db.shared.connecting import Address
from db.shared.rights import Role

RESCUE_DAYS = 30
"""How long a revoked person can still log in, only to hand in unsent work and be told."""

MUNICIPALITIES = {"GM1859": "Berkelland"}
_PERSON_SETTINGS = {
    # A laptop that falls asleep in the middle must not hold the lock that all pushes take.
    "idle_in_transaction_session_timeout": "10s",
    "lock_timeout": "30s",
    "statement_timeout": "120s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person just added; the password is shown once and kept nowhere."""

    id: UUID
    login: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as the administrator sees them."""

    id: UUID
    municipality: str
    login: str
    name: str
    roles: tuple[str, ...]
    is_active: bool
    rescued: int
    """Changes that were handed in after the access was withdrawn."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """The state of a shared database; `version` is None before it was set up."""

    version: str | None
    newest_version: str
    epoch: UUID | None = None
    municipalities: tuple[str, ...] = ()
    people: int = 0
    records: int = 0
    changes: int = 0
    size_bytes: int = 0


def init(
    url: str | Address, municipality: str = "GM1859", records: Iterable[Record] = ()
) -> ServerStatus:
    """Set up the database for `municipality`, with `records` (villages) to begin with.

    Doing it again adds what is missing and changes nothing else.

    Raises:
        Refused: the login may not do this. UserProblem: the code is no municipality code.
    """
    if not re.fullmatch("GM[0-9]{4}", municipality):
        raise UserProblem(N_("A municipality code looks like GM1859."))
    with opened_by(url) as opened:
        connection = driver_of(opened)
        make_roles(connection)
        upgrade(opened)
        connection.execute(
            "INSERT INTO naoberkaart.municipality VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (municipality, MUNICIPALITIES.get(municipality, municipality)),
        )
        store_records(connection, municipality, records)
    return status(url)


def migrate(url: str | Address) -> ServerStatus:
    """Bring the database to the newest version; older programs keep working with it."""
    with opened_by(url) as opened:
        require_set_up(driver_of(opened))
        make_roles(driver_of(opened))
        upgrade(opened)
    return status(url)


def add_person(
    url: str | Address,
    name: str,
    roles: Sequence[str],
    *,
    login: str = "",
    password: str = "",
    municipality: str = "",
) -> NewPerson:
    """Give a person their own login and roles, and colleagues their name.

    Raises:
        UserProblem: a role does not exist, or the login is taken or can't be used.
    """
    require_known(roles)
    login = login or _login_for(name)
    if not re.fullmatch("[a-z][a-z0-9_.-]{1,62}", login) or login in {OWNER, EVERYONE}:
        raise UserProblem(N_("A login name has small letters, digits, dots and dashes."))
    secret = password or secrets.token_urlsafe(18)
    person = uuid4()
    with administrator(url) as connection:
        require_set_up(connection)
        where = municipality or only_municipality(connection)
        taken = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (login,)).fetchone()
        if taken is not None:
            raise UserProblem(N_("The login name %(login)s is taken. Choose another."), login=login)
        _make_login(connection, login, secret)
        connection.execute(
            "INSERT INTO naoberkaart.person (id, municipality, role_name, name, roles)"
            " VALUES (%s, %s, %s, %s, %s)",
            (person, where, login, name.strip(), list(roles)),
        )
        staff = {"name": name.strip(), "role_name": login, "is_active": True}
        store_change(connection, where, "staff", person, "create", {}, staff)
    return NewPerson(person, login, secret)


def require_known(roles: Sequence[str]) -> None:
    """Refuse roles that do not exist, and having none."""
    known = {role.value for role in Role}
    if not roles or not set(roles) <= known:
        raise UserProblem(N_("Choose roles from: %(roles)s."), roles=", ".join(sorted(known)))


def revoke(url: str | Address, login: str) -> None:
    """Withdraw a person's access: they see and change nothing from this moment.

    The login itself works for RESCUE_DAYS more, so that unsent work can still be handed in (it is
    set apart, not applied) and the person is told why.

    Raises:
        UserProblem: there is no such person.
    """
    with administrator(url) as connection:
        require_set_up(connection)
        found = connection.execute(
            "UPDATE naoberkaart.person SET is_active = false, revoked_at = now()"
            " WHERE role_name = %s RETURNING id, municipality",
            (login,),
        ).fetchone()
        if found is None:
            raise UserProblem(N_("There is nobody with the login name %(login)s."), login=login)
        end = (datetime.now(UTC) + timedelta(days=RESCUE_DAYS)).isoformat()
        connection.execute(
            sql.SQL("ALTER ROLE {} VALID UNTIL {}").format(sql.Identifier(login), sql.Literal(end))
        )
        person, where = found
        before, after = {"is_active": True}, {"is_active": False}
        store_change(connection, where, "staff", person, "edit", before, after)


def list_people(url: str | Address) -> tuple[KnownPerson, ...]:
    """Return everyone who has or had access, by name."""
    with administrator(url) as connection:
        require_set_up(connection)
        found = connection.execute(
            "SELECT p.id, p.municipality, p.role_name, p.name, p.roles, p.is_active,"
            " (SELECT count(*) FROM naoberkaart.rescued r WHERE r.person = p.id)"
            " FROM naoberkaart.person p ORDER BY p.name, p.role_name"
        ).fetchall()
    return tuple(
        KnownPerson(row[0], row[1], row[2], row[3], tuple(row[4]), row[5], row[6]) for row in found
    )


def status(url: str | Address) -> ServerStatus:
    """Tell how the database is, without changing anything."""
    with administrator(url) as connection:
        newest = str(ScriptDirectory(str(MIGRATIONS)).get_current_head())
        version = installed_version(connection)
        if version is None:
            return ServerStatus(None, newest)
        row: Any = connection.execute(
            "SELECT (SELECT epoch FROM naoberkaart.server),"
            " (SELECT array_agg(code ORDER BY code) FROM naoberkaart.municipality),"
            " (SELECT count(*) FROM naoberkaart.person WHERE is_active),"
            " (SELECT count(*) FROM naoberkaart.change_log WHERE kind = 'create'),"
            " (SELECT count(*) FROM naoberkaart.change_log),"
            " pg_database_size(current_database())"
        ).fetchone()
    return ServerStatus(version, newest, row[0], tuple(row[1] or ()), *row[2:])


def require_set_up(connection: Driver) -> None:
    """Refuse a database that was never set up."""
    if installed_version(connection) is None:
        raise Refused(connecting.NOT_SET_UP, reason="older_server")


def only_municipality(connection: Driver) -> str:
    """Return the one municipality that the database serves."""
    rows: Any = connection.execute("SELECT code FROM naoberkaart.municipality").fetchall()
    if len(rows) != 1:
        raise UserProblem(N_("Say for which municipality."))
    return str(rows[0][0])


def _login_for(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", ".", plain).strip(".")


def verifier_of(connection: Driver, login: str, secret: str) -> str:
    """Return what the server keeps in the place of a password (SCRAM)."""
    made = connection.pgconn.encrypt_password(secret.encode(), login.encode(), b"scram-sha-256")
    return made.decode()


def _make_login(connection: Driver, login: str, secret: str) -> None:
    verifier = verifier_of(connection, login, secret)
    role = sql.Identifier(login)
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN CONNECTION LIMIT 10 PASSWORD {} IN ROLE {}").format(
            role, sql.Literal(verifier), sql.Identifier(EVERYONE)
        )
    )
    for name, value in _PERSON_SETTINGS.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                role, sql.Identifier(name), sql.Literal(value)
            )
        )
