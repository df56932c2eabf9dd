"""The land two areas share, against an independent geometry library."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from db.geometry import Geometry
from db.shared.overlap import overlap_m2

X, Y = 240_000.0, 457_000.0


def rectangle(x: float, y: float, width: float, height: float) -> Geometry:
    ring = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    return Geometry.from_json({"type": "Polygon", "coordinates": [ring]})


@st.composite
def stars(draw: st.DrawFn) -> Geometry:
    """Make a simple polygon, seldom convex: a star around a middle, with whole-metre corners."""
    radii = draw(st.lists(st.integers(5, 60), min_size=3, max_size=9))
    middle = X + draw(st.integers(0, 80)), Y + draw(st.integers(0, 80))
    ring = [
        (
            middle[0] + radius * math.cos(2 * math.pi * number / len(radii)),
            middle[1] + radius * math.sin(2 * math.pi * number / len(radii)),
        )
        for number, radius in enumerate(radii)
    ]
    return Geometry.from_json({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


@given(stars(), stars())
def test_it_agrees_with_an_independent_library(one: Geometry, other: Geometry):
    expected = shape(one.to_json()).intersection(shape(other.to_json())).area
    assert overlap_m2(one, other) == pytest.approx(expected, abs=1e-3)


@given(stars(), stars())
def test_it_does_not_matter_who_asks(one: Geometry, other: Geometry):
    assert overlap_m2(one, other) == pytest.approx(overlap_m2(other, one), abs=1e-6)


@given(stars())
def test_an_area_shares_all_of_itself(area: Geometry):
    assert overlap_m2(area, area) == pytest.approx(area.area_m2, rel=1e-6)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (rectangle(X + 40, Y, 40, 40), 0),
        (rectangle(X + 40, Y + 40, 40, 40), 0),
        (rectangle(X + 10, Y + 10, 10, 10), 100),
        (rectangle(X + 39, Y - 10, 40, 60), 40),
        (rectangle(X - 10, Y + 10, 60, 1), 40),
        (rectangle(X + 500, Y, 10, 10), 0),
        (Geometry.point(X + 5, Y + 5), 0),
    ],
    ids=["beside", "at a corner", "inside", "a strip", "across", "elsewhere", "a point"],
)
def test_touching_is_not_sharing(other: Geometry, expected: float):
    assert overlap_m2(rectangle(X, Y, 40, 40), other) == pytest.approx(expected)


def test_a_hole_is_not_part_of_the_area():
    hole = rectangle(X + 10, Y + 10, 20, 20).to_json()["coordinates"][0]
    ring = rectangle(X, Y, 40, 40).to_json()["coordinates"][0]
    frame = Geometry.from_json({"type": "Polygon", "coordinates": [ring, hole]})
    assert overlap_m2(frame, rectangle(X + 10, Y + 10, 20, 20)) == 0
    assert overlap_m2(frame, rectangle(X, Y, 40, 40)) == pytest.approx(1200)


def test_all_parts_of_an_area_count():
    parts = [rectangle(X + at, Y, 10, 10).to_json()["coordinates"] for at in (0, 20)]
    both = Geometry.from_json({"type": "MultiPolygon", "coordinates": parts})
    assert overlap_m2(both, rectangle(X + 5, Y, 20, 10)) == pytest.approx(100)
