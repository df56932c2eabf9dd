"""Real deliveries through the whole program: taken in by the command line, opened in the window,
searched, edited, synced to a second store, and every record compared.

`python -m tests.e2e.real_input` takes all of it and prints counts and times; the test a part.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psycopg

from db.entities import ENTITIES
from db.local.engine import open_store
from db.local.keys import read_key_file
from db.local.store import LocalStore
from db.reference import reference_kernen
from db.shared import admin
from db.shared.server_process import PostgresServer
from tests.e2e.laptop import Laptop

ROOT = Path(__file__).resolve().parents[2]
DELIVERIES = Path(os.environ.get("NAOBERKAART_SHARED", ROOT.parent / "shared")) / "data"
MAPPINGS = ROOT / "tests" / "imports"
DATABASE = "naoberkaart"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file of others; `part` rows of it are enough for the test (0: all)."""

    file: str
    mapping: str
    entity: str
    part: int = 0


DELIVERED = (
    Delivery("initiatives-paris-bp/bp_projects.csv", "paris-bp", "initiative", 300),
    Delivery("initiatives-nyc-pb/ballot.csv", "nyc-pb", "initiative"),
    Delivery("plots-chicago/land-inventory.csv", "chicago-lots", "plot", 1_000),
)
PROJECT = "kiosques"
"""A word of the first project of Paris."""
EDITED = "Bekeken aan de balie"


class RealInput:
    """Two laptops and a database; `lap` tells how long each step took."""

    def __init__(self, work: Path, server: PostgresServer, say: Callable[[str], None]) -> None:
        self.work, self.server, self.say = work, server, say
        self.first = Laptop(work, "first", key_file=work / "first.key")
        self.second = Laptop(work, "second", key_file=work / "second.key")
        self.counts: dict[str, int] = {}
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        url = server.url(DATABASE)
        admin.init(url, records=reference_kernen())
        self.people = {
            name: admin.add_person(url, name.title(), ["counter_clerk"], login=name)
            for name in (self.first.name, self.second.name)
        }

    @contextmanager
    def lap(self, what: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.say(f"{time.perf_counter() - started:8.1f} s  {what}")

    def connect(self, laptop: Laptop) -> None:
        """Connect a laptop by the command line."""
        person = self.people[laptop.name]
        laptop.command("connect", self.server.url(DATABASE, person.login, person.password))

    def take_in(self, delivery: Delivery, *, is_whole: bool) -> None:
        """Import a delivery, or its first rows."""
        source = DELIVERIES / delivery.file
        if delivery.part and not is_whole:
            begin = self.work / source.name
            with source.open("rb") as whole, begin.open("wb") as part:
                part.writelines(islice(whole, delivery.part + 1))
            source = begin
        mapping = MAPPINGS / f"{delivery.mapping}.json"
        with self.lap(f"import {delivery.file}"):
            told = self.first.command(
                "import", source, "--as", delivery.entity, "--mapping", mapping, "--json"
            )
        report = json.loads(told.splitlines()[-1])
        assert report["rows"] == report["new"], report
        self.counts[delivery.entity] = self.counts.get(delivery.entity, 0) + report["new"]
        self.say(f"            {report['new']} of {report['rows']} rows taken")

    def use_the_window(self, out: Path | None) -> None:
        """Open, search, open a record, edit it, look at the plots, pan."""
        window = self.first
        with self.lap("window with list and map"):
            window.start()
            window.do("see_map", 0)
        with self.lap("search, open and edit a project"):
            window.do("key", "Ctrl+K")
            window.do("type", PROJECT)
            window.do("row", PROJECT)
            window.do("key", "F2")
            window.do("write", "Summary", EDITED)
            window.do("key", "Ctrl+S")
            window.do("see", EDITED)
            self._picture(out, "real-project")
        with self.lap("the plots, one opened on the map, panned"):
            window.do("key", "Alt+4")
            window.do("row", "In preparation")  # waits for the list, which may take its time
            window.do("see_map")
            self._picture(out, "real-plots")
            window.do("drag_map", -120, 60)
            window.do("see_map")
        with self.lap("sent by itself, until everything is synchronised"):
            window.do("see", "Everything is synchronised.")
        window.close()

    def _picture(self, out: Path | None, name: str) -> None:
        if out is not None:
            self.first.do("grab", str(out / f"{name}.png"))

    def compare(self) -> int:
        """Compare every record of both stores, field by field; return how many there are."""
        one, other = (records_of(laptop) for laptop in (self.first, self.second))
        assert one.keys() == other.keys(), f"{len(one)} records here, {len(other)} there"
        differing = [key for key in one if one[key] != other[key]]
        assert not differing, f"{len(differing)} differ, such as {one[differing[0]]}"
        for entity, count in self.counts.items():
            assert sum(key[0] == entity for key in one) == count, entity
        assert any(EDITED in repr(record) for record in other.values())
        return len(one)

    def run(self, *, is_whole: bool, out: Path | None = None) -> int:
        """Do everything; return how many records were compared."""
        try:
            for delivery in DELIVERED:
                self.take_in(delivery, is_whole=is_whole)
            self.connect(self.first)
            with self.lap("first sync by the command line"):
                self.first.command("sync")
            self.use_the_window(out)
            self.connect(self.second)
            with self.lap("the second laptop receives everything"):
                self.second.command("sync")
            with self.lap("every record compared"):
                return self.compare()
        finally:
            self.first.abandon()


def records_of(laptop: Laptop) -> dict[tuple[str, str], object]:
    """Return every record of a laptop's store, by entity and id."""
    key = read_key_file(laptop.profile.parent / f"{laptop.name}.key")
    store = LocalStore(open_store(laptop.profile / "naoberkaart.db", key))
    found: dict[tuple[str, str], object] = {}
    with store.engine.connect() as connection:
        ids = connection.exec_driver_sql("SELECT entity, record_id FROM item").all()
    for entity in ENTITIES:
        for record in store.get_many(entity, [id_ for kind, id_ in ids if kind == entity]).values():
            found[entity, str(record.id)] = record
    store.close()
    return found


def take(*, is_whole: bool, say: Callable[[str], None], out: Path | None = None) -> int:
    """Run it in a folder of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="naoberkaart-real-", ignore_cleanup_errors=True) as work,
        PostgresServer() as server,
    ):
        return RealInput(Path(work), server, say).run(is_whole=is_whole, out=out)


def main() -> int:
    """Take in everything and tell how it went."""
    out = ROOT / "tests" / "out" / "real-input"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    compared = take(is_whole=True, say=lambda words: print(words, flush=True), out=out)
    print(f"{compared} records on both laptops are equal. Pictures are in {out}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
