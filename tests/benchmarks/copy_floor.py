"""The floor of a first download: COPY out of PostgreSQL into SQLCipher by a program that does no more.

A program of its own, so that nothing of ours, for better or worse, is in it. Prints milliseconds.
"""

import sys
from time import perf_counter

import psycopg
import sqlcipher3.dbapi2 as sqlcipher

TABLES = ("initiative", "premises", "plot")
KEY = bytes(range(48))
BINDS_QUICKLY = "--binds-quickly"
"""Bind None as our store does, which the driver by itself takes a microsecond for."""


def copy_out(url: str, path: str) -> None:
    """Copy the three tables into an encrypted file, one transaction, nothing else."""
    local = sqlcipher.connect(path, isolation_level=None)
    local.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    local.execute("PRAGMA journal_mode = WAL")
    local.execute("PRAGMA synchronous = FULL")
    local.execute("BEGIN")
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        for name in TABLES:
            with cursor.copy(f"COPY naoberkaart.{name} TO STDOUT") as copied:
                rows = list(copied.rows())
            columns = ", ".join(f"c{number}" for number in range(2, len(rows[0])))
            local.execute(f"CREATE TABLE {name} (c0, c1 PRIMARY KEY, {columns})")
            marks = ", ".join("?" * len(rows[0]))
            local.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
    local.execute("COMMIT")
    local.close()


if __name__ == "__main__":
    if BINDS_QUICKLY in sys.argv:
        sqlcipher.register_adapter(type(None), {}.get)
    started = perf_counter()
    copy_out(sys.argv[1], sys.argv[2])
    print((perf_counter() - started) * 1000)
