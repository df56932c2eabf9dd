"""Who may see and do what, whichever shared side it is."""

import pytest

from db.entities import ENTITIES
from db.errors import Refused
from db.shared.protocol import Outcome
from db.shared.rights import RIGHTS, Right, Role
from tests.contract.changes import edited, everything, history_of, made, push, push_one, row_of
from tests.factories import FACTORIES, attachment, contact_moment, contact_person, initiative
from tests.postgres import SharedSide

PERSONAL = {name for name, entity in ENTITIES.items() if entity.IS_PERSONAL}


def test_hello_tells_who_is_there_and_what_they_may(side: SharedSide):
    anna, hers = side.add("Anna", "counter_clerk", "publisher")
    told = hers.hello()
    assert (told.person, told.municipality) == (anna, side.municipality)
    assert told.rights == {"write", "contacts"}
    assert told.epoch == hers.pull(0).epoch


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_role_gives_its_rights_and_no_more(side: SharedSide, role: Role):
    _, clerk = side.add("Anna", "counter_clerk")
    _, theirs = side.add("Bram", role.value)
    person, plan = contact_person(), initiative()
    push_one(clerk, made(person))
    assert theirs.hello().rights == {right.value for right in RIGHTS[role]}
    assert bool(row_of(theirs, person)) is (Right.CONTACTS in RIGHTS[role])
    can_write = push_one(theirs, made(plan)).outcome is Outcome.APPLIED
    assert can_write is (Right.WRITE in RIGHTS[role])


def test_every_entity_can_be_made_and_comes_back(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    records = [make() for name, make in FACTORIES.items() if name != "staff"]
    receipts = push(hers, *(made(record) for record in records))
    seen = {(row["entity"], row["id"]) for row in everything(hers).rows}
    assert {receipt.reason for receipt in receipts} == {""}
    assert {(record.ENTITY, str(record.id)) for record in records} <= seen


def test_contact_details_never_reach_who_has_no_right_to_them(side: SharedSide):
    _, clerk = side.add("Anna", "counter_clerk")
    _, assessor = side.add("Bram", "assessor")
    moment = contact_moment()
    photo = attachment(b"photo", belongs_to=moment.id, belongs_to_entity="contact_moment")
    push(clerk, made(contact_person()), made(moment), made(photo), made(initiative()))
    page = everything(assessor)
    assert not PERSONAL & {row["entity"] for row in page.rows}
    assert not PERSONAL & {line["entity"] for line in page.log}
    assert row_of(assessor, photo) == {}
    assert history_of(assessor, photo) == []
    assert page.cursor == everything(clerk).cursor


def test_who_may_not_see_contact_details_may_not_write_them(side: SharedSide):
    _, clerk = side.add("Anna", "counter_clerk")
    _, assessor = side.add("Bram", "assessor")
    person = contact_person()
    push_one(clerk, made(person))
    receipts = push(
        assessor, made(contact_person()), edited(person, {"phone": None}, {"phone": "0612345678"})
    )
    assert {(r.outcome, r.reason, r.conflicts) for r in receipts} == {
        (Outcome.REFUSED, "rights", ())
    }


def test_a_reader_changes_nothing(side: SharedSide):
    _, clerk = side.add("Anna", "counter_clerk")
    _, reader = side.add("Bram", "reader")
    plan = initiative()
    push_one(clerk, made(plan))
    receipt = push_one(reader, edited(plan, {"phase": "idea"}, {"phase": "plan"}))
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, "rights")
    assert row_of(reader, plan)["phase"] == "idea"


def test_a_receipt_is_for_who_sent_the_change(side: SharedSide):
    _, clerk = side.add("Anna", "counter_clerk")
    _, assessor = side.add("Bram", "assessor")
    change = made(contact_person())
    push_one(clerk, change)
    receipt = push_one(assessor, change)
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, "change_id")


def test_colleagues_are_known_by_name(side: SharedSide):
    anna, hers = side.add("Anna", "counter_clerk")
    rows = [row for row in everything(hers).rows if row["entity"] == "staff"]
    assert [(row["id"], row["name"], row["is_active"]) for row in rows] == [
        (str(anna.id), "Anna", True)
    ]


def test_a_revoked_person_is_told_and_sees_nothing(side: SharedSide):
    anna, hers = side.add("Anna", "counter_clerk")
    hers.hello()
    side.revoke(anna)
    for ask in (hers.hello, lambda: hers.pull(0)):
        with pytest.raises(Refused) as refusal:
            ask()
        assert refusal.value.reason == "revoked"


def test_the_unsent_work_of_a_revoked_person_is_set_apart(side: SharedSide):
    anna, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    plan = initiative()
    side.revoke(anna)
    receipts = push(hers, made(plan), made(plan))
    assert {(r.outcome, r.reason) for r in receipts} == {(Outcome.REFUSED, "revoked")}
    assert row_of(his, plan) == {}


def test_colleagues_see_that_someone_left(side: SharedSide):
    anna, _ = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    side.revoke(anna)
    [row] = [row for row in everything(his).rows if row["id"] == str(anna.id)]
    assert row["is_active"] is False
