"""Whatever is pushed, by whom and in which order: memory and PostgreSQL answer alike."""

import dataclasses
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import pytest

from db.changes import Change, ChangeKind, now
from db.codec import values_of
from db.fields import Record
from db.shared.protocol import Receipt, SharedDatabase
from tests.contract.changes import everything
from tests.factories import EIBERGEN, REKKEN, initiative, organisation, plot, square, team
from tests.postgres import MemorySide, PostgresSide

X, Y = 240_000.0, 457_000.0
SEEDS = 12

# A few values of every kind: right, wrong, empty, and of a program that is newer than this one.
VALUES: dict[str, dict[str, list[Any]]] = {
    "initiative": {
        "title": ["Plein", "Plein 2", "ab", None, 7],
        "summary": ["Kort", "Korter", None],
        "phase": ["idea", "plan", "stopped", "dreaming", None],
        "status": ["concept", "reported", "done", None],
        "status_reason": ["Geen draagvlak", None],
        "themes": [[], ["green"], ["green", "sport"], ["nonsense"], None, "green"],
        "kern": [str(REKKEN), str(EIBERGEN), None, "Rekken"],
        "kern_chosen": [True, False, None, "yes"],
        "supporters": [0, 5, -1, None],
        "budget_total": [100, 500, None],
        "budget_requested": [50, 1_000, None],
        "start_date": ["2027-01-01", "2027-06-01", "soon", None],
        "expected_end_date": ["2027-03-01", None],
        "geometry": [{"type": "Point", "coordinates": [X, Y]}, {"type": "Point"}, None],
        "newer_field": [1, {"a": None}, None],
        "revision": [3, None],
    },
    "organisation": {
        "name": ["Voorbeeld", "Voorbeeld BV", None],
        "street": ["Dorpsstraat", "Kerkweg", None],
        "house_number": [1, 2, 0, None],
        "postcode": ["7157AA", "7157 aa", None],
        "sbi": [[], ["01"], ["01", "02"], None],
    },
    "team": {
        "name": ["Basisteam", "Taakteam"],
        "kind": ["base", "task", None],
        "end_date": ["2027-01-01", None],
        "members": [[], [{"staff": str(REKKEN), "role": "lead", "start": None, "end": None}]],
    },
    "plot": {
        "geometry": [square(X + at, Y).to_json() for at in (0, 20, 100)] + [None],
        "status": ["available", "issued", "withdrawn", "in_option"],
        "option_until": ["2027-01-01", None],
    },
}
MAKERS = {"initiative": initiative, "organisation": organisation, "team": team}


@dataclass(frozen=True)
class Twins:
    """The same two people on both sides."""

    memory: tuple[SharedDatabase, SharedDatabase]
    postgres: tuple[SharedDatabase, SharedDatabase]


@pytest.fixture
def twins(real_side: PostgresSide) -> Twins:
    memory = MemorySide()
    pairs = [
        tuple(side.add(name, "counter_clerk")[1] for name in ("Anna", "Bram"))
        for side in (memory, real_side)
    ]
    return Twins(pairs[0], pairs[1])  # type: ignore[arg-type]


class Storyteller:
    """Draws pushes from a seed, so that a difference comes back."""

    def __init__(self, entity: str, seed: int) -> None:
        self.entity, self.chance = entity, Random(seed)

    def uuid(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def some(self) -> dict[str, Any]:
        """Draw values for some fields of the entity."""
        pool = VALUES[self.entity]
        names = self.chance.sample(sorted(pool), self.chance.randint(0, min(4, len(pool))))
        return {name: self.chance.choice(pool[name]) for name in names}

    def change(self, records: list[Record]) -> Change:
        """Draw what somebody does to one of the records."""
        return Change(
            entity=self.entity,
            record_id=self.chance.choice(records).id,
            kind=self.chance.choice([*ChangeKind, ChangeKind.EDIT, ChangeKind.EDIT]),
            base=self.some(),
            values=self.some(),
            made_at=now(),
            id=self.uuid(),
        )

    def starters(self) -> list[Record]:
        """Draw fresh records; the last is not made beforehand."""
        if self.entity == "plot":
            return [plot(id=self.uuid(), geometry=square(X + at, Y)) for at in (0, 100, 200)]
        return [MAKERS[self.entity](id=self.uuid()) for _ in range(3)]

    def pushes(self, records: list[Record]) -> list[list[Change]]:
        """Draw pushes; of plots one change at a time.

        In one push PostgreSQL looks at the plots as they are at the end of it, which allows more.
        """
        most = 1 if self.entity == "plot" else 6
        made = [[self.made(record)] for record in records[:2]]
        return made + [
            [self.change(records) for _ in range(self.chance.randint(1, most))] for _ in range(8)
        ]

    def made(self, record: Record) -> Change:
        """Return the change that makes a record."""
        return Change(
            entity=record.ENTITY,
            record_id=record.id,
            kind=ChangeKind.CREATE,
            base={},
            values=values_of(record),
            made_at=now(),
            id=self.uuid(),
        )


def told(receipts: list[Receipt]) -> list[tuple[Any, ...]]:
    """Return what does not depend on the numbers of a side."""
    return [
        (receipt.outcome, receipt.reason, sorted((c.fields, c.theirs) for c in receipt.conflicts))
        for receipt in receipts
    ]


def shown(database: SharedDatabase, ids: set[str]) -> tuple[Any, ...]:
    """Return the rows and the history of these records."""
    page = everything(database, limit=5_000)
    hidden = {"seq", "digest", "changed_at", "created_at", "changed_by", "created_by", "code"}
    rows = {
        row["id"]: {name: value for name, value in row.items() if name not in hidden}
        for row in page.rows
        if row["id"] in ids
    }
    log = {
        record_id: [(x["kind"], x["fields"]) for x in page.log if x["record_id"] == record_id]
        for record_id in sorted(ids)
    }
    return rows, log


@pytest.mark.parametrize("entity", VALUES)
def test_both_sides_answer_alike(twins: Twins, entity: str):
    for seed in range(SEEDS):
        teller = Storyteller(entity, seed)
        records = teller.starters()
        for push in teller.pushes(records):
            who = teller.chance.randint(0, 1)
            ours, theirs = (told(side[who].push(push)) for side in (twins.memory, twins.postgres))
            assert ours == theirs, (seed, push)
        ids = {str(record.id) for record in records}
        assert shown(twins.memory[0], ids) == shown(twins.postgres[0], ids), seed
        for record in records:
            clear_the_land(twins, teller, record)


def clear_the_land(twins: Twins, teller: Storyteller, record: Record) -> None:
    """Withdraw a plot, so that the next story begins on empty land."""
    rows = {row["id"]: row for row in everything(twins.memory[0], limit=5_000).rows}
    if record.ENTITY != "plot" or str(record.id) not in rows:
        return
    seen = {"status": rows[str(record.id)]["status"]}
    change = dataclasses.replace(
        teller.made(record), kind=ChangeKind.EDIT, base=seen, values={"status": "withdrawn"}
    )
    for side in (twins.memory, twins.postgres):
        side[0].push([change])
