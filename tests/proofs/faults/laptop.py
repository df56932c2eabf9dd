"""A laptop as a process of its own, which may be killed: it opens its store, runs cycles and tells.

Started from a nursery (`multiprocessing` forkserver), so that a case costs a hundredth of a second
and not one, or as `python -m tests.proofs.faults.laptop JSON` where it must live in another network.
"""

import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import pyproj  # noqa: F401 -- takes a tenth of a second to load, so once, in the nursery
import sqlalchemy

from db.errors import AppError
from db.local.conflicts import FIELDS
from db.local.engine import create_store, open_store
from db.local.journal import OutboxState
from db.local.store import LocalStore
from db.shared.connecting import Address
from db.shared.patience import PATIENCE_S
from db.shared.postgres import PostgresDatabase
from db.sync.engine import Engine
from tests.proofs.faults.steps import Steps

KEY = bytes(range(48))
"""Every store of the proofs has this key; what is in them is made up."""

CAN_STRIKE = Path("/proc").exists()
"""Whether processes can be found and killed here as the proofs do it: on Linux."""

NURSERY = multiprocessing.get_context("forkserver" if CAN_STRIKE else "spawn")
if CAN_STRIKE:
    NURSERY.set_forkserver_preload(["tests.proofs.faults.laptop"])
_NURSE = threading.Lock()
"""Starting a process asks after all others, and two threads may not hear the end of one."""


@dataclass(frozen=True)
class Orders:
    """What the laptop is to do.

    `kill_at` is the step at which `victims` (process ids; empty: the laptop itself) are killed,
    `delay_s` later when that is not 0. `settle` goes on until nothing is left to do. The store may
    have `most_pages` pages, 0 for any number. At step `ask_at` it says so, and waits for a line.
    """

    store: str
    url: str
    kill_at: int = 0
    victims: tuple[int, ...] = ()
    delay_s: float = 0.0
    settle: bool = False
    patience_s: float = PATIENCE_S
    timeout_s: int = 10
    plain_text: bool = False
    most_pages: int = 0
    ask_at: int = 0


@dataclass(frozen=True)
class Told:
    """What the laptop said before it ended: its steps, or what stopped it."""

    code: int
    steps: tuple[str, ...] = ()
    error: str = ""
    message: str = ""
    seconds: float = 0.0


def open_laptop(path: Path) -> LocalStore:
    """Open the store at `path`, made when it is not there."""
    return LocalStore(open_store(path, KEY) if path.exists() else create_store(path, KEY))


def settle(store: LocalStore, shared: PostgresDatabase, take: str = "mine") -> None:
    """Run cycles and answer every question until nothing is left to do.

    Raises:
        RuntimeError: that takes for ever.
    """
    engine = Engine(store, shared)
    for _ in range(12):
        engine.run_cycle()
        for entry in store.outbox([OutboxState.REFUSED]):
            store.take_back(entry.change.id)
        answer_all(store, take)
        tally = store.tally()
        if not (tally.waiting or tally.conflicts or tally.refused or tally.photos):
            engine.run_cycle()
            return
    raise RuntimeError(f"it never comes to rest: {store.tally()}")


def answer_all(store: LocalStore, take: str) -> None:
    """Answer every open question in favour of `take` (mine or theirs)."""
    while found := store.conflicts():
        item = found[0]
        if item.kind == FIELDS:
            store.resolve(item.id, item.conflict.ours if take == "mine" else item.conflict.theirs)
        else:
            store.resolve(item.id, {"deleted": (item.kind == "edited_there") == (take == "mine")})


def work(orders: Orders) -> Told:
    """Do as ordered; never returns when this laptop is the one that is killed."""
    started = time.monotonic()
    steps = Steps(orders.kill_at or orders.ask_at, lambda: strike(orders))
    error: AppError | None = None
    try:
        sync(orders, steps)
    except AppError as problem:
        error = problem
    return Told(
        0, tuple(steps.names), type(error).__name__ if error else "",
        error.message if error else "", time.monotonic() - started,
    )  # fmt: skip


def sync(orders: Orders, steps: Steps) -> None:
    """Open the store, and run a cycle or as many as it takes; on a full disk even opening may fail."""
    store = open_laptop(Path(orders.store))
    steps.watch_store(store.engine)
    if orders.most_pages:
        keep_from_growing(store.engine, orders.most_pages)
    address = Address(orders.url, allow_plain_text=orders.plain_text, timeout_s=orders.timeout_s)
    shared = PostgresDatabase(address, orders.patience_s)
    with steps.watch_line():
        try:
            settle(store, shared) if orders.settle else Engine(store, shared).run_cycle()
        finally:
            shared.close()
            store.close()


def keep_from_growing(engine: sqlalchemy.Engine, most_pages: int) -> None:
    """Let the store be as on a disk that is full at `most_pages`."""

    @sqlalchemy.event.listens_for(engine, "checkout")
    def _limit(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {most_pages}")


def strike(orders: Orders) -> None:
    """Kill the victims, as the kernel does when memory is out: nothing can be done about it."""
    if orders.ask_at:
        print("at the step", flush=True)
        sys.stdin.readline()
    elif orders.delay_s:
        threading.Timer(orders.delay_s, kill, [orders.victims]).start()
    else:
        kill(orders.victims or (os.getpid(),))


def kill(pids: Iterable[int]) -> None:
    """Kill these processes and their children at once; a parent can't replace a child meanwhile."""
    for pid in pids:
        if pid == os.getpid():
            os.kill(pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
        for victim in (pid, *children_of(pid)):
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)


def children_of(parent: int) -> list[int]:
    """Return the children of a process."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(status.parent.name))
    return found


def run(orders: Orders) -> Told:
    """Run a laptop in a process of its own and return what it told before its end."""
    here, there = NURSERY.Pipe(duplex=False)
    process = NURSERY.Process(target=_run, args=(orders, there))
    with _NURSE:
        process.start()
    there.close()
    try:
        told: Any = here.recv()
    except EOFError:
        told = None
    wait([process.sentinel])
    with _NURSE:
        process.join()
        code = process.exitcode or 0
        process.close()
    here.close()
    return told if isinstance(told, Told) else Told(code)


def _run(orders: Orders, channel: Connection) -> None:
    channel.send(work(orders))


def main() -> None:
    """Do what the JSON argument orders, and print what is told as JSON."""
    print(json.dumps(asdict(work(Orders(**json.loads(sys.argv[1]))))))


if __name__ == "__main__":
    main()
