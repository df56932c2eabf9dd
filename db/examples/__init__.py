"""Voorbeeldgegevens: invented records of Berkelland for who wants to look round first.

The TOML files beside this module hold them in a short form: codes as they are stored, other records
by their name, money in euros, dates as days from today and places in metres from the middle of the
kern. Everything in them is invented and says so; ids follow from the names, so two laptops that
both start with the examples have the same records. A test proves that every record is valid.
"""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

from db.entities import ENTITIES
from db.fields import FieldSpec, Kind, Record, fields_of
from db.geometry import Geometry
from db.reference import NAMESPACE, kern_id, reference_kernen

_FILES = (
    "people.toml", "premises.toml", "plots.toml", "initiatives_1.toml", "initiatives_2.toml",
    "demand.toml",
)  # fmt: skip
_MIDDLES = {kern.name: kern.geometry.anchor for kern in reference_kernen() if kern.geometry}


def example_id(entity: str, title: str) -> UUID:
    """Return the fixed id of the example of `entity` with this title."""
    return kern_id(title) if entity == "kern" else uuid5(NAMESPACE, f"example/{entity}/{title}")


def example_records(today: date) -> list[Record]:
    """Return the kernen and every example, what is referred to first, as they stand on `today`."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ENTITIES}
    for name in _FILES:
        text = files(__name__).joinpath(name).read_text(encoding="utf-8")
        for entity, tables in tomllib.loads(text).items():
            rows[entity] += tables
    made = [_record(ENTITIES[entity], row, today) for entity in rows for row in rows[entity]]
    return [*reference_kernen(), *made]


def _record(entity: type[Record], row: dict[str, Any], today: date) -> Record:
    specs = fields_of(entity)
    changed = _moment(row.pop("changed", [-1, 9]), today)
    place = _place(row)
    values = {name: _value(specs[name], raw, today) for name, raw in row.items()}
    if place is not None:
        values["geometry"] = place
    return entity(
        id=example_id(entity.ENTITY, row[entity.TITLE]),
        created_at=changed,
        changed_at=changed,
        **values,
    )


def _place(row: dict[str, Any]) -> Geometry | None:
    """Take the place out of `row`: `rd` is a point in RD metres, the others lie about a kern."""
    if "rd" in row:
        return Geometry.point(*row.pop("rd"))
    x, y = _MIDDLES.get(row.pop("at_kern", row.get("kern")), (0.0, 0.0))
    if "at" in row:
        east, north = row.pop("at")
        return Geometry.point(x + east, y + north)
    for key, kind in (("line", "LineString"), ("area", "Polygon")):
        if key in row:
            path = [(x + east, y + north) for east, north in row.pop(key)]
            coordinates = path if kind == "LineString" else [[*path, path[0]]]
            return Geometry.from_json({"type": kind, "coordinates": coordinates})
    return None


def _value(spec: FieldSpec, raw: Any, today: date) -> Any:
    if spec.kind.is_collection:
        return frozenset(_one(spec, item, today) for item in raw)
    return _one(spec, raw, today)


def _one(spec: FieldSpec, raw: Any, today: date) -> Any:
    match spec.kind:
        case Kind.REFERENCE | Kind.REFERENCES:
            return example_id(spec.meta.refers_to, raw)
        case Kind.CODE | Kind.CODES:
            return spec.type(raw)
        case Kind.LINKS:
            return _link(spec.type, raw, today)
        case Kind.DATE:
            return today + timedelta(days=raw)
        case Kind.MOMENT:
            return _moment(raw, today)
    return round(raw * 100) if spec.is_money else raw


def _link(link: Any, row: Mapping[str, Any], today: date) -> Any:
    specs = fields_of(link)
    return link(**{name: _value(specs[name], raw, today) for name, raw in row.items()})


def _moment(raw: list[int], today: date) -> datetime:
    """Read a moment: days from today and the hour; the minute follows, only to vary the list."""
    days, hour = raw
    minute = (days * 7 + hour * 13) % 60
    return datetime.combine(today + timedelta(days=days), time(hour, minute), tzinfo=UTC)
