"""Places can be typed in either system, and moves read as sentences."""

import pytest

from db.errors import UserProblem
from db.geometry import Geometry
from desktop_app import i18n
from desktop_app.services.place_text import change_of_place_text, move_text, parse_place, place_text

REKKEN = Geometry.point(246673, 457058)


@pytest.mark.parametrize(
    "text",
    [
        "246673, 457058", "RD 246 673, 457 058", "246673 457058", "246673,457058",
        "246.673, 457.058", "RD 246\u00a0673, 457\u00a0058", "x=246673 y=457058",
    ],
)  # fmt: skip
def test_rd_in_every_way_it_is_pasted(text: str) -> None:
    assert parse_place(text) == REKKEN


@pytest.mark.parametrize(
    "text", ["52.09417, 6.72500", "6.72500 52.09417", "52,09417 6,72500", "52.09417,6.72500"]
)
def test_degrees_in_either_order(text: str) -> None:
    x, y = parse_place(text).anchor
    assert abs(x - 246673) < 5
    assert abs(y - 457058) < 5


@pytest.mark.parametrize("text", ["", "Rekken", "12", "1 2 3", "200, 100", "999999999 1", "-,-"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(UserProblem):
        parse_place(text)


def test_a_place_outside_the_netherlands_is_lon_lat() -> None:
    lon, lat = parse_place("-73.99, 40.74").to_wgs84()["coordinates"]
    assert (round(lon, 2), round(lat, 2)) == (-73.99, 40.74)


def test_a_move_has_a_distance_and_a_wind() -> None:
    i18n.use("en")
    try:
        assert move_text(REKKEN, Geometry.point(246734, 456997)) == "86\u00a0m to the southeast"
        assert move_text(REKKEN, Geometry.point(246673, 457858)) == "800\u00a0m to the north"
        moved = change_of_place_text(REKKEN, Geometry.point(246734, 456997))
        assert moved == "moved, 86\u00a0m to the southeast"
        assert change_of_place_text(None, REKKEN) == "put on the map"
        assert change_of_place_text(REKKEN, None) == "taken off the map"
    finally:
        i18n.use("nl")


def test_an_area_has_a_size() -> None:
    ring = ((0.0, 0.0), (10.0, 0.0), (10.0, 20.0), (0.0, 20.0), (0.0, 0.0))
    assert "200\u00a0m²" in place_text(Geometry("Polygon", (ring,)))
    wider = tuple((x * 2, y) for x, y in ring)
    assert "400\u00a0m²" in change_of_place_text(
        Geometry("Polygon", (ring,)), Geometry("Polygon", (wider,))
    )
