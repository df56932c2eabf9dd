"""A decision about a double edit can be taken back, before and after it was sent."""

import dataclasses
from uuid import UUID

import pytest

from db.changes import Values
from db.errors import UserProblem
from db.fields import Record
from db.local.conflicts import OpenConflict
from db.local.store import LocalStore
from tests.factories import initiative
from tests.sync.conftest import Office
from tests.sync.scenes import agree, edit, shared_plan, shown


def change(store: LocalStore, record_id: UUID, **values: object) -> None:
    stored = record(store, record_id)
    store.save(dataclasses.replace(stored, **values), stored)  # type: ignore[arg-type]


def record(store: LocalStore, record_id: UUID) -> Record:
    found = store.get("initiative", record_id)
    assert found is not None
    return found


def summary(store: LocalStore, record_id: UUID) -> object:
    return record(store, record_id).summary  # type: ignore[attr-defined]


@pytest.fixture
def asked(office: Office) -> OpenConflict:
    """Let both counters have written a summary, and Neede be asked about it."""
    store = office.eibergen.store
    made = store.save(initiative(summary="Was"), None).record
    office.sync()
    change(store, made.id, summary="Van Eibergen")
    change(office.neede.store, made.id, summary="Van Neede")
    office.sync()
    (found,) = office.neede.store.conflicts()
    return found


CHOICES: list[Values] = [
    {"summary": "Van Eibergen"}, {"summary": "Van Neede"}, {"summary": "Van beide"},
]  # fmt: skip


@pytest.mark.parametrize("values", CHOICES)
@pytest.mark.parametrize("is_sent", [False, True])
def test_a_decision_taken_back_is_as_if_it_was_not_made(
    office: Office, asked: OpenConflict, values: Values, is_sent: bool
) -> None:
    neede = office.neede.store
    neede.resolve(asked.id, values)
    if is_sent:
        office.sync()
        assert summary(office.eibergen.store, asked.record_id) == values["summary"]
    neede.reopen([asked.id])
    for _moment in range(2):
        assert [item.conflict for item in neede.conflicts()] == [asked.conflict]
        assert summary(neede, asked.record_id) == "Van Neede"
        office.sync()
        assert summary(office.eibergen.store, asked.record_id) == "Van Eibergen"


@pytest.mark.parametrize("first", CHOICES)
@pytest.mark.parametrize("second", CHOICES)
@pytest.mark.parametrize("syncs", ["", "a", "b", "ab"])
def test_another_answer_can_be_given_afterwards(
    office: Office, asked: OpenConflict, first: Values, second: Values, syncs: str
) -> None:
    neede = office.neede.store
    neede.resolve(asked.id, first)
    if "a" in syncs:
        office.sync()
    neede.reopen([asked.id])
    if "b" in syncs:
        office.sync()
    neede.resolve(asked.id, second)
    office.sync()
    assert not neede.conflicts()
    assert not office.eibergen.store.conflicts()
    for laptop in (office.neede, office.eibergen):
        assert summary(laptop.store, asked.record_id) == second["summary"]
    assert neede.tally().waiting == 0


@pytest.mark.parametrize("call", ["push", "pull"])
@pytest.mark.parametrize("values", CHOICES[1:])
def test_what_was_under_way_is_no_answer_to_the_question_opened_again(
    office: Office, asked: OpenConflict, call: str, values: Values
) -> None:
    neede = office.neede.store
    neede.resolve(asked.id, values)
    office.neede.network.then = {call: lambda: neede.reopen([asked.id])}
    office.sync()
    assert not office.neede.network.then
    assert [item.conflict for item in neede.conflicts()] == [asked.conflict]
    office.sync()
    assert summary(office.eibergen.store, asked.record_id) == "Van Eibergen"
    assert summary(neede, asked.record_id) == "Van Neede"
    assert [item.conflict for item in neede.conflicts()] == [asked.conflict]


def test_what_someone_changed_since_is_not_put_back(office: Office, asked: OpenConflict) -> None:
    neede = office.neede.store
    neede.resolve(asked.id, {"summary": "Van beide"})
    office.sync()
    change(office.eibergen.store, asked.record_id, summary="Nog later")
    office.sync()
    with pytest.raises(UserProblem):
        neede.reopen([asked.id])
    assert summary(neede, asked.record_id) == "Nog later"


@pytest.fixture
def asked_deleted(office: Office) -> OpenConflict:
    """Let Eibergen have deleted what Neede changed, and Neede be asked about it."""
    store = office.eibergen.store
    made = store.save(initiative(summary="Was"), None).record
    office.sync()
    store.delete(record(store, made.id))
    change(office.neede.store, made.id, summary="Van Neede")
    office.sync()
    (found,) = office.neede.store.conflicts()
    return found


@pytest.mark.parametrize("deleted", [True, False])
def test_keeping_or_deleting_can_be_taken_back(
    office: Office, asked_deleted: OpenConflict, deleted: bool
) -> None:
    neede = office.neede.store
    neede.resolve(asked_deleted.id, {"deleted": deleted})
    assert record(neede, asked_deleted.record_id).deleted is deleted
    neede.reopen([asked_deleted.id])
    assert [item.conflict for item in neede.conflicts()] == [asked_deleted.conflict]
    assert summary(neede, asked_deleted.record_id) == "Van Neede"
    assert not record(neede, asked_deleted.record_id).deleted
    office.sync()
    assert [item.conflict for item in neede.conflicts()] == [asked_deleted.conflict]
    assert record(office.eibergen.store, asked_deleted.record_id).deleted


def test_a_kept_record_that_was_sent_is_deleted_again(
    office: Office, asked_deleted: OpenConflict
) -> None:
    neede = office.neede.store
    neede.resolve(asked_deleted.id, {"deleted": False})
    office.sync()
    neede.reopen([asked_deleted.id])
    office.sync()
    for laptop in (office.neede, office.eibergen):
        assert record(laptop.store, asked_deleted.record_id).deleted
        assert not laptop.store.conflicts()


def test_a_decision_taken_back_over_newer_work_asks_about_that_with_own_values(
    office: Office,
) -> None:
    """A colleague went on meanwhile, unheard: their value stays, and "mine" is still mine."""
    plan = shared_plan(office, title="Titel een")
    edit(office.neede, plan, title="Van Neede")
    edit(office.eibergen, plan, title="Van Eibergen")
    assert office.eibergen.sync()
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    office.neede.store.resolve(question.id, {"title": "Van Neede"})
    office.sync()
    edit(office.eibergen, plan, title="Nog iets anders")
    assert office.eibergen.sync()
    office.neede.store.reopen([question.id])
    office.sync()
    [renewed] = office.neede.store.conflicts()
    assert renewed.conflict.ours == {"title": "Van Neede"}
    assert renewed.conflict.theirs == {"title": "Nog iets anders"}
    assert shown(office.neede, plan).title == "Van Neede"
    assert shown(office.eibergen, plan).title == "Nog iets anders"
    office.neede.store.resolve(renewed.id, {"title": "Van Neede"})
    assert agree(office, plan).title == "Van Neede"


def test_bringing_back_is_not_undone_over_the_work_of_a_colleague(office: Office) -> None:
    """Its opposite would delete what they did since."""
    plan = shared_plan(office, title="Titel een")
    edit(office.neede, plan, title="Van Neede")
    office.eibergen.delete(shown(office.eibergen, plan))
    assert office.eibergen.sync()
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    office.neede.store.resolve(question.id, {"deleted": False})
    office.sync()
    edit(office.eibergen, plan, title="Weer verder gewerkt")
    office.sync()
    with pytest.raises(UserProblem, match="changed this since"):
        office.neede.store.reopen([question.id])
    assert agree(office, plan).title == "Weer verder gewerkt"


def test_taking_theirs_while_an_own_edit_is_on_its_way_is_not_asked_again(office: Office) -> None:
    """The edit left before the decision, and its answer got lost: the decision still counts."""
    plan = shared_plan(office)
    edit(office.eibergen, plan, title="Van Eibergen")
    assert office.eibergen.sync()
    edit(office.neede, plan, title="Van Neede")
    assert office.neede.sync()
    edit(office.neede, plan, title="Van Neede, beter")
    assert not office.neede.sync(cuts=["", "before"])
    office.neede.resolve_all("theirs")
    assert shown(office.neede, plan).title == "Van Eibergen"
    assert office.neede.sync()
    assert office.neede.store.conflicts() == ()
    assert agree(office, plan).title == "Van Eibergen"


def test_taking_theirs_undoes_an_own_edit_that_arrived_unheard(office: Office) -> None:
    """A colleague came round to our first value meanwhile, so the edit on its way was stored."""
    plan = shared_plan(office)
    edit(office.eibergen, plan, title="Van Eibergen")
    assert office.eibergen.sync()
    edit(office.neede, plan, title="Van Neede")
    assert office.neede.sync()
    edit(office.eibergen, plan, title="Van Neede")
    assert office.eibergen.sync()
    edit(office.neede, plan, title="Van Neede, beter")
    assert not office.neede.sync(cuts=["", "after"])
    office.neede.resolve_all("theirs")
    assert shown(office.neede, plan).title == "Van Eibergen"
    assert agree(office, plan).title == "Van Eibergen"
