"""What a pull gives: pages in the order of commit, complete, and nothing twice."""

from uuid import UUID

import pytest

from db.errors import Refused
from db.reference import reference_kernen
from tests.contract.changes import edited, everything, made, push, push_one
from tests.factories import initiative
from tests.postgres import SharedSide


def test_the_villages_are_there_from_the_beginning(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    kernen = {UUID(row["id"]) for row in everything(hers).rows if row["entity"] == "kern"}
    assert kernen == {kern.id for kern in reference_kernen()}


def test_pages_join_into_everything_once(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    plans = [initiative(title=f"Plan {number}") for number in range(25)]
    push(hers, *map(made, plans))
    push(hers, *(edited(p, {"phase": "idea"}, {"phase": "plan"}) for p in plans[:5]))
    small, large = everything(hers, limit=4), everything(hers, limit=5_000)
    assert small.cursor == large.cursor
    assert [row["id"] for row in small.rows] == [row["id"] for row in large.rows]
    assert small.log == large.log
    assert len({row["id"] for row in small.rows}) == len(small.rows)


def test_a_page_is_in_the_order_of_commit(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    push(hers, *(made(initiative()) for _ in range(10)))
    page = everything(hers)
    for items in (page.rows, page.log):
        seqs = [item["seq"] for item in items]
        assert seqs == sorted(set(seqs))
    assert {row["seq"] for row in page.rows} <= {line["seq"] for line in page.log}


def test_a_page_holds_no_more_than_was_asked(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    push(hers, *(made(initiative()) for _ in range(10)))
    page = hers.pull(0, 3)
    assert len(page.rows) <= 3
    assert len(page.log) == 3
    assert not page.is_last


def test_after_the_last_page_there_is_nothing(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    cursor = everything(hers).cursor
    page = hers.pull(cursor)
    assert (page.rows, page.log, page.cursor, page.is_last) == ([], [], cursor, True)


def test_only_what_is_new_is_given(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    plan = initiative()
    push_one(hers, made(plan))
    cursor = everything(his).cursor
    push_one(hers, edited(plan, {"phase": "idea"}, {"phase": "plan"}))
    page = his.pull(cursor)
    assert [(row["id"], row["phase"]) for row in page.rows] == [(str(plan.id), "plan")]
    assert [line["fields"] for line in page.log] == [{"phase": ["idea", "plan"]}]


def test_empty_values_are_left_out(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    push_one(hers, made(initiative(summary=None)))
    [row] = [row for row in everything(hers).rows if row["entity"] == "initiative"]
    assert None not in row.values()


def test_a_cursor_from_the_future_means_a_restored_database(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    with pytest.raises(Refused) as refusal:
        hers.pull(everything(hers).cursor + 1)
    assert refusal.value.reason == "restored"
