"""Sync beside its floors and its peer: push over a slow line, first download, two laptops in step.

Our side does more than each reference: it decides conflicts, checks rights and rules, writes history
and receipts on both sides, and brings the search index along.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from threading import Event

import psycopg

from db.codec import system_values_of, values_of
from db.fields import Record
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.sync.engine import Engine
from tests.benchmarks.copy_floor import BINDS_QUICKLY, TABLES
from tests.benchmarks.geodiff_peer import GeodiffPeer
from tests.benchmarks.measure import Measure, medians, seconds
from tests.benchmarks.sync_scene import Laptop, Scene, made, scene
from tests.proxy import Proxy

RUNS = 5
EDITS, NEW = 1_000, 200
OTHERS, SAME_RECORD, SAME_FIELD = 1_000, 100, 50
ROUND_TRIPS_MS = (0, 20, 80)
_turns = count(1)


def push(folder: Path) -> Iterator[Measure]:
    """1,200 changes at three round trips, beside one jsonb upsert of the same rows."""
    with scene(folder) as (shared, laptop):
        bare_table(shared)
        for round_trip in ROUND_TRIPS_MS:
            with Proxy(shared.server.port, delay_s=round_trip / 2000) as line:
                yield from _push(shared, laptop, line, round_trip)


def _push(shared: Scene, laptop: Laptop, line: Proxy, round_trip: int) -> Iterator[Measure]:
    """Time, in turns: sending, one upsert, a whole cycle, one upsert."""
    times: dict[str, list[float]] = {"send": [], "cycle": [], "upsert": []}
    for run in range(RUNS + 1):
        rows = _make_changes(shared, laptop)
        send = seconds(lambda: _send(laptop, line.url(laptop.url)))
        laptop.cycle()
        upsert = seconds(lambda rows=rows: upsert_rows(line.url(shared.admin_url), rows))
        _make_changes(shared, laptop)
        cycle = seconds(lambda: laptop.cycle(line.url(laptop.url)))
        if run:
            for name, taken in (("send", send), ("cycle", cycle), ("upsert", upsert)):
                times[name].append(taken * 1000)
    what = f"push of {EDITS + NEW:,} changes, {round_trip} ms"
    reference = "one jsonb upsert of the same rows"
    yield medians(what, times["send"], times["upsert"], reference, aim="<= 2")
    yield medians(f"{what}, whole cycle", times["cycle"], times["upsert"], reference)


def _send(laptop: Laptop, url: str) -> None:
    """Do the sending part of a cycle: hand over the outbox and keep the receipts."""
    database = PostgresDatabase(Address(url))
    try:
        Engine(laptop.store, database)._send(lambda step: None, Event())
    finally:
        database.close()


def _make_changes(shared: Scene, laptop: Laptop) -> list[Record]:
    """Edit 1,000 records and make 200; return them as they are now."""
    turn = next(_turns)
    start = turn * EDITS % (len(shared.initiatives) - EDITS)
    chosen = shared.initiatives[start : start + EDITS]
    laptop.edit(chosen, "summary", f"Besproken in ronde {turn}")
    new = list(made(NEW, seed=1000 + turn))
    laptop.add(new)
    stored = laptop.store.get_many("initiative", [record.id for record in chosen])
    return [*stored.values(), *new]


def bare_table(shared: Scene) -> None:
    """Make tables of the same columns, without rights, checks, triggers or history."""
    with psycopg.connect(shared.admin_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA bare")
        for name in TABLES:
            connection.execute(
                f"CREATE TABLE bare.{name} (LIKE naoberkaart.{name}, PRIMARY KEY (municipality, id))"
            )


def upsert_rows(url: str, records: Sequence[Record]) -> None:
    """Write records in one statement each table needs, here one: all rows as a single parameter."""
    rows = [
        {
            **system_values_of(record), **values_of(record), "entity": record.ENTITY, "seq": 0,
            "municipality": "GM1859", "created_at": "2026-01-01", "changed_at": "2026-01-01", "extra": {},
            "digest": 0,
        }
        for record in records
    ]  # fmt: skip
    with psycopg.connect(url, autocommit=True, gssencmode="disable") as connection:
        connection.execute(_upsert(connection), {"rows": json.dumps(rows)}, prepare=False)


_UPSERT: dict[str, str] = {}


def _upsert(connection: "psycopg.Connection[tuple[str, ...]]") -> str:
    """Return the statement; the column names are asked once, in the run that warms up."""
    if "sql" not in _UPSERT:
        parts = []
        for name in TABLES:
            found = connection.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = 'bare' AND table_name = %s", (name,),
            )  # fmt: skip
            assigned = ", ".join(f"{column} = excluded.{column}" for (column,) in found)
            parts.append(
                f"INSERT INTO bare.{name} SELECT n.* FROM given CROSS JOIN LATERAL"
                f" jsonb_populate_record(NULL::bare.{name}, row) n WHERE row ->> 'entity' = '{name}'"
                f" ON CONFLICT (municipality, id) DO UPDATE SET {assigned}"
            )
        _UPSERT["sql"] = (
            "WITH given AS (SELECT jsonb_array_elements(%(rows)s::text::jsonb) AS row), "
            + ", ".join(f"w{number} AS ({part})" for number, part in enumerate(parts[1:]))
            + f" {parts[0]}"
        )
    return _UPSERT["sql"]


def download(folder: Path) -> Iterator[Measure]:
    """The first cycle of a new laptop beside COPY into the same SQLite engine with a key."""
    ours: list[float] = []
    floors: dict[str, list[float]] = {"": [], BINDS_QUICKLY: []}
    with scene(folder) as (shared, _):
        for run in range(RUNS + 1):
            laptop = shared.laptop()
            ours.append(seconds(laptop.cycle) * 1000)
            assert laptop.store.counts()["initiative"] >= len(shared.initiatives)
            laptop.store.close()
            for how, floor in floors.items():
                floor.append(_copy_out(shared.admin_url, folder / f"copy{how}-{run}.db", how))
    what = f"first download of {len(shared.records):,} records"
    yield medians(what, ours[1:], floors[""][1:], "COPY into SQLCipher", aim="<= 2")
    quick = "COPY into SQLCipher, None bound as we do"
    yield medians(f"{what} (2)", ours[1:], floors[BINDS_QUICKLY][1:], quick)


def _copy_out(url: str, path: Path, how: str) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.copy_floor", url, str(path), how]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(told.stdout)


def in_step(folder: Path) -> Iterator[Measure]:
    """Two laptops edit apart and come into step, beside pygeodiff with the same edits in files.

    With a round trip to the server, too: pygeodiff's files lie on one disk, it has no line to wait for.
    """
    with scene(folder) as (shared, anna):
        bert = shared.laptop()
        bert.cycle()
        files = GeodiffPeer(folder, shared.initiatives)
        for round_trip in ROUND_TRIPS_MS:
            with Proxy(shared.server.port, delay_s=round_trip / 2000) as line:
                yield _in_step(shared, (anna, bert), files, line, round_trip)
        bert.store.close()


def _in_step(
    shared: Scene,
    laptops: tuple[Laptop, Laptop],
    files: GeodiffPeer,
    line: Proxy,
    round_trip: int,
) -> Measure:
    ours: list[float] = []
    peer: list[float] = []
    anna, bert = laptops
    urls = (anna.url, bert.url) if not round_trip else (line.url(anna.url), line.url(bert.url))
    for run in range(RUNS + 1):
        turn = next(_turns)
        _edit_apart(shared, anna, bert, turn)
        ours.append(seconds(lambda: _come_into_step(anna, bert, urls)) * 1000)
        conflicts = bert.store.conflicts()
        assert len(conflicts) == SAME_FIELD, len(conflicts)
        _decide(bert, anna)
        files.edit_apart(EDITS, NEW, OTHERS, SAME_RECORD, SAME_FIELD, run)
        peer.append(seconds(files.come_into_step) * 1000)
    what = f"two laptops in step, {len(shared.records):,} records, {round_trip} ms"
    reference = "pygeodiff: no line, server, rights, history"
    return medians(what, ours[1:], peer[1:], reference, aim="<= 1")


def _edit_apart(shared: Scene, anna: Laptop, bert: Laptop, run: int) -> None:
    """Edit 1,000 records each: 100 the same ones, 50 of those in the same field."""
    size = EDITS + OTHERS - SAME_RECORD
    start = run * 700 % (len(shared.initiatives) - size)
    chosen = shared.initiatives[start : start + size]
    shared_ones = EDITS - SAME_RECORD
    anna.edit(chosen[:EDITS], "summary", f"Anna in ronde {run}")
    anna.add(islice(made(NEW, seed=5000 + run), NEW))
    bert.edit(chosen[shared_ones : shared_ones + SAME_FIELD], "summary", f"Bert in ronde {run}")
    bert.edit(chosen[shared_ones + SAME_FIELD :], "description", f"Bert schrijft in ronde {run}")


def _come_into_step(anna: Laptop, bert: Laptop, urls: tuple[str, str] = ("", "")) -> None:
    anna.cycle(urls[0])
    bert.cycle(urls[1])
    anna.cycle(urls[0])


def _decide(bert: Laptop, anna: Laptop) -> None:
    """Take Anna's values, so that the next run begins in step."""
    for conflict in bert.store.conflicts():
        bert.store.resolve(conflict.id, conflict.conflict.theirs)
    _come_into_step(anna, bert)
