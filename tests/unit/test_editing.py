"""A draft keeps what was typed, follows what others do, and asks where both did the same."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from db.entities.initiative import Initiative, Phase, Theme
from db.errors import UserProblem
from db.local.engine import create_store
from db.local.keys import new_key
from db.local.store import LocalStore
from desktop_app.services.editing import Draft, conflict_at, from_row, to_row
from desktop_app.services.undo import UndoStack
from tests.factories import IN_REKKEN, REKKEN, initiative


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    made = LocalStore(create_store(tmp_path / "store.db", new_key()))
    yield made
    made.close()


@pytest.fixture
def stored(store: LocalStore) -> Initiative:
    record = store.save(initiative(title="Dorpsplein Rekken"), None).record
    assert isinstance(record, Initiative)
    return record


def test_a_new_draft_asks_for_what_is_required() -> None:
    draft = Draft.new(Initiative, geometry=IN_REKKEN)
    assert {p.field for p in draft.problems()} == {"title", "kern"}
    draft.set_text("title", "Dorpsplein")
    draft.set("kern", REKKEN)
    assert draft.can_save
    assert set(draft.changed) == {"title", "kern"}


def test_what_cannot_be_read_stays_where_it_was_typed(stored: Initiative) -> None:
    draft = Draft.of(stored)
    assert not draft.set_text("start_date", "volgende week ergens")
    assert draft.text("start_date") == "volgende week ergens"
    assert draft.value("start_date") == stored.start_date
    assert [p.field for p in draft.problems_at("start_date")] == ["start_date"]
    assert not draft.can_save
    draft.set_text("start_date", "12-3-2027")
    assert draft.can_save
    assert draft.value("start_date") == date(2027, 3, 12)


def test_saving_what_cannot_be_read_is_refused(store: LocalStore, stored: Initiative) -> None:
    draft = Draft.of(stored)
    draft.set_text("supporters", "veel")
    with pytest.raises(UserProblem):
        draft.save(store)
    assert draft.text("supporters") == "veel"


def test_saving_moves_the_base(store: LocalStore, stored: Initiative) -> None:
    draft = Draft.of(stored)
    draft.set_text("title", "Dorpsplein Rekken opnieuw inrichten")
    assert draft.save(store).change is not None
    assert not draft.is_changed
    assert store.get("initiative", stored.id).title_text == "Dorpsplein Rekken opnieuw inrichten"


def test_a_draft_follows_what_others_changed(store: LocalStore, stored: Initiative) -> None:
    draft = Draft.of(stored)
    draft.set_text("title", "Mijn titel")
    theirs = Draft.of(stored)
    theirs.set("phase", Phase.PLAN)
    theirs.save(store)
    assert draft.rebase(theirs.ours) == ("phase",)
    assert draft.value("phase") is Phase.PLAN
    assert draft.value("title") == "Mijn titel"
    assert not draft.conflicts
    draft.save(store)


def test_a_double_edit_is_a_question_and_blocks_saving(
    store: LocalStore, stored: Initiative
) -> None:
    mine, theirs = Draft.of(stored), Draft.of(stored)
    mine.set_text("title", "Mijn titel")
    theirs.set_text("title", "Hun titel")
    theirs.save(store)
    assert mine.save(store).conflicts
    question = conflict_at(mine, "title")
    assert question is not None
    assert question.theirs == {"title": "Hun titel"}
    assert not mine.can_save
    with pytest.raises(UserProblem, match="Two people"):
        mine.save(store)
    mine.decide(question, theirs=False)
    mine.save(store)
    assert store.get("initiative", stored.id).title_text == "Mijn titel"


def test_taking_theirs_answers_the_question(store: LocalStore, stored: Initiative) -> None:
    mine, theirs = Draft.of(stored), Draft.of(stored)
    mine.set_text("title", "Mijn titel")
    theirs.set_text("title", "Hun titel")
    mine.rebase(theirs.save(store).record)
    mine.decide(mine.conflicts[0], theirs=True)
    assert mine.value("title") == "Hun titel"
    assert not mine.is_changed


def test_a_question_goes_away_when_they_come_to_agree(
    store: LocalStore, stored: Initiative
) -> None:
    mine, theirs = Draft.of(stored), Draft.of(stored)
    mine.set_text("title", "Mijn titel")
    theirs.set_text("title", "Hun titel")
    mine.rebase(theirs.save(store).record)
    theirs.set_text("title", "Mijn titel")
    mine.rebase(theirs.save(store).record)
    assert not mine.conflicts


def test_a_text_that_can_not_be_read_counts_as_touched(
    store: LocalStore, stored: Initiative
) -> None:
    mine, theirs = Draft.of(stored), Draft.of(stored)
    mine.set_text("start_date", "ergens in mei")
    theirs.set_text("start_date", "1-6-2027")
    assert mine.rebase(theirs.save(store).record) == ()
    assert mine.text("start_date") == "ergens in mei"
    assert [conflict.theirs for conflict in mine.conflicts] == [{"start_date": "2027-06-01"}]
    mine.decide(mine.conflicts[0], theirs=True)
    assert mine.text("start_date") == "1-6-2027"
    assert not mine.conflicts


def test_an_open_question_is_asked_again_after_a_crash(
    store: LocalStore, stored: Initiative
) -> None:
    mine, theirs = Draft.of(stored), Draft.of(stored)
    mine.set_text("title", "Mijn titel")
    theirs.set_text("title", "Hun titel")
    now = theirs.save(store).record
    mine.rebase(now)
    again = from_row(to_row(mine))
    again.rebase(now)
    assert again.conflicts == mine.conflicts


def test_themes_of_both_stay(store: LocalStore, stored: Initiative) -> None:
    mine, theirs = Draft.of(stored), Draft.of(stored)
    mine.set("themes", stored.themes | {Theme.SPORT})
    theirs.set("themes", stored.themes | {Theme.ENERGY})
    mine.rebase(theirs.save(store).record)
    assert mine.value("themes") == stored.themes | {Theme.SPORT, Theme.ENERGY}


def test_deleted_elsewhere_keeps_the_draft(store: LocalStore, stored: Initiative) -> None:
    draft = Draft.of(stored)
    draft.set_text("title", "Mijn titel")
    draft.rebase(store.delete(stored).record)
    assert draft.is_deleted_there
    assert not draft.can_save
    assert draft.value("title") == "Mijn titel"


def test_a_draft_survives_a_crash_with_all_that_was_typed(
    store: LocalStore, stored: Initiative
) -> None:
    draft = Draft.of(stored)
    draft.set_text("title", "Mijn titel")
    draft.set_text("budget_total", "ongeveer 12")
    store.put_draft(to_row(draft))
    kept = from_row(store.drafts()[0])
    assert (kept.id, kept.base, kept.ours) == (draft.id, draft.base, draft.ours)
    assert kept.text("budget_total") == "ongeveer 12"
    assert kept.problems_at("budget_total")


def test_a_new_draft_survives_a_crash(store: LocalStore) -> None:
    draft = Draft.new(Initiative, geometry=IN_REKKEN)
    draft.set_text("title", "Do")
    store.put_draft(to_row(draft))
    kept = from_row(store.drafts()[0])
    assert kept.base is None
    assert kept.ours == draft.ours
    assert "geometry" in kept.changed


def test_cancelling_can_be_undone(stored: Initiative) -> None:
    draft = Draft.of(stored)
    draft.set_text("title", "Mijn titel")
    draft.set_text("supporters", "veel")
    kept = draft.reset()
    assert not draft.is_changed
    assert (kept.value("title"), kept.text("supporters")) == ("Mijn titel", "veel")


def test_steps_in_handling_are_guarded_from_what_is_stored(stored: Initiative) -> None:
    draft = Draft.of(stored)
    draft.set_text("status", "reopened")
    assert draft.problems_at("status")


def test_undo_and_redo_of_an_edit(store: LocalStore, stored: Initiative) -> None:
    steps = UndoStack(store)
    draft = Draft.of(stored)
    draft.set_text("title", "Anders")
    steps.push(stored, draft.save(store).record)
    assert "Anders" in steps.undo_text
    assert steps.undo().record.title_text == "Dorpsplein Rekken"
    assert steps.redo().record.title_text == "Anders"
    assert steps.redo() is None


def test_undo_and_redo_of_making_and_deleting(store: LocalStore) -> None:
    steps = UndoStack(store)
    made = store.save(initiative(), None).record
    steps.push(None, made)
    gone = store.delete(made).record
    steps.push(made, gone)
    assert not steps.undo().record.deleted
    assert steps.undo().record.deleted
    assert not steps.redo().record.deleted
    assert steps.redo().record.deleted
    assert store.get("initiative", made.id).deleted


def test_undo_leaves_what_others_changed_since(store: LocalStore, stored: Initiative) -> None:
    steps = UndoStack(store)
    mine, theirs = Draft.of(stored), Draft.of(stored)
    mine.set_text("title", "Mijn titel")
    steps.push(stored, mine.save(store).record)
    theirs.rebase(mine.ours)
    theirs.set_text("summary", "Van hen")
    theirs.save(store)
    undone = steps.undo().record
    assert (undone.title_text, undone.summary) == ("Dorpsplein Rekken", "Van hen")


def test_undo_does_not_overwrite_the_same_field(store: LocalStore, stored: Initiative) -> None:
    steps = UndoStack(store)
    mine = Draft.of(stored)
    mine.set_text("title", "Mijn titel")
    steps.push(stored, mine.save(store).record)
    theirs = Draft.of(mine.ours)
    theirs.set_text("title", "Hun titel")
    theirs.save(store)
    assert steps.undo(uuid4()).conflicts
    assert store.get("initiative", stored.id).title_text == "Hun titel"
    assert steps.undo() is None
