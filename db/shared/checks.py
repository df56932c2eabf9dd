"""What the shared database refuses, in Python: for the memory side, in the database's own order.

PostgreSQL first reads every value as its column's type, then looks for missing values, then checks
the constraints by name. The contract suite holds this module to the real one.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from db.changes import Json, Values
from db.codec import SYSTEM_FIELDS
from db.entities import ENTITIES
from db.fields import CodeList, FieldSpec, Kind, Record, fields_of
from db.geometry import Geometry, GeometryError
from db.rule_kinds import AtMost, Needed, Rule
from db.rules import RULES, TRANSITIONS
from db.shared.declared import fallback_of, json_type_of

RESERVED = frozenset({*SYSTEM_FIELDS, "entity", "seq", "municipality", "extra", "digest"})
_PYTHON_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def problem(entity: type[Record], name: str, ours: Json, theirs: Json, *, is_known: bool) -> str:
    """Return why one given value is refused whatever the other values are; '' when it is not."""
    spec = fields_of(entity).get(name)
    if spec is None:
        return f"value:{name}" if name in RESERVED and ours is not None else ""
    if spec.meta.set_by_server and ours != theirs:
        return f"server:{name}"
    if ours is None:
        return ""
    if not _has_json_type(spec, ours) or not _is_geometry(entity, spec, ours):
        return f"value:{name}"
    if is_known and _is_forbidden_step(entity, name, theirs, ours):
        return f"transition:{name}"
    return ""


def violation(entity: type[Record], values: Values, given: Values, *, is_deleted: bool) -> str:
    """Return why the whole record is refused; '' when it can be stored."""
    specs = fields_of(entity)
    for name in sorted(given):
        if name in specs and not _can_be_read(specs[name], given[name]):
            return f"value:{name}"
    for name, spec in specs.items():
        if not spec.optional and values.get(name) is None:
            return f"value:{name}"
    found = [
        (name, f"check:{name}")
        for name, spec in specs.items()
        if not _keeps_limits(spec, values.get(name), is_deleted)
    ]
    found += [
        (f"rule_{number}_{rule.field}", f"rule:{number}:{rule.field}")
        for number, rule in enumerate(RULES.get(entity.ENTITY, ()))
        if not _keeps(rule, values)
    ]
    return min(found)[1] if found else ""


def fallbacks(entity: type[Record]) -> dict[str, Json]:
    """Return what a missing value of each field stands for, where it stands for something."""
    told = {name: fallback_of(spec) for name, spec in fields_of(entity).items()}
    return {name: json.loads(text) for name, text in told.items() if text is not None}


def is_personal(entity: str, values: Values) -> bool:
    """Whether only those with the right to contact details may see the record."""
    owner = ENTITIES.get(str(values.get("belongs_to_entity")))
    return ENTITIES[entity].IS_PERSONAL or bool(
        entity == "attachment" and owner is not None and owner.IS_PERSONAL
    )


def _has_json_type(spec: FieldSpec, value: Json) -> bool:
    wanted = json_type_of(spec)
    return isinstance(value, _PYTHON_TYPES[wanted]) and (
        isinstance(value, bool) is (wanted == "boolean")
    )


def _is_geometry(entity: type[Record], spec: FieldSpec, value: Json) -> bool:
    if spec.kind is not Kind.GEOMETRY:
        return True
    try:
        shape = Geometry.from_json(value)
    except (GeometryError, TypeError):
        return False
    is_area = shape.kind in {"Polygon", "MultiPolygon"}
    return is_area or (entity.ENTITY, spec.name) != ("plot", "geometry")


def _is_forbidden_step(entity: type[Record], name: str, old: Json, new: Json) -> bool:
    steps = TRANSITIONS.get((entity.ENTITY, name))
    if steps is None or old in (None, new):
        return False
    allowed = {code.value: {after.value for after in codes} for code, codes in steps.items()}
    return new not in allowed.get(old, set())


_READERS: Mapping[Kind, Any] = {
    Kind.DATE: date.fromisoformat,
    Kind.MOMENT: datetime.fromisoformat,
    Kind.REFERENCE: UUID,
}


def _can_be_read(spec: FieldSpec, value: Json) -> bool:
    if value is None:
        return True
    if spec.kind is Kind.INTEGER:
        return isinstance(value, int) and -(2**63) <= value < 2**63
    try:
        _READERS.get(spec.kind, str)(value)
    except ValueError:
        return False
    return True


def _keeps_limits(spec: FieldSpec, value: Json, is_deleted: bool) -> bool:
    """Mirror of the field's CHECK in `db.schema`."""
    meta = spec.meta
    if value is None:
        return is_deleted or not (meta.required and spec.optional)
    if spec.kind is Kind.CODE:
        return any(value == code.value for code in spec.type)
    if spec.kind is Kind.CODES:
        return {str(item) for item in value} <= {code.value for code in spec.type}
    if spec.kind is Kind.TEXT:
        return _keeps_text_limits(spec, value)
    if spec.kind in {Kind.INTEGER, Kind.DECIMAL}:
        low, high = meta.minimum, meta.maximum
        return (low is None or value >= low) and (high is None or value <= high)
    return True


def _keeps_text_limits(spec: FieldSpec, text: str) -> bool:
    meta = spec.meta
    return (
        (meta.min_length is None or len(text.strip(" ")) >= meta.min_length)
        and (meta.max_length is None or len(text) <= meta.max_length)
        and (meta.text_format is None or bool(re.fullmatch(meta.text_format.pattern, text)))
    )


def _keeps(rule: Rule, values: Values) -> bool:
    """Mirror of the rule's CHECK; ISO dates compare as text."""
    if isinstance(rule, AtMost):
        low, high = values.get(rule.low), values.get(rule.high)
        return low is None or high is None or low <= high
    if isinstance(rule, Needed):
        triggers = [_plain(value) for value in rule.values]
        return values.get(rule.when) not in triggers or any(
            _is_filled(values.get(name)) for name in rule.fields
        )
    return values.get(rule.when) is None or values.get(rule.field) in map(_plain, rule.values)


def _plain(value: CodeList | bool) -> Json:
    return value if isinstance(value, bool) else value.value


def _is_filled(value: Json) -> bool:
    return value is not False and value not in (None, "", [], {})
