"""How often a cycle waits for the line: a laptop far away must not notice how much it sends."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from db.fields import Record
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.shared.server_process import PostgresServer
from db.sync.engine import BATCH, Engine
from tests.factories import generated_records
from tests.postgres import add_person
from tests.proxy import Proxy
from tests.stores import new_store


class FarLaptop:
    """A laptop whose line is counted: how often it speaks after the server has spoken."""

    def __init__(self, folder: Path, line: Proxy, url: str) -> None:
        self.line = line
        self.shared = PostgresDatabase(Address(line.url(url)))
        person = self.shared.hello().person
        self.store = new_store(folder / f"{person.id}.db", me=person.id)

    def round_trips(self) -> int:
        """Sync once over the open line and return how many round trips that took."""
        before = self.line.turns
        Engine(self.store, self.shared).run_cycle()
        return self.line.turns - before


@pytest.fixture
def far(
    tmp_path: Path, postgres_server: PostgresServer, shared_url: str
) -> Iterator[list[FarLaptop]]:
    """Give two laptops, in step, each on a line of its own."""
    database = shared_url.rpartition("/")[2]
    people = [add_person(shared_url, name) for name in ("Anna", "Bert")]
    urls = [postgres_server.url(database, person.login, person.password) for person in people]
    with Proxy(postgres_server.port) as one, Proxy(postgres_server.port) as other:
        laptops = [
            FarLaptop(tmp_path, line, url) for line, url in zip((one, other), urls, strict=True)
        ]
        for laptop in laptops:
            laptop.round_trips()
        yield laptops
        for laptop in laptops:
            laptop.shared.close()
            laptop.store.close()


def records(how_many: int) -> Iterator[Record]:
    return islice((r for r in generated_records(how_many * 2) if r.ENTITY != "plot"), how_many)


def test_a_cycle_with_little_news_asks_three_times(far: list[FarLaptop]) -> None:
    anna, bert = far
    anna.store.save_new(records(20))
    assert anna.round_trips() <= 4
    assert bert.round_trips() <= 4
    assert bert.round_trips() <= 4


def test_five_thousand_changes_take_at_most_six_round_trips(far: list[FarLaptop]) -> None:
    anna, bert = far
    anna.store.save_new(records(BATCH))
    assert anna.round_trips() <= 6
    assert bert.round_trips() <= 6
    assert sum(bert.store.counts().values()) == sum(anna.store.counts().values()) >= BATCH
