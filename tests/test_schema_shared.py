"""The migrated shared database equals the declarations: tables, checks, and what it knows of fields.

When this fails after a field was added: write a migration (or, before the first release, run
`python -m tests.tools.freeze_shared`).
"""

from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine

from db.entities import ENTITIES
from db.schema import shared_metadata
from db.shared.declared import TABLES, rows
from db.shared.migrations.versions import v0001_initial
from tests.postgres import PostgresSide

NEVER_DECLARED = {"attachment_sha256_lookup", "attachment_thumbnail_lookup"}
"""Indexes that only the server's functions need; they stand in the migration by hand."""

COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
           pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'naoberkaart'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
"""
CHECKS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'naoberkaart'::regnamespace AND contype IN ('c', 'p', 'u', 'f')
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'naoberkaart'"


@pytest.fixture
def declared(postgres_server: Any) -> Any:
    """Give a database whose entity tables were made straight from the declarations."""
    with psycopg.connect(postgres_server.url(), autocommit=True) as admin:
        admin.execute("CREATE DATABASE declared")
    url = postgres_server.url("declared")
    with psycopg.connect(url, autocommit=True) as connection:
        system = v0001_initial.FOLDER / "1_system.sql"
        connection.execute("CREATE SCHEMA naoberkaart")
        connection.execute(system.read_text(encoding="utf-8"))
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    shared_metadata().create_all(engine)
    engine.dispose()
    yield url
    with psycopg.connect(postgres_server.url(), autocommit=True) as admin:
        admin.execute("DROP DATABASE declared WITH (FORCE)")


def catalog(url: str, query: str) -> set[tuple[Any, ...]]:
    """Return what the catalogue says of the entity tables."""
    with psycopg.connect(url) as connection:
        found = connection.execute(query).fetchall()
    return {
        row
        for row in found
        if row[0].removeprefix("naoberkaart.") in ENTITIES and row[1] not in NEVER_DECLARED
    }


@pytest.mark.parametrize("query", [COLUMNS, CHECKS, INDEXES], ids=["columns", "checks", "indexes"])
def test_migrated_tables_equal_the_declared_ones(shared_url: str, declared: str, query: str):
    migrated = catalog(shared_url, query)
    assert len(migrated) >= len(ENTITIES)
    assert migrated == catalog(declared, query)


@pytest.mark.parametrize("table", TABLES)
def test_the_database_knows_what_is_declared(shared_url: str, table: str):
    columns = ", ".join(f"{name}::text" if name == "fallback" else name for name in TABLES[table])
    with psycopg.connect(shared_url) as connection:
        known = set(connection.execute(f"SELECT {columns} FROM naoberkaart.{table}").fetchall())
    assert known == {row for name, row in rows() if name == table}


def test_everybody_may_read_only_through_row_security(real_side: PostgresSide):
    """A new table can't be forgotten: every table a person may read has row security or no people."""
    with psycopg.connect(real_side.url) as connection:
        readable = connection.execute(
            "SELECT relname, relrowsecurity FROM pg_class"
            " WHERE relnamespace = 'naoberkaart'::regnamespace AND relkind = 'r'"
            " AND has_table_privilege('naoberkaart_person', oid, 'SELECT')"
        ).fetchall()
    open_to_all = {name for name, is_secured in readable if not is_secured}
    assert open_to_all == {"entity_meta", "field_meta", "server"}
    assert {name for name, is_secured in readable if is_secured} == {
        *ENTITIES, "change_log", "presence",
    }  # fmt: skip
