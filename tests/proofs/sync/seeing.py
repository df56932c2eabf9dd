"""What a laptop's person can see: the screen, what waits, what is asked; and what of it is new."""

from typing import Any

from db.codec import values_of
from db.local.journal import OutboxState
from db.local.query import Query
from db.local.store import LocalStore

SHOWN = ("initiative", "contact_person", "plot", "attachment")


def everything(store: LocalStore) -> dict[str, dict[str, Any]]:
    """Return all that can be seen, by id."""
    return {"screen": _screen(store), "outbox": _outbox(store), "questions": _questions(store)}


def difference(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Return what is new or differs, and what is gone."""
    new = {key: value for key, value in now.items() if before.get(key) != value}
    return {"new": new, "gone": [key for key in before if key not in now]}


def _screen(store: LocalStore) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entity in SHOWN:
        for deleted in (False, True):
            query = Query(entity=entity, limit=10_000, deleted=deleted)
            for record in store.find(query).records:
                found[str(record.id)] = {
                    "entity": entity, "deleted": record.deleted, "code": record.code,
                    "revision": record.revision, "values": values_of(record),
                }  # fmt: skip
    return found


def _outbox(store: LocalStore) -> dict[str, Any]:
    return {
        str(entry.change.id): {
            "state": entry.state.value, "receipt": entry.receipt, "reason": entry.reason,
            "change": entry.change.to_json(),
        }
        for entry in store.outbox(tuple(OutboxState), limit=-1)
    }  # fmt: skip


def _questions(store: LocalStore) -> dict[str, Any]:
    return {
        str(item.id): {
            "entity": item.entity, "record": str(item.record_id), "kind": item.kind,
            "fields": list(item.conflict.fields), "base": dict(item.conflict.base),
            "ours": dict(item.conflict.ours), "theirs": dict(item.conflict.theirs),
        }
        for item in store.conflicts()
    }  # fmt: skip
