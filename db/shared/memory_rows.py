"""The rows and the history of a shared database in memory: what is written, numbered and marked.

The part of `db.shared.memory` that needs no person; its twin are the tables of PostgreSQL, their
triggers and `write_rows`.
"""

import hashlib
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID, uuid4

from db.changes import Change, ChangeKind, Json, now
from db.entities import ENTITIES
from db.shared.checks import is_personal
from db.shared.deciding import Row

_seq = itemgetter("seq")
FARTHEST_CODE = 10_000


@dataclass
class MemoryRows:
    """Rows, history and counters of one municipality."""

    municipality: str = "GM1859"
    epoch: UUID = field(default_factory=uuid4)
    rows: dict[tuple[str, UUID], Row] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    purged: set[UUID] = field(default_factory=set)
    counters: dict[str, int] = field(default_factory=dict)
    deliverer: UUID | None = None
    """Who brings what somebody else made, while they do."""
    kept_codes: dict[UUID, str] = field(default_factory=dict)
    """Codes that delivered records had before, while they are delivered."""
    lock: threading.RLock = field(default_factory=threading.RLock)

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
            row.created_at, row.created_by, row.code = row.changed_at, by, self._code(row)
        self.rows[key] = row
        before = old.values if old else {}
        differing = {
            name: [before.get(name), row.values.get(name)]
            for name in sorted({*before, *row.values})
            if before.get(name) != row.values.get(name)
        }
        self.tell(kind, change, row, row.seq, {} if old is None else differing)

    def tell(
        self,
        kind: str,
        change: Change | None,
        row: Row,
        seq: int,
        fields: dict[str, list[Json]],
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
                "delivered_by": str(self.deliverer) if self.deliverer else None,
            }
        )  # fmt: skip

    def put(self, entity: str, record_id: UUID, values: dict[str, Json]) -> None:
        """Store a row as the administrator does, in nobody's name."""
        kind = "edit" if (entity, record_id) in self.rows else "create"
        old = self.rows.get((entity, record_id))
        self.write((old or Row(entity, record_id)).with_values(values), kind, None, None)

    def _code(self, row: Row) -> str | None:
        prefix = ENTITIES[row.entity].CODE_PREFIX
        if not prefix:
            return None
        if row.id in self.kept_codes:
            return self.kept_codes[row.id]
        series = f"{prefix}-{now().year}"
        return f"{series}-{self.next_number(series):04}"

    def codes_to_keep(self, changes: Iterable[Change]) -> dict[UUID, str]:
        """Return the codes that these new records had before, where they are free."""
        taken = {row.code for row in self.rows.values()}
        kept: dict[UUID, str] = {}
        for change in changes:
            entity = ENTITIES.get(change.entity)
            if change.kind is not ChangeKind.CREATE or not change.code or entity is None:
                continue
            if not entity.CODE_PREFIX or change.code in taken:
                continue
            found = re.fullmatch(rf"({entity.CODE_PREFIX}-20\d\d)-(\d{{4,9}})", change.code)
            if found and self._is_near(*found.groups()):
                taken.add(change.code)
                kept[change.record_id] = change.code
                series, number = found.groups()
                self.counters[series] = max(self.counters.get(series, 0), int(number))
        return kept

    def _is_near(self, series: str, number: str) -> bool:
        """Whether a number may be kept: asking for one far away would use up those before it."""
        codes = [row.code for row in self.rows.values() if row.code]
        used = [int(code.rpartition("-")[2]) for code in codes if code.startswith(f"{series}-")]
        is_past = series[-4:] <= f"{now().year}"
        return is_past and int(number) <= max(used, default=0) + FARTHEST_CODE

    def purge(self, before: datetime) -> int:
        """Forget for good what was deleted before a moment, and the attachments of it."""
        with self.lock:
            gone = [
                row for row in self.rows.values()
                if row.deleted and datetime.fromisoformat(row.changed_at or "") < before
                and not ENTITIES[row.entity].IS_SERVER_ONLY
            ]  # fmt: skip
            ids = {str(row.id) for row in gone}
            gone += [
                row for row in self.rows.values()
                if row.entity == "attachment" and row not in gone
                and row.values.get("belongs_to") in ids
            ]  # fmt: skip
            for row in gone:
                self._forget(row)
            return len(gone)

    def _forget(self, row: Row) -> None:
        del self.rows[row.entity, row.id]
        self.purged.add(row.id)
        for line in self.log:
            if line["record_id"] == str(row.id):
                line["fields"] = {}
        self.tell("purge", None, row, self.next_number("seq"), {})

    def tip_of(self, at: int) -> str:
        """Return a mark of the history up to a place: another history has another one."""
        found = max((line for line in self.log if line["seq"] <= at), key=_seq, default=None)
        if found is None:
            return ""
        names = ("seq", "change_id", "record_id", "kind", "applied_at", "delivered_by")
        told = "|".join(str(found.get(name)) for name in names)
        return hashlib.md5(told.encode()).hexdigest()[:16]

    def is_known(self, at: int, tip: str) -> bool:
        """Whether the history runs through a place that a laptop was at before."""
        newest = self.counters.get("seq", 0)
        return at == 0 or (at <= newest and tip in ("", self.tip_of(at)))
