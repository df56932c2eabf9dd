"""Eight laptops pushing at once, each a process of its own, beside one that has the server to itself.

Each hands over 50 new records at a time, as often as it can, for some seconds, while one more person
pulls all the time. Nothing may be missed, and nobody may have to wait much longer than the others.
"""

import multiprocessing
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import monotonic, perf_counter, sleep

from db.changes import Change, ChangeKind, now
from db.codec import values_of
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import Outcome
from tests.benchmarks.measure import Measure
from tests.benchmarks.sync_scene import Scene, scene
from tests.factories import initiative

LAPTOPS = 8
BATCH = 50
SECONDS = 5.0
READY_S = 60.0


@dataclass(frozen=True, slots=True)
class Pushed:
    """What one laptop did: how long each push took, and the places its records got."""

    times: list[float]
    seqs: list[int]


def eight(folder: Path) -> Iterator[Measure]:
    """Throughput and fairness of eight laptops at once."""
    with scene(folder) as (shared, _):
        alone, _ = _push_at_once(shared, 1)
        together, missed = _push_at_once(shared, LAPTOPS)
    if missed:
        raise AssertionError(f"{missed} records were never pulled")
    yield from rows(alone, together)


def rows(alone: list[Pushed], together: list[Pushed]) -> Iterator[Measure]:
    """Return what was measured as rows."""
    pushes = sum(len(laptop.times) for laptop in together)
    name = f"{LAPTOPS} laptops push at once: 1,000 records"
    yield Measure(
        name, _ms_per_thousand(together), _ms_per_thousand(alone), "one laptop alone", "ms", pushes
    )
    means = [statistics.mean(laptop.times) * 1000 for laptop in together]
    yield Measure(
        f"{LAPTOPS} laptops: mean push of the slowest", max(means), min(means), "of the fastest",
        "ms", pushes, "<= 1.5",
    )  # fmt: skip
    every = sorted(taken * 1000 for laptop in together for taken in laptop.times)
    yield Measure(
        f"{LAPTOPS} laptops: 95 of 100 pushes within", every[int(len(every) * 0.95)],
        statistics.median(every), "the median push", "ms", pushes,
    )  # fmt: skip


def _ms_per_thousand(laptops: list[Pushed]) -> float:
    records = sum(len(laptop.seqs) for laptop in laptops)
    return SECONDS * 1000 / (records / 1000)


def _push_at_once(shared: Scene, laptops: int) -> tuple[list[Pushed], int]:
    """Return what each laptop did, and how many of their records the one who pulls never got."""
    last = f"Einde van de meting met {laptops}"
    urls = [shared.laptop().url for _ in range(laptops + 1)]
    processes = multiprocessing.get_context("spawn")
    ready = processes.Barrier(laptops)
    with processes.Pool(laptops + 1, _begin, (ready,)) as pool:
        reader = pool.apply_async(pull_all_the_time, (urls[-1], last, SECONDS + READY_S))
        pushed = pool.map(push_all_the_time, urls[:-1], chunksize=1)
        _stop(urls[0], last)
        seen = set(reader.get(READY_S))
    wanted = {seq for laptop in pushed for seq in laptop.seqs}
    return pushed, len(wanted - seen)


_READY: list[Barrier] = []


def _begin(ready: Barrier) -> None:
    _READY.append(ready)


def push_all_the_time(url: str) -> Pushed:
    """Push new records, batch after batch, from when all laptops stand ready; all is made before."""
    database = PostgresDatabase(Address(url))
    database.hello()
    ready = [_changes() for _ in range(200)]
    pushed = Pushed([], [])
    _READY[0].wait(READY_S)
    until = monotonic() + SECONDS
    while monotonic() < until:
        changes = ready.pop() if ready else _changes()
        began = perf_counter()
        receipts = database.push(changes)
        pushed.times.append(perf_counter() - began)
        assert all(receipt.outcome is Outcome.APPLIED for receipt in receipts)
        pushed.seqs.extend(receipt.seq for receipt in receipts)
    database.close()
    return pushed


def pull_all_the_time(url: str, last: str, at_most_s: float) -> list[int]:
    """Pull as the others push, until the record titled `last`; return every place seen."""
    database = PostgresDatabase(Address(url))
    database.hello()
    seen: list[int] = []
    cursor, tip, until, is_over = 0, "", monotonic() + at_most_s, False
    while not is_over and monotonic() < until:
        page = database.pull(cursor, tip=tip)
        cursor, tip = page.cursor, page.tip
        seen += [line["seq"] for line in page.log]
        is_over = page.is_last and any(row.get("title") == last for row in page.rows)
        if page.is_last and not is_over:
            sleep(0.02)
    database.close()
    return seen


def _stop(url: str, last: str) -> None:
    database = PostgresDatabase(Address(url))
    database.hello()
    database.push([_change(last)])
    database.close()


def _changes() -> list[Change]:
    return [_change(f"Plan {number}") for number in range(BATCH)]


def _change(title: str) -> Change:
    record = initiative(title=title)
    values = {name: value for name, value in values_of(record).items() if value not in (None, [])}
    return Change(
        entity="initiative", record_id=record.id, kind=ChangeKind.CREATE, base={}, values=values,
        made_at=now(),
    )  # fmt: skip
