"""Two PostgreSQL servers of which one follows the other, and the laptops' address of both."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from db.reference import reference_kernen
from db.shared import admin
from db.shared.server_process import LOOPBACK, PostgresServer
from tests.factories import organisation

LAPTOPS = 4
DATABASE = "naoberkaart"
KNOWN = 200
"""Records that were there before: a database with less than half of what a laptop holds is refused."""
SETTINGS = {"wal_receiver_status_interval": "1s", "wal_retrieve_retry_interval": "200ms"}


@dataclass(frozen=True)
class Desk:
    """One laptop of the proof: where its store and its notes are, and its address of two machines."""

    number: int
    store: str
    notes: str
    url: str
    hangs_up: bool
    """Whether it makes a new line for every cycle, and so finds another machine at once."""


class Standby(PostgresServer):
    """A server that follows another one until it is promoted."""

    def __init__(self, primary: PostgresServer) -> None:
        conninfo = f"host={LOOPBACK} port={primary.port} user=postgres password={primary.password}"
        settings = {"primary_conninfo": f"'{conninfo} application_name=standby'", **SETTINGS}
        super().__init__(is_durable=True, settings=settings)
        self._primary = primary

    def _initialise(self) -> None:
        secret = self._home / "password"
        secret.write_text(self._primary.password, encoding="utf-8")
        copied = self._run(
            [
                self._program("pg_basebackup"), "-D", str(self.data), "-R", "-X", "stream",
                "-c", "fast", "-d", self._primary.url(),
            ]
        )  # fmt: skip
        assert copied == 0, "pg_basebackup failed"

    def promote(self) -> None:
        """Take over."""
        assert self._control("promote", "-w"), "the standby can't be promoted"


@dataclass
class Pair:
    """A primary and its standby, with the people of the proof."""

    primary: PostgresServer
    standby: Standby
    desks: list[Desk]

    def set_primary(self, name: str, value: str) -> None:
        """Change a setting of the running primary."""
        with psycopg.connect(self.primary.url(), autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
            connection.execute("SELECT pg_reload_conf()")


@contextmanager
def a_pair(folder: Path, *, hangs_up: bool) -> Iterator[Pair]:
    """Give a primary with a standby that has caught up, and laptops with an address of both."""
    with PostgresServer(is_durable=True, settings=SETTINGS) as primary:
        with psycopg.connect(primary.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        known = [organisation(name=f"Vereniging {number}") for number in range(KNOWN)]
        admin.init(primary.url(DATABASE), records=[*reference_kernen(), *known])
        people = [
            admin.add_person(
                primary.url(DATABASE), f"Balie {n}", ["counter_clerk"], login=f"balie_{n}"
            )
            for n in range(LAPTOPS)
        ]
        with Standby(primary) as standby:
            both = f"{LOOPBACK}:{primary.port},{LOOPBACK}:{standby.port}"
            desks = [
                Desk(
                    n, str(folder / f"laptop_{n}.db"), str(folder / f"notes_{n}"),
                    f"postgresql://{one.login}:{one.password}@{both}/{DATABASE}"
                    "?target_session_attrs=read-write", hangs_up,
                )
                for n, one in enumerate(people)
            ]  # fmt: skip
            yield Pair(primary, standby, desks)


def hold_back(standby: PostgresServer) -> None:
    """Let the standby fall behind: from now on it hears nothing of its primary."""
    with psycopg.connect(standby.url(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET primary_conninfo = ''")
        connection.execute("SELECT pg_reload_conf()")
        waiting = "SELECT count(*) FROM pg_stat_wal_receiver"
        wait_until(lambda: connection.execute(waiting).fetchone() == (0,))


def receipts_in(server: PostgresServer) -> set[str]:
    """Return the changes that a server knows."""
    with psycopg.connect(server.url(DATABASE)) as connection:
        found = connection.execute("SELECT change_id::text FROM naoberkaart.receipt")
        return {row[0] for row in found}


def wait_until(is_true: Any) -> None:
    """Ask until it is so; half a minute is more than any of it takes."""
    limit = time.monotonic() + 60
    while not is_true():
        if time.monotonic() > limit:
            raise TimeoutError("nothing happens any more")
        time.sleep(0.01)
