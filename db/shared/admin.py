"""What an administrator does with the shared database: set up, migrate, people, status.

Every function takes the administrator's own connection URL (a login that may create roles and owns,
or may create in, the database) and gives values back; the command line prints them. A person's
password never reaches the server or its log in readable form: only its SCRAM verifier is sent.
"""

import json
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from db.codec import values_of
from db.errors import Refused, UserProblem
from db.fields import N_, Record
from db.schema import SHARED_SCHEMA
from db.shared import connecting
from db.shared.connecting import Address
from db.shared.rights import Role

Driver = psycopg.Connection[Any]
OWNER, EVERYONE = "naoberkaart_owner", "naoberkaart_person"
RESCUE_DAYS = 30
"""How long a revoked person can still log in, only to hand in unsent work and be told."""

MUNICIPALITIES = {"GM1859": "Berkelland"}
_MIGRATIONS = Path(__file__).with_name("migrations")
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
    password: str


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
    with _opened(url) as opened:
        connection = _driver(opened)
        _make_roles(connection)
        _upgrade(opened)
        connection.execute(
            "INSERT INTO naoberkaart.municipality VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (municipality, MUNICIPALITIES.get(municipality, municipality)),
        )
        _store(connection, municipality, records)
    return status(url)


def migrate(url: str | Address) -> ServerStatus:
    """Bring the database to the newest version; older programs keep working with it."""
    with _opened(url) as opened:
        _require_set_up(_driver(opened))
        _make_roles(_driver(opened))
        _upgrade(opened)
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
    known = {role.value for role in Role}
    if not roles or not set(roles) <= known:
        raise UserProblem(N_("Choose roles from: %(roles)s."), roles=", ".join(sorted(known)))
    login = login or _login_for(name)
    if not re.fullmatch("[a-z][a-z0-9_.-]{1,62}", login) or login in {OWNER, EVERYONE}:
        raise UserProblem(N_("A login name has small letters, digits, dots and dashes."))
    secret = password or secrets.token_urlsafe(18)
    person = uuid4()
    with _administrator(url) as connection:
        _require_set_up(connection)
        where = municipality or _only_municipality(connection)
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
        _store_change(connection, where, "staff", person, "create", {}, staff)
    return NewPerson(person, login, secret)


def revoke(url: str | Address, login: str) -> None:
    """Withdraw a person's access: they see and change nothing from this moment.

    The login itself works for RESCUE_DAYS more, so that unsent work can still be handed in (it is
    set apart, not applied) and the person is told why.

    Raises:
        UserProblem: there is no such person.
    """
    with _administrator(url) as connection:
        _require_set_up(connection)
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
        _store_change(connection, where, "staff", person, "edit", before, after)


def list_people(url: str | Address) -> tuple[KnownPerson, ...]:
    """Return everyone who has or had access, by name."""
    with _administrator(url) as connection:
        _require_set_up(connection)
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
    with _administrator(url) as connection:
        newest = str(ScriptDirectory(str(_MIGRATIONS)).get_current_head())
        version = _version(connection)
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


@contextmanager
def _opened(url: str | Address) -> Iterator[Connection]:
    """Open a connection of which everything is one transaction."""
    address = url if isinstance(url, Address) else Address(url)

    def connect() -> Driver:
        connection = connecting.connect(address)
        connection.autocommit = False
        return connection

    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)
    with connecting.errors_told(), engine.begin() as connection:
        yield connection


@contextmanager
def _administrator(url: str | Address) -> Iterator[Driver]:
    """Open a transaction on the driver itself, for those who need no migrations."""
    with _opened(url) as connection:
        yield _driver(connection)


def _driver(connection: Connection) -> Driver:
    driver: Driver = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def _make_roles(connection: Driver) -> None:
    for role in (OWNER, EVERYONE):
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    is_super = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    row: Any = is_super.fetchone()
    if not row[0]:
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
    here: Any = connection.execute("SELECT current_database()").fetchone()
    connection.execute(
        sql.SQL("GRANT CREATE ON DATABASE {0} TO {1}; GRANT CONNECT ON DATABASE {0} TO {2}").format(
            sql.Identifier(here[0]), sql.Identifier(OWNER), sql.Identifier(EVERYONE)
        )
    )
    connection.execute(
        sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(
            sql.Identifier(SHARED_SCHEMA), sql.Identifier(OWNER)
        )
    )


def _upgrade(connection: Connection) -> None:
    """Run the migrations inside the transaction that is open."""
    driver = _driver(connection)
    driver.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    driver.execute("RESET ROLE")


def _version(connection: Driver) -> str | None:
    there: Any = connection.execute(
        "SELECT to_regclass('naoberkaart.alembic_version') IS NOT NULL"
    ).fetchone()
    if not there[0]:
        return None
    row: Any = connection.execute("SELECT version_num FROM naoberkaart.alembic_version").fetchone()
    return str(row[0]) if row else None


def _require_set_up(connection: Driver) -> None:
    if _version(connection) is None:
        raise Refused(connecting.NOT_SET_UP, reason="older_server")


def _only_municipality(connection: Driver) -> str:
    rows: Any = connection.execute("SELECT code FROM naoberkaart.municipality").fetchall()
    if len(rows) != 1:
        raise UserProblem(N_("Say for which municipality."))
    return str(rows[0][0])


def _login_for(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", ".", plain).strip(".")


def _make_login(connection: Driver, login: str, secret: str) -> None:
    verifier = connection.pgconn.encrypt_password(secret.encode(), login.encode(), b"scram-sha-256")
    role = sql.Identifier(login)
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN CONNECTION LIMIT 10 PASSWORD {} IN ROLE {}").format(
            role, sql.Literal(verifier.decode()), sql.Identifier(EVERYONE)
        )
    )
    for name, value in _PERSON_SETTINGS.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                role, sql.Identifier(name), sql.Literal(value)
            )
        )


def _store(connection: Driver, municipality: str, records: Iterable[Record]) -> None:
    by_entity: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        batch = by_entity.setdefault(record.ENTITY, [])
        values = values_of(record)
        batch.append(_as_change(len(batch), record.id, "create", values, values))
    for entity, batch in by_entity.items():
        _run_store(connection, municipality, entity, batch)


def _store_change(
    connection: Driver,
    municipality: str,
    entity: str,
    record_id: UUID,
    kind: str,
    base: dict[str, Any],
    values: dict[str, Any],
) -> None:
    _run_store(connection, municipality, entity, [_as_change(0, record_id, kind, base, values)])


def _as_change(
    place: int, record_id: UUID, kind: str, base: dict[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """A change whose base equals its values leaves a record that is already there alone."""
    return {
        "place": place, "record_id": str(record_id), "kind": kind, "base": base, "values": values,
    }  # fmt: skip


def _run_store(
    connection: Driver, municipality: str, entity: str, batch: list[dict[str, Any]]
) -> None:
    connection.execute(
        "SELECT naoberkaart.store_as_owner(%s, %s, %s::text::jsonb)",
        (municipality, entity, json.dumps(batch)),
    )
