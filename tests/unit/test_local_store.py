"""What the laptop's store promises: saved is saved, found again, told, and undoable."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from db.changes import ChangeKind, ChangeSet, now
from db.codec import values_of
from db.entities.initiative import Initiative, InitiativeStatus, Phase, Theme
from db.entities.premises import Premises
from db.errors import UserProblem
from db.local.journal import DraftRow, OutboxState
from db.local.query import Filter, Op, Query
from db.local.state import RecordState
from db.local.store import LocalStore
from tests.factories import EIBERGEN, REKKEN, initiative, premises
from tests.stores import a_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    """Give an empty store."""
    with a_store(tmp_path) as made:
        yield made


def edited(store: LocalStore, record: Initiative, **values: object) -> Initiative:
    """Save `record` with other values and return what is stored."""
    saved = store.save(dataclasses.replace(record, **values), record)
    assert isinstance(saved.record, Initiative)
    return saved.record


def added(store: LocalStore, **values: object) -> Initiative:
    """Save a new initiative."""
    saved = store.save(initiative(**values), None).record
    assert isinstance(saved, Initiative)
    return saved


def test_a_saved_record_comes_back_as_it_was(store: LocalStore) -> None:
    """Every kind of value survives the way to disk and back."""
    ours = initiative(
        title="Dorpsplein",
        themes=frozenset({Theme.GREEN, Theme.SPORT}),
        start_date=date(2027, 3, 12),
    )
    store.save(ours, None)
    stored = store.get("initiative", ours.id)
    assert stored is not None
    assert values_of(stored) == values_of(ours)
    assert stored.changed_at is not None
    assert stored.changed_by == store.me


def test_each_save_waits_in_the_outbox_with_what_the_editor_saw(store: LocalStore) -> None:
    """The shared database needs the base of every field of the groups that were touched."""
    record = added(store, budget_total=10_000_00)
    edited(store, record, budget_requested=5_000_00)
    create, edit = (entry.change for entry in store.outbox())
    assert create.kind is ChangeKind.CREATE
    assert create.base == {}
    assert edit.base == {"budget_total": 10_000_00, "budget_requested": None}
    assert edit.values == {"budget_requested": 5_000_00}


def test_saving_without_a_difference_writes_nothing(store: LocalStore) -> None:
    """Opening and saving a form must not make work for others."""
    record = added(store)
    assert store.save(record, record).change is None
    assert len(store.outbox()) == 1


def test_a_broken_rule_writes_nothing_and_says_where(store: LocalStore) -> None:
    """Nothing is half done."""
    bad = initiative(title="x", start_date=date(2027, 2, 1), expected_end_date=date(2027, 1, 1))
    with pytest.raises(UserProblem) as caught:
        store.save(bad, None)
    assert {problem.field for problem in caught.value.problems} == {"title", "expected_end_date"}
    assert store.get("initiative", bad.id) is None
    assert not store.outbox()


def test_status_only_moves_along_the_allowed_steps(store: LocalStore) -> None:
    """From reported straight to reopened does not exist."""
    record = added(store, status=InitiativeStatus.REPORTED)
    with pytest.raises(UserProblem):
        edited(store, record, status=InitiativeStatus.REOPENED)


def test_two_forms_on_one_laptop_merge_or_ask(store: LocalStore) -> None:
    """The second window of the same laptop never overwrites the first."""
    record = added(store)
    edited(store, record, title="Van het eerste venster")
    other_field = store.save(dataclasses.replace(record, supporters=12), record)
    assert other_field.record.title_text == "Van het eerste venster"
    clash = store.save(dataclasses.replace(record, title="Van het tweede venster"), record)
    assert [conflict.fields for conflict in clash.conflicts] == [("title",)]
    assert store.get("initiative", record.id).title_text == "Van het eerste venster"


def test_delete_and_restore_keep_everything(store: LocalStore) -> None:
    """A tombstone is not gone."""
    record = added(store, supporters=7)
    store.delete(record)
    assert store.counts()["initiative"] == 0
    assert store.find(Query(entity="initiative")).total == 0
    store.restore(record)
    back = store.get("initiative", record.id)
    assert isinstance(back, Initiative)
    assert back.supporters == 7
    kinds = [line.kind for line in store.history(record.id)]
    assert sorted(kinds) == ["create", "delete", "restore"]


def test_editing_a_deleted_record_is_refused(store: LocalStore) -> None:
    """A form that stayed open can't bring a record back by accident."""
    record = added(store)
    store.delete(record)
    with pytest.raises(UserProblem):
        edited(store, record, title="Toch nog gewijzigd")


def test_history_tells_old_and_new(store: LocalStore) -> None:
    """The losing value is never gone."""
    record = edited(store, added(store, phase=Phase.IDEA), phase=Phase.PLAN)
    newest = store.history(record.id)[0]
    assert newest.fields == {"phase": ("idea", "plan")}
    assert newest.author == store.me


@pytest.mark.parametrize(
    "text", ["cafe st jan", "Café St. Jan", "CAFE", "st.jan", "plein cafe", "orpsplei"]
)
def test_search_minds_no_accents_dots_or_compounds(store: LocalStore, text: str) -> None:
    """A clerk types what she heard."""
    record = added(store, title="Dorpsplein bij café St. Jan")
    added(store, title="Iets heel anders")
    assert [hit.record_id for hit in store.search(text)] == [record.id]
    assert store.find(Query(entity="initiative", text=text)).total == 1


def test_search_forgets_the_old_title(store: LocalStore) -> None:
    """A renamed record is found by its new name only."""
    record = added(store, title="Oude naam")
    edited(store, record, title="Nieuwe titel")
    assert not store.search("oude")
    assert len(store.search("nieuwe")) == 1


@pytest.mark.parametrize("text", ['"', "*", "a AND", "NEAR(", "-", "'; DROP TABLE item", "%", "()"])
def test_search_takes_any_text(store: LocalStore, text: str) -> None:
    """Nothing that is typed is an error."""
    added(store)
    store.search(text)
    store.find(Query(entity="initiative", text=text))


def test_filters_sorting_and_paging(store: LocalStore) -> None:
    """The list shows exactly the selection, in its order, a page at a time."""
    for number in range(7):
        added(
            store,
            title=f"Plan {number}",
            kern=REKKEN if number % 2 else EIBERGEN,
            themes=frozenset({Theme.GREEN} if number < 3 else {Theme.SPORT}),
            budget_total=number * 100,
        )
    rekken = Query(entity="initiative", filters=(Filter("kern", Op.IN, frozenset({REKKEN})),))
    assert store.find(rekken).total == 3
    green = Query(entity="initiative", filters=(Filter("themes", Op.IN, frozenset({Theme.GREEN})),))
    assert {r.title_text for r in store.find(green).records} == {"Plan 0", "Plan 1", "Plan 2"}
    money = Query(entity="initiative", filters=(Filter("budget_total", Op.FROM, 500),))
    assert store.find(money).total == 2
    titles = Query(entity="initiative", sort="title", descending=False, limit=3, offset=3)
    assert [r.title_text for r in store.find(titles).records] == ["Plan 3", "Plan 4", "Plan 5"]
    assert {row.record_id for row in store.map_rows(rekken)} <= {
        str(r.id) for r in store.find(rekken).records
    }


def test_mine_is_what_i_lead(store: LocalStore) -> None:
    """“Van mij” asks one question of whatever kind of record."""
    mine = added(store, lead=store.me)
    added(store, lead=uuid4())
    found = store.find(Query(entity="initiative", mine=store.me))
    assert [record.id for record in found.records] == [mine.id]


def test_near_finds_by_distance(store: LocalStore) -> None:
    """Possible duplicates near a point are seen, nearest first."""
    record = added(store)
    assert record.geometry is not None
    x_rd, y_rd = record.geometry.anchor
    hits = store.near(x_rd + 30, y_rd + 40, 100, "initiative")
    assert [(hit.record_id, round(hit.distance_m or 0)) for hit in hits] == [(record.id, 50)]
    assert not store.near(x_rd + 300, y_rd, 100, "initiative")


def test_news_of_a_save_carries_its_origin(store: LocalStore) -> None:
    """A form can skip its own echo."""
    heard: list[ChangeSet] = []
    stop = store.listen(heard.append)
    record, origin = initiative(), uuid4()
    store.save(record, None, origin)
    stop()
    store.delete(record)
    assert heard == [ChangeSet.of(origin, "initiative", record.id)]


def test_a_draft_survives_closing(store: LocalStore) -> None:
    """What was half typed is offered again."""
    draft = DraftRow(uuid4(), "initiative", uuid4(), None, {"title": "Half"}, now())
    store.put_draft(draft)
    assert store.drafts() == (draft,)
    store.drop_draft(draft.id)
    assert store.drafts() == ()


def test_states_say_where_a_record_is(store: LocalStore) -> None:
    """Alone it is “op deze laptop”; once connected it waits."""
    record = added(store)
    assert store.record_states([record.id]) == {record.id: RecordState.LOCAL}
    store.set_meta("epoch", str(uuid4()))
    assert store.record_states([record.id]) == {record.id: RecordState.WAITING}
    assert store.tally().waiting == 1
    assert not store.tally().is_clean


def test_take_back_undoes_one_unsent_edit(store: LocalStore) -> None:
    """What was not sent can be taken back, what came after it stays."""
    record = added(store, title="Eerst")
    second = edited(store, record, title="Daarna", supporters=3)
    edited(store, second, supporters=4)
    store.take_back(store.outbox()[1].change.id)
    back = store.get("initiative", record.id)
    assert isinstance(back, Initiative)
    assert (back.title, back.supporters) == ("Eerst", 4)
    assert [e.state for e in store.outbox(list(OutboxState))][1] is OutboxState.TAKEN_BACK


def test_bulk_saving_leaves_known_records_alone(store: LocalStore) -> None:
    """Importing the same file twice makes nothing twice."""
    records = [premises() for _ in range(3)]
    assert store.save_new(records) == 3
    assert store.save_new(records) == 0
    assert store.counts()["premises"] == 3
    assert len(store.outbox()) == 3


def test_same_photo_is_kept_once(store: LocalStore) -> None:
    """Bytes are found by their checksum."""
    first, second = store.add_blob(b"photo"), store.add_blob(b"photo")
    assert first == second
    assert store.blob(first) == b"photo"
    assert store.blob("0" * 64) is None


def test_unknown_fields_of_a_newer_version_are_kept(store: LocalStore) -> None:
    """An older laptop never drops what it does not know."""
    record = added(store, extra={"wind_turbines": 3})
    edited(store, record, title="Andere titel")
    stored = store.get("initiative", record.id)
    assert stored is not None
    assert stored.extra == {"wind_turbines": 3}


def test_any_entity_can_be_saved(store: LocalStore) -> None:
    """Premises without a place can be found and are simply not on the map."""
    record = premises(geometry=None)
    store.save(record, None)
    assert isinstance(store.get("premises", record.id), Premises)
    assert store.map_rows(Query(entity="premises")) == []
