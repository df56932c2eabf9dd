"""Prove that no receipt is lost when a standby takes over in the middle of synchronising.

Two PostgreSQL servers on loopback with streaming replication. Laptops, each a process of its own,
save and synchronise in a loop through one address with both machines in it
(`postgresql://...@one:5432,two:5432/naoberkaart?target_session_attrs=read-write`). The primary is
killed (SIGKILL, all of it) at a random moment, the standby is promoted, and nobody tells the laptops.

First with `synchronous_commit = remote_apply`, as the manual for administrators asks: every receipt a
laptop ever held must be in the database that took over. Then with a standby that was behind, as in a
set-up that does not wait for it: the new primary then lacks what it gave receipts for, and the laptops
must notice and bring all of it back.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from db.errors import AppError
from db.reference import reference_kernen
from db.shared import admin
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.shared.server_process import LOOPBACK, PostgresServer
from db.sync.engine import Engine
from tests.factories import initiative
from tests.proofs.faults.judge import Saved, Verdict, judge, receipts_of
from tests.proofs.faults.killed import postmaster_of
from tests.proofs.faults.laptop import CAN_STRIKE, NURSERY, Orders, kill, open_laptop, run
from tests.proofs.faults.trial import HEAD, Row, Trial

LAPTOPS = 4
DATABASE = "naoberkaart"
PAUSE_S = 0.05
"""How long a laptop waits before it tries again; in the program it is seconds, and grows."""
ROUNDS, QUICK_ROUNDS = 6, 1


@dataclass(frozen=True)
class Desk:
    """One laptop of the proof: where its store and its notes are, and its address of two machines."""

    number: int
    store: str
    notes: str
    url: str


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


SETTINGS = {"wal_receiver_status_interval": "1s", "wal_retrieve_retry_interval": "200ms"}


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
def a_pair(folder: Path) -> Iterator[Pair]:
    """Give a primary with a standby that has caught up, and laptops with an address of both."""
    with PostgresServer(is_durable=True, settings=SETTINGS) as primary:
        with psycopg.connect(primary.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        admin.init(primary.url(DATABASE), records=reference_kernen())
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
                    "?target_session_attrs=read-write",
                )
                for n, one in enumerate(people)
            ]  # fmt: skip
            yield Pair(primary, standby, desks)


def work(desk: Desk, stop: Any, heard: Any) -> None:
    """Save and synchronise until told to stop; note every change before, every receipt after.

    `heard` counts the cycles that ended well.
    """
    store = open_laptop(Path(desk.store))
    shared = PostgresDatabase(Address(desk.url, timeout_s=2), patience_s=5)
    engine = Engine(store, shared)
    with Path(desk.notes).open("a") as notes:
        for place in range(100_000):
            if stop.is_set():
                break
            if heard.value:  # the first cycle tells who we are
                saved = store.save(initiative(title=f"Laptop {desk.number} plan {place}"), None)
                assert saved.change is not None
                notes.write(f"{saved.change.id} {saved.change.record_id} {place}\n")
                notes.flush()
            try:
                engine.run_cycle()
                heard.value += 1
            except AppError:
                stop.wait(PAUSE_S)
    shared.close()
    store.close()


def saved_by(desk: Desk) -> list[Saved]:
    """Return what a laptop's notes say was saved on it."""
    lines = [line.split() for line in Path(desk.notes).read_text().splitlines()]
    return [
        Saved(change, "initiative", record, "create", {"title": f"Laptop {desk.number} plan {n}"})
        for change, record, n in lines
    ]


def take_over(trial: Trial, row: Row, seed: int, *, is_behind: bool) -> str:
    """Run one round and judge it; return what happened, in numbers."""
    chance = Random(seed)
    folder = Path(tempfile.mkdtemp(dir=trial.folder))
    with a_pair(folder) as pair:
        if not is_behind:
            pair.set_primary("synchronous_commit", "remote_apply")
            pair.set_primary("synchronous_standby_names", "'standby'")
        stop = NURSERY.Event()
        counts = [NURSERY.Value("l", 0, lock=False) for _ in pair.desks]
        crew = [
            NURSERY.Process(target=work, args=(desk, stop, count))
            for desk, count in zip(pair.desks, counts, strict=True)
        ]
        for process in crew:
            process.start()
        wait_until(lambda: all(count.value >= 3 for count in counts))
        time.sleep(chance.uniform(0.2, 1.5))  # the moment of the blow, by the seed
        if is_behind:
            hold_back(pair.standby)
            before = sum(count.value for count in counts)
            wait_until(lambda: sum(count.value for count in counts) >= before + 8)
        kill([postmaster_of(pair.primary)])
        struck = time.monotonic()
        held = {c: n for desk in pair.desks for c, n in receipts_of(Path(desk.store)).items()}
        pair.standby.promote()
        promoted = time.monotonic()
        missing = len(held.keys() - receipts_in(pair.standby))
        at = [count.value for count in counts]
        wait_until(lambda: all(c.value >= a + 3 for c, a in zip(counts, at, strict=True)))
        back = time.monotonic() - promoted
        stop.set()
        for process in crew:
            process.join()
            assert process.exitcode == 0, "a laptop failed"
        verdict = judge_round(pair, held, is_behind=is_behind, missing=missing)
        row.add(verdict, f"--seed {seed}")
        return (
            f"seed {seed}: {len(held)} receipts held at the blow, {missing} not on the standby;"
            f" promoted in {promoted - struck:.1f} s, all {LAPTOPS} back in {back:.1f} s"
        )


def hold_back(standby: PostgresServer) -> None:
    """Let the standby fall behind: from now on it hears nothing of its primary."""
    with psycopg.connect(standby.url(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET primary_conninfo = ''")
        connection.execute("SELECT pg_reload_conf()")
        waiting = "SELECT count(*) FROM pg_stat_wal_receiver"
        wait_until(lambda: connection.execute(waiting).fetchone() == (0,))


def wait_until(is_true: Any) -> None:
    """Ask until it is so; half a minute is more than any of it takes."""
    limit = time.monotonic() + 60
    while not is_true():
        if time.monotonic() > limit:
            raise TimeoutError("nothing happens any more")
        time.sleep(0.01)


def receipts_in(server: PostgresServer) -> set[str]:
    """Return the changes that a server knows."""
    with psycopg.connect(server.url(DATABASE)) as connection:
        found = connection.execute("SELECT change_id::text FROM naoberkaart.receipt")
        return {row[0] for row in found}


def judge_round(pair: Pair, held: dict[str, int], *, is_behind: bool, missing: int) -> Verdict:
    """Let every laptop come to rest on the new primary, and judge."""
    verdict = Verdict()
    for _ in range(2):  # the first ones hear of the last ones' work in their second turn
        for desk in pair.desks:
            told = run(Orders(desk.store, desk.url, settle=True))
            if told.code or told.error:
                verdict.wrong.append(f"laptop {desk.number} does not heal: {told.message}")
                return verdict
    if is_behind and not missing:
        verdict.wrong.append("the standby was not behind: this proves nothing")
    if not is_behind:
        verdict.lost += ["a receipt the standby never had"] * missing
    stores = {Path(desk.store): saved_by(desk) for desk in pair.desks}
    url = pair.standby.url(DATABASE)
    verdict.join(judge(url, stores, held, held.keys() if is_behind else None))
    return verdict


def prove(trial: Trial) -> None:
    """Run the rounds of both kinds."""
    rounds = range(QUICK_ROUNDS if trial.is_quick else ROUNDS)
    for kind, is_behind in (("standby that keeps up, promoted", False), ("standby behind", True)):
        with trial.row(kind) as row:
            for number in rounds:
                trial.say("    " + take_over(trial, row, trial.seed + number, is_behind=is_behind))


def main(arguments: list[str] | None = None) -> int:
    """Prove it; 1 when anything was lost, doubled or wrong."""
    parser = argparse.ArgumentParser(prog="dev.py prove failover", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of each")
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the blow")
    options = parser.parse_args(arguments)
    if not CAN_STRIKE:
        parser.error("the proof kills processes by way of /proc: it needs Linux")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="naoberkaart-failover-") as folder:
        trial = Trial(Path(folder), options.quick, options.seed, say=said)
        said(HEAD)
        prove(trial)
    verdict = f"{len(trial.problems)} WRONG" if trial.problems else "no receipt lost"
    said(f"prove failover: {verdict} ({time.monotonic() - started:.0f} s)")
    return 1 if trial.problems else 0


def said(text: str) -> None:
    """Print at once."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
