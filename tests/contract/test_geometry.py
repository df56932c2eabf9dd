"""The database's own geometry agrees with ours."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from db.geometry import Geometry
from db.shared.overlap import overlap_m2
from tests.contract.test_rules import HERE
from tests.factories import square
from tests.unit.test_overlap import stars

SHAPES: list[dict[str, Any]] = [
    {"type": "Point", "coordinates": [1, 2]},
    {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]},
    {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
    {"type": "MultiLineString", "coordinates": [[[1, 2], [3, 4]], [[1, 2], [3, 4]]]},
    square(*HERE).to_json(),
    {"type": "MultiPolygon", "coordinates": [square(*HERE).to_json()["coordinates"]]},
    {"type": "Point", "coordinates": []},
    {"type": "Point", "coordinates": [1]},
    {"type": "Point", "coordinates": ["1", "2"]},
    {"type": "LineString", "coordinates": [[1, 2]]},
    {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]},
    {"type": "Polygon", "coordinates": [[1, 2], [3, 4]]},
    {"type": "Polygon", "coordinates": 5},
    {"type": "GeometryCollection", "geometries": []},
    {"coordinates": [1, 2]},
    {},
]


@pytest.fixture(scope="module")
def database(postgres_server: Any) -> Iterator[psycopg.Connection[Any]]:
    url = postgres_server.url("naoberkaart_geometry")
    with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE naoberkaart_geometry TEMPLATE naoberkaart_template")
        with psycopg.connect(url, autocommit=True) as found:
            yield found
        connection.execute("DROP DATABASE naoberkaart_geometry")


def ask(database: psycopg.Connection[Any], call: str, *shapes: dict[str, Any]) -> Any:
    """Return what one of the server's functions says of `shapes`."""
    given = [json.dumps(shape) for shape in shapes]
    row: Any = database.execute(f"SELECT naoberkaart.{call}", given).fetchone()  # type: ignore[arg-type]
    return row[0]


def is_kept(shape: dict[str, Any]) -> bool:
    """Whether our own reader takes the shape."""
    try:
        Geometry.from_json(shape)
    except (ValueError, TypeError):
        return False
    return True


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_both_sides_take_the_same_shapes(database: psycopg.Connection[Any], shape: dict[str, Any]):
    assert ask(database, "is_geometry(%s, false)", shape) is is_kept(shape)
    is_area = is_kept(shape) and "Polygon" in shape["type"]
    assert ask(database, "is_geometry(%s, true)", shape) is is_area


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stars(), stars())
def test_both_sides_measure_the_same_overlap(
    database: psycopg.Connection[Any], one: Geometry, other: Geometry
):
    theirs = ask(database, "overlap_m2(%s, %s)", one.to_json(), other.to_json())
    assert theirs == pytest.approx(overlap_m2(one, other), abs=1e-3)
