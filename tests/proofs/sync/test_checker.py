"""The judge of histories can fail: what people see and what is answered, broken here once each."""

from typing import Any

import pytest

from tests.proofs.sync.stories import (
    EDITED,
    MADE,
    A,
    B,
    R,
    act,
    arrived,
    broken,
    change,
    done,
    line,
    look,
    receipt,
    stock,
)


def edit_story(*after: dict[str, Any]) -> set[str]:
    """Somebody sees Plan A, types Plan B, and then this happens."""
    seen = look(A, {"title": "Plan A"})
    typed = act("edit", base={"title": "Plan A"}, typed={"title": "Plan B"})
    return broken(seen, typed, *after)


def test_a_change_that_leaves_the_outbox_unanswered() -> None:
    assert broken(look(A, outbox={"edited": "sent"}), look(A, outbox={"edited": "stored"})) == {
        "S1"
    }


def test_a_receipt_that_was_lost_on_its_way_is_none() -> None:
    call = {"event": "call", "at": A, "call": "push"}
    lost = {"event": "answer", "at": A, "of": 3, "lost": True, "receipts": [receipt("edited")]}
    story = [look(A, outbox={"edited": "sent"}), call, arrived(EDITED), lost]
    assert broken(*story, look(A, outbox={"edited": "stored"})) == {"S1"}
    got = {**lost, "lost": False}
    assert broken(*story[:3], got, look(A, outbox={"edited": "stored"})) == set()


def test_a_waiting_change_that_vanishes() -> None:
    gone = look(A)
    gone["outbox"]["gone"] = ["edited"]
    assert broken(look(A, outbox={"edited": "waiting"}), gone) == {"S1"}


def test_a_change_that_may_have_arrived_is_not_dropped() -> None:
    dropped = look(A, outbox={"edited": "replaced"})
    assert broken(look(A, outbox={"edited": "sent"}), dropped) == {"S1"}


def test_a_saved_value_that_came_to_nothing() -> None:
    shown = [look(A, {"title": "Plan B"}), done(3)]
    end = [look(A, {"title": "Plan A"}), look(B, {"title": "Plan A"})]
    made = change("made", "create", title="Plan A")
    assert "S1" in edit_story(
        *shown, arrived(made), *end, stock(line(made, 1, "create"), title="Plan A")
    )


def test_a_change_with_two_answers() -> None:
    assert broken(arrived(MADE), arrived(MADE, number=2)) == {"S2"}


def test_a_change_with_two_contents() -> None:
    assert broken(arrived(MADE), arrived({**MADE, "values": {"title": "Anders"}})) == {"S2"}


def test_an_own_value_that_is_not_shown() -> None:
    assert edit_story(look(A, {"title": "Plan A"}), done(3)) == {"S6"}
    assert edit_story(look(A, {"title": "Plan B"}), done(3)) == set()


def test_an_own_value_that_is_overlaid_before_it_was_answered() -> None:
    shown = [look(A, {"title": "Plan B"}), done(3)]
    assert edit_story(*shown, look(A, {"title": "Van een ander"})) == {"S6"}


def test_a_question_that_hides_the_own_value() -> None:
    asked = {"record": R, "kind": "fields", "fields": ["title"]}
    sides = {"ours": {"title": "Mijn plan"}, "theirs": {"title": "Plan B"}}
    question = {"question": {**asked, **sides}}
    assert broken(look(A, {"title": "Plan B"}, questions=question)) == {"S6"}
    assert broken(look(A, {"title": "Mijn plan"}, questions=question)) == set()


def test_an_own_deletion_that_is_not_shown() -> None:
    gone = act("delete", base={"title": "Plan A"})
    shown = look(A, {"title": "Plan A"}, deleted=True)
    assert broken(look(A, {"title": "Plan A"}), gone, shown, done(3)) == set()
    assert broken(look(A, {"title": "Plan A"}), gone, done(3)) == {"S6"}


@pytest.mark.parametrize(("outcome", "promises"), [("done", {"S7"}), ("Cut", set())])
def test_a_change_that_waits_after_a_whole_cycle(outcome: str, promises: set[str]) -> None:
    cycle = {"event": "cycle", "at": A}
    end = {"event": "cycle_end", "at": A, "of": 3, "outcome": outcome}
    assert broken(look(A, outbox={"bad": "waiting"}), cycle, end) == promises


def test_an_error_nobody_foresaw() -> None:
    assert broken({"event": "bug", "at": "world", "trace": "KeyError: 'x'"}) == {"no crash"}
