"""Records as JSON objects for people and programs outside (design.md section 7).

Keys are the declared names; places are GeoJSON in WGS84, amounts euro cents, moments UTC. Reading
is kinder than writing: a reference may be a name, a code its label, and the kern may be left out
where the place tells it. A key that does not exist is refused, since a typing error in it would
otherwise lose a value without a word.
"""

import difflib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db.changes import Json
from db.codec import SYSTEM_FIELDS, from_json, new_record, system_values_of, values_of, with_values
from db.entities.place import Attachment
from db.errors import UserProblem
from db.fields import N_, FieldSpec, Kind, Record, fields_of
from db.geometry import Geometry, GeometryError
from desktop_app.services.typed_text import Finder, code_of

_ROUNDING_M = 0.01
"""A place written in degrees with 8 decimals comes back within some millimetres."""


def to_object(record: Record) -> dict[str, Json]:
    """Return a record as a JSON object; every declared key is there, null when empty."""
    values = values_of(record)
    for spec in fields_of(type(record)).values():
        place = getattr(record, spec.name)
        if spec.kind is Kind.GEOMETRY and place is not None:
            values[spec.name] = place.to_wgs84()
    system = system_values_of(record)
    return {"id": system.pop("id"), "code": system.pop("code"), **values, **system}


def to_line(record: Record) -> str:
    """Return a record as one line of JSON."""
    return json.dumps(to_object(record), ensure_ascii=False)


def require_writable(entity: type[Record]) -> None:
    """Refuse kinds of record that are not made from values alone.

    Raises:
        UserProblem: the administrator makes these, or they come with a file.
    """
    if entity.IS_SERVER_ONLY:
        raise UserProblem(N_("Only the administrator adds and changes colleagues."))
    if entity is Attachment:
        raise UserProblem(N_("An attachment comes with its file: use record attach."))


def read_object(text: str) -> dict[str, Json]:
    """Read one JSON object.

    Raises:
        UserProblem: it is no JSON, or JSON but no object.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise UserProblem(N_("This is not JSON: %(reason)s."), reason=exc) from exc
    if not isinstance(value, dict):
        raise UserProblem(N_('Give a JSON object, such as {"title": "…"}.'))
    return value


def record_of(entity: type[Record], value: Mapping[str, Json], find: Finder | None) -> Record:
    """Make a new record of a JSON object; an `id` in it is kept.

    Raises:
        UserProblem: a key does not exist or a value can't be read.
    """
    record_id = _id_of(value)
    return new_record(entity, record_id, read_values(entity, value, find))


def changed_record(record: Record, value: Mapping[str, Json], find: Finder | None) -> Record:
    """Return `record` with the fields of a JSON object put in.

    Raises:
        UserProblem: a key does not exist or a value can't be read.
    """
    values = read_values(type(record), value, find)
    for name, spec in fields_of(type(record)).items():
        if spec.kind is Kind.GEOMETRY and values.get(name) and getattr(record, name):
            values[name] = _kept_place(getattr(record, name), values[name])
    return with_values(record, values)


def _kept_place(stored: Geometry, given: Json) -> Json:
    """Return the stored place where the given one is the same but for rounding in degrees."""
    place = Geometry.from_json(given)
    pairs = zip(stored.positions(), place.positions(), strict=False)
    is_same = (
        place.kind == stored.kind
        and len(list(place.positions())) == len(list(stored.positions()))
        and all(abs(x - u) + abs(y - v) < _ROUNDING_M for (x, y), (u, v) in pairs)
    )
    return stored.to_json() if is_same else given


def _id_of(value: Mapping[str, Json]) -> UUID | None:
    if value.get("id") is None:
        return None
    try:
        return UUID(str(value["id"]))
    except ValueError:
        raise UserProblem(N_("“%(value)s” is no id."), value=value["id"]) from None


def read_values(
    entity: type[Record], value: Mapping[str, Json], find: Finder | None
) -> dict[str, Json]:
    """Return canonical JSON of the declared fields in `value`; system fields are passed over."""
    specs = fields_of(entity)
    for name in value:
        if name not in specs and name not in SYSTEM_FIELDS:
            raise UserProblem(
                N_("There is no field “%(name)s”. Did you mean %(close)s?"),
                name=name,
                close=", ".join(difflib.get_close_matches(name, specs, 3, 0.4)) or ", ".join(specs),
            )
    return {
        name: read_field(specs[name], item, find) for name, item in value.items() if name in specs
    }


def read_field(spec: FieldSpec, value: Json, find: Finder | None) -> Json:
    """Return canonical JSON of one field.

    Raises:
        UserProblem: the value can't be read.
    """
    if value is None:
        return [] if spec.kind.is_collection else None
    match spec.kind:
        case Kind.GEOMETRY:
            return _place(spec, value)
        case Kind.CODE:
            return _code(spec, value)
        case Kind.CODES:
            return sorted({_code(spec, item) for item in _items(spec, value)})
        case Kind.REFERENCE:
            return _reference(spec, value, find)
        case Kind.REFERENCES:
            return sorted({_reference(spec, item, find) for item in _items(spec, value)})
        case Kind.TEXT if spec.meta.text_format and isinstance(value, str):
            return spec.meta.text_format.normalise(value)
    from_json(spec, value)
    return value


def _items(spec: FieldSpec, value: Json) -> list[Any]:
    if isinstance(value, list):
        return value
    raise UserProblem(N_("%(field)s is a list; write it between [ and ]."), field=spec.name)


def _place(spec: FieldSpec, value: Json) -> Json:
    try:
        return Geometry.from_wgs84(value).to_json()
    except (GeometryError, TypeError, AttributeError) as exc:
        raise UserProblem(
            N_("%(field)s is no GeoJSON geometry in WGS84 (lon, lat): %(reason)s."),
            field=spec.name,
            reason=exc,
        ) from exc


def _code(spec: FieldSpec, value: Json) -> str:
    return str(code_of(spec.type, str(value)).value)


def _reference(spec: FieldSpec, value: Json, find: Finder | None) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        found = find(spec.meta.refers_to, str(value)) if find else None
    if found is None:
        raise UserProblem(N_("There is no single record called “%(value)s”."), value=value)
    return str(found)
