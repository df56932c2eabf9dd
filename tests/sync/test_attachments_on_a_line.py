"""On a real PostgreSQL behind a line that breaks after so many bytes: it goes on, and wastes little."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from db.errors import Unreachable
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.sync import pace
from db.sync.engine import Engine
from tests.factories import initiative
from tests.postgres import PostgresSide
from tests.proxy import Proxy
from tests.stores import new_store
from tests.sync.files import PIECE, attach, name_of, photo
from tests.sync.world import Laptop

SIZE = 20 * PIECE
TALK = 8_000
"""What logging in, greeting, pushing and pulling say themselves, at most, in one direction."""


class Phone:
    """A laptop that hangs on a telephone."""

    def __init__(self, side: PostgresSide, path: Path, name: str) -> None:
        person, _ = side.add(name, "counter_clerk")
        self.port, self.url = side.server.port, side.personal_url(person)
        self.laptop = Laptop(path / f"{name}.db", side.connect_again(person))
        self.laptop.store.close()
        self.store = self.laptop.store = new_store(path / f"{name}-2.db", me=person.id)

    def sync(self, **cut: Any) -> tuple[bool, int, int]:
        """Run a cycle; return whether it ended well, and what crossed each way."""
        with Proxy(self.port, **cut) as proxy:
            shared = PostgresDatabase(Address(proxy.url(self.url)))
            is_whole = False
            with suppress(Unreachable):
                Engine(self.store, shared).run_cycle()
                is_whole = True
            shared.close()
            return is_whole, proxy.sent, proxy.received


@pytest.mark.parametrize("after", [40_000, 61_111, 100_000])
def test_a_line_that_keeps_breaking_brings_a_photo_both_ways(
    real_side: PostgresSide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Wherever it breaks, at most one piece of each break crosses again."""
    monkeypatch.setattr(pace, "MOST_BYTES", PIECE)
    anna, bram = (Phone(real_side, tmp_path, name) for name in ("Anna", "Bram"))
    plan = initiative()
    anna.laptop.create(plan)
    for phone in (anna, bram):
        phone.sync()
    attach(anna.laptop, plan, photo(SIZE))
    for phone, limit in ((anna, "cut_sent"), (bram, "cut_received")):
        breaks = crossed = 0
        while True:
            is_whole, *both = phone.sync(**{limit: after})
            crossed += both[limit == "cut_received"]
            if is_whole:
                break
            breaks += 1
        assert breaks >= SIZE // after
        assert crossed <= SIZE + breaks * PIECE + (breaks + 1) * TALK
        assert phone.store.tally().is_clean
    assert bram.store.blob(name_of(photo(SIZE))) == photo(SIZE)
    for phone in (anna, bram):
        phone.store.close()
