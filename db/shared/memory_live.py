"""Who listens to a shared database in memory, and who has what open there; the twin of `presence`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from db.entities import ENTITIES
from db.shared.live import EDITING_S, News, Waker


class Ear:
    """One connection that listens."""

    def __init__(self) -> None:
        self.heard: set[News] = set()
        self.waker: Waker | None = None

    def tell(self, news: News) -> None:
        """Keep news, and wake who waits for it."""
        self.heard.add(news)
        if self.waker is not None:
            self.waker.wake()


@dataclass(frozen=True, slots=True)
class Open:
    """A record that is open on a device, from `since` until `until` (seconds of the server)."""

    entity: str
    record_id: UUID
    person: UUID
    device: UUID
    since: float
    until: float


@dataclass
class MemoryLive:
    """What is only true for the moment; nothing of it is stored."""

    clock: Callable[[], float] = monotonic
    ears: list[Ear] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)

    def tell(self, news: News, teller: Ear | None = None) -> None:
        """Let everybody else hear."""
        for ear in self.ears:
            if ear is not teller:
                ear.tell(news)

    def now_open(self) -> list[Open]:
        """Return what is open, the oldest first."""
        moment = self.clock()
        self.open = [one for one in self.open if one.until > moment]
        return sorted(self.open, key=lambda one: (one.since, str(one.record_id)))

    def set_open(
        self, person: UUID, device: UUID, records: Iterable[tuple[str, UUID]], teller: Ear | None
    ) -> None:
        """Take the whole list of one device."""
        known = {
            one.record_id: one
            for one in self.now_open()
            if (one.person, one.device) == (person, device)
        }
        moment = self.clock()
        fresh = {
            record_id: Open(
                entity, record_id, person, device,
                known[record_id].since if record_id in known else moment, moment + EDITING_S,
            )
            for entity, record_id in records
            if entity in ENTITIES and not ENTITIES[entity].IS_SERVER_ONLY and entity != "attachment"
        }  # fmt: skip
        self.open = [one for one in self.open if one not in known.values()] + list(fresh.values())
        if fresh.keys() != known.keys():
            self.tell(News.EDITING, teller)

    def forget(self, person: UUID) -> None:
        """Take away what a person has open whose access ended."""
        if any(one.person == person for one in self.now_open()):
            self.open = [one for one in self.open if one.person != person]
            self.tell(News.EDITING)
