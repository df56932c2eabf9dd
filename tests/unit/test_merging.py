"""Deciding double edits: what each choice comes to, and texts that go together."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from db.changes import Change, ChangeKind, now
from db.errors import UserProblem
from db.local import conflicts
from db.local.conflicts import DELETED_THERE, EDITED_THERE, FIELDS, OpenConflict
from db.local.engine import writing
from db.local.store import LocalStore
from db.merge import Conflict
from desktop_app import i18n
from desktop_app.services.merging import Question, Take, decide, joined_texts, open_merges
from desktop_app.services.typed_text import no_names
from tests.factories import initiative, premises
from tests.stores import a_store


@pytest.fixture(autouse=True)
def dutch() -> None:
    i18n.use("nl")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with a_store(tmp_path) as made:
        yield made


def question(
    kind: str = FIELDS, entity: str = "initiative", **sides: tuple[object, object, object]
) -> Question:
    names = tuple(sides)
    values = [{name: sides[name][side] for name in names} for side in range(3)]
    found = Conflict(names, values[0], values[1], values[2])
    return Question(OpenConflict(uuid4(), entity, uuid4(), kind, found, None, None, now()))


def test_words_of_both_sides_stand_together() -> None:
    base = "Zonnepanelen op het dak van de sporthal."
    ours = "120 zonnepanelen op het dak van de sporthal en een laadpaal op het plein."
    theirs = "Zonnepanelen op het dak van de sporthal, voor 60 huishoudens uit de buurt."
    assert joined_texts(base, ours, theirs) == (
        "120 zonnepanelen op het dak van de sporthal, voor 60 huishoudens uit de buurt"
        " en een laadpaal op het plein."
    )


@pytest.mark.parametrize(("base", "ours", "theirs"), [("", "a", "b"), ("x", "x y", "z x")])
def test_no_word_is_lost_in_joining(base: str, ours: str, theirs: str) -> None:
    joined = joined_texts(base, ours, theirs)
    assert all(word in joined for word in (*ours.split(), *theirs.split()))


def test_each_choice_gives_its_values() -> None:
    asked = question(summary=("Oud", "Van mij", "Van hen"))
    outcomes = {}
    for take in (Take.THEIRS, Take.MINE, Take.TYPED):
        asked.take, asked.typed = take, "Zelf geschreven"
        outcomes[take] = asked.result()["summary"]
    assert list(outcomes.values()) == ["Van hen", "Van mij", "Zelf geschreven"]


def test_only_texts_can_be_joined_and_only_simple_values_typed() -> None:
    assert question(summary=("a", "b", "c")).can_join
    rent = question(entity="premises", rent=(1, 2, 3), rent_unit=("month", "year", "month"))
    assert not rent.can_join
    assert not rent.can_type


def test_what_is_typed_must_be_readable() -> None:
    asked = question(entity="premises", floor_area_m2=(100, 200, 300))
    asked.take, asked.typed = Take.TYPED, "veel"
    with pytest.raises(UserProblem):
        asked.result()


def test_a_group_shows_only_what_differs() -> None:
    place = {"type": "Point", "coordinates": [246673.0, 457058.0]}
    asked = question(geometry=(None, place, None), outside_municipality=(False, False, False))
    assert asked.title == "Plek op de kaart"
    assert "\n" not in asked.words(asked.conflict.conflict.ours, no_names)


@pytest.mark.parametrize(
    ("kind", "take", "deleted"),
    [
        (DELETED_THERE, Take.THEIRS, True),
        (DELETED_THERE, Take.MINE, False),
        (EDITED_THERE, Take.THEIRS, False),
        (EDITED_THERE, Take.MINE, True),
    ],
)
def test_delete_against_edit_is_one_choice(kind: str, take: Take, deleted: bool) -> None:
    asked = question(kind, summary=("a", "b", "c"))
    asked.take = take
    assert asked.result() == {"deleted": deleted}


def test_a_decision_is_stored_and_the_question_gone(store: LocalStore) -> None:
    record = store.save(initiative(summary="Van mij"), None).record
    change = Change(
        entity="initiative", record_id=record.id, kind=ChangeKind.EDIT, base={}, values={},
        made_at=now(),
    )  # fmt: skip
    found = Conflict(
        ("summary",), {"summary": "Oud"}, {"summary": "Van mij"}, {"summary": "Van hen"}
    )
    with writing(store.engine) as connection:
        conflicts.put(connection, change, FIELDS, found, None, None)
    (merge,) = open_merges(store, lambda _entity, _id: "Dorpsplein")
    assert not merge.is_decided
    merge.questions[0].take = Take.THEIRS
    decide(store, merge)
    assert open_merges(store, no_names) == []
    stored = store.get("initiative", record.id)
    assert stored is not None
    assert stored.summary == "Van hen"  # type: ignore[attr-defined]


def test_other_kinds_of_records_have_names_too(store: LocalStore) -> None:
    assert open_merges(store, no_names) == []
    assert premises().title_text
