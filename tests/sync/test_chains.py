"""Several unsent changes on one record: only the user's last word counts, and none of it is lost."""

from dataclasses import replace

import pytest

from db.changes import Change, ChangeKind
from db.entities.initiative import Theme
from db.local.journal import OutboxState
from tests.factories import plot, square
from tests.sync.conftest import Office
from tests.sync.scenes import agree, edit, shared_plan, shown

GREEN, SPORT, CARE = Theme.GREEN, Theme.SPORT, Theme.CARE


def test_a_theme_put_in_and_taken_out_again_stays_out(office: Office) -> None:
    """Two unsent edits that undo each other are no edit, whatever a colleague added."""
    plan = shared_plan(office, themes=frozenset({GREEN}))
    edit(office.neede, plan, themes=frozenset({GREEN, SPORT}))
    edit(office.neede, plan, themes=frozenset({GREEN}))
    edit(office.eibergen, plan, themes=frozenset({GREEN, CARE}))
    assert office.eibergen.sync()
    assert agree(office, plan).themes == {GREEN, CARE}


def test_a_save_while_the_answer_is_on_its_way_is_kept(office: Office) -> None:
    """A theme taken out between sending and answer is not put back by the merge."""
    plan = shared_plan(office, themes=frozenset({GREEN}))
    edit(office.eibergen, plan, themes=frozenset({GREEN, CARE}))
    assert office.eibergen.sync()
    edit(office.neede, plan, themes=frozenset({GREEN, SPORT}))
    office.neede.network.then["push"] = lambda: edit(office.neede, plan, themes=frozenset({GREEN}))
    assert office.neede.sync()
    assert agree(office, plan).themes == {GREEN, CARE}


def test_what_is_typed_while_the_answer_is_on_its_way_stays_visible(office: Office) -> None:
    """The merge of an earlier edit never overwrites a later one on the screen."""
    plan = shared_plan(office, description="Een.\n\nTwee.\n\nDrie.\n")
    edit(office.eibergen, plan, description="Een.\n\nTwee.\n\nDrie!\n")
    assert office.eibergen.sync()
    edit(office.neede, plan, description="Een?\n\nTwee.\n\nDrie.\n")
    seen: list[str | None] = []

    def type_on() -> None:
        edit(office.neede, plan, description="Een? Ja.\n\nTwee.\n\nDrie.\n")

    office.neede.network.then["push"] = type_on
    office.neede.store.listen(lambda _: seen.append(shown(office.neede, plan).description))
    assert office.neede.sync()
    first = next(number for number, text in enumerate(seen) if text and "Ja." in text)
    assert all("Ja." in (text or "") for text in seen[first:])
    assert agree(office, plan).description == "Een? Ja.\n\nTwee.\n\nDrie!\n"


def test_three_edits_of_one_text_are_one_question(office: Office) -> None:
    """A later edit of an undecided text joins the question, also where it alone would merge."""
    plan = shared_plan(office, description="Een.\n\nTwee.\n\nDrie.\n")
    edit(office.eibergen, plan, description="Eén, zegt Eibergen.\n\nTwee.\n\nDrie.\n")
    assert office.eibergen.sync()
    edit(office.neede, plan, description="Een, zegt Neede.\n\nTwee.\n\nDrie.\n")
    edit(office.neede, plan, description="Een, zegt Neede.\n\nTwee.\n\nDrie.\n\nVier.\n")
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    mine = "Een, zegt Neede.\n\nTwee.\n\nDrie.\n\nVier.\n"
    assert dict(question.conflict.ours) == {"description": mine}
    assert dict(question.conflict.base) == {"description": "Een.\n\nTwee.\n\nDrie.\n"}
    assert shown(office.neede, plan).description == mine


def test_an_edit_of_an_undecided_field_joins_the_question(office: Office) -> None:
    """The question shows what the user sees now, before and after it was sent."""
    plan = shared_plan(office)
    edit(office.eibergen, plan, title="Van Eibergen")
    edit(office.neede, plan, title="Van Neede")
    office.sync(1)
    edit(office.neede, plan, title="Van Neede, beter")
    [question] = office.neede.store.conflicts()
    assert dict(question.conflict.ours) == {"title": "Van Neede, beter"}
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    assert dict(question.conflict.ours) == {"title": "Van Neede, beter"}
    assert shown(office.neede, plan).title == "Van Neede, beter"


def test_an_edit_of_an_undecided_field_leaves_the_question_when_taken_back(office: Office) -> None:
    """The question shows what the screen shows."""
    plan = shared_plan(office)
    edit(office.eibergen, plan, title="Van Eibergen")
    edit(office.neede, plan, title="Van Neede")
    office.sync(1)
    edit(office.neede, plan, title="Toch anders")
    [waiting] = office.neede.store.outbox()
    office.neede.store.take_back(waiting.change.id)
    [question] = office.neede.store.conflicts()
    assert question.conflict.ours["title"] == shown(office.neede, plan).title == "Van Neede"


@pytest.mark.parametrize("choice", ["Van Eibergen", "Van Neede, beter", "Samen"])
def test_a_decision_is_the_last_word_over_an_unsent_edit(office: Office, choice: str) -> None:
    """An edit made while the question was open does not ask it again."""
    plan = shared_plan(office)
    edit(office.eibergen, plan, title="Van Eibergen")
    edit(office.neede, plan, title="Van Neede")
    office.sync(1)
    edit(office.neede, plan, title="Van Neede, beter", supporters=12)
    [question] = office.neede.store.conflicts()
    office.neede.store.resolve(question.id, {"title": choice})
    assert shown(office.neede, plan).title == choice
    settled = agree(office, plan)
    assert (settled.title, settled.supporters) == (choice, 12)


def test_a_question_that_a_later_edit_answered_is_closed(office: Office) -> None:
    """What was put on top of a colleague's value is no longer a double edit."""
    plan = shared_plan(office)
    edit(office.eibergen, plan, title="Van Eibergen")
    assert office.eibergen.sync()
    for title in ("Van Neede", "Van Eibergen", "Van allebei"):
        edit(office.neede, plan, title=title)
    assert agree(office, plan).title == "Van allebei"


def test_a_group_edited_in_two_steps_is_one_question(office: Office) -> None:
    """Each step changed one field of the group; mine is both."""
    plan = shared_plan(office, budget_total=100, budget_requested=50)
    edit(office.eibergen, plan, budget_total=200)
    assert office.eibergen.sync()
    edit(office.neede, plan, budget_total=300)
    edit(office.neede, plan, budget_requested=70)
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    assert dict(question.conflict.ours) == {"budget_total": 300, "budget_requested": 70}
    assert dict(question.conflict.base) == {"budget_total": 100, "budget_requested": 50}
    office.neede.store.resolve(question.id, question.conflict.ours)
    settled = agree(office, plan)
    assert (settled.budget_total, settled.budget_requested) == (300, 70)


def test_a_mended_creation_arrives_whole(office: Office) -> None:
    """A refused record that was put right before it was sent needs nobody."""
    standing = plot(geometry=square(240_000, 457_000))
    office.eibergen.create(standing)
    office.sync()
    mine = plot(geometry=square(240_010, 457_010))
    office.neede.create(mine)
    office.neede.edit(mine, geometry=square(240_500, 457_000))
    office.sync()
    assert office.neede.store.tally().is_clean
    assert office.eibergen.store.get("plot", mine.id) is not None


def test_a_refused_creation_that_was_deleted_again_is_over(office: Office) -> None:
    """Nothing is left to decide about what neither side has."""
    office.eibergen.create(plot(geometry=square(240_000, 457_000)))
    office.sync()
    mine = plot(geometry=square(240_010, 457_010))
    office.neede.create(mine)
    office.neede.delete(mine)
    office.sync()
    assert office.neede.store.tally().is_clean


def test_what_was_put_right_before_sending_is_no_question(office: Office) -> None:
    """The refused step and its mend are one change; nobody else changed anything."""
    office.eibergen.create(plot(geometry=square(240_000, 457_000)))
    mine = plot(geometry=square(240_500, 457_000))
    office.eibergen.create(mine)
    office.sync()
    office.neede.edit(mine, geometry=square(240_010, 457_010), conditions="Te dichtbij")
    there = office.neede.store.get("plot", mine.id)
    assert there is not None
    office.neede.edit(there, geometry=square(240_600, 457_000))
    office.sync()
    assert office.neede.store.conflicts() == ()
    assert office.neede.store.tally().is_clean
    stored = office.eibergen.store.get("plot", mine.id)
    assert stored == office.neede.store.get("plot", mine.id)
    assert getattr(stored, "conditions", None) == "Te dichtbij"


def test_groups_that_only_the_server_knows_lose_nothing(office: Office) -> None:
    """One answer about two fields that this version decides apart: both are asked."""
    plan = shared_plan(office, supporters=1)
    edit(office.eibergen, plan, title="Van Eibergen", supporters=2)
    assert office.eibergen.sync()
    edit(office.neede, plan, title="Van Neede", supporters=3)
    pushed = office.neede.network.shared.push

    def as_one_group(changes: list[Change]) -> list[object]:
        return [
            replace(
                receipt,
                conflicts=(
                    replace(
                        receipt.conflicts[0],
                        fields=tuple(n for c in receipt.conflicts for n in c.fields),
                        theirs={n: v for c in receipt.conflicts for n, v in c.theirs.items()},
                    ),
                ),
            )
            if receipt.conflicts
            else receipt
            for receipt in pushed(changes)
        ]

    office.neede.network.shared.push = as_one_group  # type: ignore[method-assign,assignment]
    assert office.neede.sync()
    asked = {name for item in office.neede.store.conflicts() for name in item.conflict.fields}
    assert asked == {"title", "supporters"}


def test_a_taken_back_delete_leaves_later_edits_to_be_sent(office: Office) -> None:
    """What was typed after restoring is still there, and still sent."""
    plan = shared_plan(office)
    office.neede.delete(shown(office.neede, plan))
    office.neede.store.restore(shown(office.neede, plan))
    edit(office.neede, plan, title="Na het herstellen")
    waiting = office.neede.store.outbox()
    office.neede.store.take_back(
        next(e.change.id for e in waiting if e.change.kind is ChangeKind.DELETE)
    )
    assert shown(office.neede, plan).title == "Na het herstellen"
    assert agree(office, plan).title == "Na het herstellen"


def test_a_taken_back_restore_takes_its_edits_along(office: Office) -> None:
    """The record is as it was: deleted, with the values of the shared database."""
    plan = shared_plan(office)
    office.neede.delete(shown(office.neede, plan))
    assert office.neede.sync()
    office.neede.store.restore(shown(office.neede, plan))
    edit(office.neede, plan, title="Na het herstellen")
    office.neede.store.take_back(office.neede.store.outbox()[0].change.id)
    settled = agree(office, plan)
    assert (settled.title, settled.deleted) == ("Dorpsplein", True)


def test_taking_back_a_refused_edit_shows_what_the_colleague_made(office: Office) -> None:
    """The value under one's own came meanwhile; it is not the old one that returns."""
    office.eibergen.create(plot(geometry=square(240_000, 457_000)))
    mine = plot(geometry=square(240_500, 457_000))
    office.eibergen.create(mine)
    office.sync()
    office.neede.edit(mine, geometry=square(240_010, 457_010))
    assert office.neede.sync()
    [refused] = office.neede.store.outbox([OutboxState.REFUSED])
    theirs = office.eibergen.store.get("plot", mine.id)
    assert theirs is not None
    office.eibergen.edit(theirs, geometry=square(240_700, 457_000))
    office.sync(1)
    office.neede.store.take_back(refused.change.id)
    office.sync()
    assert office.neede.snapshot() == office.eibergen.snapshot()


def test_taking_back_one_of_several_edits_keeps_the_others_apt(office: Office) -> None:
    """A value that was left and chosen again is the base of what follows, not the one taken back."""
    plan = shared_plan(office)
    for title in ("Een", "Twee", "Een", "Drie"):
        edit(office.neede, plan, title=title)
    office.neede.store.take_back(office.neede.store.outbox()[0].change.id)
    assert agree(office, plan).title == "Drie"
