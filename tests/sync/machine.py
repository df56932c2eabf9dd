"""The state machine: laptops edit, delete, sync, lose the line, crash and retry, in any order."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from db.codec import values_of
from db.local.journal import OWN, UNSENT
from db.merge import merge
from db.shared.protocol import SharedDatabase
from tests.factories import attachment, initiative
from tests.sync.history import Witness, check_history, everything, snapshot_of
from tests.sync.strategies import edits
from tests.sync.world import Laptop, settle

MEANWHILE = ("delete", "restore", "take_back", "mine", "theirs")
CUTS = st.lists(st.sampled_from(("", "", "before", "after")), max_size=5)
WHO = st.integers(0, 3)
CALL = st.sampled_from(("hello", "push", "pull"))


class SyncMachine(RuleBasedStateMachine):
    """Four laptops of three people; a subclass says how to reach a fresh shared database.

    The last laptop is the first person's second one.
    """

    people: Callable[[], list[SharedDatabase]]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="naoberkaart-sync-"))
        self.laptops: list[Laptop] = []
        self.witness = Witness()

    @initialize()
    def start(self) -> None:
        """Begin with one record that everybody has: most double edits need it."""
        self.laptops = [
            Laptop(self.folder / f"{number}.db", shared)
            for number, shared in enumerate(type(self).people())
        ]
        self.laptops[0].create(
            initiative(title="Dorpsplein", description="Eerste alinea.\nTweede alinea.\n")
        )
        for laptop in self.laptops:
            laptop.sync()

    @rule(who=WHO, values=edits())
    def create(self, who: int, values: dict[str, Any]) -> None:
        self.laptops[who].create(initiative(**{"title": "Nieuw plan", **values}))

    @rule(who=WHO, which=st.integers(0, 5), values=edits())
    def edit(self, who: int, which: int, values: dict[str, Any]) -> None:
        found = self.laptops[who].records("initiative")
        if found:
            self.laptops[who].edit(found[which % len(found)], **values)

    @rule(who=WHO, which=st.integers(0, 5))
    def delete(self, who: int, which: int) -> None:
        found = self.laptops[who].records("initiative")
        if found:
            self.laptops[who].delete(found[which % len(found)])

    @rule(who=WHO, which=st.integers(0, 5))
    def restore(self, who: int, which: int) -> None:
        found = self.laptops[who].tombstones("initiative")
        if found:
            self.laptops[who].restore(found[which % len(found)])

    @rule(who=WHO, which=st.integers(0, 5), content=st.binary(min_size=1, max_size=3))
    def add_photo(self, who: int, which: int, content: bytes) -> None:
        laptop = self.laptops[who]
        found = laptop.records("initiative")
        if found:
            sha256 = laptop.store.add_blob(content)
            owner = found[which % len(found)].id
            size = len(content)
            laptop.create(attachment(belongs_to=owner, sha256=sha256, size_bytes=size))

    @rule(who=WHO, cuts=CUTS)
    def sync(self, who: int, cuts: list[str]) -> None:
        self.laptops[who].sync(cuts)

    @rule(who=WHO, call=CALL, which=st.integers(0, 5), values=edits(), cuts=CUTS)
    def sync_while_typing(
        self, who: int, call: str, which: int, values: dict[str, Any], cuts: list[str]
    ) -> None:
        """Save while the answer to a call is on its way."""
        self._sync_while(who, call, lambda: self.edit(who, which, values), cuts)

    @rule(who=WHO, call=CALL, which=st.integers(0, 5), do=st.sampled_from(MEANWHILE))
    def sync_while_doing(self, who: int, call: str, which: int, do: str) -> None:
        """Delete, restore, decide or take back while the answer to a call is on its way."""
        acts = {
            "delete": lambda: self.delete(who, which),
            "restore": lambda: self.restore(who, which),
            "take_back": lambda: self.take_back(who, which),
            "mine": lambda: self.decide(who, "mine"),
            "theirs": lambda: self.decide(who, "theirs"),
        }
        self._sync_while(who, call, acts[do], [])

    def _sync_while(self, who: int, call: str, act: Callable[[], None], cuts: list[str]) -> None:
        laptop = self.laptops[who]

        def look_and_act() -> None:
            self.witness.look(laptop.store)
            act()

        laptop.network.then[call] = look_and_act
        laptop.sync(cuts)
        laptop.network.then.clear()

    @rule(who=WHO)
    def crash(self, who: int) -> None:
        self.laptops[who].crash()

    @rule(who=WHO, take=st.sampled_from(("mine", "theirs")))
    def decide(self, who: int, take: str) -> None:
        self.laptops[who].resolve_all(take)

    @rule(who=WHO, which=st.integers(0, 5))
    def take_back(self, who: int, which: int) -> None:
        own = self.laptops[who].store.outbox(OWN)
        if own:
            self.laptops[who].store.take_back(own[which % len(own)].change.id)

    @invariant()
    def what_is_shown_is_noted(self) -> None:
        """For the oracle."""
        for laptop in self.laptops:
            self.witness.look(laptop.store)

    @invariant()
    def own_work_stays_visible(self) -> None:
        """S6: what waits on this laptop is what its user sees."""
        for laptop in self.laptops:
            latest: dict[tuple[str, str], tuple[Any, Any]] = {}
            for entry in laptop.store.outbox(UNSENT):
                for name, value in entry.change.values.items():
                    latest[(str(entry.change.record_id), name)] = (entry.change, value)
            for (record_id, name), (change, value) in latest.items():
                record = laptop.store.get(change.entity, change.record_id)
                assert record is not None, record_id
                shown = values_of(record).get(name)
                joined = merge(
                    type(record),
                    change.base,
                    {**change.base, name: value},
                    {**change.base, name: shown},
                )
                assert shown == value or not joined.conflicts, (name, value, shown)

    @invariant()
    def questions_show_ones_own_value(self) -> None:
        """S4 and S6: until it is decided, the user sees what they made, and the question is apt."""
        for laptop in self.laptops:
            for item in laptop.store.conflicts():
                record = laptop.store.get(item.entity, item.record_id)
                assert record is not None
                if item.kind == "fields":
                    assert set(item.conflict.theirs) == set(item.conflict.fields)
                    assert "deleted" not in item.conflict.fields
                else:
                    deleted_here = item.record_id in laptop.deleted
                    assert deleted_here or not record.deleted
                    assert deleted_here or item.kind == "deleted_there"

    def teardown(self) -> None:
        """S14 and S1: in the end all are equal, and every value ever saved is found somewhere."""
        try:
            if self.laptops:
                settle(self.laptops, "mine", self.what_is_shown_is_noted)
                self.everyone_agrees()
                self.history_adds_up()
                self.nothing_is_lost()
        finally:
            for laptop in self.laptops:
                laptop.store.close()
                laptop.network.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def everyone_agrees(self) -> None:
        first = self.laptops[0].snapshot()
        for laptop in self.laptops[1:]:
            assert laptop.snapshot() == first

    def history_adds_up(self) -> None:
        """S2, S4 and S14, by the shared history alone."""
        rows, log = everything(self.laptops[0].network.shared)
        assert self.laptops[0].snapshot() == snapshot_of(rows)
        check_history(log, rows, self.witness)

    def nothing_is_lost(self) -> None:
        found = set().union(*(laptop.traces() for laptop in self.laptops))
        for laptop in self.laptops:
            for _, record_id, name, value in laptop.saved:
                assert repr((record_id, name, value)) in found, (record_id, name, value)
