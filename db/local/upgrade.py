"""Bringing an older store up to date: verified backup, Alembic, and back to the backup on failure.

Promise L4. Alembic runs on the encrypted connection itself; each migration is numbered, and the
number of the newest is `db.local.engine.VERSION`, kept in the file as PRAGMA user_version.
"""

import logging
import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from db.errors import LocalStoreDamaged
from db.fields import N_
from db.local import engine as stores

log = logging.getLogger(__name__)


def configuration(connection: Connection) -> Config:
    """Return Alembic's settings for migrations on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(connection: Connection, revision: str = "head") -> None:
    """Run the migrations that this file lacks, inside the caller's transaction.

    A store that was made new has all tables of its version without having been migrated: its version
    is in the file itself.
    """
    settings = configuration(connection)
    made_as = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if made_as:
        command.stamp(settings, f"{made_as:04}")
    command.upgrade(settings, revision)


def upgrade(engine: Engine, path: Path, key: bytes) -> Engine:
    """Bring the store at `path` up to date and return an engine on it.

    Raises:
        LocalStoreDamaged: a migration failed; the store is as it was before.
    """
    copy = path.with_suffix(".before-upgrade")
    copy.unlink(missing_ok=True)
    stores.backup(engine, copy)
    try:
        with stores.writing(engine) as connection:
            migrate(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {stores.VERSION}")
    except Exception as exc:
        log.exception("the upgrade of the store failed")
        engine.dispose()
        restore(copy, path)
        message = N_("The file could not be brought up to date. It is as it was before.")
        raise LocalStoreDamaged(message) from exc
    engine.dispose()
    return stores.open_store(path, key)


def restore(copy: Path, path: Path) -> None:
    """Put a backup in the place of the store (all connections must be closed)."""
    for leftover in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    os.replace(copy, path)  # noqa: PTH105 - atomic on every platform
