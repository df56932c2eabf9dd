"""The shared databases of the simulation: one in memory, one real PostgreSQL.

Each can be put back to an earlier dump, lose and admit people again, and change their roles.
"""

import copy
import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import psycopg
from alembic import command
from alembic.config import Config

from db.errors import Refused
from db.reference import reference_kernen
from db.shared import admin, care, connecting
from db.shared.admin_session import (
    MIGRATIONS,
    OWNER,
    driver_of,
    make_roles,
    opened_by,
    store_records,
)
from db.shared.connecting import Address
from db.shared.memory import MemoryServer
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import VERSION, Page, Person, ServerInfo
from db.shared.server_process import PostgresServer

CLERK, ASSESSOR, ADMINISTRATOR = ("counter_clerk",), ("assessor",), ("administrator",)


class Server(Protocol):
    """A shared database with numbered people; the last is who watches."""

    def connect(self, person: int) -> Any:
        """Return a connection of one person."""
        ...

    def dump(self) -> None:
        """Keep a copy of the whole database."""
        ...

    def restore(self) -> bool:
        """Put the last copy back; False when there is none."""
        ...

    def revoke(self, person: int) -> None:
        """Withdraw a person's access."""
        ...

    def admit(self, person: int, roles: Sequence[str]) -> None:
        """Give a person access with these roles."""
        ...

    def upgrade(self) -> None:
        """Bring it to the newest version."""
        ...

    def purge(self) -> None:
        """Forget for good what is deleted now."""
        ...

    def close(self) -> None:
        """Throw it away."""
        ...


class Memory:
    """The one in memory."""

    def __init__(self, people: int, *, is_old: bool = False) -> None:
        self.server = MemoryServer(version=1 if is_old else VERSION)
        self.server.store(reference_kernen())
        self.people = [self.server.add_person(f"Balie {n}", CLERK) for n in range(people)]
        self.people.append(self.server.add_person("Beheer", ADMINISTRATOR))
        self._copy: dict[str, Any] | None = None

    def connect(self, person: int) -> Any:
        return _Current(self.server, self.people[person].id)

    def dump(self) -> None:
        self._copy = self._whole()

    def restore(self) -> bool:
        if self._copy is None:
            return False
        for name, value in copy.deepcopy(self._copy).items():
            setattr(self.server, name, value)
        return True

    def _whole(self) -> dict[str, Any]:
        names = [f.name for f in dataclasses.fields(self.server) if f.name not in ("lock", "live")]
        return {name: copy.deepcopy(getattr(self.server, name)) for name in names}

    def revoke(self, person: int) -> None:
        self.server.revoke(self.people[person])

    def admit(self, person: int, roles: Sequence[str]) -> None:
        known = self.people[person]
        self.server.revoked.discard(known.id)
        self.server.people[known.id] = Person(known.id, known.name, tuple(roles))

    def upgrade(self) -> None:
        self.server.version = VERSION

    def purge(self) -> None:
        self.server.purge(datetime.now(UTC) + timedelta(days=1))

    def close(self) -> None:
        pass


class _Current:
    """A connection whose person has the roles that the server gives them at this moment."""

    def __init__(self, server: MemoryServer, person_id: UUID) -> None:
        self._server, self._person_id = server, person_id

    def __getattr__(self, name: str) -> Any:
        current = self._server.connect(self._server.people[self._person_id])
        return getattr(current if self._server.version == VERSION else _First(current), name)

    def close(self) -> None:
        pass


class _First:
    """A connection to a server of version 1, with only what that could do."""

    def __init__(self, current: Any) -> None:
        self._current = current

    def __getattr__(self, name: str) -> Any:
        if name in ("deliver", "unknown_changes", "digests", "rows"):
            raise Refused(connecting.NOT_SET_UP, reason="older_server")
        return getattr(self._current, name)

    def hello(self, cursor: int = 0, tip: str = "") -> ServerInfo:
        return dataclasses.replace(self._current.hello(), is_known=True, held=None)

    def pull(self, cursor: int, limit: int, tip: str = "") -> Page:
        page = self._current.pull(cursor, limit)
        rows = [{n: v for n, v in row.items() if n != "digest"} for row in page.rows]
        return dataclasses.replace(page, rows=rows, tip="", sums=None)

    def close(self) -> None:
        pass


class Templates(NamedTuple):
    """The databases that every simulation on a server begins with: the newest version, and the first."""

    new: str
    old: str


class Postgres:
    """The real one: a database of its own on a running server."""

    _numbers = count(1)

    def __init__(
        self, people: int, *, server: PostgresServer, templates: Templates, is_old: bool = False
    ) -> None:
        self.server, self.name = server, f"proof_{next(self._numbers)}"
        template = templates.old if is_old else templates.new
        self._execute(f"CREATE DATABASE {self.name} TEMPLATE {template}")
        self.url = server.url(self.name)
        self.people = [self._add(f"Balie {n}", CLERK) for n in range(people)]
        self.people.append(self._add("Beheer", ADMINISTRATOR))
        self._has_copy = False

    def _add(self, name: str, roles: Sequence[str]) -> admin.NewPerson:
        login = f"{self.name}_{name.lower().replace(' ', '_')}"
        return admin.add_person(self.url, name, roles, login=login)

    def connect(self, person: int) -> Any:
        who = self.people[person]
        return PostgresDatabase(Address(self.server.url(self.name, who.login, who.password)))

    def dump(self) -> None:
        self._empty_line()
        self._execute(f"DROP DATABASE IF EXISTS {self.name}_copy")
        self._execute(f"CREATE DATABASE {self.name}_copy TEMPLATE {self.name}")
        self._has_copy = True

    def restore(self) -> bool:
        if self._has_copy:
            self._execute(f"DROP DATABASE {self.name} WITH (FORCE)")
            self._execute(f"CREATE DATABASE {self.name} TEMPLATE {self.name}_copy")
        return self._has_copy

    def revoke(self, person: int) -> None:
        admin.revoke(self.url, self.people[person].login)

    def admit(self, person: int, roles: Sequence[str]) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                "UPDATE naoberkaart.person SET is_active = true, revoked_at = NULL, roles = %s"
                " WHERE role_name = %s",
                (list(roles), self.people[person].login),
            )

    def upgrade(self) -> None:
        admin.migrate(self.url)

    def purge(self) -> None:
        care.purge(self.url, datetime.now(UTC) + timedelta(days=1))

    def close(self) -> None:
        self._execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self._execute(f"DROP DATABASE IF EXISTS {self.name}_copy WITH (FORCE)")
        for who in self.people:
            self._execute(f"DROP ROLE IF EXISTS {who.login}")

    def _empty_line(self) -> None:
        self._execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            f" WHERE datname = '{self.name}'"
        )

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.server.url(), autocommit=True) as connection:
            connection.execute(statement)


def templates_on(server: PostgresServer) -> Templates:
    """Make both templates on `server`."""
    found = Templates("proof_new", "proof_old")
    with psycopg.connect(server.url(), autocommit=True) as connection:
        for name in found:
            connection.execute(f"CREATE DATABASE {name}")
    admin.init(server.url(found.new), records=reference_kernen())
    _init_old(server.url(found.old))
    return found


def _init_old(url: str) -> None:
    """Set a database up as version 1 did: the first migration alone."""
    with opened_by(url) as opened:
        driver = driver_of(opened)
        make_roles(driver)
        driver.execute(f"SET LOCAL ROLE {OWNER}")
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = opened
        command.upgrade(config, "0001")
        driver.execute("RESET ROLE")
        driver.execute("INSERT INTO naoberkaart.municipality VALUES ('GM1859', 'Berkelland')")
        store_records(driver, "GM1859", reference_kernen())
