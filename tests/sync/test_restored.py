"""A shared database that was put back, emptied or tampered with: noticed, and nothing is lost."""

import copy
from datetime import timedelta
from pathlib import Path

import pytest

from db.changes import now
from db.errors import Refused
from db.reference import reference_kernen
from db.shared.memory import MemoryDatabase, MemoryServer
from db.sync import checking
from tests.factories import attachment, contact_moment, contact_person, initiative
from tests.sync.conftest import Office
from tests.sync.scenes import agree, edit, shared_plan, shown
from tests.sync.test_scope import with_roles
from tests.sync.world import Laptop


def dump_of(server: MemoryServer) -> MemoryServer:
    """Return a copy of the database as it is now."""
    lock, server.lock = server.lock, None  # type: ignore[assignment]
    try:
        made = copy.deepcopy(server)
    finally:
        server.lock = lock
    made.lock = type(lock)()
    return made


def put_back(office: Office, dump: MemoryServer) -> None:
    """Replace the database by an earlier dump of it; the laptops keep their logins."""
    old = office.server
    for laptop in (office.eibergen, office.neede):
        connection = laptop.network.shared
        assert isinstance(connection, MemoryDatabase)
        person = next(p for p in old.people.values() if str(p.id) == laptop.store.meta("login"))
        laptop.network.shared = dump.connect(person)
    office.server = dump


def test_what_a_restored_database_lost_comes_back_by_itself(office: Office) -> None:
    """The dump of last night: the work of this morning is offered again, with its makers' names."""
    plan = shared_plan(office, title="Dorpsplein")
    dump = dump_of(office.server)
    edit(office.eibergen, plan, title="Dorpsplein Rekken")
    new = initiative(title="Buurtmoestuin")
    office.neede.create(new)
    edit(office.neede, plan, summary="Met bankjes.")
    office.sync()
    before = office.eibergen.snapshot()
    told = {str(line["change_id"]): line["person"] for line in office.server.log}
    put_back(office, dump)
    agree(office, plan)
    assert office.eibergen.snapshot() == before
    again = {str(line["change_id"]): line["person"] for line in office.server.log}
    assert {change: again.get(change) for change in told if change != "None"} == {
        change: person for change, person in told.items() if change != "None"
    }


def test_the_work_of_a_laptop_that_is_gone_comes_back_through_a_colleague(office: Office) -> None:
    """Whoever still has a change offers it; its maker stays its author."""
    plan = shared_plan(office)
    dump = dump_of(office.server)
    edit(office.eibergen, plan, title="Alleen Eibergen maakte dit")
    new = initiative(title="Ook van Eibergen")
    office.eibergen.create(new)
    office.sync()
    code = shown(office.neede, new).code
    put_back(office, dump)
    assert office.neede.sync()
    line = next(x for x in office.server.log if x["fields"].get("title"))
    assert line["person"] == office.eibergen.store.meta("login")
    assert line["delivered_by"] == office.neede.store.meta("login")
    assert shown(office.neede, new).code == code
    assert office.neede.store.tally().is_clean


def test_newer_work_on_a_restored_database_is_asked_about_not_overwritten(office: Office) -> None:
    """Somebody went on with the old state: both values are shown to a person."""
    plan = shared_plan(office, title="Oud")
    dump = dump_of(office.server)
    edit(office.eibergen, plan, title="Van voor de storing")
    office.sync()
    put_back(office, dump)
    third = dump.add_person("Balie Ruurlo", ("counter_clerk",))
    other = Laptop(office.eibergen.path.with_name("third.db"), dump.connect(third))
    assert other.sync()
    edit(other, plan, title="Van na de storing")
    assert other.sync()
    assert office.eibergen.sync()
    [question] = office.eibergen.store.conflicts()
    assert question.conflict.ours == {"title": "Van voor de storing"}
    assert question.conflict.theirs == {"title": "Van na de storing"}
    assert shown(office.eibergen, plan).title == "Van voor de storing"
    other.store.close()


def test_a_deletion_that_was_lost_is_done_again(office: Office) -> None:
    plan = shared_plan(office)
    dump = dump_of(office.server)
    edit(office.neede, plan, title="Nog een keer gewijzigd")
    office.sync()
    office.neede.delete(shown(office.neede, plan))
    office.sync()
    put_back(office, dump)
    assert agree(office, plan).deleted


def test_own_unsent_work_stays_on_top_of_what_is_offered_again(office: Office) -> None:
    """Changes made on top of lost ones go out after them."""
    plan = shared_plan(office, title="Eén")
    dump = dump_of(office.server)
    edit(office.eibergen, plan, title="Twee")
    office.sync()
    edit(office.eibergen, plan, title="Drie")
    put_back(office, dump)
    assert agree(office, plan).title == "Drie"


def test_a_database_that_is_suddenly_empty_stops_the_cycle(office: Office) -> None:
    """A new, empty database under the old address: nothing here is touched until a person says so."""
    office.eibergen.network.shared = office.server.connect(
        office.server.people[next(iter(office.server.people))]
    )
    for number in range(25):
        office.eibergen.create(initiative(title=f"Plan {number}"))
    office.sync()
    before = office.neede.snapshot()
    empty = MemoryServer(epoch=office.server.epoch, people=dict(office.server.people))
    put_back(office, empty)
    edit(office.neede, office.neede.records("initiative")[0], title="Gewijzigd")
    with pytest.raises(Refused) as refusal:
        office.neede.sync()
    assert refusal.value.reason == "emptied"
    assert len(office.neede.snapshot()) == len(before)
    assert not empty.receipts
    office.neede.store.set_meta("accept_emptied", "1")
    assert office.neede.sync()
    assert len([key for key in empty.rows if key[0] == "initiative"]) == 25


def test_a_row_that_differs_is_noticed_and_mended(office: Office) -> None:
    """Rows that were skipped, changed behind our back or lost here are fetched again."""
    plan = shared_plan(office, title="Zoals het was")
    row = office.server.rows["initiative", plan.id]
    office.server.rows["initiative", plan.id] = row.with_values({"title": "Buiten alles om"})
    assert office.neede.sync()
    assert shown(office.neede, plan).title == "Buiten alles om"
    found = checking.last(office.neede.store)
    assert found is not None
    assert (found.repaired, found.lost) == (1, 0)
    assert office.neede.sync()
    found = checking.last(office.neede.store)
    assert found is not None
    assert found.repaired == 0


def test_a_value_that_was_changed_in_the_file_is_found_by_comparing_contents(
    office: Office,
) -> None:
    """Digests are kept, not made here; contents are compared now and then, and when asked."""
    plan = shared_plan(office, title="Echt")
    with office.neede.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE initiative SET title = 'Nep'")
    found = checking.check_contents(office.neede.store, office.neede.network)
    assert found.repaired == 1
    assert shown(office.neede, plan).title == "Echt"
    edit(office.neede, plan, title="Eigen werk")
    assert checking.check_contents(office.neede.store, office.neede.network).repaired == 0
    assert shown(office.neede, plan).title == "Eigen werk"


def test_nought_is_not_the_same_as_empty(office: Office) -> None:
    plan = shared_plan(office, supporters=0, budget_total=None)
    with office.neede.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE initiative SET supporters = NULL, budget_total = 0")
    assert checking.check_contents(office.neede.store, office.neede.network).repaired == 1
    assert (shown(office.neede, plan).supporters, shown(office.neede, plan).budget_total) == (
        0,
        None,
    )
    assert checking.check_contents(office.neede.store, office.neede.network).repaired == 0


def test_a_row_that_vanished_there_is_told_and_kept_here(office: Office) -> None:
    """Nothing is ever deleted here because it is absent there."""
    plan = shared_plan(office)
    del office.server.rows["initiative", plan.id]
    assert office.neede.sync()
    found = checking.last(office.neede.store)
    assert found is not None
    assert (found.lost, found.is_equal) == (1, False)
    assert shown(office.neede, plan).title == plan.title


def test_contacts_leave_the_laptop_when_the_right_to_them_is_lost(office: Office) -> None:
    """AVG: who may not see contact details any more does not keep them, nor their history."""
    contact = contact_person()
    office.eibergen.create(contact)
    moment = contact_moment()
    office.eibergen.create(moment)
    sha256 = office.eibergen.store.add_blob(b"%PDF-1.4 kaartje")
    photo = attachment(
        belongs_to=contact.id,
        belongs_to_entity="contact_person",
        sha256=sha256,
        size_bytes=16,
    )
    office.eibergen.create(photo)
    office.sync()
    assert office.neede.store.blob(sha256) is not None
    me = office.neede.store.me
    assert me is not None
    with_roles(office, "assessor")
    assert office.neede.sync()
    for entity, record in (
        ("contact_person", contact), ("contact_moment", moment), ("attachment", photo),
    ):  # fmt: skip
        assert office.neede.store.get(entity, record.id) is None
        assert office.neede.store.history(record.id) == ()
    assert office.neede.store.blob(sha256) is None


def test_a_purged_record_is_forgotten_everywhere(office: Office) -> None:
    """However long a laptop was away, what was removed for good does not come back."""
    plan = shared_plan(office, title="Met gegevens van iemand")
    office.neede.delete(shown(office.neede, plan))
    assert office.neede.sync()
    assert office.server.purge(now() + timedelta(days=1)) == 1
    office.sync()
    for laptop in (office.eibergen, office.neede):
        assert laptop.store.get("initiative", plan.id) is None
        assert laptop.store.history(plan.id) == ()
        assert not laptop.store.search("Met gegevens")
        assert laptop.store.tally().is_clean
    assert not any("iemand" in str(line) for line in office.server.log)


def test_a_new_laptop_needs_no_repair(tmp_path: Path) -> None:
    server = MemoryServer()
    server.store(reference_kernen())
    laptop = Laptop(tmp_path / "new.db", server.connect(server.add_person("A", ("counter_clerk",))))
    assert laptop.sync()
    found = checking.last(laptop.store)
    assert found is not None
    assert (found.repaired, found.lost, found.counts["kern"]) == (0, 0, len(reference_kernen()))
    laptop.store.close()


def test_a_database_put_back_in_the_middle_of_a_cycle_is_noticed_in_that_cycle(
    office: Office,
) -> None:
    """Between the greeting and the receiving: the cycle begins again by itself."""
    plan = shared_plan(office, title="Dorpsplein")
    dump = dump_of(office.server)
    edit(office.neede, plan, title="Dorpsplein Rekken")
    office.sync()
    edit(office.eibergen, plan, summary="Nog onderweg")
    office.eibergen.network.then["hello"] = lambda: put_back(office, dump)
    assert office.eibergen.sync()
    assert agree(office, plan).title == "Dorpsplein Rekken"
    assert shown(office.neede, plan).summary == "Nog onderweg"


def test_what_a_colleague_writes_during_the_comparison_is_news_not_damage(office: Office) -> None:
    """No alarm for it, and it comes with its history at the next pull."""
    plan = shared_plan(office, title="Oud")
    edit(office.eibergen, plan, title="Nieuw van Eibergen")
    new = initiative(title="Buurtmoestuin")
    office.eibergen.create(new)
    assert office.eibergen.sync()
    assert checking.check_contents(office.neede.store, office.neede.network).repaired == 0
    assert shown(office.neede, plan).title == "Oud"
    assert agree(office, plan).title == "Nieuw van Eibergen"
