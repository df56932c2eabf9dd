"""A mapping says which column is which field, and where a row lies; faults in it are said."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db.entities.initiative import Initiative, LocationAccuracy, Theme
from db.errors import UserProblem
from db.reference import OUTSIDE_KERN
from desktop_app.services.import_mapping import read_mapping
from desktop_app.services.import_places import spiral
from tests.delivery import Delivery, deliveries
from tests.factories import REKKEN


@pytest.fixture
def delivery(tmp_path: Path) -> Iterator[Delivery]:
    yield from deliveries(tmp_path)


def test_tables_splits_templates_and_sums(delivery: Delivery) -> None:
    mapping = {
        "key": "nr",
        "decimal": ".",
        "empty": ["n/a"],
        "fields": {
            "title": {"template": "{straat} {nummer}"},
            "themes": {
                "column": "soort",
                "split": "/",
                "values": {"groen": "green", "spel": ["sport", "youth"]},
            },
            "budget_total": {"column": "kosten", "times": 0.5},
            "supporters": {"column": "steun", "unreadable": "leave"},
            "start_date": {"column": "vanaf", "dates": "%m/%d/%Y"},
            "expected_end_date": {"column": "tot", "month": "last"},
            "summary": {"column": "tekst", "shorten": True},
            "kern": {"constant": "Rekken"},
        },
    }  # fmt: skip
    rows = "nr,straat,nummer,soort,kosten,steun,vanaf,tot,tekst\n"
    rows += f'1,Dorpsstraat,12,groen/spel,"1,000.50",n/a,03/12/2027,2028-02,{"woord " * 60}\n'
    rows += "2,Kerkpad,,groen,,best veel,,,\n"
    report = delivery.take(rows, mapping)
    assert report.new == 2, report.lines
    first, second = delivery.records()
    assert isinstance(first, Initiative)
    assert first.title == "Dorpsstraat 12"
    assert first.themes == {Theme.GREEN, Theme.SPORT, Theme.YOUTH}
    assert first.budget_total == 50_025
    assert (str(first.start_date), str(first.expected_end_date)) == ("2027-03-12", "2028-02-29")
    assert first.summary is not None
    assert first.summary.endswith("woord…")
    assert second.title_text == "Kerkpad"
    assert [(line.row, line.is_taken) for line in report.lines] == [(3, True)]


def test_a_value_that_breaks_a_rule_can_be_left_out(delivery: Delivery) -> None:
    mapping = {
        "key": "nr",
        "fields": {
            "title": "naam", "kern": {"constant": "Rekken"}, "start_date": "van",
            "expected_end_date": {"column": "tot", "unreadable": "leave"},
        },
    }  # fmt: skip
    report = delivery.take("nr;naam;van;tot\n1;Plein;12-3-2027;1-1-2027\n", mapping)
    assert report.new == 1
    assert delivery.records()[0].expected_end_date is None  # type: ignore[attr-defined]
    assert report.lines[0].is_taken


SQUARE = {
    "type": "Polygon",
    "coordinates": [[[6.7, 52.09], [6.701, 52.09], [6.701, 52.091], [6.7, 52.091], [6.7, 52.09]]],
}


def test_geojson_with_areas(delivery: Delivery) -> None:
    features = [
        {
            "type": "Feature",
            "geometry": SQUARE,
            "properties": {"name": "Kavel 1", "plot_area_m2": 7600},
        },
        {"type": "Feature", "geometry": None, "properties": {"name": "Kavel 2"}},
        {"type": "Feature", "geometry": {"type": "Circle"}, "properties": {"name": "Kavel 3"}},
        "geen feature",
    ]
    whole = json.dumps({"type": "FeatureCollection", "features": features})
    report = delivery.take(whole, entity="plot", name="in.geojson")
    assert (report.new, report.rejected) == (1, 3)
    plot = delivery.records("plot")[0]
    assert plot.kern == REKKEN  # type: ignore[attr-defined]
    assert plot.geometry.kind == "Polygon"  # type: ignore[attr-defined]


def test_approximate_places_say_so_and_never_overlap(delivery: Delivery) -> None:
    mapping = {
        "key": "nr",
        "fields": {"name": "naam", "outside_municipality": {"constant": True}},
        "place": {"approximate": {"column": "wijk", "spacing_m": 14, "places": {"Noord": [6.65, 52.1]}}},
    }  # fmt: skip
    rows = (
        "nr;naam;wijk\n" + "".join(f"{n};Kavel {n};NOORD\n" for n in range(60)) + "60;Kavel;Zuid\n"
    )
    report = delivery.take(rows, mapping, entity="plot")
    assert (report.new, report.rejected) == (60, 1)
    plots: list[Any] = delivery.records("plot")
    corners = {plot.geometry.bounds[:2] for plot in plots}
    assert len(corners) == 60
    assert all("NOORD" in plot.remarks for plot in plots)
    assert delivery.take(rows, mapping, entity="plot").unchanged == 60


def test_an_exact_place_replaces_an_approximate_one_and_not_the_reverse(delivery: Delivery) -> None:
    about = {
        "key": "nr", "fields": {"title": "naam", "kern": {"constant": "Rekken"}},
        "place": {"approximate": {"column": "wijk", "places": {"Noord": [6.65, 52.1]}}},
    }  # fmt: skip
    exact = {**about, "place": {"lon": "lon", "lat": "lat"}}
    delivery.take("nr;naam;wijk\n1;Plein;Noord\n", about)
    first: Any = delivery.records()[0]
    assert first.location_accuracy is LocationAccuracy.KERN
    delivery.take("nr;naam;lon;lat\n1;Plein;6.725;52.094\n", exact)
    delivery.take("nr;naam;wijk\n1;Plein;Noord\n", about)
    last: Any = delivery.records()[0]
    assert [round(part, 3) for part in last.geometry.to_wgs84()["coordinates"]] == [6.725, 52.094]


def test_any_projection_can_be_named(delivery: Delivery) -> None:
    mapping = {
        "fields": {
            "title": "naam",
            "kern": {"constant": "Buiten de gemeente"},
            "outside_municipality": {"constant": True},
        },
        "place": {"x": "GeoX", "y": "GeoY", "crs": "EPSG:27700"},
    }  # fmt: skip
    delivery.take("naam,GeoX,GeoY\nBridgeside,330941,431694\n", mapping)
    record: Any = delivery.records()[0]
    lon, lat = record.geometry.to_wgs84()["coordinates"]
    assert (round(lon, 1), round(lat, 1)) == (-3.0, 53.8)
    assert record.kern == OUTSIDE_KERN


def test_records_of_the_mapping_are_made_once(delivery: Delivery) -> None:
    mapping = {
        "key": "nr",
        "records": [{"entity": "organisation", "values": {"name": "Ville de Paris"}}],
        "fields": {
            "title": "naam", "kern": {"constant": "Rekken"},
            "upkeep_organisation": {"constant": "Ville de Paris"},
        },
    }  # fmt: skip
    for _ in range(2):
        assert delivery.take("nr;naam\n1;Plein\n", mapping).rejected == 0
    assert delivery.store.counts()["organisation"] == 1


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"fields": {"titel": "naam"}}, "has no field"),
        ({"fields": {"title": "bestaat niet"}}, "has no column"),
        ({"fields": {"title": {"kolom": "naam"}}}, "unknown key"),
        ({"velden": {}}, "unknown key"),
        ({"entity": "plot", "fields": {}}, "This mapping is for"),
        ({"entity": "pand", "fields": {}}, "no kind of record"),
        ({"fields": {"title": 5}}, "column name or an object"),
        ({"key": "sleutel", "fields": {"title": "naam"}}, "has no column"),
    ],
)
def test_a_faulty_mapping_is_refused_in_words(
    delivery: Delivery, mapping: dict[str, Any], says: str
) -> None:
    with pytest.raises(UserProblem, match=says):
        delivery.take("nr;naam\n1;Plein\n", mapping)


def test_a_mapping_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text("{")
    with pytest.raises(UserProblem, match="can't be read"):
        read_mapping(path)
    with pytest.raises(UserProblem, match="not there"):
        read_mapping(tmp_path / "weg.json")


def test_the_spiral_fills_the_square_round_the_middle() -> None:
    assert {spiral(turn) for turn in range(25)} == {
        (x, y) for x in range(-2, 3) for y in range(-2, 3)
    }
