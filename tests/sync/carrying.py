"""Two counters of which one lost its connection, for the tests of the emergency bundle."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from db.shared.protocol import Person, SharedDatabase
from db.sync.bundle import make_bundle
from db.sync.bundle_file import Bundle
from db.sync.bundled import About
from db.sync.delivering import Delivery, deliver_bundle
from tests.contract.changes import everything
from tests.factories import attachment, initiative
from tests.postgres import SharedSide
from tests.sync.world import Laptop

WORDS = "appel fiets polder roman zwaluw tulp"


@dataclass
class Counters:
    """Counter Rekken, whose network card broke, and counter Neede, which brings the file."""

    side: SharedSide
    folder: Path
    rekken: Laptop
    neede: Laptop
    maker: Person
    bringer: Person

    @property
    def file(self) -> Path:
        return self.folder / "werk.naober"

    def make(self) -> About:
        return make_bundle(self.rekken.store, self.file, WORDS)

    def bring(self, shared: SharedDatabase | None = None, **options: bool) -> Delivery:
        with Bundle(self.file, WORDS) as bundle:
            return deliver_bundle(bundle, shared or self.neede.network.shared, **options)

    def rows(self) -> dict[str, tuple[object, ...]]:
        """Return what the shared database holds, as far as laptops bring it."""
        page = everything(self.neede.network.shared)
        return {
            row["id"]: (row["revision"], row["seq"], row.get("title"), row["deleted"])
            for row in page.rows
        }

    def lines(self, record_id: UUID) -> list[tuple[str, object, object]]:
        log = everything(self.neede.network.shared).log
        return [
            (line["kind"], line["person"], line["delivered_by"])
            for line in log
            if line["record_id"] == str(record_id)
        ]


@pytest.fixture
def counters(side: SharedSide, tmp_path: Path) -> Iterator[Counters]:
    """Give two counters in step, on both shared sides in turn."""
    maker, his = side.add("Rekken", "counter_clerk")
    bringer, hers = side.add("Neede", "counter_clerk")
    rekken, neede = Laptop(tmp_path / "rekken.db", his), Laptop(tmp_path / "neede.db", hers)
    assert rekken.sync()
    assert neede.sync()
    yield Counters(side, tmp_path, rekken, neede, maker, bringer)
    rekken.store.close()
    neede.store.close()


def photographed(laptop: Laptop, content: bytes = b"%PDF-1.4 oever", **values: object) -> UUID:
    """Make an initiative with an attachment; return its id."""
    plan = initiative(**values)
    laptop.create(plan)
    laptop.store.add_blob(content)
    laptop.create(attachment(content, belongs_to=plan.id, belongs_to_entity="initiative"))
    return plan.id
