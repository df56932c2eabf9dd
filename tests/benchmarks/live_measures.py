"""A save at one counter seen at another, online, beside LISTEN and NOTIFY alone.

Both laptops hold 10,000 records and run the worker of the program, each on its own connection to one
durable PostgreSQL. The time runs from the start of the save here until the record has its new value
in the store there, and until the window there is told.
"""

import dataclasses
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import psycopg
from PySide6.QtCore import QCoreApplication, QEventLoop

from db.changes import ChangeSet
from db.fields import Record
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from desktop_app.app import TURN_S
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.sync_worker import SyncWorker
from tests.benchmarks.measure import Measure
from tests.benchmarks.sync_scene import Laptop, Scene, scene

SAVES = 60
PATIENCE_S = 20.0
REFERENCE = "LISTEN/NOTIFY alone"


class Counter:
    """A laptop with the worker of the program."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop
        self.bus = ChangeBus(laptop.store)
        self.worker = SyncWorker(laptop.store, lambda: PostgresDatabase(Address(laptop.url)))
        self.bus.committed.connect(self.worker.on_committed)
        self.finished = 0
        self.worker.finished.connect(self._on_finished)
        self.worker.start()
        until(lambda: self.finished > 0)

    def _on_finished(self) -> None:
        self.finished += 1

    def close(self) -> None:
        """Stop."""
        self.worker.stop()
        self.bus.close()


def until(is_so: object) -> None:
    """Let the window's thread work until this is so."""
    give_up = perf_counter() + PATIENCE_S
    while not is_so():  # type: ignore[operator]
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
        assert perf_counter() < give_up, "it does not arrive"


def live(folder: Path) -> Iterator[Measure]:
    """Time saves at one counter until they are at the other."""
    app = QCoreApplication.instance() or QCoreApplication([])
    sys.setswitchinterval(TURN_S)  # as the program does; here two of them share one interpreter
    with scene(folder) as (shared, first):
        second = shared.laptop()
        second.cycle()
        here, there = Counter(first), Counter(second)
        times = [_seen(shared, here, there, number) for number in range(SAVES + 5)][5:]
        here.close()
        there.close()
        second.store.close()
        alone = _notices(shared)
    del app
    for what, place in (("in the other's store", 0), ("told to the other's window", 1)):
        ours = sorted(one[place] for one in times)
        for name, at in (("p50", 0.5), ("p95", 0.95)):
            yield Measure(
                f"a save {what}, {name}", _at(ours, at), _at(alone, at), REFERENCE, "ms",
                len(ours), "< 1000 ms",
            )  # fmt: skip


def _at(values: list[float], part: float) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[round(part * 100) - 1]


def _seen(shared: Scene, here: Counter, there: Counter, number: int) -> tuple[float, float]:
    """Save one record here; return after how many milliseconds it is there, and is told there."""
    record: Record = shared.initiatives[number]
    at: dict[str, float] = {}

    def on_store(changes: ChangeSet) -> None:
        if changes.touches(record.id) and "store" not in at:
            at["store"] = perf_counter()

    def on_window(changes: ChangeSet) -> None:
        if changes.touches(record.id):
            at.setdefault("window", perf_counter())

    stop = there.laptop.store.listen(on_store)
    there.bus.committed.connect(on_window)
    opened = here.laptop.store.get(record.ENTITY, record.id)
    assert opened is not None
    began = perf_counter()
    here.laptop.store.save(
        dataclasses.replace(opened, summary=f"Besproken {number}"),
        opened,  # type: ignore[call-arg]
    )
    until(lambda: len(at) == 2)
    stop()
    there.bus.committed.disconnect(on_window)
    return (at["store"] - began) * 1000, (at["window"] - began) * 1000


def _notices(shared: Scene) -> list[float]:
    """Return how long a bare notice takes from one connection to another."""
    times = []
    with (
        psycopg.connect(shared.admin_url, autocommit=True) as teller,
        psycopg.connect(shared.admin_url, autocommit=True) as listener,
    ):
        listener.execute("LISTEN bare")
        for _number in range(SAVES):
            began = perf_counter()
            teller.execute("NOTIFY bare")
            next(listener.notifies(timeout=PATIENCE_S, stop_after=1))
            times.append((perf_counter() - began) * 1000)
    return sorted(times)
