"""“All else was merged by itself: N” counts own changes that met a colleague's, and nothing else."""

from datetime import timedelta

from db.changes import now
from db.entities.initiative import Theme
from db.local.deciding import settled_since
from tests.factories import initiative
from tests.sync.conftest import Office
from tests.sync.scenes import shared_plan
from tests.sync.world import Laptop


def merged(laptop: Laptop) -> int:
    return settled_since(laptop.store.engine, now() - timedelta(hours=1))


def test_what_arrives_or_is_made_is_no_merge(office: Office) -> None:
    """Neither creations, nor a first download, nor edits one after the other."""
    for number in range(3):
        office.eibergen.create(initiative(title=f"Plan {number}"))
    office.sync()
    plan = office.neede.records("initiative")[0]
    office.neede.edit(plan, summary="Van Neede")
    office.sync()
    office.eibergen.edit(plan, supporters=3)
    office.sync()
    assert (merged(office.neede), merged(office.eibergen)) == (0, 0)


def test_other_fields_of_one_record_are_a_merge(office: Office) -> None:
    """It counts once, at the counter whose change met the other."""
    plan = shared_plan(office)
    office.eibergen.edit(plan, summary="Van Eibergen")
    office.neede.edit(plan, supporters=3)
    assert office.eibergen.sync()
    assert office.neede.sync()
    office.sync()
    assert (merged(office.neede), merged(office.eibergen)) == (1, 0)
    assert settled_since(office.neede.store.engine, now() + timedelta(hours=1)) == 0


def test_a_field_that_both_changed_and_that_fits_together_is_a_merge(office: Office) -> None:
    plan = shared_plan(office)
    office.eibergen.edit(plan, themes=frozenset({Theme.CARE}))
    office.neede.edit(plan, themes=frozenset({Theme.GREEN}))
    assert office.eibergen.sync()
    assert office.neede.sync()
    office.sync()
    assert office.neede.store.conflicts() == ()
    assert merged(office.neede) == 1


def test_a_question_is_no_merge_by_itself(office: Office) -> None:
    plan = shared_plan(office)
    office.eibergen.edit(plan, summary="Van Eibergen")
    office.neede.edit(plan, summary="Van Neede")
    assert office.eibergen.sync()
    assert office.neede.sync()
    assert len(office.neede.store.conflicts()) == 1
    assert merged(office.neede) == 0
