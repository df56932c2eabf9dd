"""What the sync engine asks of a shared database; PostgreSQL and memory both answer it.

One call is one round trip. `push` takes immutable changes with their own ids and gives a receipt
for each, in order: doing it again has no second effect. `pull` gives what was committed after a
cursor, in the order of commit, as canonical JSON (`db.codec`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from db.changes import Change, Json, Values
from db.shared.live import Live

VERSION = 2
"""The version of this protocol; the server says which it speaks and the least it still serves."""

LEAST_SERVER = 1
"""The oldest server this program works with; what such a server lacks is left out."""

CHECKED = 2
"""The first version of the server that knows digests, marks and delivery."""

PAGE_SIZE = 5_000
CHUNK_BYTES = 256 * 1024
"""A piece of an attachment: half a second on a slow mobile line, so little is sent twice."""


class Outcome(Enum):
    """What became of a change."""

    APPLIED = "applied"
    MERGED = "merged"
    """Some fields are stored, others conflict."""
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """The stored values of one merge group that another person changed; `at` is aware ISO text."""

    fields: tuple[str, ...]
    theirs: Values
    by: UUID | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that the shared database has dealt with one change.

    `seq` is the record's place in the order of commits (0 when nothing was written), `number` what
    people are shown. `reason` is a code: check:FIELD and rule:N:FIELD (`db.rules`), value:FIELD,
    transition:FIELD, server:FIELD, overlap, rights, revoked, deleted, edited, unknown_entity,
    unknown_record, purged, kind, change_id or malformed.
    """

    change_id: UUID
    outcome: Outcome
    number: int
    seq: int = 0
    conflicts: tuple[FieldConflict, ...] = ()
    reason: str = ""
    details: Mapping[str, Json] | None = None

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> "Receipt":
        """Read what the server's `push` gives."""
        return cls(
            change_id=UUID(value["change_id"]),
            outcome=Outcome(value["outcome"]),
            number=int(value["number"]),
            seq=int(value.get("seq") or 0),
            conflicts=tuple(
                FieldConflict(
                    tuple(item["fields"]),
                    item["theirs"],
                    UUID(item["by"]) if item.get("by") else None,
                    item.get("at"),
                )
                for item in value.get("conflicts") or ()
            ),
            reason=value.get("reason") or "",
            details=value.get("details"),
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Who is logged in; `id` is also the id of the staff record."""

    id: UUID
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """Which database answered, and what it lets this person do.

    `is_known` is False when its history does not run through the place asked after: it was put back.
    `held` counts the rows that this person sees there, `at` is the moment (aware UTC) by its clock;
    None: it can't tell (version 1).
    """

    epoch: UUID
    version: int
    municipality: str
    person: Person
    rights: frozenset[str]
    is_known: bool = True
    held: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """News after a cursor; `cursor` is where the next page begins, `tip` the mark of that place.

    A row is flat: entity, seq, digest, the system fields and the declared fields (None left out), and
    the fields of newer clients. A log line has seq, change_id, entity, record_id, kind (create, edit,
    delete, restore, conflict, purge), person, made_at, applied_at, device_id, fields
    {name: [old, new]} ({name: [kept, lost]} for a conflict) and delivered_by. `sums` gives, on the
    last page, per entity the number of rows this person sees and the sum of their digests; None: the
    server can't tell (version 1).
    """

    epoch: UUID
    cursor: int
    rows: list[dict[str, Any]]
    log: list[dict[str, Any]]
    is_last: bool
    tip: str = ""
    sums: Mapping[str, tuple[int, int]] | None = None


class Blobs(Protocol):
    """Attachments by their SHA-256, in pieces."""

    def blob_offsets(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """Return how many bytes of each attachment are there; its size when it is complete.

        What was begun with another size counts for nothing: it will be replaced.
        """
        ...

    def put_blob(self, sha256: str, offset: int, total: int, content: bytes) -> int:
        """Add a piece of an attachment; return where the next one begins.

        Raises:
            Rejected: the bytes are not what `sha256` says, too many, or the person may not write.
        """
        ...

    def put_blobs(self, contents: Mapping[str, bytes]) -> set[str]:
        """Store small attachments whole; return those that are there now."""
        ...

    def get_blob(self, sha256: str, offset: int, size: int) -> bytes:
        """Return a piece of an attachment; empty when it is not there or past its end."""
        ...

    def get_blobs(self, names: Sequence[str], size: int) -> dict[str, bytes]:
        """Return the first `size` bytes of several attachments; empty for what is not there."""
        ...


class Comparison(Protocol):
    """What is asked when both sides turn out to differ."""

    def unknown_changes(self, ids: Sequence[UUID]) -> set[UUID]:
        """Return which of these changes the database has never dealt with."""
        ...

    def digests(self, entity: str) -> dict[str, int]:
        """Return the digest of every row of `entity` that this person sees, by id."""
        ...

    def rows(self, entity: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return these rows as they are now, flat as in a page; what is not seen is left out."""
        ...


class SharedDatabase(Blobs, Comparison, Live, Protocol):
    """The shared side, for one person. Every method raises Unreachable or Refused."""

    def hello(self, cursor: int = 0, tip: str = "") -> ServerInfo:
        """Tell which database this is, and whether its history runs through (`cursor`, `tip`).

        Raises:
            Refused: the person or the version can't go on.
        """
        ...

    def push(self, changes: Sequence[Change]) -> list[Receipt]:
        """Hand over `changes`; one receipt for each, in order."""
        ...

    def deliver(self, changes: Sequence[Change]) -> list[Receipt]:
        """Hand over what others made, in their names; rights are those of who is logged in."""
        ...

    def pull(self, cursor: int, limit: int = PAGE_SIZE, tip: str = "") -> Page:
        """Return at most `limit` news items after `cursor`; 0 is the very beginning.

        Raises:
            Refused: the history does not run through (`cursor`, `tip`); reason "restored".
        """
        ...

    def close(self) -> None:
        """Let go of the connection; the next call makes a new one."""
        ...
