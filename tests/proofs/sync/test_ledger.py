"""The judge of the shared history and of the end can fail: each promise is broken here once."""

from collections.abc import Callable

import pytest

from tests.proofs.sync.stories import (
    EDITED,
    MADE,
    MADE_LINE,
    A,
    B,
    R,
    Story,
    act,
    arrived,
    broken,
    change,
    done,
    inventory,
    kept,
    line,
    look,
    stock,
)


def test_a_kept_history_passes() -> None:
    assert broken(*kept()) == set()


def test_a_change_that_was_stored_twice() -> None:
    twice = stock(MADE_LINE, line(MADE, 2, "create"), title="Plan A", themes=["green"])
    assert broken(arrived(MADE), twice) == {"S2"}


def test_a_line_of_nobody() -> None:
    assert broken(stock(line(MADE, 1, "create"), title="Plan A", themes=["green"])) == {"S2"}


def test_a_gap_in_the_shared_history() -> None:
    story = kept()
    story[5]["log"][1]["fields"] = {"title": ["Plan X", "Plan B"]}
    assert "S2" in broken(*story)


def test_a_row_that_the_history_does_not_explain() -> None:
    story = kept()
    story[5]["rows"][R]["themes"] = ["care"]
    assert "S2" in broken(*story)


def test_a_replica_that_misses_a_row() -> None:
    story = [event for event in kept() if (event["event"], event["at"]) != ("look", A)]
    assert broken(*story) == {"S3"}


def test_an_edit_on_another_base() -> None:
    story = kept()
    changed = {**EDITED, "base": {"title": "Plan Z"}}
    story[2] = arrived(changed, number=2)
    assert broken(*story) == {"S4"}


def test_a_value_that_gave_way_unseen() -> None:
    story = kept()
    story[1] = look(B, {"themes": ["green"]})
    assert broken(*story) == {"S4"}


def test_another_value_than_was_sent() -> None:
    story = kept()
    story[5]["log"][1]["fields"] = {"title": ["Plan A", "Plan C"]}
    assert "S4" in broken(*story)


def test_a_merge_group_that_was_torn_apart() -> None:
    made = change("made", "create", budget_total=7, budget_requested=5)
    base = {"budget_total": 8, "budget_requested": 5}
    edited = change("edited", base=base, at=B, budget_requested=1)
    log = [line(made, 1, "create"), line(edited, 2, budget_requested=[5, 1])]
    seen = look(B, {"budget_total": 8, "budget_requested": 5})
    end = stock(*log, budget_total=7, budget_requested=1)
    assert broken(arrived(made), seen, arrived(edited, number=2), end) == {"S4"}


def joined(dropped: list[str]) -> set[str]:
    """B types a theme on what it saw; the laptop joins it to what A stored, and drops these."""
    made = change("made", "create", themes=["green"])
    more = change("more", base={"themes": ["green"]}, themes=["care", "green"])
    new = sorted({"care", "green", "sport"} - set(dropped))
    merged = change("merged", base={"themes": ["care", "green"]}, at=B, themes=new)
    typed = act("edit", B, base={"themes": ["green"]}, typed={"themes": ["green", "sport"]})
    log = [
        line(made, 1, "create"),
        line(more, 2, themes=[["green"], ["care", "green"]]),
        line(merged, 3, themes=[["care", "green"], new]),
    ]
    return broken(
        arrived(made), look(B, {"themes": ["green"]}), look(A, {"themes": ["green"]}), typed,
        done(5, B), look(B, {"themes": ["green", "sport"]}), arrived(more, number=2),
        arrived(merged, number=3), stock(*log, themes=new),
    )  # fmt: skip


def test_two_additions_to_a_set_are_joined() -> None:
    assert "S4" not in joined([])


def test_an_addition_that_was_lost_in_joining() -> None:
    assert "S4" in joined(["care"])


def test_a_deletion_of_values_never_seen() -> None:
    gone = change("gone", "delete", at=B)
    log = [MADE_LINE, line(gone, 2, "delete")]
    end = stock(*log, title="Plan A", themes=["green"], deleted=True)
    seen = look(B, {"title": "Plan A", "themes": ["green"]})
    assert broken(arrived(MADE), arrived(gone, number=2), end) == {"S5"}
    assert broken(arrived(MADE), seen, arrived(gone, number=2), end) == set()


def test_an_edit_of_what_is_deleted() -> None:
    story = kept()
    gone = change("gone", "delete")
    story[5]["log"].insert(1, line(gone, 2, "delete"))
    story[5]["log"][2]["seq"] = 3
    story[5]["rows"][R]["deleted"] = True
    assert "S5" in broken(look(A, {"title": "Plan A", "themes": ["green"]}), arrived(gone), *story)


def tampered(story: Story) -> None:
    story[3] = look(A, {"title": "Bedorven", "themes": ["green"]})


def unfinished(story: Story) -> None:
    story[6] = inventory(A, waiting=1)


def unknown_there(story: Story) -> None:
    extra = look(A, {"title": "Plan B", "themes": ["green"]})
    extra["screen"]["new"]["record-2"] = extra["screen"]["new"][R]
    story[3] = extra


def half_deleted(story: Story) -> None:
    story[3] = look(A, {"title": "Plan B", "themes": ["green"]}, deleted=True)


@pytest.mark.parametrize("spoil", [tampered, unfinished, unknown_there, half_deleted])
def test_replicas_that_differ_in_the_end(spoil: Callable[[Story], None]) -> None:
    """S8 and S14: a difference that nobody repaired is seen."""
    story = kept()
    spoil(story)
    assert broken(*story) == {"S14"}


def test_a_photo_that_never_came() -> None:
    photo = {"sha256": "abc", "size_bytes": 3, "file_name": "plein.jpg"}
    row = {"entity": "attachment", "id": R, **photo}
    end = {"event": "stock", "at": "server", "why": "end", "rows": {R: row}, "log": []}
    assert broken(look(A, photo), end, inventory(A)) == {"S12"}


def test_a_saved_value_that_is_nowhere_any_more() -> None:
    """Also one that its maker changed again has to be found in some history."""
    first = act("edit", base={"title": "Plan A"}, typed={"title": "Eerst dit"})
    then = act("edit", base={"title": "Eerst dit"}, typed={"title": "Plan B"})
    story = [
        arrived(MADE), look(A, {"title": "Plan A", "themes": ["green"]}),
        first, look(A, {"title": "Eerst dit", "themes": ["green"]}), done(4),
        then, look(A, {"title": "Plan B", "themes": ["green"]}), done(7),
        stock(MADE_LINE, title="Plan B", themes=["green"]),
    ]  # fmt: skip
    told = {R: [{"change": "x", "kind": "edit", "fields": {"title": ["Eerst dit", "Plan B"]}}]}
    end = inventory(A)
    assert "S1" in broken(*story, end)
    assert "S1" not in broken(*story, {**end, "history": told})
