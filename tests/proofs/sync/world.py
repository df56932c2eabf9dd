"""The laptops and their server while actions are carried out, and how all comes to rest at the end."""

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid5

from db.codec import values_of
from db.errors import Refused
from db.fields import Record
from db.local.engine import create_store
from db.local.store import LocalStore
from db.reference import reference_kernen
from tests.factories import contact_person, initiative, plot
from tests.proofs.sync.actions import TYPED, Action, Plan
from tests.proofs.sync.history import History
from tests.proofs.sync.laptop import Laptop
from tests.proofs.sync.line import plain
from tests.proofs.sync.servers import ASSESSOR, CLERK, Server
from tests.stores import TEST_KEY

ROUNDS = 20
"""So many times everyone synchronises and decides before a wait counts as endless."""

_FACTORIES: dict[str, Callable[..., Record]] = {
    "initiative": initiative, "contact_person": contact_person, "plot": plot,
}  # fmt: skip


class World:
    """The laptops and their server while a plan is carried out."""

    def __init__(self, plan: Plan, server: Server, folder: Path, history: History) -> None:
        self.plan, self.server, self.history, self.folder = plan, server, history, folder
        self.laptops: list[Laptop] = []
        self.is_busy: set[int] = set()
        self.is_dumped = False

    def run(self) -> None:
        """Begin, do everything, come to rest, and take stock."""
        self._begin()
        for step, action in enumerate(self.plan.actions, start=1):
            self.history.step = step
            self.do(action)
        self.history.step = len(self.plan.actions) + 1
        self._come_to_rest()
        self._take_stock("end")

    def close(self) -> None:
        """Let go of the stores."""
        for laptop in self.laptops:
            laptop.close()

    def id_of(self, name: str) -> UUID:
        """Return the id of a record by its name in the actions."""
        return uuid5(UUID(int=self.plan.seed), name)

    def _begin(self) -> None:
        empty = self.folder / "empty.db"
        store = LocalStore(create_store(empty, TEST_KEY))
        store.save_new(reference_kernen(), as_example=True)
        store.set_meta("device_id", None)
        store.close()
        for number in range(self.plan.laptops):
            path = self.folder / f"{number}.db"
            shutil.copy(empty, path)
            shared = self.server.connect(self.plan.owners[number])
            self.laptops.append(Laptop(f"laptop {number}", path, shared, self.history))
        text = "Eerste alinea.\nTweede alinea.\n"
        self.do(
            {"do": "create", "who": 0, "entity": "initiative", "record": "start",
             "set": {"title": "Dorpsplein", "description": text}}
        )  # fmt: skip
        for number in range(self.plan.laptops):
            self.do({"do": "sync", "who": number})

    # Actions

    def do(self, action: Action) -> None:
        """Do one action; one that has no sense now does nothing."""
        getattr(self, f"_do_{action['do']}")(action)

    def _on(self, action: Action) -> tuple[Laptop, dict[str, Any]]:
        how = {"kill_at": action["kill_at"]} if "kill_at" in action else {}
        return self.laptops[action["who"]], how

    def _on_line(self, action: Action) -> tuple[Laptop, dict[str, Any]]:
        laptop, how = self._on(action)
        return laptop, {"faults": action.get("faults", {}), **how}

    def _do_sync(self, action: Action) -> None:
        who = action["who"]
        if who in self.is_busy:
            return
        self.is_busy.add(who)
        meanwhile = {
            call: lambda acts=acts: [self.do(act) for act in acts] and None
            for call, acts in action.get("meanwhile", {}).items()
        }
        try:
            self.laptops[who].sync(action.get("faults", {}), meanwhile, action.get("kill_at"))
        finally:
            self.is_busy.discard(who)

    def _do_create(self, action: Action) -> None:
        laptop, how = self._on(action)
        begin = _FACTORIES[action["entity"]]()
        values = {**_begin_values(begin), **action["set"]}
        laptop.create(action["entity"], self.id_of(action["record"]), values, **how)

    def _do_edit(self, action: Action, *, form: bool = False) -> None:
        laptop, how = self._on(action)
        record_id = self.id_of(action["record"])
        laptop.edit(action["entity"], record_id, action["set"], form=form, **how)

    def _do_open(self, action: Action) -> None:
        self._on(action)[0].open_form(action["entity"], self.id_of(action["record"]))

    def _do_save_form(self, action: Action) -> None:
        self._do_edit(action, form=True)

    def _do_delete(self, action: Action, *, deleted: bool = True) -> None:
        laptop, how = self._on(action)
        record_id = self.id_of(action["record"])
        laptop.set_deleted(action["entity"], record_id, deleted=deleted, **how)

    def _do_restore(self, action: Action) -> None:
        self._do_delete(action, deleted=False)

    def _do_photo(self, action: Action) -> None:
        laptop, how = self._on(action)
        owner, photo = self.id_of(action["record"]), self.id_of(action["photo"])
        content = (action["photo"].encode() * action["size"])[: action["size"]]
        laptop.add_photo(owner, photo, content, **how)

    def _do_take_back(self, action: Action) -> None:
        laptop, how = self._on(action)
        laptop.take_back(action["which"], **how)

    def _do_decide(self, action: Action) -> None:
        laptop, how = self._on(action)
        laptop.decide(action["take"], TYPED, **how)

    def _do_kill(self, action: Action) -> None:
        if action["who"] not in self.is_busy:
            self._on(action)[0].die()

    def _do_clock(self, action: Action) -> None:
        self._on(action)[0].years_off = action["years"]

    def _do_arrive(self, action: Action) -> None:
        self._on(action)[0].line.arrive_late(action["which"], keep=False)

    def _do_again(self, action: Action) -> None:
        self._on(action)[0].line.arrive_late(action["which"], keep=True)

    def _person(self, action: Action) -> int:
        return self.plan.owners[action["who"]]

    def _do_revoke(self, action: Action) -> None:
        self.server.revoke(self._person(action))
        self.history.add("revoked", "server", person=self._person(action))

    def _do_admit(self, action: Action) -> None:
        self.server.admit(self._person(action), CLERK)
        self.history.add("admitted", "server", person=self._person(action))

    def _do_roles(self, action: Action) -> None:
        self.server.admit(self._person(action), CLERK if action["sees_contacts"] else ASSESSOR)
        self.history.add("roles", "server", person=self._person(action), **action)

    def _do_dump(self, action: Action) -> None:
        self.server.dump()
        self.is_dumped = True
        self.history.add("dumped", "server")

    def _do_put_back(self, action: Action) -> None:
        """Put the database back as it was; what it lost is noted first, for the checker only."""
        if self.is_dumped:
            self._take_stock("put back")
            self.server.restore()
            for laptop in self.laptops:  # no connection outlives it, nor what was on its way
                laptop.line.late.clear()
                laptop.line.said.clear()
            self.history.add("put_back", "server")

    def _do_bundle(self, action: Action) -> None:
        """Put one laptop's unsent work on a stick."""
        laptop, how = self._on_line(action)
        laptop.make_bundle(self._stick(action), **how)

    def _do_bring(self, action: Action) -> None:
        """Let another laptop deliver what is on the stick: at once, late, or once more."""
        if self._stick(action).exists() and action["by"] not in self.is_busy:
            how = self._on_line(action)[1]
            self.laptops[action["by"]].deliver_bundle(self._stick(action), **how)

    def _stick(self, action: Action) -> Path:
        return self.folder / f"stick {action['who']}"

    def _do_spoil(self, action: Action) -> None:
        """Let a laptop's disk have another value than it was given, or lose a row."""
        record_id = self.id_of(action["record"])
        self._on(action)[0].spoil(action["entity"], record_id, lose=action["lose"])

    def _do_check(self, action: Action) -> None:
        if action["who"] not in self.is_busy:
            laptop, how = self._on_line(action)
            laptop.check(**how)

    def _do_upgrade(self, action: Action) -> None:
        self.server.upgrade()
        self.history.add("upgraded", "server")

    def _do_purge(self, action: Action) -> None:
        with contextlib.suppress(Refused):  # version 1 can't
            self.server.purge()
            self.history.add("purged", "server")

    def _do_reopen(self, action: Action) -> None:
        self._on(action)[0].reopen()

    def _do_send_again(self, action: Action) -> None:
        self._on(action)[0].send_again()

    # The end

    def _come_to_rest(self) -> None:
        """Give all access, let late pushes arrive, then synchronise and decide until all is done."""
        self.history.add("rest", "world")
        for person in set(self.plan.owners):
            self.server.admit(person, CLERK)
        self.server.upgrade()
        random = Random(self.plan.seed)
        self._everyone_syncs()
        for laptop in self.laptops:
            laptop.check(faults={})
        self._late_ones_arrive()
        for _ in range(ROUNDS):
            self._everyone_syncs()
            left = [self._answer(laptop, random) for laptop in self.laptops]
            if not any(left):
                break
        self._everyone_syncs()
        self._everyone_syncs()

    def _everyone_syncs(self) -> None:
        for laptop in self.laptops:
            laptop.sync({}, {})

    def _late_ones_arrive(self) -> None:
        for laptop in self.laptops:
            while laptop.line.late:
                laptop.line.arrive_late(0, keep=False)

    def _answer(self, laptop: Laptop, random: Random) -> bool:
        """Let a person decide what is asked and give up what was refused; whether anything is left."""
        is_asked = bool(laptop.store.conflicts())
        for _ in range(50):
            if not laptop.decide(random.choice(("mine", "theirs", "typed")), TYPED):
                break
        was_refused = laptop.give_up_refused()
        return is_asked or was_refused or laptop.store.tally().waiting > 0

    def _take_stock(self, why: str) -> None:
        """Note what the shared database holds, and what every laptop can show."""
        shared = self.server.connect(self.plan.laptops)
        rows: dict[str, Any] = {}
        log: list[Any] = []
        cursor, is_last = 0, False
        while not is_last:
            page = shared.pull(cursor, 500)
            rows |= {row["id"]: row for row in page.rows}
            log += page.log
            cursor, is_last = page.cursor, page.is_last
        shared.close()
        self.history.add("stock", "server", why=why, rows=plain(rows), log=plain(log))
        if why == "end":
            for laptop in self.laptops:
                laptop.inventory()


def _begin_values(record: Record) -> dict[str, Any]:
    return {name: value for name, value in values_of(record).items() if value not in (None, [])}
