"""Dates, numbers and places as people in the Achterhoek write them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from desktop_app import i18n

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    i18n.use("nl")
    yield
    i18n.use("nl")


def plain(text: str) -> str:
    """Write no-break spaces as ordinary ones, to keep the expectations readable."""
    return text.replace(i18n.NBSP, " ")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (i18n.format_date(date(2027, 3, 12)), "12 mrt 2027"),
        (i18n.format_day(date(2026, 11, 20)), "vr 20 nov"),
        (i18n.format_number(1250), "1.250"),
        (i18n.format_number(1250.5), "1.250,5"),
        (i18n.format_number(-1250), "-1.250"),
        (i18n.format_number(3, 2), "3,00"),
        (i18n.format_money(125_000), "€ 1.250"),
        (i18n.format_money(1250), "€ 12,50"),
        (i18n.format_money(-5), "€ -0,05"),
        (i18n.format_area(1250), "1.250 m²"),
        (i18n.format_rd(233_411.6, 459_007.2), "RD 233 412, 459 007"),
        (i18n.format_distance(840), "840 m"),
        (i18n.format_distance(1240), "1,2 km"),
        (i18n.format_size(2_140_000), "2,1 MB"),
        (i18n.format_size(999), "999 B"),
    ],
)
def test_values_read_as_the_design_guide_writes_them(shown, expected):
    assert plain(shown) == expected


def test_a_line_never_breaks_inside_a_value():
    for shown in (i18n.format_date(NOW), i18n.format_money(1250), i18n.format_area(1)):
        assert " " not in shown


def test_moments_are_shown_on_the_clock_of_the_municipality():
    assert i18n.format_time(datetime(2026, 7, 1, 8, 4, tzinfo=UTC)) == "10:04"
    assert i18n.format_time(datetime(2026, 12, 1, 8, 4, tzinfo=UTC)) == "09:04"
    assert plain(i18n.format_date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))) == "1 jan 2027"


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(minutes=38), "vandaag 09:52"),
        (timedelta(days=1), "gisteren 10:30"),
        (timedelta(days=3), "vr 20 nov 10:30"),
        (timedelta(days=400), "19 okt 2025"),
    ],
)
def test_a_moment_is_told_as_people_tell_it(ago, expected):
    assert plain(i18n.format_moment(NOW - ago, NOW)) == expected


def test_a_moment_without_time_zone_is_a_bug():
    with pytest.raises(ValueError, match="time zone"):
        i18n.format_time(datetime(2026, 1, 1))  # noqa: DTZ001


def test_english_can_be_chosen_while_the_program_runs():
    i18n.use("en")
    assert i18n.language() == "en"
    assert plain(i18n.format_date(date(2027, 3, 12))) == "12 Mar 2027"
    assert i18n.format_money(-125_050) == "-€1,250.50"
    assert i18n.format_number(1250.5) == "1,250.5"


def test_the_empty_text_is_not_the_header_of_the_catalogue():
    assert i18n._("") == ""
