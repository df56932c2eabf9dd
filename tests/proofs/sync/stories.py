"""Words in which the tests of the judge write their short histories."""

from typing import Any

from tests.proofs.sync.ledger import check

Story = list[dict[str, Any]]
R = "record-1"
A, B = "laptop 0", "laptop 1"


def history(*events: dict[str, Any]) -> dict[str, Any]:
    """Return a history of these events, after two laptops began."""
    begin = [{"event": "laptop", "at": at, "device": f"device of {at}"} for at in (A, B)]
    return {"events": [{"n": n, "step": 1, **event} for n, event in enumerate([*begin, *events])]}


def broken(*events: dict[str, Any]) -> set[str]:
    """Return the promises that a history of these events breaks."""
    return {violation.promise for violation in check(history(*events))}


def look(
    at: str,
    row: dict[str, Any] | None = None,
    outbox: Any = None,
    questions: Any = None,
    **how: Any,
) -> dict[str, Any]:
    """Show a row with these values, and changes in these states."""
    shown = {"entity": "initiative", "deleted": False, "code": None, "revision": 1, **how}
    screen = {R: {**shown, "values": row}} if row is not None else {}
    waiting = {i: {"state": state, "receipt": None} for i, state in (outbox or {}).items()}
    parts = {"screen": screen, "outbox": waiting, "questions": questions or {}}
    return {
        "event": "look", "at": at, **{name: {"new": new, "gone": []} for name, new in parts.items()}
    }  # fmt: skip


def change(
    change_id: str, kind: str = "edit", base: Any = None, at: str = A, **values: Any
) -> dict[str, Any]:
    return {
        "id": change_id, "entity": "initiative", "record_id": R, "kind": kind, "base": base or {},
        "values": values, "made_at": "2026-11-24T09:14:00+00:00", "device_id": f"device of {at}",
    }  # fmt: skip


def receipt(change_id: str, outcome: str = "applied", number: int = 1) -> dict[str, Any]:
    return {"change_id": change_id, "outcome": outcome, "number": number}


def arrived(one: dict[str, Any], outcome: str = "applied", number: int = 1) -> dict[str, Any]:
    receipts = [receipt(one["id"], outcome, number)]
    return {"event": "arrived", "at": A, "changes": [one], "receipts": receipts}


def act(do: str, at: str = A, **about: Any) -> dict[str, Any]:
    return {"event": "act", "at": at, "do": do, "record": R, **about}


def done(of: int, at: str = A, outcome: str = "saved") -> dict[str, Any]:
    return {"event": "done", "at": at, "of": of, "outcome": outcome}


def line(one: dict[str, Any], seq: int, kind: str = "edit", **fields: Any) -> dict[str, Any]:
    return {
        "seq": seq, "kind": kind, "entity": "initiative", "record_id": R, "change_id": one["id"],
        "fields": fields,
    }  # fmt: skip


def stock(*log: dict[str, Any], **values: Any) -> dict[str, Any]:
    rows = {R: {"entity": "initiative", "id": R, **values}} if values else {}
    return {"event": "stock", "at": "server", "why": "end", "rows": rows, "log": list(log)}


def inventory(at: str, **left: int) -> dict[str, Any]:
    return {"event": "inventory", "at": at, "history": {}, "blobs": {}, "left": left}


MADE = change("made", "create", title="Plan A", themes=["green"])
EDITED = change("edited", base={"title": "Plan A"}, at=B, title="Plan B")
MADE_LINE = line(MADE, 1, "create")


def kept() -> Story:
    """A made record that a colleague saw and edited; all is well."""
    return [
        arrived(MADE),
        look(B, {"title": "Plan A", "themes": ["green"]}),
        arrived(EDITED, number=2),
        look(A, {"title": "Plan B", "themes": ["green"]}),
        look(B, {"title": "Plan B", "themes": ["green"]}),
        stock(MADE_LINE, line(EDITED, 2, title=["Plan A", "Plan B"]), title="Plan B", themes=["green"]),
        inventory(A),
        inventory(B),
    ]  # fmt: skip
