"""A shared PostgreSQL with 10,000 records, and laptops that edit them: the scene of the sync measures.

The server writes durably (`fsync` on), for both sides of every comparison.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

from db.entities.initiative import Initiative
from db.entities.premises import Plot
from db.fields import Record
from db.local.store import LocalStore
from db.reference import reference_kernen
from db.shared import admin
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.shared.server_process import PostgresServer
from db.sync.engine import Engine
from tests.factories import generated_records
from tests.stores import new_store

RECORDS = 10_000
DATABASE = "bench"
_numbers = count(1)


@dataclass
class Laptop:
    """One person's store with a way to the shared database; `url` is that person's own."""

    store: LocalStore
    url: str

    def cycle(self, url: str = "") -> None:
        """Sync once over a fresh connection, as after opening the lid."""
        shared = PostgresDatabase(Address(url or self.url))
        try:
            Engine(self.store, shared).run_cycle()
        finally:
            shared.close()

    def edit(self, records: Sequence[Record], field: str, words: str) -> None:
        """Change one field of each record, as a person would: open, type, save."""
        for record in records:
            opened = self.store.get(record.ENTITY, record.id)
            assert opened is not None
            self.store.save(dataclasses.replace(opened, **{field: words}), opened)

    def add(self, records: Iterable[Record]) -> None:
        """Save new records."""
        self.store.save_new(records)


def made(how_many: int, seed: int) -> Iterator[Record]:
    """Yield new records; no plots, for those would lie on the plots that are there."""
    records = (r for r in generated_records(how_many * 2, seed) if not isinstance(r, Plot))
    return (record for _, record in zip(range(how_many), records, strict=False))


class Scene:
    """The server with its database; `records` are those everybody begins with."""

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        self.folder = folder
        self.server = server
        self.admin_url = server.url(DATABASE)
        self.records = list(generated_records(RECORDS, seed=1))
        self.initiatives = [r for r in self.records if isinstance(r, Initiative)]

    def laptop(self) -> Laptop:
        """Add a person with an empty laptop."""
        number = next(_numbers)
        person = admin.add_person(
            self.admin_url, f"Persoon {number}", ["counter_clerk"], login=f"bench_{number}"
        )
        url = self.server.url(DATABASE, person.login, person.password)
        return Laptop(new_store(self.folder / f"laptop-{number}.db", me=person.id), url)


@contextmanager
def scene(folder: Path) -> Iterator[tuple[Scene, Laptop]]:
    """Give the shared database with all records in it, and the laptop that brought them."""
    with PostgresServer(is_durable=True) as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        admin.init(server.url(DATABASE), records=reference_kernen())
        found = Scene(folder, server)
        first = found.laptop()
        first.store.save_new(found.records)
        first.cycle()
        yield found, first
        first.store.close()
