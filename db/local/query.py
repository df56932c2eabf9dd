"""What a list asks for, as a value, and the SQL it becomes.

List and map show the same selection: `find` pages it, `map_rows` gives all of it in the narrow form
that the map needs. Sorting and paging are the database's work, never a widget's.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from db.entities import ENTITIES
from db.fields import FieldSpec, Record, fields_of
from db.local.indexes import fold


class Op(Enum):
    """How a filter compares."""

    IN = "in"
    FROM = "from"
    UNTIL = "until"
    IS = "is"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: `field` of the entity, and a value or (for IN) a frozenset of values."""

    field: str
    op: Op
    value: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A selection of one entity's records, its order and a page of it."""

    entity: str
    text: str = ""
    filters: tuple[Filter, ...] = ()
    mine: UUID | None = None
    sort: str = "changed_at"
    descending: bool = True
    offset: int = 0
    limit: int = 200
    deleted: bool = False

    def page(self, offset: int) -> "Query":
        """Return the same selection from `offset`."""
        return replace(self, offset=offset)


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a selection, and how many it has in all."""

    records: tuple[Record, ...]
    total: int
    offset: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found by the search box or near a place (`distance_m`, metres)."""

    entity: str
    record_id: UUID
    title: str
    kern: UUID | None
    state: str | None
    changed_at: datetime | None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class MapRow:
    """What the map draws of a record: WGS84 (lon, lat) of its pin."""

    record_id: str
    entity: str
    title: str
    kern: str | None
    state: str | None
    lon: float
    lat: float


MINE_FIELDS = ("lead", "account_manager", "coordinator", "staff", "area_contact")
"""The fields that make a record "mine"."""


def full_text(text: str) -> tuple[str, list[str]] | None:
    """Return the condition on item.number for a search text with its parameters; None for no text."""
    words = fold(text).split()
    if not words:
        return ("0", []) if text.strip() else None
    prefix = " AND ".join(f'"{word}"*' for word in words)
    sql = "item.number IN (SELECT rowid FROM search WHERE search MATCH ?"
    parameters = [prefix]
    if all(len(word) >= 3 for word in words):
        sql += " UNION SELECT rowid FROM infix WHERE infix MATCH ?"
        parameters.append(" AND ".join(f'"{word}"' for word in words))
    return sql + ")", parameters


def conditions(query: Query) -> tuple[str, list[Any]]:
    """Return the WHERE clause over `item` and the entity's table `r`, and its parameters."""
    parts = ["item.entity = ?", "item.deleted = ?"]
    parameters: list[Any] = [query.entity, int(query.deleted)]
    found = full_text(query.text)
    if found:
        parts.append(found[0])
        parameters += found[1]
    specs = fields_of(ENTITIES[query.entity])
    for item in query.filters:
        sql, values = _condition(_column(query, item.field), specs[item.field], item)
        parts.append(sql)
        parameters += values
    mine = [name for name in MINE_FIELDS if name in specs]
    if query.mine is not None and mine:
        parts.append("(" + " OR ".join(f"r.{name} = ?" for name in mine) + ")")
        parameters += [str(query.mine)] * len(mine)
    return " AND ".join(parts), parameters


def source(query: Query, *expressions: str) -> str:
    """Return the FROM clause that `expressions` need: the wide table only when they read it."""
    if any("r." in expression for expression in expressions):
        return f"FROM item JOIN {query.entity} AS r ON r.id = item.record_id"
    return "FROM item"


def order(query: Query) -> str:
    """Return the ORDER BY expression; empty values last, ties by title and number."""
    direction = "DESC" if query.descending else "ASC"
    if query.sort == "changed_at":
        return f"item.changed_at {direction}, item.number {direction}"
    if query.sort == _title(query):
        return f"item.title COLLATE NOCASE {direction}, item.number"
    if query.sort not in fields_of(ENTITIES[query.entity]) and query.sort not in (
        "code",
        "created_at",
    ):
        raise ValueError(query.sort)
    spec = fields_of(ENTITIES[query.entity]).get(query.sort)
    column = _column(query, query.sort)
    if spec is not None and spec.meta.refers_to and not spec.kind.is_collection:
        column = f"(SELECT title FROM item AS other WHERE other.record_id = {column})"
    return f"{column} IS NULL, {column} {direction}, item.title COLLATE NOCASE, item.number"


def _title(query: Query) -> str:
    return ENTITIES[query.entity].TITLE


def _column(query: Query, name: str) -> str:
    """Return where a field is read: what `item` has is there without decrypting wide rows."""
    if name == "kern":
        return "item.kern"
    return "item.state" if name == ENTITIES[query.entity].STATE else f"r.{name}"


def _condition(column: str, spec: FieldSpec, item: Filter) -> tuple[str, list[Any]]:
    if item.op is Op.IN:
        values = sorted(_plain(value) for value in item.value)
        if spec.kind.is_collection:
            return "(" + (" OR ".join([f"instr({column}, ?)"] * len(values)) or "0") + ")", [
                f'"{value}"' for value in values
            ]
        return f"{column} IN ({', '.join('?' * len(values))})", values
    if item.op is Op.IS:
        return f"{column} IS ?", [_plain(item.value)]
    sign = ">=" if item.op is Op.FROM else "<="
    return f"{column} {sign} ?", [_plain(item.value)]


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case bool():
            return int(value)
        case date():
            return value.isoformat()
    return value
