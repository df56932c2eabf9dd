"""A shared database that was put back: what it held of a change in part, and what stands together."""

import pytest

from db.errors import Refused
from db.sync import checking
from tests.factories import initiative
from tests.sync.conftest import Office
from tests.sync.scenes import agree, edit, shared_plan, shown
from tests.sync.test_restored import dump_of, put_back
from tests.sync.test_scope import with_roles


def test_what_belongs_together_is_offered_again_as_one(office: Office) -> None:
    """An amount that was asked of one budget is not put under another by itself."""
    plan = shared_plan(office, budget_total=10_00)
    dump = dump_of(office.server)
    edit(office.neede, plan, budget_requested=5_00)
    assert office.neede.sync()
    put_back(office, dump)
    edit(office.eibergen, plan, budget_total=20_00)
    office.sync(1)
    [question] = office.neede.store.conflicts()
    assert dict(question.conflict.ours) == {"budget_total": 10_00, "budget_requested": 5_00}
    assert dict(question.conflict.theirs) == {"budget_total": 20_00, "budget_requested": None}


@pytest.mark.parametrize("is_decided", [False, True])
def test_what_was_stored_in_part_is_offered_again(office: Office, is_decided: bool) -> None:
    """A change that met a double edit in one field still brought the other."""
    plan = shared_plan(office)
    dump = dump_of(office.server)
    edit(office.eibergen, plan, summary="Van Eibergen.")
    assert office.eibergen.sync()
    edit(office.neede, plan, title="Van Neede", summary="Van Neede.")
    assert office.neede.sync()
    if is_decided:
        office.neede.resolve_all("theirs")
    put_back(office, dump)
    office.sync(1)
    office.neede.resolve_all("theirs")
    settled = agree(office, plan)
    assert (settled.title, settled.summary) == ("Van Neede", "Van Eibergen.")


def test_what_was_stored_in_part_before_a_later_edit_is_offered_again(office: Office) -> None:
    """The rest of it was taken over by an edit that was made while the answer was on its way."""
    plan = shared_plan(office)
    dump = dump_of(office.server)
    edit(office.eibergen, plan, supporters=1)
    assert office.eibergen.sync()
    edit(office.neede, plan, title="Van Neede", supporters=2)
    office.neede.network.then["push"] = lambda: edit(office.neede, plan, supporters=3)
    assert office.neede.sync()
    put_back(office, dump)
    office.sync(1)
    office.neede.resolve_all("mine")
    settled = agree(office, plan)
    assert (settled.title, settled.supporters) == ("Van Neede", 3)


def test_nothing_is_taken_from_a_database_before_it_got_back_what_it_lost(office: Office) -> None:
    """Comparing by hand right after a restore would show everyone the values of before."""
    plan = shared_plan(office)
    dump = dump_of(office.server)
    edit(office.neede, plan, title="Van Neede")
    office.sync()
    put_back(office, dump)
    with pytest.raises(Refused) as refusal:
        checking.check_contents(office.neede.store, office.neede.network)
    assert refusal.value.reason == "restored"
    assert shown(office.neede, plan).title == "Van Neede"
    office.sync()
    assert checking.check_contents(office.neede.store, office.neede.network).repaired == 0


def test_a_restore_is_noticed_while_something_is_pulled_again(office: Office) -> None:
    """The cursor stands far back then, where the dump and the lost history are still the same."""
    plan, other = shared_plan(office), shared_plan(office)
    office.eibergen.delete(plan)
    edit(office.neede, plan, title="Van Neede")
    office.sync(1)
    dump = dump_of(office.server)
    edit(office.neede, other, title="Van Neede")
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    office.neede.store.resolve(question.id, {"deleted": True})
    put_back(office, dump)
    assert agree(office, other).title == "Van Neede"


def test_a_restore_is_noticed_when_rights_changed_as_well(office: Office) -> None:
    """All is pulled again then, from the very beginning."""
    plan = shared_plan(office)
    dump = dump_of(office.server)
    edit(office.neede, plan, title="Van Neede")
    assert office.neede.sync()
    put_back(office, dump)
    with_roles(office, "assessor")
    assert agree(office, plan).title == "Van Neede"


def test_what_lost_in_a_double_edit_stays_in_the_history(office: Office) -> None:
    """Also when the database that told of it was put back."""
    plan = shared_plan(office)
    dump = dump_of(office.server)
    edit(office.eibergen, plan, supporters=1)
    assert office.eibergen.sync()
    edit(office.neede, plan, title="Van Neede", supporters=2)
    office.sync(2)
    put_back(office, dump)
    office.sync(2)
    [question] = office.neede.store.conflicts()
    office.neede.store.resolve(question.id, {"supporters": 3})
    assert agree(office, plan).supporters == 3
    told = [line for line in office.neede.store.history(plan.id) if "supporters" in line.fields]
    assert {value for line in told for value in line.fields["supporters"]} >= {1, 2, 3}
    assert len([line for line in told if line.kind == "conflict"]) == 1


def test_an_edit_that_met_a_deletion_is_not_deleted_unseen(office: Office) -> None:
    """It was never stored; a deletion that comes back must not take it along."""
    plan = shared_plan(office)
    dump = dump_of(office.server)
    office.eibergen.delete(plan)
    edit(office.neede, plan, title="Van Neede")
    office.sync(1)
    put_back(office, dump)
    assert office.neede.sync()
    mine = shown(office.neede, plan)
    assert (mine.title, mine.deleted) == ("Van Neede", False)


def test_a_restore_between_the_last_pull_and_a_receipt_is_noticed(office: Office) -> None:
    """The place up to which the laptop pulled is known there; what it has a receipt for is not."""
    plan = shared_plan(office)
    dump = dump_of(office.server)
    edit(office.neede, plan, title="Van Neede")
    assert not office.neede.sync(cuts=["", "", "before"])
    assert office.neede.store.tally().waiting == 0
    put_back(office, dump)
    assert agree(office, plan).title == "Van Neede"


def test_a_restore_below_two_receipts_is_noticed_though_others_went_on(office: Office) -> None:
    """The history grew past both places again, with work of others."""
    plan = shared_plan(office)
    dump = dump_of(office.server)
    edit(office.neede, plan, title="Van Neede")
    assert not office.neede.sync(cuts=["", "", "before"])
    edit(office.neede, plan, summary="Ook van Neede.")
    assert not office.neede.sync(cuts=["", "", "before"])
    put_back(office, dump)
    for place in range(4):
        office.eibergen.create(initiative(title=f"Van Eibergen {place}"))
    assert office.eibergen.sync()
    edit(office.neede, plan, supporters=3)
    settled = agree(office, plan)
    assert (settled.title, settled.summary) == ("Van Neede", "Ook van Neede.")


def test_asking_whether_a_receipt_is_known_may_fail_and_is_done_again(office: Office) -> None:
    plan = shared_plan(office)
    dump = dump_of(office.server)
    edit(office.neede, plan, title="Van Neede")
    assert not office.neede.sync(cuts=["", "", "before"])
    put_back(office, dump)
    for cut in ("before", "after"):
        assert not office.neede.sync(cuts=["", "", cut])
    assert agree(office, plan).title == "Van Neede"
