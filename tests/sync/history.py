"""The oracle of the state machine: what people saw, against what the shared history says they did.

It shares no code with the engine. Everything shown on a laptop is noted; in the end the history of the
shared database is read from its beginning and every write in it is held against those notes: nobody
overwrote, or deleted, a value that their own laptop had never shown them.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from db.codec import from_json_record, values_of
from db.entities import ENTITIES
from db.local.query import Query
from db.local.store import LocalStore
from db.shared.protocol import SharedDatabase

MERGED = frozenset({"themes", "description"})
"""Fields in which two people's edits are joined by themselves: nobody need have seen the result."""


class Witness:
    """Notes every value that a laptop has shown, by device, record and field."""

    def __init__(self) -> None:
        self.seen: defaultdict[tuple[UUID, str, str], set[str]] = defaultdict(set)

    def look(self, store: LocalStore, entities: Iterable[str] = ("initiative",)) -> None:
        """Note what is shown now: records, and both sides of every question."""
        for entity in entities:
            for deleted in (False, True):
                query = Query(entity=entity, limit=1000, deleted=deleted)
                for record in store.find(query).records:
                    self._note(store.device_id, str(record.id), values_of(record))
        for item in store.conflicts():
            self._note(store.device_id, str(item.record_id), item.conflict.theirs)

    def _note(self, device: UUID, record_id: str, values: Any) -> None:
        for name, value in values.items():
            self.seen[device, record_id, name].add(repr(value))

    def has_seen(self, device: str | None, record_id: str, name: str, value: object) -> bool:
        """Whether that laptop ever showed this value (an empty one needs no showing)."""
        if device is None or value in (None, [], False, ""):
            return True
        return repr(value) in self.seen[UUID(device), record_id, name]


def everything(shared: SharedDatabase) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """Read all rows (by id) and the whole history, straight from the shared database."""
    rows: dict[str, dict[str, Any]] = {}
    log: list[dict[str, Any]] = []
    cursor = 0
    while True:
        page = shared.pull(cursor, 50)
        rows |= {row["id"]: row for row in page.rows}
        log += page.log
        cursor = page.cursor
        if page.is_last:
            return rows, sorted(log, key=lambda line: int(line["seq"]))


def snapshot_of(rows: dict[str, dict[str, Any]]) -> dict[str, object]:
    """Return rows in the form of `Laptop.snapshot`."""
    return {
        row_id: (row["entity"], record.deleted, record.code, values_of(record))
        for row_id, row in rows.items()
        for record in [from_json_record(ENTITIES[row["entity"]], _plain(row))]
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("entity", "seq", "digest")}


def check_history(
    log: list[dict[str, Any]], rows: dict[str, dict[str, Any]], witness: Witness
) -> None:
    """Fail where a write stands on a value its maker never saw, or the history does not add up."""
    last: dict[tuple[str, str], object] = {}
    stored_once: set[tuple[str, str]] = set()
    for line in log:
        record_id, kind = line["record_id"], line["kind"]
        if line["entity"] != "initiative" or kind == "conflict":
            continue
        if line.get("change_id"):
            assert (line["change_id"], kind) not in stored_once, ("stored twice", line)
            stored_once.add((line["change_id"], kind))
        if kind == "delete":
            _check_deletion(line, last, witness)
        for name, (old, new) in line["fields"].items():
            assert last.get((record_id, name), old) == old, ("a gap in the history", line)
            last[record_id, name] = new
            if name not in MERGED:
                assert witness.has_seen(line["device_id"], record_id, name, old), ("unseen", line)
    for (record_id, name), value in last.items():
        assert rows[record_id].get(name) == value, ("not what the history says", record_id, name)


def _check_deletion(
    line: dict[str, Any], last: dict[tuple[str, str], object], witness: Witness
) -> None:
    for (record_id, name), value in last.items():
        if record_id == line["record_id"]:
            seen = witness.has_seen(line["device_id"], record_id, name, value)
            assert seen, ("deleted unseen", name, value, line)
