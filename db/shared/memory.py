"""A shared database in memory: for tests, and for practising without consequences.

It keeps the same rules as the functions in PostgreSQL, told once more in Python; the contract suite
runs against both and keeps them honest. `MemoryServer` is the database, `MemoryDatabase` one person's
connection to it. Safe to use from several threads; every call is one step, as a transaction is.
"""

import dataclasses
import hashlib
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from db.changes import Change, Json, now
from db.codec import values_of
from db.entities import ENTITIES
from db.entities.place import MAX_ATTACHMENT_BYTES
from db.errors import Refused, Rejected
from db.fields import N_, Record
from db.shared.checks import is_personal
from db.shared.deciding import Pair, Row, decide
from db.shared.protocol import (
    PAGE_SIZE,
    VERSION,
    FieldConflict,
    Outcome,
    Page,
    Person,
    Receipt,
    ServerInfo,
)
from db.shared.rights import Right, rights_of
from db.shared.wire import line_of, unsendable_field, wire_of


@dataclass
class MemoryServer:
    """The database: rows, history, receipts and people of one municipality."""

    municipality: str = "GM1859"
    epoch: UUID = field(default_factory=uuid4)
    version: int = VERSION
    least_client: int = VERSION
    rows: dict[tuple[str, UUID], Row] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[UUID, tuple[UUID, Receipt]] = field(default_factory=dict)
    rescued: dict[UUID, Change] = field(default_factory=dict)
    people: dict[UUID, Person] = field(default_factory=dict)
    revoked: set[UUID] = field(default_factory=set)
    blobs: dict[str, bytearray] = field(default_factory=dict)
    blob_sizes: dict[str, int] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add_person(self, name: str, roles: Sequence[str]) -> Person:
        """Give a person roles, and colleagues their name."""
        person = Person(uuid4(), name, tuple(roles))
        with self.lock:
            self.people[person.id] = person
            self._put("staff", person.id, {"name": name, "is_active": True})
        return person

    def revoke(self, person: Person) -> None:
        """Withdraw a person's access from this moment."""
        with self.lock:
            self.revoked.add(person.id)
            values = self.rows["staff", person.id].values
            self._put("staff", person.id, {**values, "is_active": False})

    def store(self, records: Iterable[Record]) -> None:
        """Put in what the administrator begins with; what is there already stays as it is."""
        with self.lock:
            for record in records:
                if (record.ENTITY, record.id) not in self.rows:
                    self._put(record.ENTITY, record.id, values_of(record))

    def connect(self, person: Person) -> "MemoryDatabase":
        """Return the connection of one person."""
        return MemoryDatabase(self, person)

    def next_number(self, counter: str) -> int:
        """Return the next number of a counter, beginning with 1."""
        self.counters[counter] = self.counters.get(counter, 0) + 1
        return self.counters[counter]

    def write(self, row: Row, kind: str, change: Change | None, by: UUID | None) -> None:
        """Store a row under a new `seq` and tell the history."""
        key = (row.entity, row.id)
        old = self.rows.get(key)
        row.seq, row.revision = self.next_number("seq"), (old.revision if old else 0) + 1
        row.changed_at, row.changed_by = now().isoformat(), by
        if old is None:
            row.created_at, row.created_by, row.code = row.changed_at, by, self._code(row.entity)
        self.rows[key] = row
        before = old.values if old else {}
        differing = {
            name: [before.get(name), row.values.get(name)]
            for name in sorted({*before, *row.values})
            if before.get(name) != row.values.get(name)
        }
        self.tell(kind, change, row, row.seq, {} if old is None else differing)

    def tell(
        self, kind: str, change: Change | None, row: Row, seq: int, fields: dict[str, list[Json]]
    ) -> None:
        """Add a line to the history."""
        at = now().isoformat()
        self.log.append(
            {
                "seq": seq, "kind": kind, "entity": row.entity, "record_id": str(row.id),
                "change_id": str(change.id) if change else None,
                "device_id": str(change.device_id) if change and change.device_id else None,
                "person": str(change.author) if change and change.author else None,
                "made_at": change.made_at.isoformat() if change else at, "applied_at": at,
                "fields": fields, "is_personal": is_personal(row.entity, row.values),
            }
        )  # fmt: skip

    def _put(self, entity: str, record_id: UUID, values: dict[str, Json]) -> None:
        kind = "edit" if (entity, record_id) in self.rows else "create"
        old = self.rows.get((entity, record_id))
        self.write((old or Row(entity, record_id)).with_values(values), kind, None, None)

    def _code(self, entity: str) -> str | None:
        prefix = ENTITIES[entity].CODE_PREFIX
        if not prefix:
            return None
        series = f"{prefix}-{now().year}"
        return f"{series}-{self.next_number(series):04}"


class MemoryDatabase:
    """One person's connection to a `MemoryServer`; a `SharedDatabase`."""

    def __init__(self, server: MemoryServer, person: Person) -> None:
        self._server = server
        self._person = person

    @property
    def _rights(self) -> frozenset[str]:
        is_out = self._person.id in self._server.revoked
        return frozenset() if is_out else rights_of(self._person.roles)

    def hello(self) -> ServerInfo:
        """Tell which database this is; Refused when the person or the version can't go on."""
        server = self._server
        if server.least_client > VERSION:
            raise Refused(
                N_("The shared database is newer than this program."), reason="newer_server"
            )
        if server.version < VERSION:
            raise Refused(
                N_("The shared database is older than this program."), reason="older_server"
            )
        self._require_access()
        return ServerInfo(
            server.epoch, server.version, server.municipality, self._person, self._rights
        )

    def push(self, changes: Sequence[Change]) -> list[Receipt]:
        """Hand over `changes`; one receipt for each, in order."""
        with self._server.lock:
            return [self._take(change) for change in changes]

    def pull(self, cursor: int, limit: int = PAGE_SIZE) -> Page:
        """Return at most `limit` news items after `cursor`; 0 is the very beginning."""
        with self._server.lock:
            self._require_access()
            newest = self._server.counters.get("seq", 0)
            if cursor > newest:
                raise Refused(N_("The shared database was put back."), reason="restored")
            lines = [
                line for line in self._server.log if line["seq"] > cursor and self._may_see(line)
            ]
            until = (
                sorted(line["seq"] for line in lines)[limit - 1] if len(lines) >= limit else newest
            )
            rows = [row for row in self._server.rows.values() if cursor < row.seq <= until]
            shown = [row.to_json() for row in rows if self._may_see_row(row)]
            return Page(
                epoch=self._server.epoch,
                cursor=until,
                rows=sorted(shown, key=lambda row: int(row["seq"])),
                log=[line_of(line) for line in lines if line["seq"] <= until],
                is_last=until == newest,
            )

    def blob_offset(self, sha256: str) -> int:
        """Return how many bytes of the attachment are there; its size when it is complete."""
        return len(self._server.blobs.get(sha256, b""))

    def put_blob(self, sha256: str, offset: int, total: int, content: bytes) -> int:
        """Add a piece of an attachment; return where the next one begins."""
        if Right.WRITE.value not in self._rights:
            raise Rejected(N_("The attachment could not be stored."))
        if not 1 <= total <= MAX_ATTACHMENT_BYTES or offset < 0 or offset + len(content) > total:
            raise Rejected(N_("The attachment could not be stored."))
        with self._server.lock:
            held = self._server.blobs.setdefault(sha256, bytearray())
            size = self._server.blob_sizes.setdefault(sha256, total)
            if len(held) == size or len(held) != offset:
                return len(held)
            held += content
            if len(held) == total and hashlib.sha256(held).hexdigest() != sha256:
                del self._server.blobs[sha256], self._server.blob_sizes[sha256]
                raise Rejected(N_("The attachment was damaged on its way. It will be sent again."))
            return len(held)

    def get_blob(self, sha256: str, offset: int, size: int) -> bytes:
        """Return a piece of an attachment; empty when it is not there or past its end."""
        with self._server.lock:
            held = self._server.blobs.get(sha256, bytearray())
            is_whole = len(held) == self._server.blob_sizes.get(sha256)
            belongs = any(
                row.entity == "attachment"
                and row.values.get("sha256") == sha256
                and self._may_see_row(row)
                for row in self._server.rows.values()
            )
            return bytes(held[offset : offset + size]) if is_whole and belongs else b""

    def close(self) -> None:
        """Nothing is held open."""

    def _require_access(self) -> None:
        if self._person.id in self._server.revoked:
            raise Refused(N_("Your access has been withdrawn."), reason="revoked")

    def _may_see(self, line: dict[str, Any]) -> bool:
        return not line["is_personal"] or Right.CONTACTS.value in self._rights

    def _may_see_row(self, row: Row) -> bool:
        return not is_personal(row.entity, row.values) or Right.CONTACTS.value in self._rights

    def _take(self, change: Change) -> Receipt:
        server = self._server
        if field := unsendable_field(change):
            return Receipt(change.id, Outcome.REFUSED, 0, reason=f"value:{field}")
        if self._person.id in server.revoked:
            server.rescued.setdefault(change.id, change)
            return Receipt(change.id, Outcome.REFUSED, 0, reason="revoked")
        if change.id in server.receipts:
            owner, receipt = server.receipts[change.id]
            is_own = owner == self._person.id
            return receipt if is_own else Receipt(change.id, Outcome.REFUSED, 0, reason="change_id")
        number = server.next_number("receipt")
        reason = self._turned_away(change)
        receipt = (
            Receipt(change.id, Outcome.REFUSED, number, reason=reason)
            if reason
            else self._apply(change, number)
        )
        server.receipts[change.id] = (self._person.id, receipt)
        return receipt

    def _turned_away(self, change: Change) -> str:
        entity = ENTITIES.get(change.entity)
        if entity is None:
            return "unknown_entity"
        row = self._server.rows.get((change.entity, change.record_id))
        both = (change.values, row.values if row else {})
        is_private = any(is_personal(change.entity, values) for values in both)
        needed = {Right.WRITE.value} | ({Right.CONTACTS.value} if is_private else set())
        return "rights" if entity.IS_SERVER_ONLY or not needed <= self._rights else ""

    def _apply(self, change: Change, number: int) -> Receipt:
        """Do what was decided; the author is who is logged in, whatever the change says."""
        server = self._server
        change = dataclasses.replace(Change.from_json(wire_of(change)), author=self._person.id)
        row = server.rows.get((change.entity, change.record_id))
        verdict = decide(change, row, server.rows.values())
        if verdict.is_refused:
            return Receipt(change.id, Outcome.REFUSED, number, reason=verdict.reason)
        conflicts = tuple(self._conflict(change, pairs) for pairs in verdict.disputed)
        if verdict.row is not None:
            server.write(verdict.row, verdict.kind, change, self._person.id)
        stored = verdict.row or row
        if conflicts and stored is not None:
            lost = {name: list(pair) for pairs in verdict.disputed for name, pair in pairs.items()}
            server.tell("conflict", change, stored, server.next_number("seq"), lost)
        partly = Outcome.MERGED if verdict.row else Outcome.CONFLICT
        outcome = partly if conflicts else Outcome.APPLIED
        seq = stored.seq if stored else 0
        return Receipt(change.id, outcome, number, seq, conflicts, verdict.reason)

    def _conflict(self, change: Change, pairs: dict[str, Pair]) -> FieldConflict:
        """Tell what is stored instead, and who stored it when."""
        theirs = {name: pair[0] for name, pair in pairs.items()}
        row = self._server.rows[change.entity, change.record_id]
        for line in reversed(self._server.log):
            told = line["fields"].keys() or ({"deleted"} if line["kind"] == "delete" else set())
            if line["record_id"] != str(change.record_id) or line["kind"] == "conflict":
                continue
            if theirs.keys() & told:
                by = UUID(line["person"]) if line["person"] else row.changed_by
                return FieldConflict(tuple(pairs), theirs, by, line["applied_at"])
        return FieldConflict(tuple(pairs), theirs, row.changed_by, row.changed_at)
