"""A database that was put back, met first by a laptop whose person may not do everything."""

from pathlib import Path

from db.entities.people import ContactPerson
from tests.factories import contact_person, initiative
from tests.sync.conftest import Office
from tests.sync.scenes import agree, edit, shared_plan, shown
from tests.sync.test_restored import dump_of, put_back
from tests.sync.test_scope import with_roles
from tests.sync.world import Laptop


def test_a_reader_who_comes_first_spoils_nothing(office: Office, tmp_path: Path) -> None:
    """They offer nothing of others: it would be refused, and asks them for nothing."""
    plan = shared_plan(office, title="Oud")
    person = office.server.add_person("Lezer", ("reader",))
    reader = Laptop(tmp_path / "reader.db", office.server.connect(person))
    assert reader.sync()
    dump = dump_of(office.server)
    edit(office.eibergen, plan, title="Nieuw")
    new = initiative(title="Buurtmoestuin")
    office.eibergen.create(new)
    office.sync()
    assert reader.sync()
    put_back(office, dump)
    reader.network.shared = dump.connect(person)
    assert reader.sync()
    assert reader.store.tally().is_clean
    assert agree(office, plan).title == "Nieuw"
    assert reader.sync()
    assert (shown(reader, plan).title, shown(reader, new).title) == ("Nieuw", "Buurtmoestuin")
    reader.store.close()


def test_who_may_not_see_contacts_any_more_spoils_nothing(office: Office) -> None:
    """In the dump of last night one may have fewer rights than this morning."""
    contact = contact_person(name="Iemand")
    office.eibergen.create(contact)
    office.sync()
    dump = dump_of(office.server)
    office.eibergen.edit(contact_of(office.eibergen, contact), job_title="Voorzitter")
    office.sync()
    put_back(office, dump)
    with_roles(office, "assessor")
    assert office.neede.sync()
    assert office.neede.store.tally().is_clean
    assert office.neede.store.get("contact_person", contact.id) is None
    assert office.eibergen.sync()
    assert contact_of(office.eibergen, contact).job_title == "Voorzitter"
    stored = office.server.rows["contact_person", contact.id]
    assert stored.values["job_title"] == "Voorzitter"


def contact_of(laptop: Laptop, contact: ContactPerson) -> ContactPerson:
    """Return a contact as this laptop shows it."""
    record = laptop.store.get("contact_person", contact.id)
    assert isinstance(record, ContactPerson)
    return record
