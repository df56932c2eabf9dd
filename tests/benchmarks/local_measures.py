"""Saving and searching in a store of 50,000 records, beside what SQLite itself must spend."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from db.codec import dumps, values_of
from db.entities.initiative import Initiative
from db.local.query import Query, full_text
from db.local.records import driver
from db.local.store import LocalStore
from tests.benchmarks.measure import Measure, side_by_side
from tests.factories import generated_records
from tests.stores import new_store

RECORDS = 50_000
WORDS = ("dorp", "speel", "Eibergen", "moest", "straat 12", "verkeer", "zonne")


def filled(folder: Path, count: int = RECORDS) -> LocalStore:
    """Return a store with `count` generated records."""
    store = new_store(folder / f"store-{count}.db")
    store.save_new(generated_records(count, seed=1), as_example=True)
    return store


def save(folder: Path) -> Iterator[Measure]:
    """One edited record (row, index, history, outbox) beside one bare commit of the same bytes."""
    store = filled(folder, 20_000)
    record = next(r for r in store.find(Query(entity="initiative")).records)
    assert isinstance(record, Initiative)
    state = {"record": record, "turn": 0}
    size = len(dumps(values_of(record))) + 2 * 300

    def ours() -> None:
        state["turn"] += 1
        edited = dataclasses.replace(state["record"], summary=f"Beurt {state['turn']} van de buurt")
        state["record"] = store.save(edited, state["record"]).record

    with store.engine.connect() as connection:
        raw = driver(connection)
        raw.commit()
        raw.execute("CREATE TABLE IF NOT EXISTS bare(id INTEGER PRIMARY KEY, content TEXT)")

        def bare() -> None:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("INSERT INTO bare(content) VALUES (?)", ("x" * size,))
            raw.execute("COMMIT")

        reference = f"one commit of {size} bytes, synchronous=FULL"
        yield side_by_side(
            "save one edited record", ours, bare, reference, runs=200, aim="<= 2", warm_up=20
        )
    store.close()


def search(folder: Path) -> Iterator[Measure]:
    """The search box over 50,000 records beside the full-text query alone."""
    store = filled(folder)
    with store.engine.connect() as connection:
        raw = driver(connection)

        def bare() -> None:
            for word in WORDS:
                found = full_text(word)
                assert found is not None
                raw.execute(
                    "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank LIMIT 20",
                    (found[1][0],),
                ).fetchall()

        measure = side_by_side(
            f"search as you type, {RECORDS:,} records", lambda: [store.search(word) for word in WORDS],
            bare, "the FTS5 query alone", runs=15, aim="<= 2",
        )  # fmt: skip
    yield dataclasses.replace(
        measure, ours=measure.ours / len(WORDS), reference=measure.reference / len(WORDS)
    )
    store.close()
