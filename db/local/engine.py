"""Opening the encrypted file: key, pragmas, transactions, backup, and errors in our own words.

Every connection uses the raw key (facts.md 9: a passphrase would cost 170 ms per connection; it is
unwrapped once, in `db.local.keys`). WAL with synchronous=FULL: a commit that returned survives
`kill -9` and power loss. Reading and writing may happen on any thread; each call has a connection
of its own, and a writer takes its lock at once (BEGIN IMMEDIATE), so that two never deadlock.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from db.errors import AppError, LocalStoreDamaged, StorageFull, WrongKey
from db.fields import N_
from db.schema import local_metadata

log = logging.getLogger(__name__)

# Without an adapter the driver looks for one at every None and bool it binds, which costs a microsecond;
# half of what a row binds is None. An empty dict's `get` gives None for None, in C.
sqlcipher.register_adapter(type(None), {}.get)
sqlcipher.register_adapter(bool, int)

VERSION = 2
"""The newest local migration; kept in the file as PRAGMA user_version."""

# Measured at 30,000 records: without prefix index and with rarer merges an edit writes 6 pages
# instead of 15, and ranked queries take the same time.
_VIRTUAL_TABLES = (
    """CREATE VIRTUAL TABLE search USING fts5(title, body, content='', contentless_delete=1,
    tokenize='unicode61 remove_diacritics 2')""",
    """CREATE VIRTUAL TABLE infix USING fts5(title, content='', contentless_delete=1,
    tokenize='trigram remove_diacritics 1')""",
    "CREATE VIRTUAL TABLE place USING rtree(number, west, east, south, north)",
    "INSERT INTO search(search, rank) VALUES ('automerge', 8)",
    "INSERT INTO infix(infix, rank) VALUES ('automerge', 8)",
)


def create_store(path: Path, key: bytes) -> Engine:
    """Make a new, empty encrypted store at `path`; `key` is 48 bytes (`db.local.keys.new_key`)."""
    if path.exists():
        raise LocalStoreDamaged(N_("There is already a file named %(name)s."), name=path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = _engine(path, key)
    with writing(engine) as connection:
        create_tables(connection)
    return engine


def open_store(path: Path, key: bytes) -> Engine:
    """Open an existing store, and bring an older one up to date after a verified backup.

    Raises:
        WrongKey: the key does not fit. LocalStoreDamaged: the file is no store, damaged, or made
        by a newer version of the program.
    """
    if not path.exists():
        raise LocalStoreDamaged(N_("The file %(name)s is missing."), name=path.name)
    engine = _engine(path, key)
    with reading(engine) as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > VERSION:
        engine.dispose()
        raise LocalStoreDamaged(
            N_("This file was made by a newer version. Update the program first.")
        )
    if version < VERSION:
        from db.local.upgrade import upgrade  # Alembic costs 0.2 s; only when there is work

        engine = upgrade(engine, path, key)
    return engine


def create_tables(connection: Connection) -> None:
    """Make all tables of the newest version in an empty file."""
    local_metadata().create_all(connection)
    for statement in _VIRTUAL_TABLES:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one consistent state."""
    with converted_errors(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside one write transaction: all of it is kept, or nothing."""
    with (
        converted_errors(),
        engine.connect().execution_options(naoberkaart_begin="BEGIN IMMEDIATE") as connection,
        connection.begin(),
    ):
        yield connection


def backup(engine: Engine, target: Path) -> None:
    """Copy the store to `target` (encrypted with the same key) and check that the copy is whole.

    Raises:
        LocalStoreDamaged: the copy failed its integrity check; nothing is left at `target`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with converted_errors(), engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM INTO ?", (str(unfinished),))
    os.replace(unfinished, target)  # noqa: PTH105 - atomic on every platform


def integrity_faults(engine: Engine) -> tuple[str, ...]:
    """Return what SQLite and SQLCipher find wrong with the file; empty when it is whole."""
    with reading(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA cipher_integrity_check").scalars().all()
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return tuple(str(line) for line in [*pages, *found] if line != "ok")


@contextmanager
def converted_errors() -> Iterator[None]:
    """Turn driver errors into `db.errors`, at this border only."""
    try:
        yield
    except AppError:
        raise
    except (DBAPIError, sqlcipher.Error, OSError) as exc:
        raise _converted(exc) from exc


def _converted(exc: Exception) -> Exception:
    text = str(getattr(exc, "orig", None) or exc).lower()
    if "file is not a database" in text or "file is encrypted" in text:
        return WrongKey(N_("The key does not fit this file, or the file is damaged."))
    if "full" in text or "no space left" in text or "disk i/o error" in text:
        return StorageFull(N_("The disk is full. This was not saved; make room and try again."))
    if "malformed" in text or "corrupt" in text or "hmac" in text:
        return LocalStoreDamaged(N_("The file on this laptop is damaged. Restore the last backup."))
    if "locked" in text or "busy" in text:
        return StorageFull(N_("The file is in use by another program. Try again in a moment."))
    return exc


def _engine(path: Path, key: bytes) -> Engine:
    def connect() -> Any:
        connection = sqlcipher.connect(
            str(path), check_same_thread=False, isolation_level=None, timeout=10
        )
        run = connection.execute
        run("PRAGMA cipher_log_level = NONE")
        run(f"PRAGMA key = \"x'{key.hex()}'\"")
        run("PRAGMA journal_mode = WAL")
        for pragma in ("synchronous = FULL", "temp_store = MEMORY", "cache_size = -64000"):
            run(f"PRAGMA {pragma}")
        return connection

    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=connect,
        hide_parameters=True,  # an error that is logged tells no personal details
        poolclass=QueuePool,
        pool_size=3,
        max_overflow=8,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        statement = connection.get_execution_options().get("naoberkaart_begin", "BEGIN")
        connection.exec_driver_sql(statement)

    try:
        with converted_errors(), engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except BaseException:
        engine.dispose()
        raise
    return engine
