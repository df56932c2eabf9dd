"""One laptop's line to the shared database: it breaks, says things twice, and delivers too late.

Faults are told by the number of the call in a cycle: `before` (never arrives), `after` (is done, the
answer is lost), `twice` (arrives two times; the second answer counts), `late` (a push that arrives
some day, out of order; the laptop hears nothing), `die_before`, `die_after` (the laptop's program ends).
"""

import contextvars
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from typing import Any
from uuid import UUID

from db.changes import Change
from db.errors import AppError, Unreachable
from db.shared.protocol import Receipt
from tests.proofs.sync.fuse import Killed
from tests.proofs.sync.history import History

ROWS_A_PAGE = 7
"""So few that a cycle has several pages."""
_HANDING_OVER = ("push", "deliver")


class Cut(Unreachable):
    """The line was cut by the simulation."""


class Line:
    """A `SharedDatabase` behind a bad line, everything on it noted."""

    def __init__(self, shared: Any, at: str, history: History) -> None:
        self.shared, self.at, self.history = shared, at, history
        self.faults: Mapping[str, str] = {}
        self.meanwhile: dict[str, Callable[[], None]] = {}
        self.calls = 0
        self.late: list[tuple[str, list[Change]]] = []
        self.said: list[tuple[str, list[Change]]] = []

    def begin(self, faults: Mapping[str, str], meanwhile: dict[str, Callable[[], None]]) -> None:
        """Begin a cycle with these faults, and what people do while a named call is on its way."""
        self.faults, self.meanwhile, self.calls = faults, meanwhile, 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.shared, name)
        if not callable(method):
            return method
        return lambda *given, **named: self._call(name, lambda: method(*given, **named), given)

    def push(self, changes: Sequence[Change]) -> list[Receipt]:
        """Hand over changes."""
        return self._hand_over("push", changes)

    def deliver(self, changes: Sequence[Change]) -> list[Receipt]:
        """Hand over the changes of others."""
        return self._hand_over("deliver", changes)

    def pull(self, cursor: int, limit: int, *more: Any) -> Any:
        """Ask for news, few at a time."""
        few = min(limit, ROWS_A_PAGE)
        return self._call("pull", lambda: self.shared.pull(cursor, few, *more), (cursor, few))

    def close(self) -> None:
        """Hang up."""
        self.shared.close()

    def arrive_late(self, which: int, *, keep: bool) -> None:
        """Let a push arrive that was thought lost, or (`keep`) an old one a second time."""
        found = self.said if keep else self.late
        if not found:
            return
        name, changes = found[which % len(found)] if keep else found.pop(which % len(found))
        try:
            _in_true_time(lambda: self._arrived(name, changes))
        except AppError as error:
            self.history.add("failed", self.at, call=name, error=told(error))

    def _hand_over(self, name: str, changes: Sequence[Change]) -> list[Receipt]:
        given = list(changes)
        self.said.append((name, given))
        return self._call(name, lambda: self._arrived(name, given), (given,))

    def _arrived(self, name: str, changes: list[Change]) -> list[Receipt]:
        receipts: list[Receipt] = getattr(self.shared, name)(changes)
        self.history.add(
            "arrived", self.at, call=name, changes=plain(changes), receipts=plain(receipts)
        )
        return receipts

    def _call(self, name: str, work: Callable[[], Any], given: tuple[Any, ...]) -> Any:
        fault = self.faults.get(str(self.calls), "")
        self.calls += 1
        n = self.history.add("call", self.at, call=name, given=plain(given), fault=fault)
        if fault in ("before", "late"):
            if fault == "late" and name in _HANDING_OVER:
                self.late.append((name, given[0]))
            self.history.add("answer", self.at, of=n, lost=True)
            raise Cut("cut before the call")
        if fault == "die_before":
            raise Killed
        self.meanwhile.pop(f"<{name}", _nothing)()
        try:
            answer = _in_true_time(work)
            if fault == "twice":
                answer = _in_true_time(work)
        except AppError as error:
            self.history.add("failed", self.at, of=n, call=name, error=told(error))
            raise
        self.meanwhile.pop(name, _nothing)()
        if fault == "die_after":
            raise Killed
        self.history.add(
            "answer", self.at, of=n, call=name, lost=fault == "after", **_noted(answer)
        )
        if fault == "after":
            raise Cut("cut after the call")
        return answer


def _nothing() -> None:
    pass


def _in_true_time(work: Callable[[], Any]) -> Any:
    """The server's clock is not the laptop's."""
    return contextvars.Context().run(work)


def told(error: BaseException) -> str:
    """Return an error as a word or two."""
    return f"{type(error).__name__} {getattr(error, 'reason', '')}".strip()


def _noted(answer: Any) -> dict[str, Any]:
    if isinstance(answer, list) and all(isinstance(item, Receipt) for item in answer):
        return {"receipts": plain(answer)}
    if hasattr(answer, "rows") and hasattr(answer, "cursor"):
        rows = {row["id"]: row["seq"] for row in answer.rows}
        return {"rows": rows, "cursor": answer.cursor, "is_last": answer.is_last}
    return {}


def plain(value: Any) -> Any:
    """Return a value of the protocol as JSON."""
    if isinstance(value, Change):
        return value.to_json()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if hasattr(value, "__dataclass_fields__"):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
