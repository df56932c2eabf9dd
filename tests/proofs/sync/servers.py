"""The shared databases of the simulation: one in memory, one real PostgreSQL.

Each can be put back to an earlier dump, lose and admit people again, and change their roles.
"""

import copy
import dataclasses
from collections.abc import Sequence
from itertools import count
from typing import Any, Protocol
from uuid import UUID

import psycopg

from db.reference import reference_kernen
from db.shared import admin
from db.shared.connecting import Address
from db.shared.memory import MemoryServer
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import Person
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

    def close(self) -> None:
        """Throw it away."""
        ...


class Memory:
    """The one in memory."""

    def __init__(self, people: int) -> None:
        self.server = MemoryServer()
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

    def close(self) -> None:
        pass


class _Current:
    """A connection whose person has the roles that the server gives them at this moment."""

    def __init__(self, server: MemoryServer, person_id: UUID) -> None:
        self._server, self._person_id = server, person_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server.connect(self._server.people[self._person_id]), name)

    def close(self) -> None:
        pass


class Postgres:
    """The real one: a database of its own on a running server."""

    _numbers = count(1)

    def __init__(self, people: int, server: PostgresServer, template: str) -> None:
        self.server, self.name = server, f"proof_{next(self._numbers)}"
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


def template_on(server: PostgresServer) -> str:
    """Make the database that every simulation on `server` begins with."""
    name = "proof_template"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    admin.init(server.url(name), records=reference_kernen())
    return name
