"""What is refused, with which reason, and that one bad change never blocks another."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from db.changes import Change, ChangeKind, now
from db.codec import values_of
from db.entities.premises import PlotStatus
from db.fields import Record
from db.geometry import Geometry
from db.rules import RULES
from db.shared.protocol import Outcome, SharedDatabase
from tests.contract.changes import (
    edited,
    history_of,
    made,
    push,
    push_one,
    removed,
    restored,
    row_of,
)
from tests.factories import initiative, organisation, plot, premises, square, team
from tests.postgres import SharedSide

HERE = (240_000.0, 457_000.0)


@pytest.fixture
def anna(side: SharedSide) -> SharedDatabase:
    return side.add("Anna", "counter_clerk")[1]


def rule_reason(entity: str, field: str, when: str) -> str:
    """Return the code of the rule about `field` that depends on `when`."""
    [code] = [
        f"rule:{number}:{field}"
        for number, rule in enumerate(RULES[entity])
        if rule.field == field and when in {getattr(rule, "when", ""), getattr(rule, "low", "")}
    ]
    return code


@pytest.mark.parametrize(
    ("record", "wrong", "reason"),
    [
        (initiative(), {"title": "ab"}, "check:title"),
        (initiative(), {"title": "x" * 81}, "check:title"),
        (initiative(), {"title": None}, "value:title"),
        (initiative(), {"title": 5}, "value:title"),
        (initiative(), {"phase": "dreaming"}, "check:phase"),
        (initiative(), {"themes": ["green", "nonsense"]}, "check:themes"),
        (initiative(), {"themes": "green"}, "value:themes"),
        (initiative(), {"kern": None}, "check:kern"),
        (initiative(), {"kern": "Rekken"}, "value:kern"),
        (initiative(), {"start_date": "2027-02-30"}, "value:start_date"),
        (initiative(), {"supporters": -1}, "check:supporters"),
        (initiative(), {"supporters": 1.5}, "value:supporters"),
        (initiative(), {"publish": "yes"}, "value:publish"),
        (initiative(), {"geometry": {"type": "Point", "coordinates": []}}, "value:geometry"),
        (initiative(), {"geometry": {"type": "Circle", "coordinates": [1, 2]}}, "value:geometry"),
        (initiative(), {"revision": 7}, "value:revision"),
        (initiative(), {"municipality": "GM0001"}, "value:municipality"),
        (organisation(), {"postcode": "7151 AB"}, "check:postcode"),
        (organisation(), {"kvk": "1234"}, "check:kvk"),
        (
            plot(),
            {"geometry": {"type": "Point", "coordinates": [240000, 457000]}},
            "value:geometry",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_wrong_value_is_refused_with_its_field(
    anna: SharedDatabase, record: Record, wrong: dict[str, Any], reason: str
):
    receipt = push_one(anna, made(record, **wrong))
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, reason)
    assert row_of(anna, record) == {}


def test_rules_across_fields_are_kept(anna: SharedDatabase):
    plan, group = initiative(), team()
    turned = push_one(anna, made(plan, start_date="2027-05-01", expected_end_date="2027-04-01"))
    endless = push_one(anna, made(group, kind="task", end_date=None))
    assert turned.reason == rule_reason("initiative", "expected_end_date", "start_date")
    assert endless.reason == rule_reason("team", "end_date", "kind")


def test_an_edit_that_breaks_a_rule_leaves_the_record_alone(anna: SharedDatabase):
    plan = initiative()
    push_one(anna, made(plan))
    receipt = push_one(anna, edited(plan, {"phase": "idea"}, {"phase": "stopped"}))
    assert receipt.outcome is Outcome.REFUSED
    assert receipt.reason == rule_reason("initiative", "status_reason", "phase")
    assert row_of(anna, plan)["revision"] == 1
    assert len(history_of(anna, plan)) == 1


def test_steps_of_handling_are_followed(anna: SharedDatabase):
    plan = initiative()
    push_one(anna, made(plan))
    jump = push_one(anna, edited(plan, {"status": "concept"}, {"status": "done"}))
    step = push_one(anna, edited(plan, {"status": "concept"}, {"status": "reported"}))
    assert (jump.outcome, jump.reason) == (Outcome.REFUSED, "transition:status")
    assert step.outcome is Outcome.APPLIED


def test_one_bad_change_never_blocks_another(anna: SharedDatabase):
    plans = [initiative(title=f"Plan {number}") for number in range(20)]
    bad = {3, 4, 17}
    changes = [
        made(plan, **({"phase": "nonsense"} if number in bad else {}))
        for number, plan in enumerate(plans)
    ]
    receipts = push(anna, *changes)
    refused = {number for number, r in enumerate(receipts) if r.outcome is Outcome.REFUSED}
    assert refused == bad
    assert {r.outcome for n, r in enumerate(receipts) if n not in bad} == {Outcome.APPLIED}
    assert [receipt.change_id for receipt in receipts] == [change.id for change in changes]
    assert push(anna, *changes) == receipts


@pytest.mark.parametrize(
    "wrong",
    [{"title": "Dorps\0plein"}, {"summary": "half \ud83d"}, {"later": float("inf")}],
    ids=["a NUL", "half a letter", "an infinity"],
)
def test_what_can_not_be_sent_blocks_nothing(anna: SharedDatabase, wrong: dict[str, Any]):
    good = initiative(title="Een \\u0000 in letters is gewoon tekst")
    receipts = push(anna, made(initiative(), **wrong), made(good))
    assert [receipt.reason for receipt in receipts] == [f"value:{next(iter(wrong))}", ""]
    assert row_of(anna, good)["title"] == good.title


def test_what_is_not_known_is_told(anna: SharedDatabase):
    plan = initiative()
    strange = Change(
        entity="dragon",
        record_id=uuid4(),
        kind=ChangeKind.CREATE,
        base={},
        values={},
        made_at=now(),
    )
    reasons = [
        push_one(anna, change).reason
        for change in (strange, edited(plan, {}, {"title": "Nieuw"}), removed(plan), restored(plan))
    ]
    assert reasons == ["unknown_entity", "unknown_record", "unknown_record", "unknown_record"]


def test_staff_is_made_by_the_administrator_only(anna: SharedDatabase):
    forged = Change(
        entity="staff",
        record_id=uuid4(),
        kind=ChangeKind.CREATE,
        base={},
        values={"name": "Niemand", "is_active": True},
        made_at=now(),
    )
    assert push_one(anna, forged).reason == "rights"


def test_two_active_plots_share_no_land(anna: SharedDatabase):
    first = plot(geometry=square(*HERE, 40))
    beside = plot(geometry=square(HERE[0] + 40, HERE[1], 40))
    across = plot(geometry=square(HERE[0] + 20, HERE[1] + 20, 40))
    receipts = push(anna, made(first), made(beside), made(across))
    assert [receipt.reason for receipt in receipts] == ["", "", "overlap"]


def test_a_plot_that_is_gone_or_issued_leaves_its_land(anna: SharedDatabase):
    first, second = plot(geometry=square(*HERE, 40)), plot(geometry=square(*HERE, 40))
    third = plot(geometry=square(*HERE, 30))
    receipts = push(anna, made(first, status=PlotStatus.ISSUED.value), made(second))
    gone = push(anna, removed(second), made(third))
    back = push_one(anna, restored(second))
    assert [r.reason for r in (*receipts, *gone, back)] == ["", "", "", "", "overlap"]


def test_moving_a_plot_onto_another_is_refused(anna: SharedDatabase):
    first, second = plot(geometry=square(*HERE, 40)), plot(geometry=square(HERE[0] + 100, HERE[1]))
    push(anna, made(first), made(second))
    here = values_of(second)["geometry"]
    there = square(HERE[0] + 10, HERE[1]).to_json()
    receipt = push_one(anna, edited(second, {"geometry": here}, {"geometry": there}))
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, "overlap")
    assert row_of(anna, second)["geometry"] == here


def test_an_area_with_a_hole_takes_a_plot_in_the_hole(anna: SharedDatabase):
    x, y = HERE
    ring = square(x, y, 100).to_json()["coordinates"][0]
    hole = square(x + 20, y + 20, 60).to_json()["coordinates"][0]
    frame = plot(geometry=Geometry.from_json({"type": "Polygon", "coordinates": [ring, hole]}))
    inside, across = plot(geometry=square(x + 30, y + 30, 40)), plot(geometry=square(x + 90, y, 40))
    receipts = push(anna, made(frame), made(inside), made(across))
    assert [receipt.reason for receipt in receipts] == ["", "", "overlap"]


def test_every_field_of_premises_is_stored_as_it_was(anna: SharedDatabase):
    place = premises(rent=125_000, floor_area_m2=340, clear_height_m=4.5)
    assert push_one(anna, made(place)).outcome is Outcome.APPLIED
    row = row_of(anna, place)
    assert {name: row.get(name) for name in values_of(place)} == values_of(place)
    assert UUID(row["id"]) == place.id
