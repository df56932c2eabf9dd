"""Places: conversion between RD and WGS84, sizes, and what is refused."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from db.geometry import BERKELLAND_BOUNDS, Geometry, GeometryError, lon_lat, rd
from tests.factories import square
from tests.strategies import areas, lines, points

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("NAOBERKAART_SHARED", ROOT.parent / "shared"))
RD_POINTS = SHARED / "data/rd-points/rdnaptrans2008-testpunten.csv"
BEYOND_THE_GRID = {"outside", "no_rd&geoid", "no_geoid", "no_rd", "edge_rd"}
HOLE = [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[2, 2], [2, 4], [4, 4], [4, 2], [2, 2]]]

any_geometry = st.one_of(points(), lines(), areas())


def polygon(coordinates: list) -> Geometry:
    return Geometry.from_json({"type": "Polygon", "coordinates": coordinates})


@pytest.mark.skipif(not RD_POINTS.exists(), reason="the official test points are not here")
def test_the_official_test_points_agree_within_a_quarter_of_a_metre():
    """RDNAPTRANS 2008; points beyond its correction grid say nothing."""
    with RD_POINTS.open(encoding="utf-8") as lines_of_points:
        rows = [
            row for row in csv.DictReader(lines_of_points) if row["naam"] not in BEYOND_THE_GRID
        ]
    assert len(rows) == 7
    for row in rows:
        x, y = rd(float(row["etrs89_lon"]), float(row["etrs89_lat"]))
        assert abs(x - float(row["rd_x"])) < 0.25, row["naam"]
        assert abs(y - float(row["rd_y"])) < 0.25, row["naam"]
        lon, lat = lon_lat(float(row["rd_x"]), float(row["rd_y"]))
        assert lon == pytest.approx(float(row["etrs89_lon"]), abs=4e-6), row["naam"]
        assert lat == pytest.approx(float(row["etrs89_lat"]), abs=3e-6), row["naam"]


def test_amersfoort_is_the_origin_of_rd():
    assert rd(5.387203657, 52.155172897) == pytest.approx((155_000, 463_000), abs=0.25)


@given(any_geometry)
def test_a_place_survives_the_journey_over_wgs84(geometry):
    """Within 2 mm: RD keeps 3 decimals, WGS84 8 (about a millimetre)."""
    back = Geometry.from_wgs84(geometry.to_wgs84())
    assert back.kind == geometry.kind
    for one, other in zip(back.positions(), geometry.positions(), strict=True):
        assert one == pytest.approx(other, abs=0.002)


@given(any_geometry)
def test_a_place_survives_json(geometry):
    assert Geometry.from_json(geometry.to_json()) == geometry


@given(areas())
def test_areas_agree_with_shapely(geometry):
    assert geometry.area_m2 == pytest.approx(shape(geometry.to_json()).area, rel=1e-9)


@given(areas())
def test_the_pin_of_a_square_stands_inside_it(geometry):
    west, south, east, north = geometry.bounds
    x, y = geometry.anchor
    assert west < x < east
    assert south < y < north


def test_a_hole_does_not_count():
    assert polygon(HOLE).area_m2 == 96
    two = Geometry.from_json({"type": "MultiPolygon", "coordinates": [HOLE, [HOLE[1]]]})
    assert two.area_m2 == 100
    assert two.anchor == (5, 5), "the pin stands in the largest part"


def test_lines_and_points_have_no_area():
    assert Geometry.point(1, 2).area_m2 == 0
    assert Geometry("LineString", ((0.0, 0.0), (5.0, 5.0))).area_m2 == 0


def test_the_pin_of_a_line_stands_at_its_middle_corner():
    assert Geometry("LineString", ((0.0, 0.0), (1.0, 1.0), (9.0, 9.0))).anchor == (1, 1)


def test_an_area_without_size_still_has_a_pin():
    assert polygon([[[1, 1], [1, 1], [1, 1], [1, 1]]]).anchor == (1, 1)


def test_coordinates_are_kept_in_millimetres():
    assert Geometry.point(240912.12345, 458204.98765).coordinates == (240912.123, 458204.988)


def test_an_open_ring_is_closed():
    ring = polygon([[[0, 0], [10, 0], [10, 10], [0, 10]]]).coordinates[0]
    assert ring[0] == ring[-1]
    assert len(ring) == 5


def test_a_height_is_dropped():
    value = {"type": "Point", "coordinates": [6.52, 52.11, 14.0]}
    assert len(Geometry.from_wgs84(value).coordinates) == 2


def test_inside_means_wholly_inside():
    west, south = BERKELLAND_BOUNDS[:2]
    assert square(west, south).is_within(BERKELLAND_BOUNDS)
    assert not square(west - 1, south).is_within(BERKELLAND_BOUNDS)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": None},
        {"type": "Point", "coordinates": "12"},
        {"type": "Point", "coordinates": [1, None]},
        {"type": "Point", "coordinates": [True, 1]},
        {"type": "Point", "coordinates": [float("inf"), 1]},
        {"type": "Point", "coordinates": [1e12, 1]},
        {"type": "LineString", "coordinates": [[1, 1]]},
        {"type": "LineString", "coordinates": [1, 1]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]},
    ],
    ids=str,
)
def test_nonsense_is_no_geometry(value):
    with pytest.raises(GeometryError):
        Geometry.from_json(value)


@pytest.mark.parametrize("position", [[181, 52], [6.5, 91], [240_912, 458_204], [float("nan"), 52]])
def test_rd_taken_for_degrees_is_refused(position):
    with pytest.raises(GeometryError):
        Geometry.from_wgs84({"type": "Point", "coordinates": position})
