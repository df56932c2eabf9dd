"""Deciding double edits: what each choice comes to, and texts that go together."""

from uuid import uuid4

import pytest

from db.changes import now
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import fields_of
from db.local.conflicts import DELETED_THERE, EDITED_THERE, FIELDS, OpenConflict
from db.merge import Conflict
from desktop_app import i18n
from desktop_app.services.asked import Take, words_on
from desktop_app.services.merging import Question
from desktop_app.services.text_join import joined_texts
from desktop_app.services.typed_text import no_names


@pytest.fixture(autouse=True)
def dutch() -> None:
    i18n.use("nl")


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
        asked.take, asked.own = take, {"summary": "Zelf geschreven"}
        outcomes[take] = asked.result()["summary"]
    assert list(outcomes.values()) == ["Van hen", "Van mij", "Zelf geschreven"]


def test_notes_can_stand_together_and_names_and_codes_can_not() -> None:
    assert question(summary=("a", "b", "c")).can_join
    assert not question(title=("a", "b", "c")).can_join
    assert not question(summary=("a", "", "c")).can_join
    assert not question(phase=("idea", "plan", "stopped")).can_join


def test_together_never_cuts_a_text_off() -> None:
    limit = fields_of(ENTITIES["initiative"])["summary"].meta.max_length
    assert limit is not None
    asked = question(summary=("", "a" * (limit - 5), "b" * (limit - 5)))
    assert not asked.can_join
    assert asked.why_not_both.startswith("Samen is het te lang")


def test_every_field_but_a_place_can_be_typed_or_chosen_otherwise() -> None:
    rent = question(entity="premises", rent=(1, 2, 3), rent_unit=("month", "year", "month"))
    assert rent.can_type
    assert not rent.is_written
    assert question(start_date=(None, "2027-01-01", "2027-02-01")).is_written
    place = {"type": "Point", "coordinates": [246673.0, 457058.0]}
    assert not question(geometry=(None, place, {**place, "coordinates": [1.0, 2.0]})).can_type


def test_typing_goes_on_from_what_was_chosen() -> None:
    asked = question(summary=("dak", "groen dak", "dak met zon"))
    for take, start in (
        (None, "groen dak"), (Take.THEIRS, "dak met zon"), (Take.BOTH, "groen dak met zon"),
    ):  # fmt: skip
        asked.take, asked.own = take, {}
        asked.start_typing()
        assert asked.own == {"summary": start}


def test_what_can_not_be_read_is_not_saved() -> None:
    asked = question(entity="premises", floor_area_m2=(100, 200, 300))
    asked.take, asked.unread = Take.TYPED, {"floor_area_m2": "veel"}
    with pytest.raises(UserProblem):
        asked.result()


def test_a_value_of_a_newer_version_breaks_nothing() -> None:
    asked = question(phase=("idea", "unheard_of", "plan"), from_2031=(1, 2, 3))
    assert words_on(asked, asked.conflict.conflict.ours, no_names) == ""
    asked.take = Take.MINE
    assert asked.result()["from_2031"] == 2


def test_of_a_deletion_it_shows_what_would_go() -> None:
    conflict = Conflict(
        ("summary", "title"), {"summary": "Oud", "title": "T"}, {"summary": "Nieuw", "title": "T"},
        {"deleted": True},
    )  # fmt: skip
    asked = Question(
        OpenConflict(uuid4(), "initiative", uuid4(), DELETED_THERE, conflict, None, None, now())
    )
    assert words_on(asked, conflict.ours, no_names) == "Samenvatting: Nieuw"


def test_a_group_shows_only_what_differs() -> None:
    place = {"type": "Point", "coordinates": [246673.0, 457058.0]}
    asked = question(geometry=(None, place, None), outside_municipality=(False, False, False))
    assert asked.title == "Plek op de kaart"
    assert "\n" not in words_on(asked, asked.conflict.conflict.ours, no_names)


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
