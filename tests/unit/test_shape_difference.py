"""How two places or shapes differ, in words."""

import pytest

from db.geometry import Geometry
from desktop_app import i18n
from desktop_app.services.shape_difference import difference_text, size_text
from tests.factories import square

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def dutch() -> None:
    i18n.use("nl")


def line(*spots: tuple[float, float]) -> Geometry:
    return Geometry.from_json({"type": "LineString", "coordinates": [list(spot) for spot in spots]})


def test_a_point_that_moved() -> None:
    theirs, mine = Geometry.point(240_000, 460_000), Geometry.point(240_061, 459_939)
    assert difference_text(theirs, mine) == f"86{NBSP}m naar het zuidoosten"


def test_an_area_that_grew_at_one_side_and_lost_at_another() -> None:
    theirs, mine = square(240_000, 460_000, 40), square(240_010, 460_000, 40)
    assert difference_text(theirs, mine) == f"400{NBSP}m² erbij, 400{NBSP}m² eraf"


def test_a_line_that_is_longer() -> None:
    theirs, mine = line((0, 0), (100, 0)), line((0, 0), (100, 0), (100, 35))
    assert difference_text(theirs, mine) == f"35{NBSP}m langer"
    assert difference_text(mine, theirs) == f"35{NBSP}m korter"


def test_nothing_to_tell() -> None:
    place = Geometry.point(240_000, 460_000)
    assert difference_text(place, place) == difference_text(None, place) == ""


def test_a_shape_by_its_size() -> None:
    assert size_text(square(240_000, 460_000, 40)) == f"1.600{NBSP}m²"
    assert size_text(line((0, 0), (100, 0))) == f"100{NBSP}m"
    assert size_text(Geometry.point(240_000, 460_000)).startswith("RD")
