"""The work that every case begins with: a database, and a laptop with much to send and to receive.

Made once; a case gets a copy of the database (`CREATE DATABASE ... TEMPLATE`) and of the stores, so
that each of them is in the same place when the fault strikes. Anna has new records, edits that merge,
an edit that a colleague made too, a deletion, an edit of what was deleted, a plot that will be
refused and an attachment of two pieces; Bram has put all that stands in her way there already.
"""

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg

from db.entities.initiative import Theme
from db.fields import Record
from db.local.edits import Saved as Kept
from db.local.store import LocalStore
from db.reference import reference_kernen
from db.shared import admin
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import CHUNK_BYTES
from db.shared.server_process import PostgresServer
from db.sync.engine import Engine
from tests.factories import (
    attachment,
    contact_person,
    initiative,
    organisation,
    plot,
    square,
)
from tests.proofs.faults.judge import Saved
from tests.proofs.faults.laptop import open_laptop

DATABASE = "scene"
EARLY = "scene_early"
"""A copy of the database from before the last work of both, as a restored dump would be."""
PIECES = 2
_places = count(240_000, 200)


class Desk:
    """A person at a laptop, whose every save is noted before anything can go wrong."""

    def __init__(self, path: Path, url: str) -> None:
        self.path, self.url = path, url
        self.store: LocalStore = open_laptop(path)
        self.saved: list[Saved] = []

    def create(self, record: Record) -> Any:
        """Save a new record."""
        self._note(self.store.save(record, None))
        return self.store.get(record.ENTITY, record.id)

    def edit(self, record_id: UUID, entity: str = "initiative", **values: Any) -> None:
        """Save an edit of what is shown here."""
        base = self.store.get(entity, record_id)
        assert base is not None
        ours = dataclasses.replace(base, **values)  # type: ignore[type-var]
        self._note(self.store.save(ours, base))

    def delete(self, record_id: UUID, entity: str = "initiative") -> None:
        """Delete what is shown here."""
        base = self.store.get(entity, record_id)
        assert base is not None
        self._note(self.store.delete(base))

    def add_photo(self, owner: UUID, content: bytes) -> None:
        """Add an attachment."""
        self.store.add_blob(content)
        self.create(attachment(content, belongs_to=owner))

    def sync(self) -> None:
        """Run a cycle over a sound line."""
        shared = PostgresDatabase(Address(self.url))
        try:
            Engine(self.store, shared).run_cycle()
        finally:
            shared.close()

    def close(self) -> None:
        """Put the laptop away, with everything in its one file."""
        with self.store.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.store.close()

    def _note(self, kept: Kept) -> None:
        change = kept.change
        assert change is not None, "nothing was saved"
        self.saved.append(
            Saved(
                str(change.id), change.entity, str(change.record_id), change.kind.value,
                dict(change.values),
            )
        )  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One copy of the scene: an own database, and the two laptops' stores."""

    admin_url: str
    anna_url: str
    bram_url: str
    anna: Path
    bram: Path


@dataclass
class Scene:
    """The database and the stores that cases are copied from."""

    server: PostgresServer
    folder: Path
    logins: dict[str, admin.NewPerson] = field(default_factory=dict)
    saved: dict[str, list[Saved]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, who: str, database: str = DATABASE) -> str:
        """Return a person's URL of a database."""
        login = self.logins[who]
        return self.server.url(database, login.login, login.password)

    def make(self) -> "Scene":
        """Make it all, once."""
        execute(self.server, f"CREATE DATABASE {DATABASE}")
        admin.init(self.server.url(DATABASE), records=reference_kernen())
        for who in ("Anna", "Bram"):
            login = f"{who.lower()}_{uuid4().hex[:8]}"
            self.logins[who] = admin.add_person(
                self.server.url(DATABASE), who, ["counter_clerk"], login=login
            )
        anna, bram = (Desk(self.folder / f"{who}.db", self.url(who)) for who in self.logins)
        anna.sync()
        play(anna, bram, self._keep_early)
        for who, desk in (("Anna", anna), ("Bram", bram)):
            desk.close()
            self.saved[who] = desk.saved
        return self

    def _keep_early(self) -> None:
        execute(self.server, f"CREATE DATABASE {EARLY} TEMPLATE {DATABASE}")

    @contextmanager
    def case(self, database: str = DATABASE, stores_in: Path | None = None) -> Iterator[Case]:
        """Give a fresh copy of a database and of both stores, gone afterwards."""
        number = next(self._numbers)
        name, folder = f"case_{number}", self.folder / f"case_{number}"
        execute(self.server, f"CREATE DATABASE {name} TEMPLATE {database}")
        folder.mkdir()
        try:
            place = stores_in or self.folder
            stores = [Path(shutil.copy(place / f"{who}.db", folder)) for who in self.logins]
            yield Case(
                self.server.url(name), self.url("Anna", name), self.url("Bram", name), *stores
            )
        finally:
            shutil.rmtree(folder)
            execute(self.server, f"DROP DATABASE {name} WITH (FORCE)")


def play(anna: Desk, bram: Desk, between: Callable[[], None]) -> None:
    """Let both work as described above; Bram has sent everything, Anna nothing of the last part.

    `between` is called when both know the same, before what they do apart.
    """
    square_, path, hall, pond, wood, shop = (
        anna.create(initiative(title=f"Plan {name}", description="Eerste alinea.\nTweede alinea."))
        for name in ("plein", "fietspad", "zaal", "vijver", "bos", "winkel")
    )
    anna.sync()
    bram.sync()
    between()
    bram.edit(square_.id, title="Plein volgens Bram", supporters=7)
    bram.edit(path.id, supporters=12)
    bram.delete(hall.id)
    bram.edit(pond.id, themes=frozenset({Theme.GREEN}))
    bram.add_photo(path.id, b"photo of Bram" * 30_000)
    area = square(next(_places), 457_000)
    bram.create(plot(name="Kavel van Bram", geometry=area))
    bram.create(organisation(name="Vereniging van Bram"))
    bram.sync()
    for number in range(3):
        anna.create(initiative(title=f"Nieuw plan {number}", supporters=number + 1))
    anna.edit(square_.id, title="Plein volgens Anna")
    anna.edit(path.id, summary="Van Anna", title="Fietspad, verbreed")
    anna.edit(hall.id, title="Zaal blijft open")
    anna.edit(pond.id, themes=frozenset({Theme.MEETING}))
    anna.delete(shop.id)
    anna.create(contact_person(name="C. van Anna"))
    anna.create(plot(name="Kavel van Anna", geometry=area))
    anna.add_photo(wood.id, b"photo of Anna!" * (CHUNK_BYTES * PIECES // 14 - 1000))
    anna.edit(wood.id, title="Bos met bankje")


def execute(server: PostgresServer, statement: str) -> None:
    """Run one statement as the administrator."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(statement)
