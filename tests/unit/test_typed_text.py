"""What people type is understood as they meant it, and what is shown can be typed back."""

from contextlib import suppress
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.entities import ENTITIES
from db.entities.initiative import ContactLink, Phase, Theme
from db.errors import UserProblem
from db.fields import Kind, fields_of
from db.geometry import Geometry
from desktop_app import i18n
from desktop_app.services import typed_text
from desktop_app.services.typed_dates import parse_day, parse_moment
from desktop_app.services.typed_numbers import parse_cents, parse_integer, parse_number

INITIATIVE = fields_of(ENTITIES["initiative"])
PREMISES = fields_of(ENTITIES["premises"])
TODAY = date(2026, 11, 23)
SPECS = [(n, s) for n, e in ENTITIES.items() for s in fields_of(e).values()]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.250,5", 1250.5), ("1250,5", 1250.5), ("1.25", 1.25), ("1.250", 1250), ("-3", -3),
        ("1 250", 1250), ("1\u00a0250 m²", 1250), ("1.250.000", 1250000), ("1,250,000", 1250000),
        (",5", 0.5), ("€ 12", 12), ("−4,5", -4.5), ("1250 m2", 1250), ("7,50 m", 7.5),
    ],
)  # fmt: skip
def test_dutch_numbers(text: str, number: float) -> None:
    assert float(parse_number(text)) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1.2.3",
        "1,2,3",
        "1.25,5",
        "nan",
        "inf",
        "1e5",
        "--",
        "12 of 13",
        "1,250.5,3",
        "9" * 30,
        "١٢",
    ],
)
def test_what_is_no_number_is_refused_in_words(text: str) -> None:
    with pytest.raises(UserProblem):
        parse_number(text)


def test_money_is_kept_in_cents() -> None:
    assert parse_cents("€ 48.000") == 4_800_000
    assert parse_cents("€ 48.000,-") == 4_800_000
    assert parse_cents("12,50 euro") == 1250
    with pytest.raises(UserProblem, match="two decimals"):
        parse_cents("12,505")


def test_a_whole_number_has_no_fraction() -> None:
    assert parse_integer("1.250") == 1250
    with pytest.raises(UserProblem):
        parse_integer("1,5")


def test_english_numbers_have_the_marks_the_other_way_round() -> None:
    i18n.use("en")
    try:
        assert float(parse_number("1,250.5")) == 1250.5
    finally:
        i18n.use("nl")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 mrt 2027", date(2027, 3, 12)), ("12 maart 2027", date(2027, 3, 12)),
        ("12-3-2027", date(2027, 3, 12)), ("12/3", date(2026, 3, 12)),
        ("12.3.27", date(2027, 3, 12)), ("1-1-87", date(1987, 1, 1)),
        ("2027-03-12", date(2027, 3, 12)), ("12032027", date(2027, 3, 12)),
        ("vr 20 nov", date(2026, 11, 20)), ("vrijdag 20 november 2026", date(2026, 11, 20)),
        ("morgen", date(2026, 11, 24)), ("Gisteren", date(2026, 11, 22)),
        ("12\u00a0mrt\u00a02027", date(2027, 3, 12)), ("3 mei '31", date(2031, 5, 3)),
    ],
)  # fmt: skip
def test_dates(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "31-2-2027", "12 foo 2027", "13/13", "2027", "0-0-0", "12-3-20277", "99 mrt"]
)
def test_what_is_no_date_is_refused_in_words(text: str) -> None:
    with pytest.raises(UserProblem):
        parse_day(text, TODAY)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("12 mrt 2027 09:14", datetime(2027, 3, 12, 8, 14, tzinfo=UTC)),
        ("12-7-2027 9.14 uur", datetime(2027, 7, 12, 7, 14, tzinfo=UTC)),
        ("09:14", datetime(2026, 11, 23, 8, 14, tzinfo=UTC)),
        ("12-7-2027", datetime(2027, 7, 11, 22, 0, tzinfo=UTC)),
        ("2027-07-12T09:14:00Z", datetime(2027, 7, 12, 9, 14, tzinfo=UTC)),
        ("gisteren 23:30", datetime(2026, 11, 22, 22, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_moments_are_typed_on_the_clock_of_the_municipality(text: str, moment: datetime) -> None:
    assert parse_moment(text, TODAY) == moment


def test_a_time_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UserProblem):
        parse_moment("12-7-2027 25:10", TODAY)


def test_codes_are_known_by_code_and_by_label_in_both_languages() -> None:
    for text in ("plan", "PLAN", " Plan "):
        assert typed_text.value_of(INITIATIVE["phase"], text) is Phase.PLAN
    assert typed_text.value_of(INITIATIVE["themes"], "sport; Energy and sustainability") == {
        Theme.SPORT,
        Theme.ENERGY,
    }
    with pytest.raises(UserProblem, match="is not in the list"):
        typed_text.value_of(INITIATIVE["phase"], "bijna")


def test_a_format_is_written_as_the_register_does() -> None:
    assert typed_text.value_of(PREMISES["postcode"], "7151 ab") == "7151AB"
    assert typed_text.text_of(PREMISES["postcode"], "7151AB") == "7151\u00a0AB"


def test_values_are_shown_as_people_write_them() -> None:
    assert typed_text.text_of(PREMISES["rent"], 125000) == "€\u00a01.250"
    assert typed_text.text_of(PREMISES["floor_area_m2"], 1250) == "1.250\u00a0m²"
    assert typed_text.text_of(PREMISES["year_built"], 1974) == "1974"
    assert (
        typed_text.text_of(INITIATIVE["start_date"], date(2027, 3, 12)) == "12\u00a0mrt\u00a02027"
    )
    link = ContactLink(UUID(int=1))
    assert typed_text.text_of(
        INITIATIVE["contacts"], frozenset({link}), lambda *_: "Jan"
    ).startswith("Jan (")


def test_a_reference_is_found_by_name_or_refused() -> None:
    kern = UUID(int=7)
    find = {("kern", "Rekken"): kern}
    assert typed_text.value_of(INITIATIVE["kern"], "Rekken", lambda e, t: find.get((e, t))) == kern
    with pytest.raises(UserProblem, match="Nergens"):
        typed_text.value_of(INITIATIVE["kern"], "Nergens", lambda e, t: find.get((e, t)))


EXAMPLES = {
    Kind.INTEGER: st.integers(0, 10**10),
    Kind.DECIMAL: st.floats(0, 1e9, allow_nan=False).map(lambda f: round(f, 3)),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    Kind.MOMENT: st.integers(630_000_000, 3_780_000_000).map(
        lambda seconds: datetime.fromtimestamp(seconds // 60 * 60, UTC)
    ),
    Kind.GEOMETRY: st.tuples(st.floats(0, 280000), st.floats(300000, 620000)).map(
        lambda xy: Geometry.point(*xy)
    ),
}


@given(st.data())
def test_what_stands_in_an_input_reads_back_as_the_same_value(data: st.DataObject) -> None:
    spec = data.draw(
        st.sampled_from([s for _n, s in SPECS if s.kind in EXAMPLES or s.kind is Kind.CODE])
    )
    values = st.sampled_from(list(spec.type)) if spec.kind is Kind.CODE else EXAMPLES[spec.kind]
    value = data.draw(values)
    shown = typed_text.typed_of(spec, value)
    if spec.kind is Kind.MOMENT:  # the hour that comes twice in October is its first one
        assert abs(typed_text.value_of(spec, shown) - value).total_seconds() in (0, 3600)
    else:
        assert typed_text.value_of(spec, shown) == value


@given(st.sampled_from(SPECS), st.text(max_size=60))
def test_nonsense_gives_a_value_or_a_sentence_never_a_crash(case: tuple, text: str) -> None:
    _entity, spec = case
    with suppress(UserProblem):
        typed_text.value_of(spec, text)


@pytest.mark.parametrize("case", SPECS, ids=lambda c: f"{c[0]}.{c[1].name}")
def test_empty_is_always_understood(case: tuple) -> None:
    typed_text.value_of(case[1], "  ")
    assert typed_text.typed_of(case[1], None) == ""
