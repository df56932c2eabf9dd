"""What a record is connected with: what it points at, and what points at it, by kind.

The questions come from the declarations (`refers_to`), so a new reference shows up here by itself.
Staff and kernen are left out as targets: they stand among the facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.changes import now
from db.entities import ENTITIES
from db.fields import FieldSpec, Kind, Record, fields_of
from db.local.query import Filter, Op, Query
from db.local.store import LocalStore

_FACTS = frozenset({"staff", "kern"})
MOST = 100
"""Records shown of one kind."""


@dataclass(frozen=True, slots=True)
class RelationGroup:
    """Records of one entity, found through these fields; `label` is the field's or the plural."""

    entity: str
    records: tuple[Record, ...]


def relations_of(store: LocalStore, record: Record) -> list[RelationGroup]:
    """Return everything connected with a record, by entity; may take a while, so use a job."""
    found: dict[str, dict[UUID, Record]] = {}
    for entity, ids in _targets(record).items():
        live = (one for one in store.get_many(entity, ids).values() if not one.deleted)
        found.setdefault(entity, {}).update((one.id, one) for one in live)
    for entity, name in _pointing_at(record.ENTITY):
        query = Query(entity=entity, filters=(Filter(name, Op.IN, {record.id}),), limit=MOST)
        found.setdefault(entity, {}).update((one.id, one) for one in store.find(query).records)
    order = [entity for entity in ENTITIES if found.get(entity)]
    return [RelationGroup(entity, tuple(found[entity].values())[:MOST]) for entity in order]


def connecting(record: Record, entity: str, me: UUID | None) -> dict[str, Any]:
    """Return the values with which a new record of `entity` is connected with `record`."""
    values: dict[str, Any] = {}
    for spec in fields_of(ENTITIES[entity]).values():
        if spec.kind is Kind.REFERENCE and spec.meta.refers_to == record.ENTITY:
            values.setdefault(spec.name, record.id)
    if entity == "contact_moment":
        values |= {"staff": me, "moment": now()}
    return values


def _targets(record: Record) -> dict[str, set[UUID]]:
    ids: dict[str, set[UUID]] = {}
    for spec in fields_of(type(record)).values():
        for entity, record_id in _references(spec, getattr(record, spec.name)):
            if entity not in _FACTS and entity in ENTITIES:
                ids.setdefault(entity, set()).add(record_id)
    return ids


def _references(spec: FieldSpec, value: Any) -> Iterator[tuple[str, UUID]]:
    if value is None:
        return
    match spec.kind:
        case Kind.REFERENCE if spec.meta.refers_to:
            yield spec.meta.refers_to, value
        case Kind.REFERENCES:
            for record_id in value:
                yield spec.meta.refers_to, record_id
        case Kind.LINKS:
            for link in value:
                for part in fields_of(spec.type).values():
                    yield from _references(part, getattr(link, part.name))


def _pointing_at(entity: str) -> Iterator[tuple[str, str]]:
    """Yield (entity, field) of every field that may point at a record of `entity`."""
    for other, declared in ENTITIES.items():
        for spec in fields_of(declared).values():
            if spec.meta.refers_to == entity or _links_to(spec, entity):
                yield other, spec.name


def _links_to(spec: FieldSpec, entity: str) -> bool:
    if spec.kind is not Kind.LINKS:
        return False
    return any(part.meta.refers_to == entity for part in fields_of(spec.type).values())
