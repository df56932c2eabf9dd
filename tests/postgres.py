"""A real PostgreSQL for the tests: one server a session, one fresh database a test.

`shared_url` is an administrator's URL of a fresh database that was set up with the kernen. `side` is a
municipality of its own in a database that all tests share, or its twin in memory (see `SharedSide`):
that takes a tenth of a second less, and municipalities do not see each other.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Protocol

import psycopg
import pytest

from db.reference import reference_kernen
from db.shared import admin
from db.shared.admin_session import administrator, store_records
from db.shared.connecting import Address
from db.shared.memory import MemoryServer
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import Person, SharedDatabase
from db.shared.server_process import PostgresServer

TEMPLATE = "naoberkaart_template"
_numbers = count(1)


class SharedSide(Protocol):
    """A shared database with people, as the contract tests need it."""

    municipality: str

    def add(self, name: str, *roles: str) -> tuple[Person, SharedDatabase]:
        """Add a person and connect as them."""
        ...

    def connect_again(self, person: Person) -> SharedDatabase:
        """Make a second connection for a person."""
        ...

    def revoke(self, person: Person) -> None:
        """Withdraw a person's access."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class MemorySide:
    """The twin in memory."""

    municipality = "GM1859"

    def __init__(self) -> None:
        self.server = MemoryServer()
        self.server.store(reference_kernen())

    def add(self, name: str, *roles: str) -> tuple[Person, SharedDatabase]:
        person = self.server.add_person(name, roles)
        return person, self.connect_again(person)

    def connect_again(self, person: Person) -> SharedDatabase:
        return self.server.connect(person)

    def revoke(self, person: Person) -> None:
        self.server.revoke(person)

    def close(self) -> None:
        pass


class PostgresSide:
    """The real one."""

    def __init__(self, server: PostgresServer, url: str, municipality: str = "GM1859") -> None:
        self.server, self.url, self.municipality = server, url, municipality
        self.database = url.rpartition("/")[2]
        self.logins: dict[object, admin.NewPerson] = {}
        self._open: list[SharedDatabase] = []

    def add(self, name: str, *roles: str) -> tuple[Person, SharedDatabase]:
        added = add_person(self.url, name, roles, self.municipality)
        person = Person(added.id, name, roles)
        self.logins[person.id] = added
        return person, self.connect_again(person)

    def connect_again(self, person: Person) -> SharedDatabase:
        database = PostgresDatabase(Address(self.personal_url(person)))
        self._open.append(database)
        return database

    def personal_url(self, person: Person) -> str:
        added = self.logins[person.id]
        return self.server.url(self.database, added.login, added.password)

    def revoke(self, person: Person) -> None:
        admin.revoke(self.url, self.logins[person.id].login)

    def close(self) -> None:
        for database in self._open:
            database.close()


def add_person(
    url: str, name: str, roles: Sequence[str] = ("counter_clerk",), municipality: str = ""
) -> admin.NewPerson:
    """Add a person under a login that no other test has (logins belong to the whole server)."""
    login = f"{name.lower()}_{next(_numbers)}"
    return admin.add_person(url, name, roles, login=login, municipality=municipality)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Run one PostgreSQL for all tests of the session."""
    with PostgresServer() as server:
        _execute(server, f"CREATE DATABASE {TEMPLATE}")
        admin.init(server.url(TEMPLATE), records=reference_kernen())
        yield server


@pytest.fixture
def shared_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Give the administrator's URL of a fresh shared database, gone after the test."""
    url = fresh_database(postgres_server)
    yield url
    _execute(postgres_server, f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


def fresh_database(server: PostgresServer) -> str:
    """Make a shared database with only the kernen in it; return the administrator's URL."""
    name = f"shared_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return server.url(name)


@pytest.fixture(scope="session")
def everyones_url(postgres_server: PostgresServer) -> str:
    """Give the administrator's URL of the database in which each test has a municipality."""
    _execute(postgres_server, f"CREATE DATABASE everyone TEMPLATE {TEMPLATE}")
    return postgres_server.url("everyone")


@pytest.fixture(params=["memory", "postgres"])
def side(request: pytest.FixtureRequest) -> Iterator[SharedSide]:
    """Give both shared sides in turn."""
    if request.param == "memory":
        yield MemorySide()
        return
    yield request.getfixturevalue("real_side")


@pytest.fixture
def real_side(postgres_server: PostgresServer, everyones_url: str) -> Iterator[PostgresSide]:
    """Give the real shared side only."""
    municipality = f"GM{next(_numbers):04}"
    found = PostgresSide(postgres_server, everyones_url, municipality)
    with administrator(everyones_url) as connection:
        connection.execute(
            "INSERT INTO naoberkaart.municipality VALUES (%s, %s)", (municipality, "Test")
        )
        store_records(connection, municipality, reference_kernen())
    yield found
    found.close()


@pytest.fixture
def lone_side(postgres_server: PostgresServer, shared_url: str) -> Iterator[PostgresSide]:
    """Give the real shared side in a database of its own."""
    found = PostgresSide(postgres_server, shared_url)
    yield found
    found.close()


def _execute(server: PostgresServer, statement: str) -> None:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(statement)
