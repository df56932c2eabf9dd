"""Every row of a delivery is taken whole or reported; a second delivery updates."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from db.entities import ENTITIES
from db.entities.initiative import Initiative, LocationAccuracy, Phase, Theme
from db.errors import UserProblem
from db.fields import Record
from db.local.engine import create_store
from db.local.keys import new_key
from db.local.store import LocalStore
from db.reference import OUTSIDE_KERN, reference_kernen
from desktop_app.services.import_mapping import mapping_from_headers, mapping_of, read_mapping
from desktop_app.services.import_places import spiral
from desktop_app.services.import_report import ImportReport, write_report
from desktop_app.services.import_sources import open_source
from desktop_app.services.importing import run_import
from desktop_app.services.listing import Listing, records_of
from tests.factories import REKKEN


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    made = LocalStore(create_store(tmp_path / "store.db", new_key()))
    made.save_new(reference_kernen(), as_example=True)
    yield made
    made.close()


class Delivery:
    """Writes files and takes them in."""

    def __init__(self, store: LocalStore, folder: Path) -> None:
        self.store, self.folder = store, folder

    def take(
        self,
        content: str | bytes,
        mapping: dict[str, Any] | None = None,
        *,
        entity: str = "initiative",
        name: str = "in.csv",
        **options: Any,
    ) -> ImportReport:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        kind = ENTITIES[entity]
        given = mapping_of(mapping, kind, "test") if mapping else None
        source = open_source(path, given.options if given else None)
        return run_import(
            self.store, source, given or mapping_from_headers(kind, source.headers), **options
        )

    def records(self, entity: str = "initiative") -> list[Record]:
        title = ENTITIES[entity].TITLE
        return list(records_of(self.store, Listing(entity=entity, sort=title, descending=False)))


@pytest.fixture
def delivery(store: LocalStore, tmp_path: Path) -> Delivery:
    return Delivery(store, tmp_path)


def test_headers_in_dutch_english_or_field_names_match(delivery: Delivery) -> None:
    report = delivery.take("Titel;phase;Themes;Kern\nPlein;Plan;sport, energy;Rekken\n")
    assert (report.new, report.rejected) == (1, 0)
    record = delivery.records()[0]
    assert isinstance(record, Initiative)
    assert (record.phase, record.themes, record.kern) == (
        Phase.PLAN,
        {Theme.SPORT, Theme.ENERGY},
        REKKEN,
    )


def test_the_kern_follows_from_coordinates(delivery: Delivery) -> None:
    delivery.take("title,lon,lat\nPlein,6.725,52.094\n")
    delivery.take("title;X;Y\nPlein 2;246673;457058\n")
    assert [record.kern for record in delivery.records()] == [REKKEN, REKKEN]  # type: ignore[attr-defined]


def test_every_row_not_taken_is_reported_with_its_reason(delivery: Delivery) -> None:
    rows = "title;kern;supporters;start_date;lon;lat\n"
    rows += "Goed;Rekken;12;12-3-2027;;\n"
    rows += "Fout;Rekken;veel;31-2-2027;;\n"
    rows += "X;Rekken;;;;\n"
    rows += "Ver weg;Rekken;;;999;52\n"
    rows += "Nergens;Atlantis;;;;\n"
    rows += "Te;veel;1;;;;cellen;hier\n"
    report = delivery.take(rows)
    assert (report.rows, report.new, report.rejected) == (6, 1, 5)
    told = {(line.row, line.column) for line in report.lines}
    assert told == {
        (3, "supporters"),
        (3, "start_date"),
        (4, "title"),
        (5, "lon, lat"),
        (6, "kern"),
        (7, ""),
    }
    assert all(line.reason and not line.is_taken for line in report.lines)
    assert {line.shown_value for line in report.lines} >= {"veel", "31-2-2027", "X", "Atlantis"}


def test_a_second_delivery_updates_by_key(delivery: Delivery) -> None:
    mapping = {"key": "nr", "fields": {"title": "naam", "kern": {"constant": "Rekken"}}}
    assert delivery.take("nr;naam\n1;Plein\n2;Bos\n", mapping).new == 2
    again = delivery.take("nr;naam\n1;Plein\n2;Bos bij Rekken\n3;Nieuw\n", mapping)
    assert (again.new, again.updated, again.unchanged) == (1, 1, 1)
    assert {r.title_text for r in delivery.records()} == {"Plein", "Bos bij Rekken", "Nieuw"}


def test_an_update_leaves_fields_that_are_not_in_the_file(delivery: Delivery) -> None:
    mapping = {"key": "nr", "fields": {"title": "naam", "kern": {"constant": "Rekken"}}}
    delivery.take("nr;naam\n1;Plein\n", mapping)
    record = delivery.records()[0]
    assert isinstance(record, Initiative)
    delivery.store.save(dataclasses.replace(record, summary="Van ons"), record)
    delivery.take("nr;naam\n1;Plein anders\n", mapping)
    changed = delivery.records()[0]
    assert (changed.title_text, changed.summary) == ("Plein anders", "Van ons")  # type: ignore[attr-defined]


def test_the_same_file_twice_changes_nothing(delivery: Delivery) -> None:
    rows = "title;kern\nPlein;Rekken\nPlein;Rekken\n"
    assert delivery.take(rows).new == 2
    assert (again := delivery.take(rows)).unchanged == 2
    assert again.new == 0


def test_a_key_twice_or_empty_is_refused(delivery: Delivery) -> None:
    mapping = {"key": "nr", "fields": {"title": "naam", "kern": {"constant": "Rekken"}}}
    report = delivery.take("nr;naam\n1;Plein\n1;Bos\n;Zaal\n", mapping)
    assert (report.new, report.rejected) == (1, 2)
    assert [line.row for line in report.lines] == [3, 4]


def test_a_trial_stores_nothing(delivery: Delivery) -> None:
    report = delivery.take("title;kern\nPlein;Rekken\n", is_dry_run=True)
    assert report.new == 1
    assert delivery.records() == []


def test_what_was_deleted_here_does_not_come_back(delivery: Delivery) -> None:
    mapping = {"key": "nr", "fields": {"title": "naam", "kern": {"constant": "Rekken"}}}
    delivery.take("nr;naam\n1;Plein\n", mapping)
    delivery.store.delete(delivery.records()[0])
    assert delivery.take("nr;naam\n1;Plein\n", mapping).rejected == 1


def test_stopping_half_way_keeps_what_was_done(delivery: Delivery) -> None:
    rows = "title;kern\n" + "".join(f"Nummer {n};Rekken\n" for n in range(1200))
    stop = Event()
    report = delivery.take(
        rows, progress=lambda done, _total: stop.set() if done else None, cancel=stop
    )
    assert report.is_cancelled
    assert len(delivery.records()) == report.new == 500
    assert delivery.take(rows).new == 700


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


def test_a_warning_is_told_and_the_row_taken(delivery: Delivery) -> None:
    report = delivery.take("title;kern;summary\nPlein;Rekken;bsn 123456782\n")
    assert report.new == 1
    assert [line.is_taken for line in report.lines] == [True]


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


def test_headers_that_say_nothing_ask_for_a_mapping(delivery: Delivery) -> None:
    with pytest.raises(UserProblem, match="Give a mapping file"):
        delivery.take("a;b\n1;2\n")


def test_a_mapping_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text("{")
    with pytest.raises(UserProblem, match="can't be read"):
        read_mapping(path)
    with pytest.raises(UserProblem, match="not there"):
        read_mapping(tmp_path / "weg.json")


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_the_report_is_written_for_people_or_programs(
    delivery: Delivery, tmp_path: Path, suffix: str
) -> None:
    report = delivery.take("title;kern\n=1+1;Atlantis\n")
    path = tmp_path / f"verslag.{suffix}"
    write_report(report, path)
    text = path.read_text(encoding="utf-8-sig")
    assert "Atlantis" in text
    if suffix == "json":
        assert json.loads(text)["rejected"] == 1


def test_the_spiral_fills_the_square_round_the_middle() -> None:
    assert {spiral(turn) for turn in range(25)} == {
        (x, y) for x in range(-2, 3) for y in range(-2, 3)
    }
