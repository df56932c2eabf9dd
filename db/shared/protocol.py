"""What a laptop asks of the shared database, as values; PostgreSQL and memory both answer it.

A cycle costs a constant number of calls: every method below is one round trip.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol
from uuid import UUID

from db.changes import Change, Json, Values


class Outcome(Enum):
    """What became of one change."""

    APPLIED = "applied"
    MERGED = "merged"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A merge group that was not applied: what is stored there, by whom (staff id) and since when."""

    fields: tuple[str, ...]
    theirs: Values
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """The committed answer to one change; `receipt` is the number that people are shown."""

    change_id: UUID
    outcome: Outcome
    receipt: int
    seq: int = 0
    conflicts: tuple[FieldConflict, ...] = ()
    reason: str | None = None
    details: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """Who and where we are: `epoch` changes when the database was restored or replaced."""

    epoch: UUID
    version: int
    municipality: str
    person: UUID
    person_name: str
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of what changed after a cursor; `rows` and `log` are in commit order."""

    epoch: UUID
    cursor: int
    rows: Sequence[Mapping[str, Json]]
    log: Sequence[Mapping[str, Json]]
    is_last: bool


class SharedDatabase(Protocol):
    """The shared database. Every method raises Unreachable or Refused (`db.errors`)."""

    def hello(self) -> ServerInfo:
        """Return who and where we are."""

    def push(self, changes: Sequence[Change]) -> list[Receipt]:
        """Offer changes in order; return one receipt each, all committed. Repeating is harmless."""

    def pull(self, cursor: int, limit: int) -> Page:
        """Return up to `limit` rows changed after `cursor`."""

    def blob_offset(self, sha256: str) -> int:
        """Return how many bytes of an attachment are there; its size when it is complete."""

    def put_blob(self, sha256: str, offset: int, total: int, content: bytes) -> int:
        """Store the bytes at `offset`; return the next offset wanted."""

    def get_blob(self, sha256: str, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from `offset`; empty past the end or when unknown."""

    def close(self) -> None:
        """End the connection."""
