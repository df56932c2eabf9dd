"""What a laptop may see and does understand changes over time; nothing stays out of sight for ever."""

from datetime import timedelta
from uuid import UUID

import pytest

from db.changes import now
from db.codec import values_of
from db.entities import ENTITIES
from db.entities.place import Attachment, MediaType
from db.errors import Refused, Rejected
from db.local.engine import writing
from db.local.journal import OutboxState
from db.shared.protocol import Outcome, Person
from db.sync import checking, replica
from tests.contract.changes import edited, made, removed
from tests.factories import (
    attachment,
    contact_moment,
    contact_person,
    initiative,
    plot,
    square,
    team,
)
from tests.postgres import SharedSide
from tests.sync.conftest import Office
from tests.sync.test_chains import agree, edit, shared_plan


def with_roles(office: Office, *roles: str) -> None:
    """Give the person of Neede other roles."""
    me = office.neede.store.me
    assert me is not None
    person = Person(me, "Balie Neede", roles)
    office.server.people[me] = person
    office.neede.network.shared = office.server.connect(person)


def test_contacts_come_when_the_right_to_them_comes(office: Office) -> None:
    """Records that were passed over are fetched after all."""
    assert office.neede.sync()
    with_roles(office, "assessor")
    contact = contact_person()
    office.eibergen.create(contact)
    shared_plan(office)
    assert office.neede.store.get("contact_person", contact.id) is None
    with_roles(office, "counter_clerk")
    office.sync()
    assert office.neede.store.get("contact_person", contact.id) is not None
    assert office.neede.snapshot() == office.eibergen.snapshot()


def test_records_of_a_newer_version_come_with_the_update(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older program could not read is fetched by the new one."""
    new = team(name="Buurtteam")
    office.eibergen.create(new)
    older = {name: entity for name, entity in ENTITIES.items() if name != "team"}
    with monkeypatch.context() as patch:
        patch.setattr(replica, "ENTITIES", older)
        office.sync()
    assert office.neede.store.get("team", new.id) is None
    assert office.neede.sync()
    assert office.neede.store.get("team", new.id) is not None


def test_who_comes_back_sends_what_was_handed_in(office: Office) -> None:
    """A withdrawn access that is given again leaves no change parked."""
    plan = shared_plan(office)
    me = office.neede.store.me
    assert me is not None
    edit(office.neede, plan, title="Net voor het einde")
    office.server.revoke(office.server.people[me])
    with pytest.raises(Refused):
        office.neede.sync()
    assert [dict(c.values) for c in office.server.rescued.values()] == [
        {"title": "Net voor het einde"}
    ]
    assert office.neede.store.outbox([OutboxState.REFUSED]) == ()
    office.server.revoked.clear()
    assert agree(office, plan).title == "Net voor het einde"


def test_access_that_ends_in_the_middle_parks_nothing(office: Office) -> None:
    """Between greeting and sending the access may end; that is told, and the work stays unsent."""
    plan = shared_plan(office)
    me = office.neede.store.me
    assert me is not None
    edit(office.neede, plan, title="Net voor het einde")
    office.neede.network.then["hello"] = lambda: office.server.revoke(office.server.people[me])
    with pytest.raises(Refused):
        office.neede.sync()
    assert office.neede.store.tally().waiting == 1
    assert office.neede.store.tally().refused == 0


def test_a_refused_photo_does_not_hold_up_the_others(office: Office) -> None:
    """One attachment that can't be stored never blocks the rest, nor the cycle."""
    plan = shared_plan(office)
    for content in (b"a", b"bb"):
        office.eibergen.create(photo_of(plan.id, office.eibergen.store.add_blob(content), content))
    put = office.server.connect(office.server.people[office.neede.store.me]).put_blob  # type: ignore[index]

    def put_blob(sha256: str, offset: int, total: int, content: bytes) -> int:
        if content == b"a":
            raise Rejected("damaged")
        return put(sha256, offset, total, content)

    office.eibergen.network.shared.put_blob = put_blob  # type: ignore[method-assign]
    assert office.eibergen.sync()
    assert office.eibergen.store.tally().photos == 1


def photo_of(owner: UUID, sha256: str, content: bytes) -> Attachment:
    """Return an attachment of `owner`."""
    return Attachment(
        belongs_to=owner, belongs_to_entity="initiative", file_name="plein.jpg",
        media_type=MediaType.JPEG, size_bytes=len(content), sha256=sha256,
    )  # fmt: skip


def test_both_lines_of_a_partly_stored_change_stay_in_the_history(office: Office) -> None:
    """What was stored and what lost are told, also when they come in two pages."""
    plan = shared_plan(office)
    edit(office.eibergen, plan, title="Van Eibergen")
    assert office.eibergen.sync()
    edit(office.neede, plan, title="Van Neede", supporters=7)
    pull = office.neede.network.shared.pull
    office.neede.network.shared.pull = (  # type: ignore[method-assign]
        lambda cursor, limit, tip: pull(cursor, 1)
    )
    office.sync()
    told = [(line.kind, line.fields) for line in office.neede.store.history(plan.id)]
    assert any(kind == "conflict" and "Van Neede" in f["title"] for kind, f in told)
    assert any(kind == "edit" and f.get("supporters") == (None, 7) for kind, f in told)


def test_a_page_of_nothing_visible_still_moves_on(side: SharedSide) -> None:
    """Who may not see contacts is not told of them again and again."""
    _, clerk = side.add("Balie", "counter_clerk")
    _, assessor = side.add("Toets", "assessor")
    before = assessor.pull(0).cursor
    clerk.push([made(contact_person())])
    page = assessor.pull(before)
    assert (page.rows, page.is_last) == ([], True)
    assert page.cursor > before


def test_two_laptops_of_one_person_are_two_colleagues(office: Office) -> None:
    """Nobody overwrites themselves, either."""
    office.neede.network.shared = office.eibergen.network.shared
    plan = shared_plan(office)
    edit(office.eibergen, plan, title="Op de balie")
    edit(office.neede, plan, title="Op de laptop thuis", supporters=4)
    office.sync(1)
    [question] = office.neede.store.conflicts()
    office.neede.store.resolve(question.id, {"title": "Op de laptop thuis"})
    settled = agree(office, plan)
    assert (settled.title, settled.supporters) == ("Op de laptop thuis", 4)


def test_photos_of_contacts_are_closed_to_who_may_not_see_them(side: SharedSide) -> None:
    """Not shown by a refusal, not changed, and not made public by saying that they are of a plan."""
    _, clerk = side.add("Anna", "counter_clerk")
    _, assessor = side.add("Bram", "assessor")
    moment = contact_moment()
    photo = attachment(b"photo", belongs_to=moment.id, belongs_to_entity="contact_moment")
    clerk.push([made(moment), made(photo)])
    receipts = assessor.push(
        [
            edited(photo, {"caption": "?"}, {"caption": "Van mij"}),
            edited(photo, {"belongs_to_entity": "contact_moment"}, {"belongs_to_entity": "plot"}),
            removed(photo),
            made(attachment(b"new", belongs_to=moment.id, belongs_to_entity="contact_moment")),
        ]
    )
    assert {(r.outcome, r.reason, r.conflicts) for r in receipts} == {
        (Outcome.REFUSED, "rights", ())
    }
    [applied] = assessor.push([made(attachment(b"open", belongs_to=initiative().id))])
    assert applied.outcome is Outcome.APPLIED


def test_plots_are_judged_in_the_order_they_were_changed(side: SharedSide) -> None:
    """A plot may take the place that another left just before."""
    _, clerk = side.add("Anna", "counter_clerk")
    first = plot(geometry=square(240_000, 457_000))
    clerk.push([made(first)])
    there, here = values_of(first)["geometry"], square(240_500, 457_000).to_json()
    receipts = clerk.push(
        [
            edited(first, {"name": first.name}, {"name": "Verplaatst"}),
            edited(first, {"geometry": there}, {"geometry": here}),
            made(plot(geometry=square(240_000, 457_000))),
        ]
    )
    assert {receipt.outcome for receipt in receipts} == {Outcome.APPLIED}


def test_nobodys_unsent_work_is_sent_under_another_name(office: Office) -> None:
    """Who logs in on a colleague's laptop first lets the colleague send what is theirs."""
    office.sync()
    office.eibergen.create(initiative(title="Werk van Eibergen"))
    eibergen = office.eibergen.network.shared
    office.eibergen.network.shared = office.neede.network.shared
    with pytest.raises(Refused, match="someone else"):
        office.eibergen.sync()
    office.eibergen.network.shared = eibergen
    office.sync()
    assert office.eibergen.store.tally().is_clean


def test_a_row_that_the_disk_lost_comes_back_and_takes_no_list_with_it(office: Office) -> None:
    """A damaged table is no reason to show nothing at all."""
    plans = [shared_plan(office), shared_plan(office)]
    store = office.neede.store
    with writing(store.engine) as connection:
        connection.exec_driver_sql("DELETE FROM initiative WHERE id = ?", (str(plans[0].id),))
    assert [record.id for record in office.neede.records("initiative")] == [plans[1].id]
    assert checking.check_contents(store, office.neede.network).repaired == 1
    assert office.neede.snapshot() == office.eibergen.snapshot()


def test_what_was_purged_leaves_the_screen_at_once(office: Office) -> None:
    """Whoever shows it is told."""
    plan = shared_plan(office)
    office.eibergen.delete(plan)
    office.sync()
    office.server.purge(now() + timedelta(days=1))
    told: set[UUID] = set()
    office.neede.store.listen(lambda news: told.update(*news.ids.values()))
    assert office.neede.sync()
    assert office.neede.store.get("initiative", plan.id) is None
    assert plan.id in told
