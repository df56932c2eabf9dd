"""The tables of both databases, made from the declarations.

Local (SQLite) and shared (PostgreSQL) have one typed table per entity with the same column names.
Shared tables have `municipality` as the first column of every key, so they can be partitioned or
distributed by it, and CHECK constraints for lengths, code lists, limits, formats and rules.
Collections and geometry are JSON columns; `extra` keeps fields of newer clients.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from db.entities import ENTITIES
from db.fields import FieldSpec, Kind, Record, fields_of
from db.rules import RULES

SHARED_SCHEMA = "naoberkaart"

_LOCAL_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.INTEGER: Integer(),
    Kind.DECIMAL: Float(),
    Kind.BOOLEAN: Integer(),
}
_SHARED_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.TEXT: Text(),
    Kind.CODE: Text(),
    Kind.INTEGER: BigInteger(),
    Kind.DECIMAL: Float(53),
    Kind.BOOLEAN: Boolean(),
    Kind.DATE: Date(),
    Kind.MOMENT: DateTime(timezone=True),
    Kind.REFERENCE: Uuid(),
}


ATTACHMENT_BYTES = (
    "belongs_to", "deleted", "sha256", "thumbnail", "size_bytes", "id", "changed_at",
)  # fmt: skip


def local_metadata() -> MetaData:
    """Return the tables of the laptop's store; texts hold canonical JSON values (`db.codec`)."""
    metadata = MetaData()
    for entity in ENTITIES.values():
        _local_entity(metadata, entity)
    # What every screen asks of attachments, without reading their rows.
    columns = metadata.tables["attachment"].c
    Index("attachment_bytes", *(columns[name] for name in ATTACHMENT_BYTES))
    _local_system(metadata)
    return metadata


def shared_metadata() -> MetaData:
    """Return the entity tables of the shared database, in the schema `naoberkaart`."""
    metadata = MetaData(schema=SHARED_SCHEMA)
    for entity in ENTITIES.values():
        _shared_entity(metadata, entity)
    return metadata


def _local_entity(metadata: MetaData, entity: type[Record]) -> None:
    Table(
        entity.ENTITY,
        metadata,
        Column("id", Text, primary_key=True),
        Column("revision", Integer, nullable=False, server_default=text("0")),
        Column("code", Text),
        Column("deleted", Integer, nullable=False, server_default=text("0")),
        Column("created_at", Text),
        Column("created_by", Text),
        Column("changed_at", Text),
        Column("changed_by", Text),
        *(
            Column(name, _LOCAL_TYPES.get(spec.kind, Text()))
            for name, spec in fields_of(entity).items()
        ),
        Column("extra", Text),
        sqlite_with_rowid=True,
    )


def _local_system(metadata: MetaData) -> None:
    Table(
        "item",
        metadata,
        Column("number", Integer, primary_key=True),
        Column("record_id", Text, nullable=False, unique=True),
        Column("entity", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("kern", Text),
        Column("state", Text),
        Column("deleted", Integer, nullable=False),
        Column("changed_at", Text),
        Column("lon", Float),
        Column("lat", Float),
        Column("digest", Integer),
        Index("item_listing", "entity", "deleted", "changed_at"),
        Index("item_digest", "entity", "digest"),
    )
    Table(
        "outbox",
        metadata,
        Column("position", Integer, primary_key=True),
        Column("change_id", Text, nullable=False),
        Column("entity", Text, nullable=False),
        Column("record_id", Text, nullable=False),
        Column("change", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("made_at", Text, nullable=False),
        Column("receipt", Integer),
        Column("receipted_at", Text),
        Column("reason", Text),
        Index(
            "outbox_unsettled",
            "state",
            sqlite_where=text("state IN ('waiting', 'sent', 'refused')"),
        ),
        Index("outbox_record", "record_id"),
    )
    Table(
        "history",
        metadata,
        Column("position", Integer, primary_key=True),
        Column("change_id", Text, nullable=False),
        Column("record_id", Text, nullable=False),
        Column("entity", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("author", Text),
        Column("made_at", Text, nullable=False),
        Column("fields", Text, nullable=False),
        Column("delivered_by", Text),
        Index("history_record", "record_id"),
    )
    Table(
        "conflict",
        metadata,
        Column("id", Text, primary_key=True),
        Column("entity", Text, nullable=False),
        Column("record_id", Text, nullable=False),
        Column("change_id", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("fields", Text, nullable=False),
        Column("base", Text, nullable=False),
        Column("ours", Text, nullable=False),
        Column("theirs", Text, nullable=False),
        Column("theirs_by", Text),
        Column("theirs_at", Text),
        Column("made_at", Text, nullable=False),
        Column("resolution", Text),
        Column("resolved_at", Text),
        Index("conflict_record", "record_id", "resolution"),
    )
    Table(
        "draft",
        metadata,
        Column("id", Text, primary_key=True),
        Column("entity", Text, nullable=False),
        Column("record_id", Text, nullable=False),
        Column("base", Text),
        Column("ours", Text, nullable=False),
        Column("updated_at", Text, nullable=False),
    )
    Table(
        "blob",
        metadata,
        Column("sha256", Text, primary_key=True),
        Column("size_bytes", Integer, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("stored_at", Text),
        # Behind the content: without the index each question would read through all of the bytes.
        Index(
            "blob_unsent",
            "stored_at",
            "sha256",
            "size_bytes",
            sqlite_where=text("stored_at IS NULL"),
        ),
    )
    Table(
        "blob_part",
        metadata,
        Column("sha256", Text, primary_key=True),
        Column("position", Integer, primary_key=True),
        Column("content", LargeBinary, nullable=False),
    )
    Table("blob_wanted", metadata, Column("sha256", Text, primary_key=True))
    Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text))


def _shared_entity(metadata: MetaData, entity: type[Record]) -> None:
    name = entity.ENTITY
    Table(
        name,
        metadata,
        Column("municipality", Text, primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("seq", BigInteger, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("code", Text),
        Column("deleted", Boolean, nullable=False, server_default=text("false")),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("created_by", Uuid),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        Column("changed_by", Uuid),
        *(
            Column(spec.name, _SHARED_TYPES.get(spec.kind, JSONB()), nullable=not is_not_null(spec))
            for spec in fields_of(entity).values()
        ),
        Column("extra", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
        Column("digest", BigInteger, nullable=False, server_default=text("0")),
        Index(f"{name}_seq", "municipality", "seq", unique=True),
        *(
            [Index(f"{name}_code", "municipality", "code", unique=True)]
            if entity.CODE_PREFIX
            else []
        ),
        *(CheckConstraint(sql, name=f"{name}_{label}") for label, sql in shared_checks(entity)),
    )


def is_not_null(spec: FieldSpec) -> bool:
    """Whether the shared column is NOT NULL: the declared type admits no None."""
    return not spec.optional


def shared_checks(entity: type[Record]) -> Iterator[tuple[str, str]]:
    """Yield (name, SQL) of every CHECK of the entity's shared table.

    The name of a field's check is the field's name and of a rule `rule_N_FIELD`, so that a refusal
    can be told to the person in the words of `db.rules`.
    """
    for name, spec in fields_of(entity).items():
        conditions = list(_field_conditions(spec))
        if conditions:
            yield name, " AND ".join(f"({condition})" for condition in conditions)
    for number, rule in enumerate(RULES.get(entity.ENTITY, ())):
        yield f"rule_{number}_{rule.field}", rule.sql


def _field_conditions(spec: FieldSpec) -> Iterator[str]:
    name, meta = spec.name, spec.meta
    if meta.required and spec.optional:
        yield f"deleted OR {name} IS NOT NULL"
    if spec.kind is Kind.CODE:
        codes = ", ".join(_quoted(code.value) for code in spec.type)
        yield f"{name} IN ({codes})"
    if spec.kind is Kind.CODES:
        codes = ",".join(f'"{code.value}"' for code in spec.type)
        yield f"jsonb_typeof({name}) = 'array' AND {name} <@ {_quoted(f'[{codes}]')}::jsonb"
    if spec.kind is Kind.TEXT:
        yield from _text_conditions(spec)
    if meta.minimum is not None:
        yield f"{name} >= {meta.minimum:.0f}"
    if meta.maximum is not None:
        yield f"{name} <= {meta.maximum:.0f}"


def _text_conditions(spec: FieldSpec) -> Iterator[str]:
    name, meta = spec.name, spec.meta
    if meta.min_length is not None:
        yield f"length(btrim({name})) >= {meta.min_length}"
    if meta.max_length is not None:
        yield f"length({name}) <= {meta.max_length}"
    if meta.text_format is not None:
        yield f"{name} ~ {_quoted(f'^({meta.text_format.pattern})$')}"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
