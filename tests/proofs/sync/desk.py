"""What the checker keeps of one laptop: what is shown there, and what its person meant by it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.proofs.sync.values import is_joined, parts

Event = dict[str, Any]
Place = tuple[str, str]
"""A record's id and a field."""


@dataclass(frozen=True)
class Violation:
    """A promise that was not kept: at which step and event, and how it shows."""

    promise: str
    step: int
    n: int
    text: str

    def __str__(self) -> str:
        return f"{self.promise} at step {self.step} (event {self.n}): {self.text}"


@dataclass
class Own:
    """What a person last meant a field to be, and has had no answer about yet."""

    n: int
    value: Any
    added: set[str]
    dropped: set[str]


@dataclass
class Desk:
    """One laptop as the history shows it."""

    device: str = ""
    screen: dict[str, Any] = field(default_factory=dict)
    outbox: dict[str, Any] = field(default_factory=dict)
    questions: dict[str, Any] = field(default_factory=dict)
    own: dict[Place, Own] = field(default_factory=dict)
    deleted: dict[str, bool] = field(default_factory=dict)
    """Records that this person deleted (True) or restored (False), without an answer yet."""
    decided: dict[str, int] = field(default_factory=dict)
    """Records about which a question was answered, by which act: it may be all there is to send."""
    answering: set[int] = field(default_factory=set)
    spoilt: set[str] = field(default_factory=set)
    acts: dict[int, Event] = field(default_factory=dict)
    """Acts of which the outcome is not known yet."""
    receipts: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    cycle: dict[int, list[str]] = field(default_factory=dict)


def meant(name: str, earlier: Own, act: Event, base: Any, value: Any) -> Own:
    """Return what the person means the field to be after this act."""
    if not is_joined(name):
        return Own(act["n"], value, set(), set())
    added, dropped = parts(name, value) - parts(name, base), parts(name, base) - parts(name, value)
    return Own(
        act["n"], value, (earlier.added | added) - dropped, (earlier.dropped | dropped) - added
    )


def forget(desk: Desk, record: str) -> None:
    """Expect nothing of the record any more: what the person means is not known."""
    desk.deleted.pop(record, None)
    for place in [place for place in desk.own if place[0] == record]:
        del desk.own[place]
