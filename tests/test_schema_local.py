"""The store that migrations make is the store that the declarations describe."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from db.errors import LocalStoreDamaged
from db.local import engine as stores
from db.local import upgrade
from db.local.keys import new_key
from db.schema import local_metadata


def _ignores_virtual(_object: object, name: str | None, kind: str, *_: object) -> bool:
    shadow = (name or "").startswith(("search", "infix", "place", "alembic")) and name not in {
        "search_request",
        "search_match",
    }
    return not (kind == "table" and shadow)


def _statements(connection: Connection) -> set[str]:
    rows = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
    )
    return set(rows.scalars())


def test_migrations_make_what_is_declared(tmp_path: Path) -> None:
    """A field that is declared without a migration would be lost on an older laptop."""
    key = new_key()
    made = stores.create_store(tmp_path / "made.db", key)
    empty = stores._engine(tmp_path / "migrated.db", key)  # a file with no tables
    with stores.writing(empty) as connection:
        upgrade.migrate(connection)
        context = MigrationContext.configure(
            connection, opts={"include_object": _ignores_virtual, "compare_type": True}
        )
        assert compare_metadata(context, local_metadata()) == []
        migrated = _statements(connection)
    with stores.reading(made) as connection:
        assert _statements(connection) == migrated
    made.dispose()
    empty.dispose()


def test_failed_upgrade_gives_the_store_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A laptop whose upgrade fails still has every record."""
    key = new_key()
    path = tmp_path / "store.db"
    store = stores.create_store(path, key)
    with stores.writing(store) as connection:
        connection.exec_driver_sql("INSERT INTO meta VALUES ('mark', 'kept')")
        connection.exec_driver_sql("PRAGMA user_version = 0")
    store.dispose()

    def fail(connection: Connection, revision: str = "head") -> None:
        connection.exec_driver_sql("DELETE FROM meta")
        raise RuntimeError(revision)

    monkeypatch.setattr(upgrade, "migrate", fail)
    with pytest.raises(LocalStoreDamaged):
        stores.open_store(path, key)
    monkeypatch.undo()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stores, "VERSION", 0)
        opened = stores.open_store(path, key)
    with stores.reading(opened) as connection:
        assert connection.exec_driver_sql("SELECT value FROM meta").scalar() == "kept"
    opened.dispose()


def test_a_store_that_was_made_by_an_older_version_opens(tmp_path: Path) -> None:
    """Made, not migrated: it says its version itself, and what it holds is kept."""
    key = new_key()
    path = tmp_path / "store.db"
    older = stores._engine(path, key)
    with stores.writing(older) as connection:
        upgrade.migrate(connection, "0001")
        connection.exec_driver_sql("DROP TABLE alembic_version")
        connection.exec_driver_sql("PRAGMA user_version = 1")
        connection.exec_driver_sql("INSERT INTO meta VALUES ('mark', 'kept')")
        connection.exec_driver_sql(
            'INSERT INTO attachment(id, extra) VALUES (\'a\', \'{"thumbnail":"abc","x":1}\'),'
            " ('b', '{\"thumbnail\":\"abc\"}'), ('c', NULL)"
        )
    older.dispose()
    opened = stores.open_store(path, key)
    with stores.reading(opened) as connection:
        assert connection.exec_driver_sql("SELECT value FROM meta").scalar() == "kept"
        rows = connection.exec_driver_sql("SELECT thumbnail, extra FROM attachment ORDER BY id")
        assert [tuple(row) for row in rows] == [("abc", '{"x":1}'), ("abc", None), (None, None)]
        context = MigrationContext.configure(
            connection, opts={"include_object": _ignores_virtual, "compare_type": True}
        )
        assert compare_metadata(context, local_metadata()) == []
    opened.dispose()
