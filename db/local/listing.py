"""Reading selections: pages for the list, narrow rows for the map, hits for the search box."""

import json
import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from db.entities import ENTITIES
from db.local.query import Hit, MapRow, Page, Query, conditions, full_text, order, source
from db.local.records import to_record


def find(connection: Connection, query: Query) -> Page:
    """Return one page of the selection and its size."""
    where, parameters = conditions(query)
    ordering = order(query)
    counted = f"SELECT count(*) {source(query, where)} WHERE {where}"
    total = _rows(connection, counted, parameters)[0][0]
    numbers = (
        f"SELECT item.number {source(query, where, ordering)} WHERE {where}"
        f" ORDER BY {ordering} LIMIT ? OFFSET ?"
    )
    picked = [
        row[0] for row in _rows(connection, numbers, [*parameters, query.limit, query.offset])
    ]
    records = _by_number(connection, query.entity, picked)
    return Page(tuple(records), total, query.offset)


def position(connection: Connection, query: Query, record_id: UUID) -> int | None:
    """Return the row of a record in the whole selection, from 0; None when it is not in it."""
    where, parameters = conditions(query)
    ordering = order(query)
    statement = (
        "SELECT place FROM (SELECT item.record_id AS id,"
        f" row_number() OVER (ORDER BY {ordering}) - 1 AS place"
        f" {source(query, where, ordering)} WHERE {where}) WHERE id = ?"
    )
    found = _rows(connection, statement, [*parameters, str(record_id)])
    return int(found[0][0]) if found else None


def _by_number(connection: Connection, entity: str, numbers: list[int]) -> list[Any]:
    if not numbers:
        return []
    marks = ", ".join("?" * len(numbers))
    statement = (
        f"SELECT item.number AS item_number, r.* FROM item JOIN {entity} AS r ON r.id = item.record_id"
        f" WHERE item.number IN ({marks})"
    )
    rows = connection.exec_driver_sql(statement, tuple(numbers)).mappings()
    found = {row["item_number"]: to_record(ENTITIES[entity], row) for row in rows}
    # A row that the disk lost takes no list with it; comparing brings it back (db.sync.checking).
    return [found[number] for number in numbers if number in found]


def map_rows(connection: Connection, query: Query) -> list[MapRow]:
    """Return the pins of the whole selection, at 50,000 records in some tens of milliseconds."""
    where, parameters = conditions(query)
    columns = "item.record_id, item.entity, item.title, item.kern, item.state, item.lon, item.lat"
    statement = f"SELECT {columns} {source(query, where)} WHERE {where} AND item.lon IS NOT NULL"
    return [MapRow(*row) for row in _rows(connection, statement, parameters)]


def search(connection: Connection, text: str, limit: int) -> list[Hit]:
    """Return the best hits over every entity, whole words and beginnings before insides."""
    found = full_text(text)
    if found is None or found[0] == "0":
        return []
    prefix = found[1][0]
    columns = "item.entity, item.record_id, item.title, item.kern, item.state, item.changed_at"
    ranked = (
        f"SELECT {columns} FROM search JOIN item ON item.number = search.rowid"
        " WHERE search MATCH ? AND item.deleted = 0 ORDER BY bm25(search, 10.0, 1.0) LIMIT ?"
    )
    rows = _rows(connection, ranked, [prefix, limit])
    if len(rows) < limit and len(found[1]) > 1:
        seen = {row[1] for row in rows}
        inside = (
            f"SELECT {columns} FROM infix JOIN item ON item.number = infix.rowid"
            " WHERE infix MATCH ? AND item.deleted = 0 LIMIT ?"
        )
        more = _rows(connection, inside, [found[1][1], limit])
        rows += [row for row in more if row[1] not in seen][: limit - len(rows)]
    return [_hit(row) for row in rows]


def near(
    connection: Connection, x_rd: float, y_rd: float, radius_m: float, entity: str
) -> list[Hit]:
    """Return live records of `entity` whose bounding box lies within `radius_m`, nearest first."""
    statement = (
        "SELECT item.entity, item.record_id, item.title, item.kern, item.state, item.changed_at,"
        " west, east, south, north FROM place JOIN item ON item.number = place.number"
        " WHERE east >= ? AND west <= ? AND north >= ? AND south <= ?"
        " AND item.entity = ? AND item.deleted = 0"
    )
    box = [x_rd - radius_m, x_rd + radius_m, y_rd - radius_m, y_rd + radius_m, entity]
    hits = []
    for row in _rows(connection, statement, box):
        west, east, south, north = row[6:10]
        distance = math.hypot(max(west - x_rd, 0, x_rd - east), max(south - y_rd, 0, y_rd - north))
        if distance <= radius_m:
            hits.append(_hit(row[:6], distance))
    return sorted(hits, key=lambda hit: hit.distance_m or 0)


def counts(connection: Connection) -> dict[str, int]:
    """Return how many live records each entity has."""
    rows = _rows(
        connection, "SELECT entity, count(*) FROM item WHERE deleted = 0 GROUP BY entity", []
    )
    return {**dict.fromkeys(ENTITIES, 0), **{row[0]: row[1] for row in rows}}


def titles(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the titles of records of any entity, by id."""
    wanted = json.dumps([str(record_id) for record_id in ids])
    statement = (
        "SELECT record_id, title FROM item WHERE record_id IN (SELECT value FROM json_each(?))"
    )
    return {UUID(row[0]): row[1] for row in _rows(connection, statement, [wanted])}


def _hit(row: Any, distance_m: float | None = None) -> Hit:
    entity, record_id, title, kern, state, changed_at = row
    moment = datetime.fromisoformat(changed_at) if changed_at else None
    return Hit(
        entity, UUID(record_id), title, UUID(kern) if kern else None, state, moment, distance_m
    )


def _rows(connection: Connection, statement: str, parameters: list[Any]) -> list[Any]:
    return list(connection.exec_driver_sql(statement, tuple(parameters)).all())
