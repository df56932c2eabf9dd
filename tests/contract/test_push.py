"""Making, changing, removing: what is stored, what is asked, and that it happens once."""

from uuid import uuid4

import pytest

from db.codec import values_of
from db.geometry import Geometry
from db.shared.protocol import Outcome, SharedDatabase
from tests.contract.changes import (
    again,
    edited,
    everything,
    history_of,
    made,
    push,
    push_one,
    removed,
    restored,
    row_of,
)
from tests.factories import EIBERGEN, REKKEN, initiative, organisation
from tests.postgres import SharedSide


@pytest.fixture
def anna(side: SharedSide) -> SharedDatabase:
    return side.add("Anna", "counter_clerk")[1]


@pytest.fixture
def bram(side: SharedSide) -> SharedDatabase:
    return side.add("Bram", "counter_clerk")[1]


def test_what_is_made_comes_back_value_for_value(anna: SharedDatabase):
    plan = initiative(summary="Meer groen, zegt de buurt; “’s avonds” óók.")
    receipt = push_one(anna, made(plan))
    row = row_of(anna, plan)
    stored = {name: row.get(name) for name in values_of(plan)}
    assert receipt.outcome is Outcome.APPLIED
    assert stored == values_of(plan)
    assert (row["entity"], row["revision"], row["deleted"]) == ("initiative", 1, False)
    assert row["seq"] == receipt.seq


def test_the_server_gives_numbers_in_order_and_keeps_them(anna: SharedDatabase):
    first, second = initiative(), initiative()
    push(anna, made(first), made(second), made(organisation()))
    push_one(anna, edited(first, {"title": first.title}, {"title": "Anders genoemd"}))
    codes = [row_of(anna, record)["code"] for record in (first, second)]
    assert [code[:4] + code[-4:] for code in codes] == ["INI-0001", "INI-0002"]


def test_a_change_is_applied_once_however_often_it_is_sent(anna: SharedDatabase):
    plan = initiative()
    change = made(plan)
    receipts = push(anna, change, change) + push(anna, change)
    assert len({(r.number, r.seq, r.outcome) for r in receipts}) == 1
    assert len(history_of(anna, plan)) == 1
    assert row_of(anna, plan)["revision"] == 1


def test_an_edit_seen_by_nobody_else_is_applied(anna: SharedDatabase, bram: SharedDatabase):
    plan = initiative()
    push_one(anna, made(plan))
    receipt = push_one(bram, edited(plan, {"phase": "idea"}, {"phase": "plan"}))
    row = row_of(anna, plan)
    assert receipt.outcome is Outcome.APPLIED
    assert (row["phase"], row["revision"]) == ("plan", 2)
    assert history_of(anna, plan)[-1]["fields"] == {"phase": ["idea", "plan"]}


def test_edits_of_different_fields_both_stand(anna: SharedDatabase, bram: SharedDatabase):
    plan = initiative(summary="Oud")
    push_one(anna, made(plan))
    push_one(anna, edited(plan, {"title": plan.title}, {"title": "Nieuwe naam"}))
    receipt = push_one(bram, edited(plan, {"summary": "Oud"}, {"summary": "Nieuw"}))
    row = row_of(anna, plan)
    assert receipt.outcome is Outcome.APPLIED
    assert (row["title"], row["summary"]) == ("Nieuwe naam", "Nieuw")


def test_the_same_new_value_on_both_sides_is_no_conflict(
    anna: SharedDatabase, bram: SharedDatabase
):
    plan = initiative()
    push_one(anna, made(plan))
    change = {"phase": "idea"}, {"phase": "plan"}
    first = push_one(anna, edited(plan, *change))
    second = push_one(bram, edited(plan, *change))
    assert (second.outcome, second.seq) == (Outcome.APPLIED, first.seq)
    assert len(history_of(anna, plan)) == 2


def test_two_edits_of_one_field_are_a_question(side: SharedSide):
    anna, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    plan = initiative()
    push_one(hers, made(plan))
    push_one(hers, edited(plan, {"title": plan.title}, {"title": "Van Anna"}))
    receipt = push_one(his, edited(plan, {"title": plan.title}, {"title": "Van Bram"}))
    [conflict] = receipt.conflicts
    assert (receipt.outcome, receipt.reason) == (Outcome.CONFLICT, "edited")
    assert (conflict.fields, conflict.theirs) == (("title",), {"title": "Van Anna"})
    assert conflict.by == anna.id
    assert conflict.at is not None
    assert row_of(his, plan)["title"] == "Van Anna"


def test_the_losing_value_stays_in_the_history(anna: SharedDatabase, bram: SharedDatabase):
    plan = initiative()
    push_one(anna, made(plan))
    push_one(anna, edited(plan, {"title": plan.title}, {"title": "Van Anna"}))
    push_one(bram, edited(plan, {"title": plan.title}, {"title": "Van Bram"}))
    last = history_of(anna, plan)[-1]
    assert last["kind"] == "conflict"
    assert last["fields"] == {"title": ["Van Anna", "Van Bram"]}


def test_only_the_group_in_conflict_is_held_back(anna: SharedDatabase, bram: SharedDatabase):
    plan = initiative()
    push_one(anna, made(plan))
    push_one(anna, edited(plan, {"title": plan.title}, {"title": "Van Anna"}))
    both = edited(
        plan,
        {"title": plan.title, "phase": "idea"},
        {"title": "Van Bram", "phase": "plan"},
    )
    receipt = push_one(bram, both)
    row = row_of(anna, plan)
    assert (receipt.outcome, receipt.reason) == (Outcome.MERGED, "edited")
    assert [c.fields for c in receipt.conflicts] == [("title",)]
    assert (row["title"], row["phase"], row["seq"]) == ("Van Anna", "plan", receipt.seq)


def test_fields_that_belong_together_are_one_decision(anna: SharedDatabase, bram: SharedDatabase):
    shop = organisation(street="Dorpsstraat", house_number=1, town="Rekken")
    push_one(anna, made(shop))
    seen = {"street": "Dorpsstraat", "house_number": 1, "town": "Rekken"}
    push_one(anna, edited(shop, seen, {"street": "Kerkweg"}))
    receipt = push_one(bram, edited(shop, seen, {"house_number": 2}))
    assert receipt.outcome is Outcome.CONFLICT
    assert receipt.conflicts[0].theirs["street"] == "Kerkweg"
    assert row_of(anna, shop)["house_number"] == 1


def test_an_empty_value_and_a_missing_one_are_the_same(anna: SharedDatabase):
    plan = initiative(summary=None)
    push_one(anna, made(plan))
    first = push_one(anna, edited(plan, {}, {"summary": "Eerst"}))
    second = push_one(anna, edited(plan, {"summary": "Eerst"}, {"summary": None}))
    assert [first.outcome, second.outcome] == [Outcome.APPLIED] * 2
    assert "summary" not in row_of(anna, plan)


def test_a_place_is_compared_as_a_value(anna: SharedDatabase, bram: SharedDatabase):
    plan = initiative()
    here = values_of(plan)["geometry"]
    there = Geometry.point(241_427.5, 457_613.25).to_json()
    push_one(anna, made(plan))
    moved = push_one(anna, edited(plan, {"geometry": here}, {"geometry": there}))
    late = push_one(bram, edited(plan, {"geometry": here}, {"geometry": here}))
    assert (moved.outcome, late.outcome) == (Outcome.APPLIED, Outcome.APPLIED)
    assert row_of(anna, plan)["geometry"] == there


def test_a_removed_record_stays_as_a_tombstone(anna: SharedDatabase):
    plan = initiative()
    push_one(anna, made(plan))
    gone = push(anna, removed(plan), removed(plan))
    row = row_of(anna, plan)
    assert [receipt.outcome for receipt in gone] == [Outcome.APPLIED] * 2
    assert (row["deleted"], row["title"]) == (True, plan.title)
    assert history_of(anna, plan)[-1]["kind"] == "delete"


def test_removing_what_someone_edited_is_a_question(anna: SharedDatabase, bram: SharedDatabase):
    plan = initiative()
    push_one(anna, made(plan))
    push_one(anna, edited(plan, {"title": plan.title}, {"title": "Toch door"}))
    receipt = push_one(bram, removed(plan))
    assert (receipt.outcome, receipt.reason) == (Outcome.CONFLICT, "edited")
    assert [c.theirs for c in receipt.conflicts] == [{"title": "Toch door"}]
    assert row_of(bram, plan)["deleted"] is False


def test_removing_is_a_question_about_fields_of_a_newer_program(
    anna: SharedDatabase, bram: SharedDatabase
):
    """Whoever removes it has never seen that value: it is not in what they say they saw."""
    plan = initiative()
    push_one(anna, made(plan))
    push_one(anna, edited(plan, {}, {"wind_turbines": 3}))
    receipt = push_one(bram, removed(plan))
    assert (receipt.outcome, receipt.reason) == (Outcome.CONFLICT, "edited")
    assert [c.theirs for c in receipt.conflicts] == [{"wind_turbines": 3}]
    assert push_one(bram, removed(plan, wind_turbines=3)).outcome is Outcome.APPLIED


def test_removing_is_a_question_about_fields_that_are_not_told(
    anna: SharedDatabase, bram: SharedDatabase
):
    """An older program, which does not know the field, tells of fewer."""
    plan = initiative()
    push_one(anna, made(plan, supporters=7))
    older = {n: v for n, v in removed(plan).base.items() if n != "supporters"}
    receipt = push_one(bram, again(removed(plan), base=older))
    assert [c.theirs for c in receipt.conflicts] == [{"supporters": 7}]


def test_editing_what_someone_removed_is_a_question(anna: SharedDatabase, bram: SharedDatabase):
    plan = initiative()
    push_one(anna, made(plan))
    push_one(anna, removed(plan))
    receipt = push_one(bram, edited(plan, {"phase": "idea"}, {"phase": "plan"}))
    assert (receipt.outcome, receipt.reason) == (Outcome.CONFLICT, "deleted")
    assert receipt.conflicts[0].theirs == {"deleted": True}
    assert row_of(bram, plan)["phase"] == "idea"


def test_a_tombstone_can_be_called_back(anna: SharedDatabase):
    plan = initiative()
    push(anna, made(plan), removed(plan), restored(plan), restored(plan))
    assert row_of(anna, plan)["deleted"] is False
    assert [line["kind"] for line in history_of(anna, plan)] == ["create", "delete", "restore"]


def test_making_a_record_that_is_there_is_an_edit_without_a_base(
    anna: SharedDatabase, bram: SharedDatabase
):
    plan = initiative(summary="Eerst")
    push_one(anna, made(plan))
    same = push_one(bram, made(plan))
    other = push_one(bram, made(plan, title="Iets anders", summary="Later"))
    assert same.outcome is Outcome.APPLIED
    assert other.outcome is Outcome.CONFLICT
    assert sorted(c.fields for c in other.conflicts) == [("summary",), ("title",)]


def test_fields_of_a_newer_program_are_kept_and_merged(anna: SharedDatabase, bram: SharedDatabase):
    plan = initiative()
    push_one(anna, made(plan, later_field={"a": [1, None]}))
    first = push_one(bram, edited(plan, {"later_field": {"a": [1, None]}}, {"later_field": 5}))
    late = push_one(anna, edited(plan, {"later_field": {"a": [1, None]}}, {"later_field": 6}))
    assert (first.outcome, late.outcome) == (Outcome.APPLIED, Outcome.CONFLICT)
    assert row_of(anna, plan)["later_field"] == 5
    push_one(anna, edited(plan, {"later_field": 5}, {"later_field": None}))
    assert "later_field" not in row_of(anna, plan)


def test_several_changes_to_one_record_keep_their_order(anna: SharedDatabase):
    plan = initiative()
    steps = ["exploration", "plan", "review"]
    chain = [
        edited(plan, {"phase": before}, {"phase": after})
        for before, after in zip(["idea", *steps], steps, strict=False)
    ]
    receipts = push(anna, made(plan), *chain)
    assert [receipt.outcome for receipt in receipts] == [Outcome.APPLIED] * 4
    assert [receipt.seq for receipt in receipts] == sorted(receipt.seq for receipt in receipts)
    assert row_of(anna, plan)["phase"] == "review"


def test_a_made_up_author_is_not_believed(side: SharedSide):
    anna, hers = side.add("Anna", "counter_clerk")
    plan = initiative()
    push_one(hers, again(made(plan), author=uuid4()))
    assert row_of(hers, plan)["created_by"] == str(anna.id)
    assert history_of(hers, plan)[0]["person"] == str(anna.id)


def test_nothing_pushed_is_nothing_answered(anna: SharedDatabase):
    before = everything(anna).cursor
    assert anna.push([]) == []
    assert everything(anna).cursor == before


def test_a_record_can_move_to_another_village(anna: SharedDatabase):
    plan = initiative(kern=REKKEN)
    push_one(anna, made(plan))
    push_one(
        anna, edited(plan, {"kern": str(REKKEN), "kern_chosen": False}, {"kern": str(EIBERGEN)})
    )
    assert row_of(anna, plan)["kern"] == str(EIBERGEN)
