"""Prove that no receipt is lost when a standby takes over in the middle of synchronising.

Two PostgreSQL servers on loopback with streaming replication. Laptops, each a process of its own,
save and synchronise in a loop through one address with both machines in it
(`postgresql://...@one:5432,two:5432/naoberkaart?target_session_attrs=read-write`). The primary is
killed (SIGKILL, all of it) at a random moment, the standby is promoted, and nobody tells the laptops.

First with `synchronous_commit = remote_apply`, as the manual for administrators asks: every receipt a
laptop ever held must be in the database that took over. Then with a standby that was behind, as in a
set-up that does not wait for it: the new primary then lacks what it gave receipts for, and the laptops
must notice and bring all of it back. Last with an old primary that somebody starts again by mistake, and
that is first in the address: the laptops go over to it, and back when it is gone.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from random import Random
from typing import Any

from db.errors import AppError
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.sync.engine import Engine
from tests.factories import initiative
from tests.proofs.faults.judge import Saved, Verdict, judge, receipts_of
from tests.proofs.faults.killed import postmaster_of, start_again
from tests.proofs.faults.laptop import CAN_STRIKE, NURSERY, Orders, kill, open_laptop, run
from tests.proofs.faults.trial import HEAD, Row, Trial
from tests.proofs.standby import (
    DATABASE,
    LAPTOPS,
    Desk,
    Pair,
    a_pair,
    hold_back,
    receipts_in,
    wait_until,
)  # fmt: skip

PAUSE_S = 0.05
"""How long a laptop waits before it tries again; in the program it is seconds, and grows."""
ROUNDS, QUICK_ROUNDS = 6, 1


class Kind(Enum):
    """The kinds of taking over."""

    KEEPS_UP = "standby that keeps up, promoted"
    BEHIND = "standby behind, promoted"
    RETURNS = "the same, old primary returns"


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
                if desk.hangs_up:
                    shared.close()
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


def take_over(trial: Trial, row: Row, seed: int, kind: Kind) -> str:
    """Run one round and judge it; return what happened, in numbers."""
    folder = Path(tempfile.mkdtemp(dir=trial.folder))
    with a_pair(folder, hangs_up=kind is Kind.RETURNS) as pair, a_crew(pair.desks) as crew:
        if kind is Kind.KEEPS_UP:
            pair.set_primary("synchronous_commit", "remote_apply")
            pair.set_primary("synchronous_standby_names", "'standby'")
        crew.wait_for_cycles(3)
        time.sleep(Random(seed).uniform(0.2, 1.5))  # the moment of the blow, by the seed
        if kind is not Kind.KEEPS_UP:
            hold_back(pair.standby)
            wait_until(lambda: len(receipts_in(pair.primary) - receipts_in(pair.standby)) > LAPTOPS)
            crew.wait_for_cycles(2)
        old = postmaster_of(pair.primary)
        kill([old])
        struck = time.monotonic()
        held = {c: n for desk in pair.desks for c, n in receipts_of(Path(desk.store)).items()}
        pair.standby.promote()
        promoted = time.monotonic()
        missing = len(held.keys() - receipts_in(pair.standby))
        crew.wait_for_cycles(3)
        back = time.monotonic() - promoted
        told = (
            f"seed {seed}: {len(held)} receipts held at the blow, {missing} not on the standby;"
            f" promoted in {promoted - struck:.1f} s, all {LAPTOPS} back in {back:.1f} s"
        )
        if kind is Kind.RETURNS:
            start_again(pair.primary, old)
            crew.wait_for_cycles(4)
            late = {c: n for desk in pair.desks for c, n in receipts_of(Path(desk.store)).items()}
            told += (
                f"; {len(late.keys() - receipts_in(pair.standby))} given by the one that returned"
            )
            held |= late
            kill([postmaster_of(pair.primary)])
            crew.wait_for_cycles(3)
        crew.stop()
        verdict = judge_round(pair, held, kind, missing)
        row.add(verdict, f"--seed {seed}")
        return told


class Crew:
    """The processes of the laptops, and how far each is."""

    def __init__(self, desks: list[Desk]) -> None:
        self._stop = NURSERY.Event()
        self._counts = [NURSERY.Value("l", 0, lock=False) for _ in desks]
        self._processes = [
            NURSERY.Process(target=work, args=(desk, self._stop, count))
            for desk, count in zip(desks, self._counts, strict=True)
        ]
        for process in self._processes:
            process.start()

    def wait_for_cycles(self, how_many: int) -> None:
        """Wait until each laptop has ended so many more cycles well."""
        before = [count.value for count in self._counts]
        wait_until(
            lambda: all(
                count.value >= number + how_many
                for count, number in zip(self._counts, before, strict=True)
            )
        )

    def stop(self) -> None:
        """Let them end what they do, and stop."""
        self._stop.set()
        for process in self._processes:
            process.join()
            assert process.exitcode == 0, "a laptop failed"


@contextmanager
def a_crew(desks: list[Desk]) -> Iterator[Crew]:
    """Let the laptops work, until the end whatever it is."""
    crew = Crew(desks)
    try:
        yield crew
    finally:
        crew._stop.set()


def judge_round(pair: Pair, held: dict[str, int], kind: Kind, missing: int) -> Verdict:
    """Let every laptop come to rest on the new primary, and judge."""
    verdict = Verdict()
    for _ in range(2):  # the first ones hear of the last ones' work in their second turn
        for desk in pair.desks:
            told = run(Orders(desk.store, desk.url, settle=True))
            if told.code or told.error:
                verdict.wrong.append(f"laptop {desk.number} does not heal: {told.message}")
                return verdict
    keeps_up = kind is Kind.KEEPS_UP
    if not keeps_up and not missing:
        verdict.wrong.append("the standby was not behind: this proves nothing")
    if keeps_up:
        verdict.lost += ["a receipt the standby never had"] * missing
    stores = {Path(desk.store): saved_by(desk) for desk in pair.desks}
    url = pair.standby.url(DATABASE)
    verdict.join(judge(url, stores, held, None if keeps_up else held.keys()))
    return verdict


def prove(trial: Trial) -> None:
    """Run the rounds of all kinds."""
    rounds = range(QUICK_ROUNDS if trial.is_quick else ROUNDS)
    for kind in Kind:
        with trial.row(kind.value) as row:
            for number in rounds:
                trial.say("    " + take_over(trial, row, trial.seed + number, kind))


def main(arguments: list[str] | None = None) -> int:
    """Prove it; 1 when anything was lost, doubled or wrong."""
    parser = argparse.ArgumentParser(prog="dev.py prove failover", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of each")
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the blow")
    options = parser.parse_args(arguments)
    if not CAN_STRIKE:
        parser.error("the proof kills processes by way of /proc: it needs Linux")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers stop with us
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
