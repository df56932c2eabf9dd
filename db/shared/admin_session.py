"""The administrator's connection to the shared database, and what is done over it.

Everything one command does is one transaction, migrations included: it is done or it is not. What
the administrator stores (villages, staff) takes the same way into the history as everyone's changes.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from db.codec import values_of
from db.fields import Record
from db.schema import SHARED_SCHEMA
from db.shared import connecting
from db.shared.connecting import Address

Driver = psycopg.Connection[Any]
OWNER, EVERYONE = "naoberkaart_owner", "naoberkaart_person"
MIGRATIONS = Path(__file__).with_name("migrations")


@contextmanager
def opened_by(url: str | Address) -> Iterator[Connection]:
    """Open a connection of which everything is one transaction."""
    address = url if isinstance(url, Address) else Address(url)

    def connect() -> Driver:
        connection = connecting.connect(address, patience_s=inf)  # a migration may take its time
        connection.autocommit = False
        return connection

    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)
    with connecting.errors_told(), engine.begin() as connection:
        yield connection


@contextmanager
def administrator(url: str | Address) -> Iterator[Driver]:
    """Open a transaction on the driver itself, for those who need no migrations."""
    with opened_by(url) as connection:
        yield driver_of(connection)


def driver_of(connection: Connection) -> Driver:
    """Return the driver's connection under SQLAlchemy's."""
    driver: Driver = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def make_roles(connection: Driver) -> None:
    """Make the owner of everything, the group of all persons and the schema, where missing."""
    for role in (OWNER, EVERYONE):
        found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        if found is None:
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


def upgrade(connection: Connection) -> None:
    """Run the migrations inside the transaction that is open."""
    driver = driver_of(connection)
    driver.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    driver.execute("RESET ROLE")


def installed_version(connection: Driver) -> str | None:
    """Return the version of the database; None before it was set up."""
    there: Any = connection.execute(
        "SELECT to_regclass('naoberkaart.alembic_version') IS NOT NULL"
    ).fetchone()
    if not there[0]:
        return None
    row: Any = connection.execute("SELECT version_num FROM naoberkaart.alembic_version").fetchone()
    return str(row[0]) if row else None


def store_records(connection: Driver, municipality: str, records: Iterable[Record]) -> None:
    """Put in the records that are not there yet."""
    by_entity: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        batch = by_entity.setdefault(record.ENTITY, [])
        values = values_of(record)
        batch.append(_as_change(len(batch), record.id, "create", values, values))
    for entity, batch in by_entity.items():
        _run_store(connection, municipality, entity, batch)


def store_change(
    connection: Driver,
    municipality: str,
    entity: str,
    record_id: UUID,
    kind: str,
    base: dict[str, Any],
    values: dict[str, Any],
) -> None:
    """Store one change in the administrator's name."""
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
