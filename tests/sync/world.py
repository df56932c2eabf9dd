"""Several laptops and one shared database, with a network that fails at any step.

For stories told step by step; whatever happens in any order is simulated by `tests.proofs.sync`.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from db.changes import Change
from db.codec import values_of
from db.entities import ENTITIES
from db.errors import Unreachable, UserProblem
from db.fields import Record
from db.local.conflicts import FIELDS
from db.local.journal import OutboxState
from db.local.query import Query
from db.local.store import LocalStore
from db.shared.protocol import Page, Receipt, ServerInfo, SharedDatabase
from db.sync.engine import Engine
from tests.stores import new_store, reopened


class Cut(Unreachable):
    """The line was cut by the test."""


class Network:
    """A shared database behind a line that is cut before or after the next calls.

    `cuts` holds, for each call to come, "" (goes well), "before" (never arrives) or "after" (it is
    done, but the answer is lost). A call beyond the list goes well. `then` holds what a person does
    while the answer of a named call is on its way: once, at the next such call.
    """

    def __init__(self, shared: SharedDatabase) -> None:
        self.shared = shared
        self.cuts: list[str] = []
        self.then: dict[str, Callable[[], object]] = {}
        self.calls = 0

    def hello(self, cursor: int = 0, tip: str = "") -> ServerInfo:
        return self._call("hello", lambda: self.shared.hello(cursor, tip))

    def deliver(self, changes: Sequence[Change]) -> list[Receipt]:
        return self._call("deliver", lambda: self.shared.deliver(changes))

    def unknown_changes(self, ids: Sequence[UUID]) -> set[UUID]:
        return self._call("unknown_changes", lambda: self.shared.unknown_changes(ids))

    def digests(self, entity: str) -> dict[str, int]:
        return self._call("digests", lambda: self.shared.digests(entity))

    def rows(self, entity: str, ids: Sequence[str]) -> list[dict[str, object]]:
        return self._call("rows", lambda: self.shared.rows(entity, ids))

    def push(self, changes: Sequence[Change]) -> list[Receipt]:
        return self._call("push", lambda: self.shared.push(changes))

    def pull(self, cursor: int, limit: int, tip: str = "") -> Page:
        return self._call("pull", lambda: self.shared.pull(cursor, min(limit, 7), tip))

    def blob_offsets(self, sizes: Mapping[str, int]) -> dict[str, int]:
        return self._call("blob_offsets", lambda: self.shared.blob_offsets(sizes))

    def put_blobs(self, contents: Mapping[str, bytes]) -> set[str]:
        return self._call("put_blobs", lambda: self.shared.put_blobs(contents))

    def get_blobs(self, names: Sequence[str], size: int) -> dict[str, bytes]:
        return self._call("get_blobs", lambda: self.shared.get_blobs(names, size))

    def put_blob(self, sha256: str, offset: int, total: int, content: bytes) -> int:
        return self._call("put_blob", lambda: self.shared.put_blob(sha256, offset, total, content))

    def get_blob(self, sha256: str, offset: int, size: int) -> bytes:
        return self._call("get_blob", lambda: self.shared.get_blob(sha256, offset, size))

    def close(self) -> None:
        self.shared.close()

    def _call(self, name, work):  # type: ignore[no-untyped-def]
        self.calls += 1
        cut = self.cuts.pop(0) if self.cuts else ""
        if cut == "before":
            raise Cut("cut before the call")
        answer = work()
        self.then.pop(name, lambda: None)()
        if cut == "after":
            raise Cut("cut after the call")
        return answer


class Laptop:
    """A person with a store, whose edits are remembered to be looked for later."""

    def __init__(self, path: Path, shared: SharedDatabase) -> None:
        self.path = path
        self.store: LocalStore = new_store(path)
        self.network = Network(shared)
        self.saved: list[tuple[str, UUID, str, object]] = []

    def crash(self) -> None:
        """Lose everything that is only in memory."""
        self.store.close()
        self.store = reopened(self.path)

    def sync(self, cuts: Sequence[str] = ()) -> bool:
        """Run a cycle; whether it came to its end."""
        self.network.cuts = list(cuts)
        try:
            Engine(self.store, self.network).run_cycle()
        except Cut:
            return False
        finally:
            self.network.cuts = []
        return True

    def records(self, entity: str) -> list[Record]:
        """Return the live records, in an order that does not depend on the laptop."""
        found = self.store.find(Query(entity=entity, limit=10_000)).records
        return sorted(found, key=lambda record: str(record.id))

    def create(self, record: Record) -> None:
        self.store.save(record, None)
        self._remember(record, values_of(record))

    def edit(self, record: Record, **values: object) -> None:
        """Save values that keep the rules; a refusal by the rules is the user's to see."""
        ours = dataclasses.replace(record, **values)  # type: ignore[arg-type]
        try:
            saved = self.store.save(ours, record)
        except UserProblem:
            return
        if saved.change is not None:
            self._remember(record, saved.change.values)

    def delete(self, record: Record) -> None:
        self.store.delete(record)

    def _remember(self, record: Record, values: object) -> None:
        assert isinstance(values, dict)
        self.saved += [
            (record.ENTITY, record.id, name, value) for name, value in values.items() if value
        ]

    def resolve_all(self, take: str) -> int:
        """Decide every open question in favour of `take` (mine or theirs); one may answer others."""
        decided = 0
        while found := self.store.conflicts():
            item = found[0]
            if item.kind == FIELDS:
                values = item.conflict.ours if take == "mine" else item.conflict.theirs
            else:
                values = {"deleted": (item.kind == "edited_there") == (take == "mine")}
            self.store.resolve(item.id, values)
            decided += 1
        return decided

    def snapshot(self) -> dict[str, object]:
        """Return everything this laptop shows, by id; not what was taken back before it was sent."""
        found: dict[str, object] = {}
        for entity in ENTITIES:
            for deleted in (False, True):
                for record in self.store.find(
                    Query(entity=entity, limit=10_000, deleted=deleted)
                ).records:
                    if record.deleted and not record.revision:
                        continue
                    found[str(record.id)] = (
                        record.ENTITY,
                        record.deleted,
                        record.code,
                        values_of(record),
                    )
        return found

    def traces(self) -> set[str]:
        """Return every value that can still be found here: records, history, outbox, conflicts."""
        found: set[str] = set()
        for entity in ENTITIES:
            for deleted in (False, True):
                for record in self.store.find(
                    Query(entity=entity, limit=10_000, deleted=deleted)
                ).records:
                    found |= {repr((record.id, n, v)) for n, v in values_of(record).items()}
                    for line in self.store.history(record.id, limit=10_000):
                        for name, pair in line.fields.items():
                            found |= {repr((record.id, name, value)) for value in pair}
        for entry in self.store.outbox(tuple(OutboxState), limit=-1):
            found |= {repr((entry.change.record_id, n, v)) for n, v in entry.change.values.items()}
        return found


def settle(laptops: Sequence[Laptop], take: str) -> None:
    """Sync and decide until nothing is left to do; fails when that takes for ever."""
    for _ in range(12):
        for laptop in laptops:
            assert laptop.sync()
        decided = sum(laptop.resolve_all(take) for laptop in laptops)
        refused = sum(laptop.store.tally().refused for laptop in laptops)
        waiting = sum(laptop.store.tally().waiting for laptop in laptops)
        if not decided and not waiting and not refused:
            break
    for laptop in laptops:
        assert laptop.sync()
        tally = laptop.store.tally()
        assert (tally.waiting, tally.conflicts, tally.refused) == (0, 0, 0), tally
