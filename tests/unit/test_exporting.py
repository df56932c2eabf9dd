"""What goes out is whole, reads back as the same, and holds nothing that may not leave."""

import csv
import json
import secrets
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from openpyxl import load_workbook

from db.codec import values_of
from db.entities.initiative import ContactLink, Theme
from db.entities.people import LegalForm
from db.errors import StorageFull, UserProblem
from db.geometry import Geometry
from db.local.engine import create_store
from db.local.keys import new_key
from db.local.store import LocalStore
from db.reference import reference_kernen
from desktop_app.services.export_values import ExportChoice, is_public
from desktop_app.services.exporting import ExportStopped, export, listing_of, wound
from desktop_app.services.import_mapping import mapping_from_headers
from desktop_app.services.import_sources import open_source
from desktop_app.services.importing import run_import
from tests.factories import (
    contact_person,
    initiative,
    kern,
    organisation,
    plot,
    premises,
    square,
    team,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    made = LocalStore(create_store(tmp_path / "store.db", new_key()))
    made.save_new(reference_kernen(), as_example=True)
    yield made
    made.close()


def choice(*entities: str, **options: bool) -> ExportChoice:
    return ExportChoice(listings=tuple(listing_of(name) for name in entities), **options)


def features(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8"))["features"])


def test_geojson_is_that_of_rfc_7946(store: LocalStore, tmp_path: Path) -> None:
    store.save_new([initiative(title="Plein “Zo”"), plot(), premises()])
    path = tmp_path / "uit.geojson"
    assert export(store, path).records == 3
    found = features(path)
    assert {f["properties"]["entity"] for f in found} == {"initiative", "plot", "premises"}
    for feature in found:
        assert feature["type"] == "Feature"
        spot = feature["geometry"]["coordinates"]
        while isinstance(spot[0], list):
            spot = spot[0]
        assert 6 < spot[0] < 7
        assert 52 < spot[1] < 53
    assert next(f for f in found if "title" in f["properties"])["properties"]["kern_title"]


def test_rings_run_anticlockwise_and_holes_clockwise() -> None:
    ring = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]
    turned = wound({"type": "Polygon", "coordinates": [ring, ring[::-1]]})
    assert turned["coordinates"] == [ring[::-1], ring]
    many = wound({"type": "MultiPolygon", "coordinates": [[ring]]})
    assert many["coordinates"] == [[ring[::-1]]]


RECORDS = {
    "initiative": lambda: initiative(
        title="=SOM(A1)", themes=frozenset({Theme.SPORT, Theme.GREEN}), budget_total=125050,
        start_date=date(2027, 3, 12), description="Eén\ntwee; “drie”", supporters=1200,
    ),
    "plot": lambda: plot(max_height_m=7.5, price_per_m2=12500),
    "premises": lambda: premises(cadastral_parcels=frozenset({"Eibergen P 1399"}), rent=4_800_00),
    "organisation": lambda: organisation(kvk="12345678"),
}  # fmt: skip


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".geojson"])
@pytest.mark.parametrize("entity", list(RECORDS))
def test_what_goes_out_comes_back_unchanged(
    store: LocalStore, tmp_path: Path, entity: str, suffix: str
) -> None:
    record = store.save(RECORDS[entity](), None).record
    path = tmp_path / f"uit{suffix}"
    export(store, path, choice(entity))
    source = open_source(path)
    report = run_import(store, source, mapping_from_headers(type(record), source.headers))
    assert (report.rejected, report.new) == (0, 0), report.lines
    again = store.get(entity, record.id)
    assert again is not None
    before, after = values_of(record), values_of(again)
    for name in ("geometry",):
        before.pop(name, None), after.pop(name, None)
    assert after == before


def test_csv_opens_in_a_dutch_spreadsheet(store: LocalStore, tmp_path: Path) -> None:
    store.save(premises(name="+31 hal", floor_area_m2=1250, clear_height_m=7.5), None)
    path = tmp_path / "uit.csv"
    export(store, path, choice("premises"))
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";")
    assert "1250" in row.values()
    assert "7,5" in row.values()
    assert "'+31 hal" in row.values()


def test_a_workbook_has_a_sheet_per_kind(store: LocalStore, tmp_path: Path) -> None:
    store.save_new([initiative(start_date=date(2027, 3, 12)), plot()])
    path = tmp_path / "uit.xlsx"
    export(store, path, choice("initiative", "plot"))
    book = load_workbook(path)
    assert len(book.sheetnames) == 2
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    cells = [cell.value for cell in list(sheet.rows)[1]]
    assert any(getattr(cell, "year", None) == 2027 for cell in cells)


def test_a_geopackage_is_one(store: LocalStore, tmp_path: Path) -> None:
    area = square(246600, 457000, 20)
    store.save_new(
        [plot(geometry=area), initiative(geometry=Geometry.point(246673, 457058)), team()]
    )
    path = tmp_path / "uit.gpkg"
    export(store, path, choice("plot", "initiative", "team"))
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        layers = dict(connection.execute("SELECT table_name, data_type FROM gpkg_contents"))
        assert layers == {"plot": "features", "initiative": "features", "team": "attributes"}
        (blob,) = connection.execute("SELECT geom FROM initiative").fetchone()
        (box,) = connection.execute(
            "SELECT max_x - min_x FROM gpkg_contents WHERE table_name='plot'"
        ).fetchone()
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    assert box == 20
    assert blob[:2] == b"GP"
    assert struct.unpack("<i", blob[4:8]) == (28992,)
    assert struct.unpack("<BI2d", blob[40:]) == (1, 1, 246673.0, 457058.0)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".geojson", ".gpkg"])
def test_personal_data_leaves_only_when_asked(
    store: LocalStore, tmp_path: Path, suffix: str
) -> None:
    person = contact_person(name="Wilhelmina Proefpersoon")
    trader = organisation(name="Eenmanszaak Proef", legal_form=LegalForm.SOLE_TRADER)
    idea = initiative(contacts=frozenset({ContactLink(person.id)}))
    store.save_new([person, trader, idea])
    kinds = ("initiative", "contact_person", "organisation")
    without, with_it = tmp_path / f"zonder{suffix}", tmp_path / f"met{suffix}"
    assert export(store, without, choice(*kinds)).records == 1
    assert export(store, with_it, choice(*kinds, with_personal=True)).records == 3
    if suffix != ".xlsx":
        assert str(person.id).encode() not in without.read_bytes()
        assert b"Wilhelmina" in with_it.read_bytes()


def test_a_public_export_holds_what_is_published(store: LocalStore, tmp_path: Path) -> None:
    store.save_new(
        [
            initiative(title="Openbaar", summary="Mag", publish=True, next_action="Bellen"),
            initiative(title="Intern", summary="Nee"),
            organisation(name="Intern bv"),
        ]
    )
    path = tmp_path / "uit.geojson"
    export(store, path, choice("initiative", "organisation", is_public=True))
    (feature,) = features(path)
    assert feature["properties"]["title"] == "Openbaar"
    assert not {"next_action", "lead", "status", "contacts"} & feature["properties"].keys()


def test_publication_has_a_beginning_and_an_end() -> None:
    day = date(2027, 3, 12)
    shown = initiative(publish=True, summary="Ja", publish_from=day, publish_until=day)
    assert is_public(shown, day)
    assert not is_public(shown, day - timedelta(1))
    assert not is_public(shown, day + timedelta(1))
    assert is_public(kern(), day)


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".gpkg", ".xlsx"])
def test_example_data_says_so(store: LocalStore, tmp_path: Path, suffix: str) -> None:
    store.set_meta("example", "1")
    store.save(initiative(), None)
    path = tmp_path / f"uit{suffix}"
    export(store, path, choice("initiative"))
    if suffix == ".xlsx":
        rows = list(load_workbook(path).worksheets[0].values)
        assert "Voorbeeld" in rows[0]
    else:
        assert b"xample" in path.read_bytes() or b"Voorbeeld" in path.read_bytes()


def test_stopping_leaves_the_old_file(store: LocalStore, tmp_path: Path) -> None:
    store.save_new(initiative() for _ in range(600))
    path = tmp_path / "uit.csv"
    path.write_text("oud")
    stop = Event()
    with pytest.raises(ExportStopped):
        export(store, path, progress=lambda _done: stop.set(), cancel=stop)
    assert path.read_text() == "oud"
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []


def test_what_cannot_be_written_is_said(store: LocalStore, tmp_path: Path) -> None:
    with pytest.raises(UserProblem, match="no kind of file"):
        export(store, tmp_path / "uit.shp")
    with pytest.raises(UserProblem, match="can't be written"):
        export(store, tmp_path / "weg" / "uit.csv")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a disk of 200 kB; needs the right to mount."""
    folder = tmp_path / "klein"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    is_linux = sys.platform == "linux"
    if not is_linux or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this account can't mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".geojson", ".gpkg"])
def test_a_full_disk_is_said_and_keeps_the_old_file(
    store: LocalStore, small_disk: Path, suffix: str
) -> None:
    store.save_new(initiative(description=secrets.token_hex(2400)) for _ in range(300))
    path = small_disk / f"uit{suffix}"
    path.write_text("oud")
    with pytest.raises(StorageFull):
        export(store, path, choice("initiative"))
    assert path.read_text() == "oud"
    assert [item.name for item in small_disk.iterdir()] == [path.name]
