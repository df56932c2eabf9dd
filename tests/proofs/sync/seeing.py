"""What a laptop's person can see: the screen, what waits, what is asked; and what of it is new."""

from collections.abc import Iterable
from typing import Any

from db.codec import values_of
from db.local.journal import OutboxState
from db.local.query import Query
from db.local.store import LocalStore

SHOWN = ("initiative", "contact_person", "plot", "attachment")


def screen(store: LocalStore, entities: Iterable[str] = SHOWN) -> dict[str, Any]:
    """Return the rows of these entities, tombstones included, by id."""
    found: dict[str, Any] = {}
    for entity in entities:
        for deleted in (False, True):
            query = Query(entity=entity, limit=10_000, deleted=deleted)
            for record in store.find(query).records:
                found[str(record.id)] = {
                    "entity": entity, "deleted": record.deleted, "code": record.code,
                    "revision": record.revision, "values": values_of(record),
                }  # fmt: skip
    return found


def outbox(store: LocalStore) -> dict[str, Any]:
    """Return every change with its state, by id."""
    return {
        str(entry.change.id): {
            "state": entry.state.value, "receipt": entry.receipt, "reason": entry.reason,
            "change": entry.change.to_json(),
        }
        for entry in store.outbox(tuple(OutboxState), limit=-1)
    }  # fmt: skip


def questions(store: LocalStore) -> dict[str, Any]:
    """Return what is asked, by id."""
    return {
        str(item.id): {
            "entity": item.entity, "record": str(item.record_id), "kind": item.kind,
            "fields": list(item.conflict.fields), "base": dict(item.conflict.base),
            "ours": dict(item.conflict.ours), "theirs": dict(item.conflict.theirs),
        }
        for item in store.conflicts()
    }  # fmt: skip


def difference(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Return what is new or differs, and what is gone."""
    new = {key: value for key, value in now.items() if before.get(key) != value}
    return {"new": new, "gone": [key for key in before if key not in now]}
