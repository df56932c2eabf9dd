"""Drawing what happens: a list of actions as plain JSON, decided by a seed before anything runs.

An action names its laptop and its record, never "the third of a list": so any of them can be left out
and the others still mean the same, which is how a failing list is made small.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

Action = dict[str, Any]

LINES = (
    "Eerste alinea.\n", "Tweede alinea.\n", "Derde alinea.\n", "Nieuw van mij.\n", "Ander idee.\n",
)  # fmt: skip
THEMES = ("housing", "green", "traffic", "care")
TYPED = {
    "title": "Zelf besloten", "supporters": 77, "phase": "review", "next_action": "opnieuw bellen",
    "budget_total": 90, "budget_requested": 9, "own_contribution": 5, "name": "Zelf besloten naam",
    "action_date": None, "wind_turbines": 12, "price_per_m2": 7700, "phone": "0545 112233",
}  # fmt: skip
"""What a person types who wants neither of two values; questions about other fields get "mine"."""

CALLS = ("hello", "push", "pull", "<push", "<pull")
FAULTS = ("before", "after", "twice", "late", "die_before", "die_after")


@dataclass(frozen=True)
class Plan:
    """One simulation as plain values: the same plan runs the same way."""

    seed: int
    laptops: int
    owners: tuple[int, ...]
    """Whose laptop each is: two may be one person's."""
    starts_old: bool
    """Whether the shared database is of version 1, to be brought up to date on the way."""
    actions: tuple[Action, ...] = field(repr=False)


def plan_of(seed: int, steps: int) -> Plan:
    """Decide, by the seed alone, everything that will happen."""
    random = Random(seed)
    laptops = random.randint(2, 5)
    owners = tuple(0 if n and random.random() < 0.2 else n for n in range(laptops))
    is_old = random.random() < 0.25
    can_be_put_back = not is_old and random.random() < 0.6
    draw = Draw(random, laptops, can_be_put_back=can_be_put_back, is_old=is_old)
    actions = tuple(draw.actions(steps))
    return Plan(seed, laptops, owners, draw.is_old, actions)


class Draw:
    """Draws actions for `laptops` laptops; a few records are used again and again."""

    def __init__(
        self, random: Random, laptops: int, *, can_be_put_back: bool, is_old: bool
    ) -> None:
        """Say what may happen to the database.

        Where it is put back no disk is spoilt, as a spoilt value would be offered again. Version 1
        can't tell that it was put back, once others have written more than it lost.
        """
        self.random, self.laptops, self.is_old = random, laptops, is_old
        self.can_be_put_back = can_be_put_back
        self.made: dict[str, list[str]] = {
            "initiative": ["start"],
            "contact_person": [],
            "plot": [],
        }
        self.photos = 0

    def actions(self, steps: int) -> list[Action]:
        """Return so many actions."""
        return [self._one() for _ in range(steps)]

    def _one(self) -> Action:
        kinds = {
            "sync": 26, "edit": 26, "create": 8, "delete": 5, "restore": 3, "take_back": 4,
            "decide": 9, "open": 4, "save_form": 4, "photo": 2, "kill": 1, "arrive": 3, "again": 3,
            "clock": 2, "revoke": 1, "admit": 2, "roles": 1, "bundle": 1, "bring": 2,
        }  # fmt: skip
        kinds |= {"reopen": 2, "send_again": 1, "purge": 0.3} | (
            {"upgrade": 1} if self.is_old else {}
        )
        kinds |= {"dump": 2, "put_back": 1} if self.can_be_put_back else {"spoil": 1, "check": 1}
        do = self.random.choices(list(kinds), list(kinds.values()))[0]
        return self._sync() if do == "sync" else self._act(do)

    def _act(self, do: str) -> Action:
        action: Action = {"do": do, "who": self.random.randrange(self.laptops)}
        if do in ("dump", "put_back", "purge", "upgrade"):
            return {"do": do}
        return action | self._details(do)

    def _details(self, do: str) -> Action:
        random = self.random
        details: dict[str, Callable[[], Action]] = {
            "create": self._new,
            "edit": self._edit,
            "save_form": self._edit,
            "open": self._which,
            "delete": self._which,
            "restore": self._which,
            "photo": self._photo,
            "take_back": lambda: {"which": random.randrange(6)},
            "arrive": lambda: {"which": random.randrange(6)},
            "again": lambda: {"which": random.randrange(20)},
            "decide": lambda: {"take": random.choice(("mine", "theirs", "typed"))},
            "clock": lambda: {"years": random.choice((-10, -1, 0, 1, 10))},
            "roles": lambda: {"sees_contacts": random.random() < 0.5},
            "bring": lambda: {"by": random.randrange(self.laptops)},
            "spoil": lambda: {**self._which(), "lose": random.random() < 0.3},
        }
        drawn = details.get(do, dict)()
        if do in ("create", "edit", "delete", "decide", "take_back") and random.random() < 0.05:
            drawn["kill_at"] = random.randrange(20)
        elif do in ("bundle", "bring", "check"):
            drawn |= self._faults()
        return drawn

    def _sync(self) -> Action:
        random = self.random
        action = {"do": "sync", "who": random.randrange(self.laptops), **self._faults()}
        if random.random() < 0.3:
            action["meanwhile"] = {random.choice(CALLS): self._meanwhile(action["who"])}
        return action

    def _faults(self) -> Action:
        """What goes wrong on the line, and at which statement the program ends."""
        random = self.random
        faults: Action = {}
        if random.random() < 0.4:
            faults["faults"] = {
                str(random.randrange(8)): random.choice(FAULTS) for _ in range(random.randint(1, 2))
            }
        if random.random() < 0.12:
            faults["kill_at"] = int(2 ** random.uniform(0, 7.5))
        return faults

    def _meanwhile(self, who: int) -> list[Action]:
        """What happens while a call is on its way: this person goes on, or another one syncs."""
        found = []
        for _ in range(self.random.randint(1, 2)):
            if self.laptops > 1 and self.random.random() < 0.25:
                other = self.random.choice([n for n in range(self.laptops) if n != who])
                found.append({"do": "sync", "who": other})
                continue
            do = self.random.choice(("edit", "edit", "delete", "restore", "take_back", "decide"))
            found.append({"do": do, "who": who, **self._details(do)})
        return found

    def _name(self, entity: str) -> str:
        self.made[entity].append(f"{entity} {len(self.made[entity])}")
        return self.made[entity][-1]

    def _new(self) -> Action:
        entity = self.random.choices(list(self.made), (5, 2, 3))[0]
        return {"entity": entity, "record": self._name(entity), "set": self._values(entity)}

    def _which(self) -> Action:
        """Choose a record, one of the latest most often."""
        entity = self.random.choices(list(self.made), (8, 1, 1))[0]
        names = self.made[entity] or self.made["initiative"]
        entity = entity if self.made[entity] else "initiative"
        return {"entity": entity, "record": self.random.choice([*names[:1], *names[-3:]])}

    def _edit(self) -> Action:
        which = self._which()
        values = self._values(which["entity"])
        if self.random.random() < 0.25:
            values |= self._values(which["entity"])
        return {**which, "set": values}

    def _photo(self) -> Action:
        self.photos += 1
        size = self.random.choice((1, 3, 3, 600_000))
        record = self._which_initiative()
        return {"record": record, "photo": f"photo {self.photos}", "size": size}

    def _which_initiative(self) -> str:
        return self.random.choice(self.made["initiative"][-4:])

    def _values(self, entity: str) -> dict[str, Any]:
        random = self.random
        if entity == "contact_person":
            return random.choice(
                (
                    {"name": random.choice(("A. Jansen", "B. ter Braak", "C. Wissink"))},
                    {"phone": f"0545 {random.randrange(100000, 999999)}"},
                )
            )
        if entity == "plot":
            return random.choice(
                (
                    {"name": f"Kavel {random.randrange(99)}"},
                    {"price_per_m2": random.randrange(9) * 1000},
                    {"geometry": _square(random.randrange(4) * 30)},
                    {"conditions": self._text()},
                )
            )
        return self._initiative_values()

    def _initiative_values(self) -> dict[str, Any]:
        random = self.random
        return random.choice(
            (
                lambda: {"title": random.choice(("Plan A", "Plan B", "Plan C"))},
                lambda: {"title": f"Plan {random.randrange(10**6)}"},
                lambda: {"supporters": random.randrange(4)},
                lambda: {"phase": random.choice(("idea", "exploration", "plan"))},
                lambda: {"themes": sorted(random.sample(THEMES, random.randrange(4)))},
                lambda: {"budget_total": random.randint(5, 7), "budget_requested": random.randrange(6)},
                lambda: {"budget_requested": random.randrange(6)},
                lambda: {"own_contribution": random.randrange(3)},
                lambda: {"own_hours" if self.is_old else "wind_turbines": random.randint(1, 3)},
                lambda: {"next_action": random.choice((None, "bellen", "schrijven"))},
                lambda: {"description": self._text() or None},
                lambda: {"geometry": _point(random.randrange(3))},
            )
        )()  # fmt: skip

    def _text(self) -> str:
        return "".join(self.random.choice(LINES) for _ in range(self.random.randrange(5)))


def _point(number: int) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [246_000.0 + number, 457_000.0]}


def _square(east_m: int) -> dict[str, Any]:
    """Return an area of 40 by 40 m; neighbours overlap, which the shared database refuses."""
    x, y = 240_700.0 + east_m, 458_300.0
    ring = [[x, y], [x + 40, y], [x + 40, y + 40], [x, y + 40], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}
