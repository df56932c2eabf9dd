"""Rows of the entity tables to and from canonical JSON; every write brings the indexes along."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table

from db.changes import Json, Values
from db.codec import SYSTEM_FIELDS, dumps, from_column, from_json_record, to_column
from db.entities import ENTITIES
from db.fields import FieldSpec, Kind, Record, fields_of
from db.local import digests
from db.local.indexes import driver, index_changed, index_new
from db.schema import local_metadata

METADATA = local_metadata()
_SYSTEM = frozenset(SYSTEM_FIELDS)


def table_of(entity: str) -> Table:
    """Return the local table of `entity`."""
    return METADATA.tables[entity]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a JSON record becomes a row: `blank` has every column and what stands for a missing value."""

    blank: dict[str, Any]
    json_columns: tuple[tuple[str, Any], ...]
    never_empty: tuple[tuple[str, Any], ...]


_PLANS: dict[type[Record], _Plan] = {}


def _plan(entity: type[Record]) -> _Plan:
    if entity not in _PLANS:
        blank: dict[str, Any] = {**dict.fromkeys(SYSTEM_FIELDS), "revision": 0, "deleted": 0}
        specs = fields_of(entity)
        is_json = {n: s.kind.is_collection or s.kind is Kind.GEOMETRY for n, s in specs.items()}
        for name, spec in specs.items():
            missing = _filled(spec, None)
            blank[name] = dumps(missing) if is_json[name] and missing is not None else missing
        blank["extra"] = None
        _PLANS[entity] = _Plan(
            blank,
            tuple((name, blank[name]) for name in specs if is_json[name]),
            tuple((n, b) for n, b in blank.items() if b is not None and not is_json.get(n)),
        )
    return _PLANS[entity]


def column_names(entity: type[Record]) -> tuple[str, ...]:
    """Return the columns of `to_row`, in its order."""
    return (*SYSTEM_FIELDS, *fields_of(entity), "extra")


def to_row(entity: type[Record], value: Values) -> list[Any]:
    """Return the column values of a record given as JSON (system and declared fields)."""
    plan = _plan(entity)
    row = {**plan.blank, **value}
    for name, missing in plan.json_columns:
        item = row[name]
        if item is None:
            row[name] = missing
        elif item is not missing:
            row[name] = dumps(item)
    for name, missing in plan.never_empty:
        if row[name] is None:
            row[name] = missing
    if len(row) > len(plan.blank):
        row["extra"] = _extra(fields_of(entity), value)
        return list(row.values())[: len(plan.blank)]
    return list(row.values())


def _extra(specs: Mapping[str, FieldSpec], value: Values) -> str | None:
    """Return the values of fields that this version does not know, as one JSON column."""
    unknown = value.keys() - specs.keys() - _SYSTEM
    return dumps({name: value[name] for name in value if name in unknown}) if unknown else None


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
    return {row[0] for row in driver(connection).execute(statement, (json.dumps(ids),))}


def write_new(
    connection: Connection,
    entity: str,
    values: list[dict[str, Json]],
    found_digests: Mapping[str, int | None] | None = None,
) -> None:
    """Write whole records (JSON) that the store does not have, and their index entries."""
    if not values:
        return
    kind = ENTITIES[entity]
    _insert(driver(connection), kind, values)
    index_new(connection, kind, values, found_digests or {})


def _insert(raw: Any, kind: type[Record], values: list[dict[str, Json]]) -> None:
    names = column_names(kind)
    marks = ", ".join("?" * len(names))
    raw.executemany(
        f"INSERT INTO {kind.ENTITY} ({', '.join(names)}) VALUES ({marks})",
        [to_row(kind, value) for value in values],
    )


def write_known(
    connection: Connection,
    entity: str,
    values: list[dict[str, Json]],
    found_digests: Mapping[str, int | None],
) -> None:
    """Write whole records that exist, but only the columns that differ from what is stored.

    What comes back from the shared database is often one's own edit with a new revision.
    """
    if not values:
        return
    kind = ENTITIES[entity]
    names = column_names(kind)
    raw = driver(connection)
    stored = _stored(raw, kind, values)
    lost = [value for value in values if value["id"] not in stored]
    if lost:
        write_lost(connection, entity, lost, found_digests)
    groups: dict[tuple[int, ...], tuple[list[dict[str, Json]], list[list[Any]]]] = {}
    for value in (value for value in values if value["id"] in stored):
        row = to_row(kind, value)
        old = stored[value["id"]]
        differing = tuple(place for place, new in enumerate(row) if new != old[place])
        same_kind = groups.setdefault(differing, ([], []))
        same_kind[0].append(value)
        same_kind[1].append(row)
    for places, (group, rows) in groups.items():
        if places:
            fields = [names[place] for place in places]
            columns = ", ".join(f"{name} = ?" for name in fields)
            pick = itemgetter(*places, 0)
            raw.executemany(f"UPDATE {entity} SET {columns} WHERE id = ?", map(pick, rows))
            index_changed(connection, kind, group, frozenset(fields), found_digests)
        else:
            same = [value["id"] for value in group if value["id"] in found_digests]
            digests.put(connection, {record_id: found_digests[record_id] for record_id in same})


def write_lost(
    connection: Connection,
    entity: str,
    values: list[dict[str, Json]],
    found_digests: Mapping[str, int | None] | None = None,
) -> None:
    """Write whole records of which the disk lost the row itself; their numbers are here still."""
    kind = ENTITIES[entity]
    _insert(driver(connection), kind, values)
    index_changed(connection, kind, values, frozenset(column_names(kind)), found_digests or {})


def _stored(raw: Any, kind: type[Record], values: list[dict[str, Json]]) -> dict[str, Any]:
    """Return the rows that are stored of these records, by id."""
    names = ", ".join(column_names(kind))
    found = raw.execute(
        f"SELECT {names} FROM {kind.ENTITY} WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([value["id"] for value in values]),),
    )
    return {row[0]: row for row in found}


def write_changed(
    connection: Connection, entity: str, value: dict[str, Json], names: Collection[str]
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
    index_changed(connection, ENTITIES[entity], [value], frozenset(names))


def _filled(spec: FieldSpec, value: Json) -> Json:
    if value is not None or spec.optional:
        return value
    if spec.kind.is_collection:
        return []
    return False if spec.kind is Kind.BOOLEAN else value
