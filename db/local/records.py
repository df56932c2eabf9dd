"""Rows of the entity tables, and the indexes that follow them: listing, full text and place.

`item` has one narrow row per record of any kind: lists, counts, the map and the search box read it
without touching the wide tables. Its `number` is the rowid of the full-text and R*Tree entries.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, insert

from db.changes import Json, Values
from db.codec import SYSTEM_FIELDS, dumps, from_column, from_json_record, to_column
from db.entities import ENTITIES
from db.fields import FieldSpec, Kind, Record, fields_of
from db.geometry import Geometry, lon_lat
from db.schema import local_metadata

METADATA = local_metadata()
_SPLIT = re.compile(r"[^0-9a-z]+")
_INITIALS = re.compile(r"(?<=\b\w)[.](?=\w\b)")
_DROPPED = str.maketrans("", "", "'\u2019`\u00b4")


def table_of(entity: str) -> Table:
    """Return the local table of `entity`."""
    return METADATA.tables[entity]


def driver(connection: Connection) -> Any:
    """Return the driver's connection inside the same transaction, for statements run all the time."""
    return connection.connection.driver_connection


def fold(text: str) -> str:
    """Return `text` as it is searched: no accents or apostrophes, lower case, single spaces.

    Dots part words, but not the letters of an abbreviation.

    >>> fold("St. Jan's Café-Terras"), fold("K.v.K."), fold("st.jan")
    ('st jans cafe terras', 'kvk', 'st jan')
    """
    joined = _INITIALS.sub("", text.translate(_DROPPED))
    plain = unicodedata.normalize("NFKD", joined.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(part for part in _SPLIT.split(letters) if part)


def to_row(entity: type[Record], value: Values) -> dict[str, Any]:
    """Return the column values of a record given as JSON (system and declared fields)."""
    specs = fields_of(entity)
    row: dict[str, Any] = {name: value.get(name) for name in SYSTEM_FIELDS}
    row["revision"] = row["revision"] or 0
    row["deleted"] = int(bool(row["deleted"]))
    for name, spec in specs.items():
        row[name] = to_column(spec, _filled(spec, value.get(name)))
    row["extra"] = _extra(specs, value)
    return row


def _extra(specs: Mapping[str, FieldSpec], value: Values) -> str | None:
    """Return the values of fields that this version does not know, as one JSON column."""
    extra = {
        name: item
        for name, item in value.items()
        if name not in specs and name not in SYSTEM_FIELDS
    }
    return dumps(extra) if extra else None


def to_json(entity: type[Record], row: Any) -> dict[str, Json]:
    """Return the JSON (system and declared fields, unknown ones flattened) of a row."""
    value: dict[str, Json] = {name: row[name] for name in SYSTEM_FIELDS}
    value["deleted"] = bool(row["deleted"])
    for name, spec in fields_of(entity).items():
        value[name] = from_column(spec, row[name])
    if row["extra"]:
        value.update(json.loads(row["extra"]))
    return value


def declared_part(value: Values) -> dict[str, Json]:
    """Return `value` without the system fields: what merges compare."""
    return {name: item for name, item in value.items() if name not in SYSTEM_FIELDS}


def to_record(entity: type[Record], row: Any) -> Record:
    """Return the frozen record of a row."""
    return from_json_record(entity, to_json(entity, row))


def read(connection: Connection, entity: str, record_id: UUID | str) -> dict[str, Json] | None:
    """Return a record's JSON, or None."""
    found = read_many(connection, entity, [str(record_id)])
    return found.get(str(record_id))


def read_many(
    connection: Connection, entity: str, ids: Iterable[str]
) -> dict[str, dict[str, Json]]:
    """Return the JSON of the records that exist, by id."""
    statement = f"SELECT * FROM {entity} WHERE id IN (SELECT value FROM json_each(?))"
    cursor = driver(connection).execute(statement, (json.dumps(list(ids)),))
    names = [column[0] for column in cursor.description]
    rows = (dict(zip(names, row, strict=True)) for row in cursor)
    return {row["id"]: to_json(ENTITIES[entity], row) for row in rows}


def read_ids(connection: Connection, ids: list[str]) -> set[str]:
    """Return which of `ids` the store has."""
    statement = "SELECT record_id FROM item WHERE record_id IN (SELECT value FROM json_each(?))"
    return set(connection.exec_driver_sql(statement, (json.dumps(ids),)).scalars())


def write(
    connection: Connection, entity: str, values: list[dict[str, Json]], *, are_new: bool
) -> None:
    """Write whole records (JSON) and their index entries; replaces rows unless `are_new`."""
    if not values:
        return
    kind = ENTITIES[entity]
    rows = [to_row(kind, value) for value in values]
    statement = insert(table_of(entity))
    if not are_new:
        statement = statement.prefix_with("OR REPLACE")
    connection.execute(statement, rows)
    index(connection, kind, values, are_new=are_new)


def write_changed(
    connection: Connection, entity: str, value: dict[str, Json], names: Iterable[str]
) -> None:
    """Update only the columns `names` of one record, and its index entries."""
    specs = fields_of(ENTITIES[entity])
    row = {name: value.get(name) for name in SYSTEM_FIELDS if name != "id"}
    row["deleted"] = int(bool(row["deleted"]))
    for name in names:
        if name in specs:
            row[name] = to_column(specs[name], _filled(specs[name], value.get(name)))
        elif name not in SYSTEM_FIELDS:
            row["extra"] = _extra(specs, value)
    columns = ", ".join(f"{name} = ?" for name in row)
    statement = f"UPDATE {entity} SET {columns} WHERE id = ?"
    driver(connection).execute(statement, (*row.values(), value["id"]))
    index(connection, ENTITIES[entity], [value], are_new=False)


def index(
    connection: Connection, kind: type[Record], values: list[dict[str, Json]], *, are_new: bool
) -> None:
    """Bring `item`, full text and place up to date for these records."""
    items, places = [], []
    for value in values:
        geometry = value.get("geometry")
        place = Geometry.from_json(geometry) if geometry else None
        items.append(_item(kind, value, place))
        places.append(place)
    raw = driver(connection)
    numbers = [raw.execute(_UPSERT_ITEM, item).fetchone()[0] for item in items]
    texts = [(number, *_texts(kind, value)) for number, value in zip(numbers, values, strict=True)]
    verb = "INSERT" if are_new else "INSERT OR REPLACE"
    raw.executemany(f"{verb} INTO search(rowid, title, body) VALUES (?,?,?)", texts)
    raw.executemany(f"{verb} INTO infix(rowid, title) VALUES (?,?)", [text[:2] for text in texts])
    if not are_new:
        gone = [(n,) for n, place in zip(numbers, places, strict=True) if place is None]
        raw.executemany("DELETE FROM place WHERE number = ?", gone)
    boxes = [(n, p.bounds) for n, p in zip(numbers, places, strict=True) if p is not None]
    raw.executemany(
        "INSERT OR REPLACE INTO place(number, west, east, south, north) VALUES (?,?,?,?,?)",
        [(number, box[0], box[2], box[1], box[3]) for number, box in boxes],
    )


_UPSERT_ITEM = (
    "INSERT INTO item(record_id, entity, title, kern, state, deleted, changed_at, lon, lat)"
    " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT(record_id) DO UPDATE SET title = excluded.title,"
    " kern = excluded.kern, state = excluded.state, deleted = excluded.deleted,"
    " changed_at = excluded.changed_at, lon = excluded.lon, lat = excluded.lat RETURNING number"
)


def _item(kind: type[Record], value: Values, place: Geometry | None) -> tuple[Any, ...]:
    lon, lat = lon_lat(*place.anchor) if place else (None, None)
    return (
        value["id"],
        kind.ENTITY,
        str(value.get(kind.TITLE) or ""),
        value.get("kern"),
        value.get(kind.STATE) if kind.STATE else None,
        int(bool(value.get("deleted"))),
        value.get("changed_at"),
        lon,
        lat,
    )


def _texts(kind: type[Record], value: Values) -> tuple[str, str]:
    """Return the folded title (with number and address) and the folded rest."""
    title = [str(value.get(kind.TITLE) or ""), str(value.get("code") or "")]
    body: list[str] = []
    for name, spec in fields_of(kind).items():
        text = value.get(name)
        if spec.meta.searched and name != kind.TITLE and text:
            (body if spec.meta.multiline else title).append(str(text))
    if value.get("street") and value.get("house_number"):
        title.append(f"{value['house_number']}{value.get('house_letter') or ''}")
    return fold(" ".join(title)), fold(" ".join(body))


def _filled(spec: FieldSpec, value: Json) -> Json:
    if value is not None or spec.optional:
        return value
    if spec.kind.is_collection:
        return []
    return False if spec.kind is Kind.BOOLEAN else value
