"""Eight laptops push all the time, some of them killed and started again, while a ninth pulls.

What each writer has a receipt for it writes down in a file of its own before it goes on, so the count
of what was acknowledged does not depend on the program that is being proven.
"""

import os
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import psycopg

from db.changes import Change, ChangeKind, now
from db.codec import values_of
from db.errors import Unreachable
from db.reference import NAMESPACE, reference_kernen
from db.shared import admin
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import Outcome
from db.shared.server_process import PostgresServer
from tests.factories import initiative
from tests.proofs.faults.judge import Verdict
from tests.proofs.faults.laptop import NURSERY, kill
from tests.proofs.faults.trial import Row, Trial

WRITERS, EACH = 8, 50
DATABASE = "writers"


@dataclass(frozen=True)
class Writer:
    """One writer's work: `pushes` of EACH new records, which are the same in every start."""

    number: int
    url: str
    notes: str
    pushes: int

    def batch(self, push: int) -> list[Change]:
        """Return the changes of one push, always with the same ids."""
        return [self._change(push, place) for place in range(EACH)]

    def _change(self, push: int, place: int) -> Change:
        name = f"writer {self.number} push {push} place {place}"
        record = initiative(title=name, id=uuid5(NAMESPACE, name))
        return Change(
            entity="initiative", record_id=record.id, kind=ChangeKind.CREATE, base={},
            values=values_of(record), made_at=now(), id=uuid5(record.id, "change"),
        )  # fmt: skip


def write(writer: Writer) -> None:
    """Push everything that has no receipt yet; note each receipt, and only then go on."""
    notes = Path(writer.notes)
    done = set(notes.read_text().split()) if notes.exists() else set()
    shared = PostgresDatabase(Address(writer.url))
    with notes.open("a") as file:
        for push in range(writer.pushes):
            changes = [c for c in writer.batch(push) if str(c.id) not in done]
            while changes:
                try:
                    receipts = shared.push(changes)
                except Unreachable:
                    continue
                assert {one.outcome for one in receipts} == {Outcome.APPLIED}
                file.writelines(f"{one.change_id}\n" for one in receipts)
                file.flush()
                os.fsync(file.fileno())
                changes = []
    shared.close()


def read(url: str, stop: Any, found: Connection) -> None:
    """Pull all the time; give every place in the order of commits, with the record, as it came."""
    shared = PostgresDatabase(Address(url))
    seen: list[tuple[int, str]] = []
    cursor = pages = 0
    is_last_round = False
    while True:
        page = shared.pull(cursor)
        pages += 1
        seen += [(row["seq"], row["id"]) for row in page.rows if row["entity"] == "initiative"]
        assert page.cursor >= cursor, "the cursor went back"
        cursor = page.cursor
        if is_last_round and page.is_last:
            break
        is_last_round = stop.is_set()
    found.send((seen, pages))
    shared.close()


def write_side_by_side(trial: Trial) -> None:
    """Let eight write, first undisturbed and then with some of them killed, and count."""
    pushes = 4 if trial.is_quick else 40
    with PostgresServer() as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        for name, kills in (("eight writers, one reader", 0), ("the same, writers killed", 1)):
            municipality = f"GM{1000 + kills}"
            admin.init(server.url(DATABASE), municipality, reference_kernen())
            with trial.row(name) as row:
                side = Side(server, municipality, trial.folder, pushes)
                side.run(row, kills=kills * (6 if trial.is_quick else 60), trial=trial)


@dataclass
class Side:
    """The writers and the reader of one municipality."""

    server: PostgresServer
    municipality: str
    folder: Path
    pushes: int

    def url(self, who: str) -> str:
        """Add a person and return their URL."""
        login = f"{who}_{self.municipality.lower()}"
        added = admin.add_person(
            self.server.url(DATABASE), who, ["counter_clerk"],
            login=login, municipality=self.municipality,
        )  # fmt: skip
        return self.server.url(DATABASE, added.login, added.password)

    def run(self, row: Row, kills: int, trial: Trial) -> None:
        """Start them all, kill some at random moments, and hold what was read against the notes."""
        writers = [
            Writer(
                n, self.url(f"writer{n}"), str(self.folder / f"{self.municipality}_{n}"),
                self.pushes,
            )
            for n in range(WRITERS)
        ]  # fmt: skip
        stop = NURSERY.Event()
        here, there = NURSERY.Pipe(duplex=False)
        reader = NURSERY.Process(target=read, args=(self.url("reader"), stop, there))
        reader.start()
        started = time.monotonic()
        struck = self._write(writers, kills, trial)
        seconds = time.monotonic() - started
        stop.set()
        seen, pages = here.recv()
        reader.join()
        verdict = self._judge(writers, seen)
        row.add(verdict, f"--seed {trial.seed}", struck=False)
        row.cases, row.struck = len(writers) * self.pushes, struck
        rate = verdict.acknowledged / seconds
        row.note = f"{len(seen):,} rows in {pages:,} pulls, {rate:,.0f} rows/s, {struck} killed"

    def _write(self, writers: list[Writer], kills: int, trial: Trial) -> int:
        chance = trial.random()
        running = {n: NURSERY.Process(target=write, args=(w,)) for n, w in enumerate(writers)}
        for process in running.values():
            process.start()
        struck = 0
        for _ in range(kills):
            number = chance.randrange(len(writers))
            running[number].join(chance.uniform(0.0, 0.15))
            if running[number].exitcode is None:
                kill([running[number].pid or 0])
                struck += 1
            running[number].join()
            running[number] = NURSERY.Process(target=write, args=(writers[number],))
            running[number].start()
        for process in running.values():
            process.join()
            assert process.exitcode == 0, "a writer failed"
        return struck

    def _judge(self, writers: list[Writer], seen: list[tuple[int, str]]) -> Verdict:
        """Hold the notes against the database, and the database against what the reader saw."""
        verdict = Verdict()
        noted = [line for w in writers for line in Path(w.notes).read_text().split()]
        verdict.acknowledged = len(set(noted))
        wanted = {c.id for w in writers for push in range(self.pushes) for c in w.batch(push)}
        with psycopg.connect(self.server.url(DATABASE)) as shared:
            where = (self.municipality,)
            lines: list[tuple[UUID, int]] = shared.execute(
                "SELECT change_id, count(*) FROM naoberkaart.change_log WHERE municipality = %s"
                " AND entity = 'initiative' GROUP BY change_id", where,
            ).fetchall()  # fmt: skip
            rows = shared.execute(
                "SELECT seq, id FROM naoberkaart.initiative WHERE municipality = %s ORDER BY seq",
                where,
            ).fetchall()
        stored = {change for change, _ in lines}
        verdict.lost += [f"receipt of {c}" for c in noted if UUID(c) not in stored]
        verdict.lost += [f"never stored: {c}" for c in wanted - stored]
        verdict.doubled += [f"{change} x {n}" for change, n in lines if n > 1]
        there = [(seq, str(record)) for seq, record in rows]
        verdict.lost += [f"never pulled: {one}" for one in set(there) - set(seen)]
        verdict.doubled += [f"pulled {len(seen) - len(set(seen))} twice"] * (
            len(seen) > len(set(seen))
        )
        if seen != sorted(seen):
            verdict.wrong.append("pulled in another order than that of the commits")
        return verdict
