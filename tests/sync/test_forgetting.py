"""What may not be seen any more, or was purged, goes: at the latest when own work on it is over."""

from datetime import timedelta
from uuid import UUID

from db.changes import now
from db.local.engine import reading
from db.local.journal import OutboxState
from tests.factories import attachment, contact_person, initiative
from tests.sync.conftest import Office
from tests.sync.test_scope import with_roles
from tests.sync.world import Laptop

PLACES = (
    ("item", "record_id"), ("contact_person", "id"), ("history", "record_id"),
    ("outbox", "record_id"), ("conflict", "record_id"), ("draft", "record_id"),
)  # fmt: skip


def traces_of(laptop: Laptop, record_id: UUID) -> list[str]:
    """Return the tables of this laptop that still tell of a record."""
    with reading(laptop.store.engine) as connection:
        return [
            table
            for table, column in PLACES
            if connection.exec_driver_sql(
                f"SELECT 1 FROM {table} WHERE {column} = ?", (str(record_id),)
            ).first()
        ]


def take_all_back(laptop: Laptop) -> int:
    """Take back what was refused, the last first; return how much it was."""
    count = 0
    while refused := laptop.store.outbox([OutboxState.REFUSED]):
        laptop.store.take_back(refused[-1].change.id)
        count += 1
    return count


def test_who_loses_a_right_is_not_told_that_the_database_was_emptied(office: Office) -> None:
    """Contacts can be most of what is there; they go, and the cycle goes on."""
    for number in range(25):
        office.eibergen.create(contact_person(name=f"Persoon {number}"))
    office.sync()
    with_roles(office, "assessor")
    assert office.neede.sync()
    assert not office.neede.records("contact_person")


def test_a_purge_is_no_emptying(office: Office) -> None:
    """What was deleted long ago may be most of what is there, too."""
    plans = [initiative(title=f"Plan {number}") for number in range(30)]
    for plan in plans:
        office.eibergen.create(plan)
    office.sync()
    for plan in plans[:25]:
        found = office.eibergen.store.get("initiative", plan.id)
        assert found is not None
        office.eibergen.delete(found)
    office.sync()
    assert office.server.purge(now() + timedelta(days=1)) == 25
    assert office.neede.sync()
    assert len(office.neede.records("initiative")) == 5


def test_own_work_on_what_may_not_be_seen_any_more_holds_it_only_until_it_is_over(
    office: Office,
) -> None:
    """The unsent edit is its maker's to decide on; after that nothing of the person stays."""
    contact = contact_person(name="Iemand van toen")
    office.eibergen.create(contact)
    office.sync()
    office.neede.edit(office.neede.records("contact_person")[0], job_title="Voorzitter")
    with_roles(office, "assessor")
    office.sync()
    assert "contact_person" in traces_of(office.neede, contact.id)
    assert take_all_back(office.neede) == 1
    office.sync()
    assert traces_of(office.neede, contact.id) == []


def test_what_comes_back_into_sight_meanwhile_stays(office: Office) -> None:
    """The right to it was given again before the own work was over."""
    contact = contact_person(name="Iemand van nu")
    office.eibergen.create(contact)
    office.sync()
    office.neede.edit(office.neede.records("contact_person")[0], job_title="Voorzitter")
    with_roles(office, "assessor")
    office.sync()
    with_roles(office, "counter_clerk")
    office.sync()
    assert office.neede.store.tally().is_clean
    assert office.neede.snapshot() == office.eibergen.snapshot()
    assert len(office.eibergen.records("contact_person")) == 1


def test_what_was_purged_does_not_come_to_life_again(office: Office) -> None:
    """A laptop that was away had unsent work on it: its maker hears so, and takes it back."""
    contact = contact_person(name="Iemand van vroeger")
    office.eibergen.create(contact)
    office.sync()
    office.eibergen.delete(office.eibergen.records("contact_person")[0])
    assert office.eibergen.sync()
    office.neede.edit(office.neede.records("contact_person")[0], job_title="Voorzitter")
    assert office.server.purge(now() + timedelta(days=1)) == 1
    office.sync()
    assert ("contact_person", contact.id) not in office.server.rows
    [entry] = office.neede.store.outbox([OutboxState.REFUSED])
    assert entry.reason == "purged"
    assert take_all_back(office.neede) == 1
    office.sync()
    for laptop in (office.neede, office.eibergen):
        assert traces_of(laptop, contact.id) == []
        assert laptop.store.tally().is_clean


def test_an_answer_to_what_was_purged_meanwhile_is_refused(office: Office) -> None:
    """The question was there first; keeping the record is too late."""
    contact = contact_person(name="Iemand van vroeger")
    office.eibergen.create(contact)
    office.sync()
    office.eibergen.delete(office.eibergen.records("contact_person")[0])
    assert office.eibergen.sync()
    office.neede.edit(office.neede.records("contact_person")[0], job_title="Voorzitter")
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    assert office.server.purge(now() + timedelta(days=1)) == 1
    office.sync()
    office.neede.store.resolve(question.id, {"deleted": False})
    office.sync()
    assert take_all_back(office.neede) > 0
    office.sync()
    assert traces_of(office.neede, contact.id) == []


def test_a_form_that_was_open_during_a_purge_brings_nothing_back(office: Office) -> None:
    """What was typed is not saved on it: its form goes on as that of a new record."""
    contact = contact_person(name="Iemand van vroeger")
    office.eibergen.create(contact)
    office.sync()
    opened = office.neede.records("contact_person")[0]
    office.eibergen.delete(office.eibergen.records("contact_person")[0])
    office.sync()
    assert office.server.purge(now() + timedelta(days=1)) == 1
    office.sync()
    office.neede.edit(opened, job_title="Voorzitter")
    office.sync()
    assert ("contact_person", contact.id) not in office.server.rows
    assert take_all_back(office.neede) == 0
    assert traces_of(office.neede, contact.id) == []


def test_a_form_that_was_open_when_a_right_was_lost_brings_nothing_back(office: Office) -> None:
    contact = contact_person(name="Iemand van toen")
    office.eibergen.create(contact)
    office.sync()
    opened = office.neede.records("contact_person")[0]
    with_roles(office, "assessor")
    office.sync()
    office.neede.edit(opened, job_title="Voorzitter")
    office.sync()
    assert take_all_back(office.neede) == 0
    assert traces_of(office.neede, contact.id) == []


def test_forgetting_a_photo_leaves_the_bytes_of_others(office: Office) -> None:
    """Also of one that is not in a record yet."""
    contact = contact_person(name="Iemand van toen")
    office.eibergen.create(contact)
    photo = office.eibergen.store.add_blob(b"van een contact")
    office.eibergen.create(
        attachment(b"van een contact", belongs_to=contact.id, belongs_to_entity="contact_person")
    )
    office.sync()
    assert office.neede.store.blob(photo) is not None
    mine = office.neede.store.add_blob(b"zojuist gemaakt")
    with_roles(office, "assessor")
    office.sync()
    assert office.neede.store.blob(photo) is None
    assert office.neede.store.blob(mine) is not None
