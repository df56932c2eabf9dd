"""The shared database in memory without its connections: rows, history, receipts and people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from db.changes import Change
from db.codec import values_of
from db.fields import Record
from db.shared.memory_live import MemoryLive
from db.shared.memory_rows import MemoryRows
from db.shared.protocol import LEAST_SERVER, VERSION, Person, Receipt


@dataclass
class MemoryContents(MemoryRows):
    """The database: rows, history, receipts and people of one municipality."""

    version: int = VERSION
    least_client: int = LEAST_SERVER
    receipts: dict[UUID, tuple[UUID, Receipt]] = field(default_factory=dict)
    rescued: dict[UUID, Change] = field(default_factory=dict)
    people: dict[UUID, Person] = field(default_factory=dict)
    revoked: set[UUID] = field(default_factory=set)
    blobs: dict[str, bytearray] = field(default_factory=dict)
    blob_sizes: dict[str, int] = field(default_factory=dict)
    live: MemoryLive = field(default_factory=MemoryLive)
    """Who listens, and who has what open."""

    def add_person(self, name: str, roles: Sequence[str]) -> Person:
        """Give a person roles, and colleagues their name."""
        person = Person(uuid4(), name, tuple(roles))
        with self.lock:
            self.people[person.id] = person
            self.put("staff", person.id, {"name": name, "is_active": True})
        return person

    def revoke(self, person: Person) -> None:
        """Withdraw a person's access from this moment."""
        with self.lock:
            self.revoked.add(person.id)
            self.live.forget(person.id)
            values = self.rows["staff", person.id].values
            self.put("staff", person.id, {**values, "is_active": False})

    def store(self, records: Iterable[Record]) -> None:
        """Put in what the administrator begins with; what is there already stays as it is."""
        with self.lock:
            for record in records:
                if (record.ENTITY, record.id) not in self.rows:
                    self.put(record.ENTITY, record.id, values_of(record))
