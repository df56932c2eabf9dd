"""Records to and from canonical JSON and database rows, driven by the declarations alone.

Canonical means: two equal values have equal JSON (collections are sorted lists, dates ISO, UUIDs
lower-case text, moments UTC in whole seconds, None stays None), so that comparing values is
comparing JSON, in Python and as jsonb in PostgreSQL alike. An empty collection is the JSON `[]`.
Values of fields that this version does not know are kept in `Record.extra` and never dropped.
"""

import dataclasses
import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from db.changes import Json, Values
from db.errors import UserProblem
from db.fields import N_, FieldSpec, Kind, Record, fields_of
from db.geometry import Geometry, GeometryError

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

SYSTEM_FIELDS = (
    "id", "revision", "code", "deleted", "created_at", "created_by", "changed_at", "changed_by",
)  # fmt: skip


def values_of(record: Record) -> dict[str, Json]:
    """Return every declared field of `record` as canonical JSON, `extra` included."""
    values = {
        name: to_json(spec, getattr(record, name)) for name, spec in fields_of(type(record)).items()
    }
    return {**values, **record.extra}


def with_values(record: Record, values: Values) -> Record:
    """Return `record` with the JSON `values` put in; unknown names go to `extra`.

    Raises:
        UserProblem: a value can't be read as its field's type.
    """
    specs = fields_of(type(record))
    known = {name: from_json(specs[name], value) for name, value in values.items() if name in specs}
    unknown = {name: value for name, value in values.items() if name not in specs}
    extra = {**record.extra, **unknown} if unknown else record.extra
    return dataclasses.replace(record, **known, extra=extra)


def new_record(
    entity: type[Record], record_id: UUID | None = None, values: Values | None = None
) -> Record:
    """Make a record from JSON `values`; required texts that are missing are empty for now."""
    given = dict(values or {})
    blanks: dict[str, Any] = {}
    for name, spec in fields_of(entity).items():
        if spec.default is dataclasses.MISSING and name not in given:
            blanks[name] = spec.type() if spec.kind in {Kind.TEXT, Kind.INTEGER} else None
        elif spec.default is dataclasses.MISSING:
            blanks[name] = from_json(spec, given.pop(name))
    identity: dict[str, Any] = {"id": record_id} if record_id else {}
    return with_values(entity(**identity, **blanks), given)


def system_values_of(record: Record) -> dict[str, Json]:
    """Return revision, code, deleted and who made and changed it, as JSON."""
    return {name: _plain(getattr(record, name)) for name in SYSTEM_FIELDS}


def from_json_record(entity: type[Record], value: Values) -> Record:
    """Read a whole record as `system_values_of` and `values_of` wrote it."""
    fields = {name: item for name, item in value.items() if name not in SYSTEM_FIELDS}
    record = new_record(entity, UUID(value["id"]), fields)
    return dataclasses.replace(
        record,
        revision=int(value.get("revision") or 0),
        code=value.get("code"),
        deleted=bool(value.get("deleted")),
        created_at=_moment(value.get("created_at")),
        created_by=_uuid(value.get("created_by")),
        changed_at=_moment(value.get("changed_at")),
        changed_by=_uuid(value.get("changed_by")),
    )


def to_json(spec: FieldSpec, value: Any) -> Json:
    """Return the canonical JSON of one field's value."""
    if value is None:
        return None
    if spec.kind.is_collection:
        items = [_link_json(item) if spec.kind is Kind.LINKS else _plain(item) for item in value]
        return sorted(items, key=_sort_key)
    return _plain(value)


def from_json(spec: FieldSpec, value: Json) -> Any:
    """Read one field's value.

    Raises:
        UserProblem: `value` is not of the field's type or not in its code list.
    """
    if spec.kind.is_collection:
        read = (
            _link_reader(spec.type)
            if spec.kind is Kind.LINKS
            else _READERS[_ELEMENT_KIND[spec.kind]]
        )
        return _guard(
            spec, value, lambda: frozenset(read(spec.type, item) for item in _list(value))
        )
    if value is None or (value == "" and spec.optional):
        return spec.default if spec.kind is Kind.BOOLEAN and not spec.optional else None
    return _guard(spec, value, lambda: _READERS[spec.kind](spec.type, value))


def to_column(spec: FieldSpec, value: Json) -> Any:
    """Return the SQLite column value of a canonical JSON value."""
    if spec.kind.is_collection or spec.kind is Kind.GEOMETRY:
        return None if value is None else dumps(value)
    return value


def from_column(spec: FieldSpec, value: Any) -> Json:
    """Return the canonical JSON of a SQLite column value."""
    if spec.kind.is_collection or spec.kind is Kind.GEOMETRY:
        return json.loads(value) if value else ([] if spec.kind.is_collection else None)
    if spec.kind is Kind.BOOLEAN and value is not None:
        return bool(value)
    return value


def dumps(value: Json) -> str:
    """Return compact JSON text, letters as they are."""
    # Most collections are empty; a first download asks for four of them a record.
    return "[]" if value == [] else _ENCODER.encode(value)


def _plain(value: Any) -> Json:
    match value:
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).replace(microsecond=0).isoformat()
        case date():
            return value.isoformat()
        case Geometry():
            return value.to_json()
    return value


def _link_json(link: Any) -> dict[str, Json]:
    return {item.name: _plain(getattr(link, item.name)) for item in dataclasses.fields(link)}


def _sort_key(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _list(value: Json) -> list[Json]:
    if value is None or isinstance(value, list):
        return value or []
    raise TypeError


def _link_reader(link: Any) -> Callable[[Any, Json], Any]:
    specs = _link_specs(link)

    def read(_: Any, value: Json) -> Any:
        given = {name: value.get(name) for name in specs if value.get(name) is not None}
        return link(**{name: from_json(specs[name], item) for name, item in given.items()})

    return read


_LINK_SPECS: dict[Any, dict[str, FieldSpec]] = {}


def _link_specs(link: Any) -> dict[str, FieldSpec]:
    if link not in _LINK_SPECS:
        _LINK_SPECS[link] = fields_of(link)
    return _LINK_SPECS[link]


def _read_text(_: Any, value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _read_integer(_: Any, value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        raise TypeError
    return int(value)


def _read_decimal(_: Any, value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    if not math.isfinite(value):
        raise ValueError
    return float(value)


def _read_boolean(_: Any, value: Json) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


_READERS: dict[Kind, Callable[[Any, Json], Any]] = {
    Kind.TEXT: _read_text,
    Kind.INTEGER: _read_integer,
    Kind.DECIMAL: _read_decimal,
    Kind.BOOLEAN: _read_boolean,
    Kind.DATE: lambda _, value: date.fromisoformat(value),
    Kind.MOMENT: lambda _, value: _moment(value),
    Kind.CODE: lambda code_list, value: code_list(value),
    Kind.REFERENCE: lambda _, value: UUID(value),
    Kind.GEOMETRY: lambda _, value: Geometry.from_json(value),
}
_ELEMENT_KIND = {Kind.CODES: Kind.CODE, Kind.REFERENCES: Kind.REFERENCE, Kind.TEXTS: Kind.TEXT}


def _guard(spec: FieldSpec, value: Json, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (TypeError, ValueError, AttributeError, GeometryError, OverflowError) as exc:
        raise UserProblem(
            N_("“%(value)s” can't be used for %(field)s."),
            value=str(value)[:80],
            field=spec.meta.label,
        ) from exc


def _moment(value: Json) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(value)
    return (
        (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        .astimezone(UTC)
        .replace(microsecond=0)
    )


def _uuid(value: Json) -> UUID | None:
    return UUID(value) if value else None


def as_mapping(text: str | None) -> Mapping[str, Json]:
    """Read a JSON object column; empty when it is null."""
    return json.loads(text) if text else {}
