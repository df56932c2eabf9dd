"""What a person did to one record, as a value: the unit that is saved, sent, receipted and told.

A change never changes: once made it keeps its own UUID, so that a retry after any failure has no
second effect. `base` holds the values the editor saw, `values` the new ones, both as canonical JSON
(`db.codec`). A deletion carries every value in `base`, so that an edit elsewhere is noticed.
"""

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Protocol
from uuid import UUID, uuid4

Json = Any
Values = Mapping[str, Json]

SYNC = UUID(int=0)
"""The origin of a ChangeSet that came from the shared database."""


class ChangeKind(Enum):
    """What was done."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    RESTORE = "restore"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One change to one record; `made_at` is aware UTC and never decides anything."""

    entity: str
    record_id: UUID
    kind: ChangeKind
    base: Values
    values: Values
    made_at: datetime
    author: UUID | None = None
    device_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)
    code: str | None = None
    """The number of a record that is offered again to a shared database that lost it."""

    def to_json(self) -> dict[str, Json]:
        """Return the form in which it is sent and kept."""
        code = {"code": self.code} if self.code else {}
        return {
            **code,
            "id": str(self.id),
            "entity": self.entity,
            "record_id": str(self.record_id),
            "kind": self.kind.value,
            "base": dict(self.base),
            "values": dict(self.values),
            "made_at": self.made_at.isoformat(),
            "author": str(self.author) if self.author else None,
            "device_id": str(self.device_id) if self.device_id else None,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> "Change":
        """Read what `to_json` wrote."""
        return cls(
            id=UUID(value["id"]),
            entity=value["entity"],
            record_id=UUID(value["record_id"]),
            kind=ChangeKind(value["kind"]),
            base=value["base"],
            values=value["values"],
            made_at=datetime.fromisoformat(value["made_at"]),
            author=UUID(value["author"]) if value.get("author") else None,
            device_id=UUID(value["device_id"]) if value.get("device_id") else None,
            code=value.get("code"),
        )


class AboutRecord(Protocol):
    """A change, or a question about a double edit."""

    @property
    def entity(self) -> str: ...  # noqa: D102

    @property
    def record_id(self) -> UUID: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """News: which records changed, and who caused it (a draft's id, or SYNC)."""

    origin: UUID | None
    ids: Mapping[str, frozenset[UUID]]
    """Record ids by entity name; an empty mapping means: only states (sent, waiting) moved."""

    @classmethod
    def of(cls, origin: UUID | None, entity: str, *ids: UUID) -> "ChangeSet":
        """Make the news of one entity's records."""
        return cls(origin, {entity: frozenset(ids)})

    @classmethod
    def about(cls, origin: UUID | None, items: Iterable["AboutRecord"]) -> "ChangeSet":
        """Make the news of what these changes, or questions, are about."""
        ids: dict[str, set[UUID]] = {}
        for item in items:
            ids.setdefault(item.entity, set()).add(item.record_id)
        return cls(origin, {entity: frozenset(found) for entity, found in ids.items()})

    def touches(self, record_id: UUID) -> bool:
        """Whether the record is among them."""
        return any(record_id in ids for ids in self.ids.values())


clock: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=lambda: datetime.now(UTC))
"""What this laptop takes for the time; the proofs set it wrong, as no clock may decide anything."""


def now() -> datetime:
    """Return the moment, aware UTC, in whole seconds (what both databases keep alike)."""
    return clock.get()().replace(microsecond=0)


def changed_fields(before: Values, after: Values) -> tuple[str, ...]:
    """Return the names whose values differ; a name that is missing counts as None."""
    names = dict.fromkeys((*before, *after))
    return tuple(name for name in names if before.get(name) != after.get(name))
