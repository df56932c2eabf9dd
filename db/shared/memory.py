"""A shared database in memory: for tests, and for practising without consequences.

It keeps the same rules as the functions in PostgreSQL, told once more in Python; the contract suite
runs against both and keeps them honest. `MemoryServer` is the database, `MemoryDatabase` one person's
connection to it. Safe to use from several threads; every call is one step, as a transaction is.
"""

import dataclasses
from collections.abc import Sequence
from uuid import UUID

from db.changes import Change, now
from db.entities import ENTITIES
from db.errors import Refused
from db.fields import N_
from db.shared.checks import is_personal
from db.shared.deciding import Pair, decide
from db.shared.live import News
from db.shared.memory_blobs import MemoryBlobs
from db.shared.memory_presence import MemoryPresence
from db.shared.memory_server import MemoryContents
from db.shared.memory_view import MemoryComparison
from db.shared.protocol import (
    CHECKED,
    LEAST_SERVER,
    PAGE_SIZE,
    VERSION,
    FieldConflict,
    Outcome,
    Page,
    Person,
    Receipt,
    ServerInfo,
)
from db.shared.rights import Right
from db.shared.wire import line_of, unsendable_field, wire_of


class MemoryServer(MemoryContents):
    """The database, with connections."""

    def connect(self, person: Person) -> "MemoryDatabase":
        """Return the connection of one person."""
        return MemoryDatabase(self, person)


class MemoryDatabase(MemoryComparison, MemoryBlobs, MemoryPresence):
    """One person's connection to a `MemoryServer`; a `SharedDatabase`."""

    def hello(self, cursor: int = 0, tip: str = "") -> ServerInfo:
        """Tell which database this is, and whether its history runs through (`cursor`, `tip`)."""
        server = self._server
        if server.least_client > VERSION:
            raise Refused(
                N_("The shared database is newer than this program."), reason="newer_server"
            )
        if server.version < LEAST_SERVER:
            raise Refused(
                N_("The shared database is older than this program."), reason="older_server"
            )
        self._require_access()
        return ServerInfo(
            server.epoch,
            server.version,
            server.municipality,
            self._person,
            self._rights,
            is_known=server.is_known(cursor, tip),
            held=sum(1 for row in server.rows.values() if self._may_see_row(row)),
            at=now() if server.version >= CHECKED else None,
        )

    def push(self, changes: Sequence[Change]) -> list[Receipt]:
        """Hand over `changes`; one receipt for each, in order."""
        with self._server.lock:
            receipts = [self._take(change, self._person.id) for change in changes]
            self._server.live.tell(News.CHANGES, self._ear)
            return receipts

    def deliver(self, changes: Sequence[Change]) -> list[Receipt]:
        """Hand over what others made, in their names; rights are those of who is logged in."""
        server = self._server
        with server.lock:
            allowed = [change for change in changes if not self._turned_away(change)]
            server.kept_codes = server.codes_to_keep(allowed)
            try:
                return [self._bring(change) for change in changes]
            finally:
                server.deliverer, server.kept_codes = None, {}
                server.live.tell(News.CHANGES, self._ear)

    def _bring(self, change: Change) -> Receipt:
        mine = self._person.id
        maker = change.author if change.author in self._server.people else None
        self._server.deliverer = mine if maker not in (None, mine) else None
        return self._take(change, maker or mine)

    def _sums(self) -> dict[str, tuple[int, int]]:
        found: dict[str, list[int]] = {name: [] for name in ENTITIES}
        for row in self._seen():
            found[row.entity].append(row.digest)
        return {name: (len(digests), sum(digests)) for name, digests in found.items()}

    def pull(self, cursor: int, limit: int = PAGE_SIZE, tip: str = "") -> Page:
        """Return at most `limit` news items after `cursor`; 0 is the very beginning."""
        with self._server.lock:
            self._require_access()
            newest = self._server.counters.get("seq", 0)
            if not self._server.is_known(cursor, tip):
                raise Refused(N_("The shared database was put back."), reason="restored")
            lines = [
                line for line in self._server.log if line["seq"] > cursor and self._may_see(line)
            ]
            until = (
                sorted(line["seq"] for line in lines)[limit - 1] if len(lines) >= limit else newest
            )
            rows = [row for row in self._server.rows.values() if cursor < row.seq <= until]
            shown = [
                {**row.to_json(), "digest": row.digest} for row in rows if self._may_see_row(row)
            ]
            return Page(
                epoch=self._server.epoch,
                cursor=until,
                rows=sorted(shown, key=lambda row: int(row["seq"])),
                log=[line_of(line) for line in lines if line["seq"] <= until],
                is_last=until == newest,
                tip=self._server.tip_of(until),
                sums=self._sums() if until == newest else None,
            )

    def _require_access(self) -> None:
        if self._person.id in self._server.revoked:
            raise Refused(N_("Your access has been withdrawn."), reason="revoked")

    def _take(self, change: Change, maker: UUID) -> Receipt:
        server = self._server
        if field := unsendable_field(change):
            return Receipt(change.id, Outcome.REFUSED, 0, reason=f"value:{field}")
        if self._person.id in server.revoked:
            server.rescued.setdefault(change.id, change)
            return Receipt(change.id, Outcome.REFUSED, 0, reason="revoked")
        if change.id in server.receipts:
            owner, receipt = server.receipts[change.id]
            is_own = owner == maker
            return receipt if is_own else Receipt(change.id, Outcome.REFUSED, 0, reason="change_id")
        reason = self._turned_away(change)
        if reason == "rights" and server.deliverer is not None:
            # No answer to its maker, who may send it, nor to a colleague who may bring it.
            return Receipt(change.id, Outcome.REFUSED, 0, reason=reason)
        number = server.next_number("receipt")
        receipt = (
            Receipt(change.id, Outcome.REFUSED, number, reason=reason)
            if reason
            else self._apply(change, number, maker)
        )
        server.receipts[change.id] = (maker, receipt)
        return receipt

    def _turned_away(self, change: Change) -> str:
        entity = ENTITIES.get(change.entity)
        if entity is None:
            return "unknown_entity"
        row = self._server.rows.get((change.entity, change.record_id))
        both = (change.values, row.values if row else {})
        is_private = any(is_personal(change.entity, values) for values in both)
        needed = {Right.WRITE.value} | ({Right.CONTACTS.value} if is_private else set())
        if entity.IS_SERVER_ONLY or not needed <= self._rights:
            return "rights"
        return "purged" if row is None and change.record_id in self._server.purged else ""

    def _apply(self, change: Change, number: int, maker: UUID) -> Receipt:
        """Do what was decided; the author is who is logged in, or who made what they deliver."""
        server = self._server
        change = dataclasses.replace(Change.from_json(wire_of(change)), author=maker)
        row = server.rows.get((change.entity, change.record_id))
        verdict = decide(change, row, server.rows.values())
        if verdict.is_refused:
            return Receipt(change.id, Outcome.REFUSED, number, reason=verdict.reason)
        conflicts = tuple(self._conflict(change, pairs) for pairs in verdict.disputed)
        if verdict.row is not None:
            server.write(verdict.row, verdict.kind, change, maker)
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
