"""What the shared database must know of the declarations beside its tables, as rows of text.

The first migration froze these rows; `tests/test_schema_shared.py` compares them with the database,
so a changed declaration without its migration is found.
"""

import dataclasses
import json
from collections.abc import Iterable, Iterator

from sqlalchemy import Index
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from db.codec import to_json
from db.entities import ENTITIES
from db.fields import FieldSpec, Kind, fields_of
from db.rules import TRANSITIONS
from db.schema import shared_metadata
from db.shared.rights import RIGHTS

Row = tuple[str | bool | None, ...]

_JSON_TYPES = {
    Kind.INTEGER: "number",
    Kind.DECIMAL: "number",
    Kind.BOOLEAN: "boolean",
    Kind.GEOMETRY: "object",
}
_SQL_TYPES = {
    Kind.TEXT: "text",
    Kind.CODE: "text",
    Kind.INTEGER: "bigint",
    Kind.DECIMAL: "double precision",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.MOMENT: "timestamptz",
    Kind.REFERENCE: "uuid",
}
TABLES: dict[str, tuple[str, ...]] = {
    "entity_meta": ("entity", "is_personal", "is_server_only", "code_prefix"),
    "field_meta": (
        "entity", "field", "grp", "kind", "json_type", "sql_type", "fallback", "is_by_server",
        "has_steps",
    ),
    "transition": ("entity", "field", "old", "new"),
    "role_right": ("role", "right_name"),
}  # fmt: skip


def rows() -> Iterator[tuple[str, Row]]:
    """Yield (table, row) of everything that is derived from the declarations."""
    for name, entity in ENTITIES.items():
        yield "entity_meta", (name, entity.IS_PERSONAL, entity.IS_SERVER_ONLY, entity.CODE_PREFIX)
        for spec in fields_of(entity).values():
            yield "field_meta", _field_row(name, spec)
    for (name, field), steps in TRANSITIONS.items():
        for old, following in steps.items():
            for new in sorted(following, key=lambda code: str(code.value)):
                yield "transition", (name, field, old.value, new.value)
    for role, rights in RIGHTS.items():
        for right in sorted(rights, key=lambda right: right.value):
            yield "role_right", (role.value, right.value)


def fallback_of(spec: FieldSpec) -> str | None:
    """Return the JSON that a missing value stands for; None where nothing does."""
    if spec.default is dataclasses.MISSING or spec.default is None:
        return None
    return json.dumps(to_json(spec, spec.default))


def json_type_of(spec: FieldSpec) -> str:
    """Return the jsonb_typeof of a value."""
    return "array" if spec.kind.is_collection else _JSON_TYPES.get(spec.kind, "string")


def _field_row(entity: str, spec: FieldSpec) -> Row:
    return (
        entity,
        spec.name,
        spec.group,
        spec.kind.name,
        json_type_of(spec),
        _SQL_TYPES.get(spec.kind, "jsonb"),
        fallback_of(spec),
        spec.meta.set_by_server,
        (entity, spec.name) in TRANSITIONS,
    )


def tables_sql() -> str:
    """Return the CREATE statements of the entity tables and their indexes."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    statements = []
    for table in shared_metadata().sorted_tables:
        statements.append(CreateTable(table).compile(dialect=dialect))
        statements += [CreateIndex(i).compile(dialect=dialect) for i in _by_name(table.indexes)]
    # Doubled for parameters that are never bound here.
    return "".join(f"{str(item).strip().replace('%%', '%')};\n" for item in statements)


def rows_sql() -> str:
    """Return INSERT statements for `rows`, one line a row."""
    found: dict[str, list[str]] = {name: [] for name in TABLES}
    for table, row in rows():
        found[table].append("(" + ", ".join(_literal(item) for item in row) + ")")
    return "".join(
        f"INSERT INTO naoberkaart.{table} ({', '.join(TABLES[table])}) VALUES\n"
        + ",\n".join(lines)
        + ";\n"
        for table, lines in found.items()
    )


def _literal(value: str | bool | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value.replace("'", "''") + "'"


def _by_name(indexes: Iterable[Index]) -> list[Index]:
    return sorted(indexes, key=lambda index: str(index.name))
