"""Two laptops of two colleagues on one shared database in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from db.reference import reference_kernen
from db.shared.memory import MemoryServer
from tests.sync.world import Laptop


@dataclass
class Office:
    """A shared database and the laptops of counter Eibergen and counter Neede."""

    server: MemoryServer
    eibergen: Laptop
    neede: Laptop

    def sync(self, rounds: int = 2) -> None:
        """Bring both into step."""
        for _ in range(rounds):
            assert self.eibergen.sync()
            assert self.neede.sync()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give an office whose laptops know the villages."""
    server = MemoryServer()
    server.store(reference_kernen())
    people = [
        server.add_person(name, ("counter_clerk",)) for name in ("Balie Eibergen", "Balie Neede")
    ]
    laptops = [
        Laptop(tmp_path / f"{number}.db", server.connect(person))
        for number, person in enumerate(people)
    ]
    yield Office(server, laptops[0], laptops[1])
    for laptop in laptops:
        laptop.store.close()
