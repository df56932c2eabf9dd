"""The same cycle while the shared database grows: 10,000, 100,000 and 1,000,000 records.

Our municipality keeps its 10,000 records; 99 others share the rest. Two laptops take turns: one saves
200 edits and syncs, the other receives them. `--plans` prints how PostgreSQL reads what a cycle reads.
"""

import statistics
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.benchmarks.many_records import count_records, fill, settle
from tests.benchmarks.measure import Measure, seconds
from tests.benchmarks.sync_scene import RECORDS, Laptop, Scene, scene

OTHERS = 99
SIZES = (RECORDS, 100_000, 1_000_000)
EDITS = 200
RUNS = 7
SHOWN: list[str] = []
"""Plans to print after the table; filled when `--plans` asks for them."""


def growth(folder: Path, *, sizes: tuple[int, ...] = SIZES) -> Iterator[Measure]:
    """One cycle that sends 200 edits and one that receives them, beside themselves at 10,000."""
    first: dict[str, float] = {}
    with scene(folder) as (shared, anna):
        bert = shared.laptop()
        bert.cycle()
        for size in sizes:
            add_others(shared, size)
            settle(shared.admin_url)
            times = _cycles(shared, anna, bert, size)
            SHOWN.extend(plans(shared, anna, size))
            for what, taken in times.items():
                first.setdefault(what, taken)
                name = f"{what} {EDITS} edits, {size:,} records"
                reference = f"itself at {sizes[0]:,}"
                yield Measure(name, taken, first[what], reference, "ms", RUNS, "<= 1.5")
        bert.store.close()


def add_others(shared: Scene, size: int) -> None:
    """Bring the database to about `size` records by giving 99 other municipalities their part."""
    missing = size - count_records(shared.admin_url)
    for number in range(OTHERS):
        if missing >= OTHERS:
            fill(shared.admin_url, f"GM{2000 + number}", missing // OTHERS)


def _cycles(shared: Scene, anna: Laptop, bert: Laptop, size: int) -> dict[str, float]:
    times: dict[str, list[float]] = {"send": [], "receive": []}
    for run in range(RUNS + 1):
        chosen = shared.initiatives[run * EDITS : (run + 1) * EDITS]
        anna.edit(chosen, "summary", f"Bij {size} in ronde {run}")
        sent, received = seconds(anna.cycle), seconds(bert.cycle)
        if run:
            times["send"].append(sent * 1000)
            times["receive"].append(received * 1000)
    return {what: statistics.median(taken) for what, taken in times.items()}


READS = {
    "where the page ends": "SELECT seq FROM naoberkaart.change_log WHERE municipality = 'GM1859'"
    " AND seq > {after} ORDER BY seq OFFSET 4999 LIMIT 1",
    "the rows of the page": "SELECT id FROM naoberkaart.initiative WHERE municipality = 'GM1859'"
    " AND seq > {after} AND seq <= {after} + 200",
    "the history of the page": "SELECT fields FROM naoberkaart.change_log"
    " WHERE municipality = 'GM1859' AND seq > {after} AND seq <= {after} + 200",
    "count and sum of the digests": "SELECT count(*), sum(digest) FROM naoberkaart.initiative"
    " WHERE municipality = 'GM1859'",
    "the mark of the history": "SELECT seq FROM naoberkaart.change_log WHERE municipality = 'GM1859'"
    " AND seq <= {after} ORDER BY seq DESC LIMIT 1",
}
"""What a cycle reads, as the person who is logged in: row security is part of the plan."""


def plans(shared: Scene, laptop: Laptop, size: int) -> Iterator[str]:
    """Yield how PostgreSQL reads what a cycle reads."""
    with psycopg.connect(shared.admin_url) as connection:
        row = connection.execute("SELECT value FROM naoberkaart.counter WHERE name = 'seq'"
                                 " AND municipality = 'GM1859'").fetchone()  # fmt: skip
    after = int(row[0]) - 200 if row else 0
    with psycopg.connect(laptop.url) as connection:
        for what, query in READS.items():
            yield f"\n{size:,} records: {what}"
            explained = connection.execute(
                f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) {query.format(after=after)}"
            )
            yield from (f"    {line}" for (line,) in explained)
