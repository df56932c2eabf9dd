"""The three-way merge, by the properties that define it (house style 3.8) and by example."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.codec import from_json, to_json, values_of
from db.entities import ENTITIES
from db.entities.initiative import Initiative, Theme
from db.entities.people import Membership, TeamRole
from db.fields import Kind, Record, fields_of
from db.merge import Merged, _join_sets, groups, join_texts, merge
from tests.factories import initiative, team
from tests.strategies import edits, records

Values = dict[str, Any]
ADDRESS = ("street", "house_number", "house_letter", "house_addition", "postcode", "town")


@st.composite
def forks(draw: st.DrawFn) -> tuple[type[Record], Values, Values, Values]:
    """A record and two edits of it, made apart: (entity, base, ours, theirs)."""
    base = draw(st.sampled_from(list(ENTITIES)).flatmap(records))
    ours, theirs = draw(edits(base)), draw(edits(base))
    return type(base), values_of(base), values_of(ours), values_of(theirs)


def asked(merged: Merged) -> set[tuple[str, ...]]:
    return {conflict.fields for conflict in merged.conflicts}


@given(forks())
def test_no_edit_of_ours_gives_theirs(fork):
    entity, base, _, theirs = fork
    assert merge(entity, base, base, theirs) == Merged(theirs, ())


@given(forks())
def test_theirs_unchanged_gives_ours(fork):
    entity, base, ours, _ = fork
    assert merge(entity, base, ours, base) == Merged(ours, ())


@given(forks())
def test_the_same_edit_twice_is_no_conflict(fork):
    entity, base, ours, _ = fork
    assert merge(entity, base, ours, ours) == Merged(ours, ())


@given(forks())
def test_swapping_sides_asks_the_same_questions(fork):
    entity, base, ours, theirs = fork
    one, other = merge(entity, base, ours, theirs), merge(entity, base, theirs, ours)
    assert asked(one) == asked(other)
    decided = {name for fields in asked(one) for name in fields}
    for name in base.keys() - decided:
        assert one.values[name] == other.values[name], name


@given(forks())
def test_merged_sets_stand_in_the_order_of_the_codec(fork):
    """Equal sets must be equal JSON, or a laptop would see an edit where there is none."""
    entity, base, ours, theirs = fork
    merged = merge(entity, base, ours, theirs).values
    for name, spec in fields_of(entity).items():
        if spec.kind.is_collection:
            assert merged[name] == to_json(spec, from_json(spec, merged[name])), name


def test_letters_beyond_ascii_stand_in_the_order_of_the_codec():
    spec = fields_of(ENTITIES["team"])["members"]
    links = [{"name": "z"}, {"name": "é"}, {"name": None}]
    merged = _join_sets(spec, [], links[:1], links[1:])
    assert merged == sorted(links, key=lambda link: json.dumps(link, sort_keys=True))


@given(forks())
def test_every_value_comes_from_a_side_or_is_a_union(fork):
    """A merge invents nothing."""
    entity, base, ours, theirs = fork
    merged = merge(entity, base, ours, theirs).values
    for name, spec in fields_of(entity).items():
        if spec.kind.is_collection:
            assert all(item in ours[name] or item in theirs[name] for item in merged[name])
        elif not (spec.kind is Kind.TEXT and spec.meta.multiline):
            assert merged[name] in (ours[name], theirs[name])


@given(forks())
def test_a_group_stands_together(fork):
    entity, base, ours, theirs = fork
    merged = merge(entity, base, ours, theirs).values
    for names in groups(entity, fields_of(entity)):
        if len(names) > 1:
            part = [merged[name] for name in names]
            assert part in ([ours[n] for n in names], [theirs[n] for n in names])


@given(forks())
def test_what_one_side_left_alone_is_never_asked(fork):
    entity, base, ours, theirs = fork
    for conflict in merge(entity, base, ours, theirs).conflicts:
        assert conflict.base != conflict.ours != conflict.theirs != conflict.base
        assert set(conflict.fields) == conflict.base.keys() == conflict.ours.keys()


@given(forks())
def test_the_result_is_canonical(fork):
    """Else the next comparison would see a difference that is none."""
    entity, base, ours, theirs = fork
    for name, value in merge(entity, base, ours, theirs).values.items():
        spec = fields_of(entity)[name]
        assert to_json(spec, from_json(spec, value)) == value


@given(forks())
def test_merging_again_changes_nothing(fork):
    """After the merge has been sent, the same edit on the new base is no edit any more."""
    entity, base, ours, theirs = fork
    merged = merge(entity, base, ours, theirs)
    assert merge(entity, theirs, merged.values, theirs).values == merged.values


def values(**changed: Any) -> Values:
    return {**values_of(initiative(id=UUID(int=1))), **changed}


def merged(base: Values, ours: Values, theirs: Values) -> Merged:
    return merge(Initiative, values(**base), values(**ours), values(**theirs))


def test_edits_of_different_fields_are_both_kept():
    result = merged({}, {"title": "Plein"}, {"phase": "plan"})
    assert (result.values["title"], result.values["phase"]) == ("Plein", "plan")
    assert result.conflicts == ()


def test_a_double_edit_keeps_ours_in_sight_and_asks():
    result = merged({"phase": "idea"}, {"phase": "plan"}, {"phase": "review"})
    assert result.values["phase"] == "plan"
    (conflict,) = result.conflicts
    assert (conflict.fields, conflict.base, conflict.ours, conflict.theirs) == (
        ("phase",), {"phase": "idea"}, {"phase": "plan"}, {"phase": "review"},
    )  # fmt: skip


def test_two_halves_of_an_address_are_one_question():
    base = dict.fromkeys(ADDRESS)
    result = merge(ENTITIES["premises"], base, {**base, "street": "A"}, {**base, "house_number": 4})
    assert asked(result) == {ADDRESS}


def test_elements_of_a_set_are_added_and_removed_apart():
    base, ours = ["care", "green"], ["care", "green", "sport"]
    result = merged({"themes": base}, {"themes": ours}, {"themes": ["green", "youth"]})
    assert result.values["themes"] == ["green", "sport", "youth"]
    assert {Theme(code) for code in result.values["themes"]}
    assert result.conflicts == ()


def test_links_are_elements_too():
    one, two, three = (Membership(UUID(int=n), TeamRole.MEMBER) for n in (1, 2, 3))
    base, ours, theirs = (
        values_of(team(id=UUID(int=9), members=frozenset(members)))
        for members in ({one}, {one, three}, {one, two})
    )
    result = merge(ENTITIES["team"], base, ours, theirs)
    assert (
        result.values["members"] == values_of(team(members=frozenset({one, two, three})))["members"]
    )


def test_an_unknown_field_is_merged_as_a_field_of_its_own():
    base = values(door="rood")
    assert (
        merge(Initiative, base, values(door="rood"), values(door="groen")).values["door"] == "groen"
    )
    assert asked(merge(Initiative, base, values(door="blauw"), values(door="groen"))) == {("door",)}


TEXT = "Het plein is stenig.\n\nEr komt een bank.\n\nDe buurt plant bomen."


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        (TEXT.replace("stenig", "grijs"), TEXT, TEXT.replace("stenig", "grijs")),
        (TEXT, TEXT + "\n\nKlaar in mei.", TEXT + "\n\nKlaar in mei."),
        (
            TEXT.replace("stenig", "grijs"),
            TEXT + "\n\nKlaar in mei.",
            TEXT.replace("stenig", "grijs") + "\n\nKlaar in mei.",
        ),
        (
            "Vooraf.\n\n" + TEXT,
            TEXT.replace("bomen", "linden"),
            "Vooraf.\n\n" + TEXT.replace("bomen", "linden"),
        ),
        (TEXT.replace("stenig", "grijs"), TEXT.replace("stenig", "kaal"), None),
        ("", TEXT + "\n\nKlaar in mei.", None),
    ],
)
def test_paragraphs_are_merged_one_by_one(ours, theirs, result):
    assert join_texts(TEXT, ours, theirs) == result


def test_a_text_that_grew_too_long_by_merging_is_asked():
    base, ours, theirs = "A\n\nB", "A" * 120 + "\n\nB", "A\n\n" + "B" * 120
    result = merged({"summary": base}, {"summary": ours}, {"summary": theirs})
    assert asked(result) == {("summary",)}


def test_two_halves_deleted_leave_no_text():
    base = "Eerst.\nMidden.\nLaatst.\n"
    result = merged({"summary": base}, {"summary": "Midden.\n"}, {"summary": "Eerst.\nMidden.\n"})
    assert result.values["summary"] == "Midden.\n"


def test_clearing_a_text_that_nobody_else_touched_is_kept():
    result = merged({"summary": "Oud"}, {"summary": None}, {"summary": "Oud", "title": "Nieuw"})
    assert result.values["summary"] is None
    assert result.values["title"] == "Nieuw"
