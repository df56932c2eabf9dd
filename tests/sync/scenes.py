"""Words in which the tests of two laptops tell their stories."""

from db.entities.initiative import Initiative
from tests.factories import initiative
from tests.sync.conftest import Office
from tests.sync.world import Laptop


def shared_plan(office: Office, **values: object) -> Initiative:
    """Make an initiative that both laptops have."""
    plan = initiative(**{"title": "Dorpsplein", **values})
    office.eibergen.create(plan)
    office.sync()
    return shown(office.eibergen, plan)


def shown(laptop: Laptop, plan: Initiative) -> Initiative:
    """Return the initiative as this laptop's user sees it."""
    record = laptop.store.get("initiative", plan.id)
    assert isinstance(record, Initiative)
    return record


def edit(laptop: Laptop, plan: Initiative, **values: object) -> None:
    """Edit what this laptop shows."""
    laptop.edit(shown(laptop, plan), **values)


def agree(office: Office, plan: Initiative) -> Initiative:
    """Bring both in step; they must show the same, with nothing left to do."""
    office.sync(3)
    assert office.eibergen.snapshot() == office.neede.snapshot()
    for laptop in (office.eibergen, office.neede):
        assert laptop.store.tally().is_clean, laptop.store.tally()
    return shown(office.eibergen, plan)
