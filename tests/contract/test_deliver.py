"""Bringing what somebody else made: in their name, once, with the rights of who brings it."""

from dataclasses import replace
from uuid import uuid4

import pytest

from db.shared.protocol import Outcome, SharedDatabase
from tests.contract.changes import again, edited, history_of, made, push_one, row_of
from tests.factories import contact_person, initiative
from tests.postgres import SharedSide


@pytest.fixture
def three(side: SharedSide) -> tuple[SharedDatabase, SharedDatabase, SharedDatabase]:
    """Give Anna, who makes, Bram, who brings, and Carla, who only looks."""
    return (
        side.add("Anna", "counter_clerk")[1],
        side.add("Bram", "counter_clerk")[1],
        side.add("Carla", "reader")[1],
    )


Three = tuple[SharedDatabase, SharedDatabase, SharedDatabase]


def test_the_history_names_maker_and_deliverer(three: Three):
    anna, bram, _ = three
    maker, bringer = anna.hello().person.id, bram.hello().person.id
    plan = initiative()
    change = again(made(plan), author=maker)
    [receipt] = bram.deliver([change])
    assert receipt.outcome is Outcome.APPLIED
    [line] = history_of(anna, plan)
    assert (line["person"], line["delivered_by"]) == (str(maker), str(bringer))
    assert row_of(anna, plan)["created_by"] == str(maker)


def test_what_one_brings_of_oneself_has_no_deliverer(three: Three):
    anna, _, _ = three
    plan = initiative()
    anna.deliver([again(made(plan), author=anna.hello().person.id)])
    assert history_of(anna, plan)[0]["delivered_by"] is None
    other = initiative()
    anna.deliver([again(made(other), author=uuid4())])
    line = history_of(anna, other)[0]
    assert (line["person"], line["delivered_by"]) == (str(anna.hello().person.id), None)


def test_a_push_after_a_delivery_has_no_deliverer(three: Three):
    """The name of a delivery does not stick to the connection."""
    anna, bram, _ = three
    bram.deliver([again(made(initiative()), author=anna.hello().person.id)])
    plan = initiative()
    push_one(bram, made(plan))
    assert history_of(anna, plan)[0]["delivered_by"] is None


@pytest.mark.parametrize("first", ["delivered", "sent"])
def test_a_change_has_one_effect_whoever_brings_it(three: Three, first: str):
    """The maker's own laptop gets the receipt of what was delivered, and the other way round."""
    anna, bram, _ = three
    plan = initiative()
    change = again(made(plan), author=anna.hello().person.id)
    ways = [lambda: bram.deliver([change]), lambda: anna.push([change])]
    if first == "sent":
        ways.reverse()
    receipts = [way()[0] for way in (*ways, *ways)]
    assert len({(r.outcome, r.number, r.seq) for r in receipts}) == 1
    assert len(history_of(anna, plan)) == 1


def test_nobody_asks_after_a_change_of_another_by_pushing_it(three: Three):
    """Push speaks for oneself alone."""
    anna, bram, _ = three
    change = again(made(initiative()), author=anna.hello().person.id)
    anna.push([change])
    assert push_one(bram, change).reason == "change_id"


def test_rights_are_those_of_who_brings(three: Three):
    """A reader can't have a colleague's name open a door."""
    anna, _, carla = three
    maker = anna.hello().person.id
    [receipt] = carla.deliver([again(made(initiative()), author=maker)])
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, "rights")


def test_a_chain_of_several_makers_is_taken_in_its_order(three: Three):
    anna, bram, _ = three
    a, b = anna.hello().person.id, bram.hello().person.id
    plan = initiative(title="Eén")
    chain = [
        again(made(plan), author=a),
        again(edited(plan, {"title": "Eén"}, {"title": "Twee"}), author=b),
        again(edited(plan, {"title": "Twee"}, {"title": "Drie"}), author=a),
    ]
    assert [r.outcome for r in bram.deliver(chain)] == [Outcome.APPLIED] * 3
    assert row_of(anna, plan)["title"] == "Drie"
    assert [line["person"] for line in history_of(anna, plan)] == [str(a), str(b), str(a)]


def test_a_delivered_record_keeps_its_number_when_it_is_free(three: Three):
    """After a restore a number that residents know stays what it was, and is not given again."""
    anna, bram, _ = three
    first = initiative()
    push_one(anna, made(first))
    code = row_of(anna, first)["code"]
    series, number = code[:8], int(code[9:])
    kept, taken, odd = (initiative() for _ in range(3))
    bram.deliver(
        [
            again(made(kept), code=f"{series}-{number + 5:04}"),
            again(made(taken), code=code),
            again(made(odd), code="PND-1999-1'; --"),
        ]
    )
    assert row_of(anna, kept)["code"] == f"{series}-{number + 5:04}"
    later = initiative()
    push_one(anna, made(later))
    numbers = {row_of(anna, record)["code"] for record in (first, kept, taken, odd, later)}
    assert len(numbers) == 5
    assert all(int(c[9:]) > number + 5 for c in numbers - {code, f"{series}-{number + 5:04}"})


@pytest.mark.parametrize(
    "code", ["INI-{year}-999999999", "INI-{next_year}-0001", "INI-{year}-99999"]
)
def test_asking_for_a_number_uses_none_up(three: Three, code: str):
    """Numbers are made in the database alone: nobody drives them up, not by a refused record either."""
    anna, bram, _ = three
    first = initiative()
    push_one(anna, made(first))
    year = int(row_of(anna, first)["code"][4:8])
    asked = code.format(year=year, next_year=year + 1)
    greedy = initiative()
    bram.deliver(
        [again(made(greedy), code=asked), again(made(initiative(), title="x"), code=asked)]
    )
    later = initiative()
    push_one(anna, made(later))
    numbers = [int(row_of(anna, record)["code"][9:]) for record in (first, greedy, later)]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert {row_of(anna, record)["code"][4:8] for record in (greedy, later)} == {str(year)}


def test_who_may_not_see_contacts_uses_none_of_their_numbers_up(side: SharedSide):
    _, anna = side.add("Anna", "counter_clerk")
    _, assessor = side.add("Dirk", "assessor")
    first, later = contact_person(), contact_person()
    push_one(anna, made(first))
    code = row_of(anna, first)["code"]
    assessor.deliver([again(made(contact_person()), code=f"{code[:9]}{int(code[9:]) + 500:04}")])
    push_one(anna, made(later))
    assert int(row_of(anna, later)["code"][9:]) == int(code[9:]) + 1


def test_a_push_can_choose_no_number(three: Three):
    anna, _, _ = three
    plan = initiative()
    push_one(anna, again(made(plan), code="INI-2026-9999"))
    assert row_of(anna, plan)["code"] != "INI-2026-9999"


def test_the_database_tells_which_changes_it_lacks(three: Three):
    anna, bram, _ = three
    known, unknown = made(initiative()), made(initiative())
    anna.push([known])
    assert bram.unknown_changes([known.id, unknown.id]) == {unknown.id}
    assert bram.unknown_changes([]) == set()


def test_personal_details_need_their_right_also_when_delivered(side: SharedSide):
    _, anna = side.add("Anna", "counter_clerk")
    _, assessor = side.add("Dirk", "assessor")
    change = replace(made(contact_person()), author=anna.hello().person.id)
    [receipt] = assessor.deliver([change])
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, "rights")


@pytest.mark.parametrize("way", ["push", "deliver"])
def test_who_may_not_bring_something_leaves_no_answer_to_its_maker(side: SharedSide, way: str):
    """After a restore a reader's laptop may be first; the makers' own must still be heard."""
    _, anna = side.add("Anna", "counter_clerk")
    _, bram = side.add("Bram", "counter_clerk")
    maker = anna.hello().person.id
    changes = [replace(made(record), author=maker) for record in (initiative(), contact_person())]
    for role in ("reader", "assessor"):
        _, bringer = side.add(role, role)
        refused = [
            change for change in changes if role == "reader" or change.entity != "initiative"
        ]
        assert {r.reason for r in bringer.deliver(refused)} == {"rights"}
        assert bringer.unknown_changes([c.id for c in refused]) == {c.id for c in refused}
    receipts = anna.push(changes) if way == "push" else bram.deliver(changes)
    assert {r.outcome for r in receipts} == {Outcome.APPLIED}
