"""GeoPackage 1.3 for GIS: one layer per kind of record, in RD New, made with SQLite alone.

The container is a plain SQLite file of its own; the encrypted store is never opened by this engine.
Geometries are little-endian WKB behind the GeoPackage header with an envelope (OGC 12-128r18).
"""

import sqlite3
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db.fields import FieldSpec, Kind, Record
from db.geometry import Geometry
from desktop_app.i18n import _
from desktop_app.services.export_values import EXAMPLE, ExportChoice, plain_value
from desktop_app.services.references import References

Records = Callable[[type[Record]], Iterator[Record]]

_RD = 28992
_WKB = {
    "Point": 1, "LineString": 2, "Polygon": 3,
    "MultiPoint": 4, "MultiLineString": 5, "MultiPolygon": 6,
}  # fmt: skip
_PART = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL,
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,
  m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name),
  FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
"""
_TYPES = {
    Kind.INTEGER: "INTEGER", Kind.DECIMAL: "DOUBLE", Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE", Kind.MOMENT: "DATETIME",
}  # fmt: skip


def write_gpkg(
    path: Path, choice: ExportChoice, records: Records, references: References, example: bool
) -> None:
    """Write a GeoPackage."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA application_id = 0x47504B47")
        connection.execute("PRAGMA user_version = 10300")
        connection.execute("BEGIN")
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)", _systems())
        for entity in choice.entities:
            _write_layer(connection, entity, choice, records(entity), references, example)
        connection.execute("COMMIT")
    except sqlite3.OperationalError as exc:
        raise OSError(28 if "full" in str(exc) else 5, str(exc)) from exc
    finally:
        connection.close()


def _systems() -> list[tuple[Any, ...]]:
    from pyproj import CRS

    def wkt(code: int) -> str:
        return str(CRS.from_epsg(code).to_wkt("WKT1_GDAL"))

    return [
        ("Undefined cartesian", -1, "NONE", -1, "undefined", None),
        ("Undefined geographic", 0, "NONE", 0, "undefined", None),
        ("WGS 84", 4326, "EPSG", 4326, wkt(4326), None),
        ("Amersfoort / RD New", _RD, "EPSG", _RD, wkt(_RD), None),
    ]


def _write_layer(
    connection: sqlite3.Connection,
    entity: type[Record],
    choice: ExportChoice,
    records: Iterator[Record],
    references: References,
    example: bool,
) -> None:
    specs = choice.fields(entity)
    has_place = hasattr(entity, "geometry")
    table = entity.ENTITY
    columns = _columns(specs, example, has_place)
    listed = ", ".join(f'"{name}" {kind}' for name, kind in columns)
    connection.execute(f'CREATE TABLE "{table}" (fid INTEGER PRIMARY KEY, {listed})')
    marks = ", ".join("?" * len(columns))
    names = ", ".join(f'"{name}"' for name, _kind in columns)
    box: list[tuple[float, float, float, float]] = []
    insert = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'
    for record in records:
        place = getattr(record, "geometry", None)
        if place is not None:
            box = [_wider(box, place)]
        connection.execute(insert, _row(record, specs, references, example, has_place))
    _describe(connection, entity, has_place, box, example)


def _columns(specs: tuple[FieldSpec, ...], example: bool, has_place: bool) -> list[tuple[str, str]]:
    columns = [("geom", "GEOMETRY")] if has_place else []
    columns += [("id", "TEXT"), ("code", "TEXT")]
    for spec in specs:
        columns.append((spec.name, "DOUBLE" if spec.is_money else _TYPES.get(spec.kind, "TEXT")))
        if spec.kind is Kind.REFERENCE and spec.meta.refers_to:
            columns.append((f"{spec.name}_title", "TEXT"))
    return [*columns, (EXAMPLE, "BOOLEAN")] if example else columns


def _row(
    record: Record,
    specs: tuple[FieldSpec, ...],
    references: References,
    example: bool,
    has_place: bool,
) -> list[Any]:
    place = getattr(record, "geometry", None)
    row: list[Any] = [None if place is None else blob_of(place)] if has_place else []
    row += [str(record.id), record.code]
    for spec in specs:
        value = getattr(record, spec.name)
        plain = plain_value(spec, value)
        if isinstance(value, datetime):
            plain = f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"  # the one form of GeoPackage
        row.append(", ".join(map(_listed, plain)) if isinstance(plain, list) else plain)
        if spec.kind is Kind.REFERENCE and spec.meta.refers_to:
            row.append(references.title(spec.meta.refers_to, value) if value else None)
    return [*row, True] if example else row


def _listed(item: Any) -> str:
    return " ".join(str(part) for part in item.values()) if isinstance(item, dict) else str(item)


def _wider(
    box: list[tuple[float, float, float, float]], place: Geometry
) -> tuple[float, float, float, float]:
    every = [*box, place.bounds]
    west, south = min(b[0] for b in every), min(b[1] for b in every)
    return west, south, max(b[2] for b in every), max(b[3] for b in every)


def _describe(
    connection: sqlite3.Connection,
    entity: type[Record],
    has_place: bool,
    box: list[tuple[float, float, float, float]],
    example: bool,
) -> None:
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    kind = "features" if has_place else "attributes"
    about = _("Example data") if example else ""
    bounds = box[0] if box else (None, None, None, None)
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)",
        (entity.ENTITY, kind, _(entity.PLURAL), about, moment, *bounds, _RD if has_place else 0),
    )
    if has_place:
        connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', ?, 0, 0)",
            (entity.ENTITY, _RD),
        )


def blob_of(place: Geometry) -> bytes:
    """Return a GeoPackage geometry: header, envelope (x before y) and WKB, little-endian."""
    west, south, east, north = place.bounds
    header = struct.pack("<2sBBi4d", b"GP", 0, 0b0000_0011, _RD, west, east, south, north)
    return header + wkb_of(place.kind, place.coordinates)


def wkb_of(kind: str, coordinates: Any) -> bytes:
    """Return well-known binary (OGC 06-103r4), little-endian."""
    start = struct.pack("<BI", 1, _WKB[kind])
    if kind == "Point":
        return start + struct.pack("<2d", *coordinates)
    if kind == "LineString":
        return start + _positions(coordinates)
    if kind == "Polygon":
        rings = b"".join(_positions(ring) for ring in coordinates)
        return start + struct.pack("<I", len(coordinates)) + rings
    parts = b"".join(wkb_of(_PART[kind], part) for part in coordinates)
    return start + struct.pack("<I", len(coordinates)) + parts


def _positions(positions: Any) -> bytes:
    packed = b"".join(struct.pack("<2d", *position) for position in positions)
    return struct.pack("<I", len(positions)) + packed
