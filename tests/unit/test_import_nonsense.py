"""Nonsense in every column of every kind of record: the row is taken or reported, never a crash."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.entities import ENTITIES
from db.fields import Kind, fields_of
from db.local.store import LocalStore
from desktop_app.services.import_mapping import mapping_from_headers
from desktop_app.services.import_report import ImportReport
from desktop_app.services.import_sources import open_source
from desktop_app.services.importing import run_import
from tests.stores import a_store

WRITABLE = [name for name in ENTITIES if name not in {"staff", "attachment"}]
NONSENSE = (
    "", " ", "x", "-", "0", "-1", "1e5", "nan", "9" * 40, "1,2,3", "31-2-2027", "0-0-0", "9999-12-31",
    "ja", "null", "{}", "[]", '{"type":"Point"}', "<img src=x onerror=alert(1)>",
    "'; DROP TABLE plot; --",
    "=HYPERLINK(1)", "\u202egnp.exe", "٣٤", "🏡", "x" * 6000, "123456782", "NL91ABNA0417164300",
    "00000000-0000-0000-0000-000000000000", "Rekken", "52,1", "6.7",
)  # fmt: skip
CELLS = st.one_of(st.sampled_from(NONSENSE), st.text(max_size=30))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with a_store(tmp_path) as made:
        yield made


def take(store: LocalStore, path: Path, entity: str) -> ImportReport:
    source = open_source(path)
    report = run_import(store, source, mapping_from_headers(ENTITIES[entity], source.headers))
    assert report.rows == report.new + report.updated + report.unchanged + report.rejected
    reported = {line.row for line in report.lines if not line.is_taken}
    assert len(reported) == report.rejected
    return report


def columns_of(entity: str) -> list[str]:
    names = [s.name for s in fields_of(ENTITIES[entity]).values() if s.kind is not Kind.LINKS]
    return [*names, "lon", "lat"]


@pytest.mark.parametrize("entity", WRITABLE)
def test_each_kind_of_nonsense_in_each_column(
    store: LocalStore, tmp_path: Path, entity: str
) -> None:
    names = columns_of(entity)
    title = ENTITIES[entity].TITLE
    base = {key: text for key, text in ((title, "Plein"), ("kern", "Rekken")) if key in names}
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, names, delimiter=";", restval="")
        writer.writeheader()
        for name in names:
            for cell in NONSENSE:
                writer.writerow({**base, name: cell})
    report = take(store, path, entity)
    assert report.rejected
    assert all(line.reason for line in report.lines)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_table(store: LocalStore, tmp_path: Path, data: st.DataObject) -> None:
    entity = data.draw(st.sampled_from(WRITABLE))
    names = data.draw(st.lists(st.sampled_from(columns_of(entity)), min_size=2, unique=True))
    rows = data.draw(
        st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=4)
    )
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(names)
        writer.writerows(
            [[cell.replace("\0", "").replace("\r", "") for cell in row] for row in rows]
        )
    if all(name in {"lon", "lat", "geometry", "area"} for name in names):
        return
    take(store, path, entity)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
KINDS = st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon"])
PLACES = JSON | st.fixed_dictionaries({"type": KINDS, "coordinates": JSON})


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_geojson(store: LocalStore, tmp_path: Path, data: st.DataObject) -> None:
    entity = data.draw(st.sampled_from(["initiative", "plot", "premises", "team"]))
    names = [
        ENTITIES[entity].TITLE,
        *data.draw(st.lists(st.sampled_from(columns_of(entity)), max_size=3)),
    ]
    features: list[Any] = [
        {
            "type": "Feature",
            "geometry": data.draw(PLACES),
            "properties": {name: data.draw(JSON) for name in names},
        }
        for _ in range(2)
    ]  # fmt: skip
    path = tmp_path / "in.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [*features, data.draw(JSON)]})
    )
    take(store, path, entity)
