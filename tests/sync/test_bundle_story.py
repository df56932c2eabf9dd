"""Any mixture of files and own sending ends as if the laptop had sent it all itself.

The same story is played twice. Once a colleague delivers the files; once the laptop pushes what is in
them itself, and never hears the answer, which the other tests of sync know all about. Whatever is cut,
delivered late, twice or in another order: rows, history, questions and screens must be the same.
"""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.entities.initiative import Initiative
from db.errors import UserProblem
from db.reference import reference_kernen
from db.shared.memory import MemoryServer
from db.sync import bundle_file
from db.sync.bundle import make_bundle
from db.sync.bundle_file import Bundle
from db.sync.bundled import BundleProblem
from db.sync.delivering import deliver_bundle
from tests.factories import initiative
from tests.sync.strategies import edits
from tests.sync.world import Cut, Laptop, Network, settle

PLAN = UUID(int=7)
WORDS = "appel fiets polder roman zwaluw tulp"
WHO = st.sampled_from(("maker", "colleague"))

steps = st.one_of(
    st.tuples(st.just("edit"), WHO, edits()),
    st.tuples(st.just("edit"), WHO, edits()),
    st.tuples(st.just("sync"), WHO, st.sampled_from(([], ["", "after"], ["", "before"]))),
    st.tuples(st.just("make"), st.none(), st.none()),
    st.tuples(st.just("bring"), st.integers(0, 3), st.sampled_from(("", "before", "after"))),
    st.tuples(st.just("delete"), WHO, st.none()),
    st.tuples(st.just("take back"), st.none(), st.none()),
)


@pytest.fixture(autouse=True, scope="module")
def quick_words() -> Iterator[None]:
    """Open files at once: what 256,000 rounds are for, other tests look at."""
    connected = bundle_file._connected

    def quickly(path: Path, words: str) -> Any:
        connection = connected(path, words)
        connection.execute("PRAGMA kdf_iter = 2")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle_file, "_connected", quickly)
        yield


class Story:
    """A maker, a colleague and who brings the files, on one shared database."""

    def __init__(self, folder: Path, *, is_carried: bool) -> None:
        self.server = MemoryServer()
        self.server.store(reference_kernen())
        self.people = {
            name: self.server.add_person(name, ("counter_clerk",))
            for name in ("maker", "colleague", "bringer")
        }
        self.laptops = {
            name: Laptop(folder / f"{name}.db", self.server.connect(self.people[name]))
            for name in ("maker", "colleague")
        }
        self.folder, self.is_carried = folder, is_carried
        self.files: list[Path] = []
        self.laptops["maker"].create(initiative(id=PLAN, title="Begin", description="Een.\n"))
        for laptop in self.laptops.values():
            assert laptop.sync()

    def play(self, step: tuple[str, Any, Any]) -> None:
        name, what, more = step
        {
            "edit": self.edit,
            "delete": self.delete,
            "sync": lambda who, cuts: self.laptops[who].sync(cuts),
            "make": self.make,
            "bring": self.bring,
            "take back": self.take_back,
        }[name](what, more)

    def shown(self, who: str) -> Initiative:
        record = self.laptops[who].store.get("initiative", PLAN)
        assert isinstance(record, Initiative)
        return record

    def edit(self, who: str, values: dict[str, Any]) -> None:
        if not self.shown(who).deleted:
            self.laptops[who].edit(self.shown(who), **values)

    def delete(self, who: str, _: None) -> None:
        if not self.shown(who).deleted:
            self.laptops[who].delete(self.shown(who))

    def take_back(self, _: None, __: None) -> None:
        store = self.laptops["maker"].store
        if waiting := store.outbox():
            with suppress(UserProblem):
                store.take_back(waiting[-1].change.id)

    def make(self, _: None, __: None) -> None:
        path = self.folder / f"{len(self.files)}.naober"
        with suppress(BundleProblem):  # nothing waits
            make_bundle(self.laptops["maker"].store, path, WORDS)
            self.files.append(path)

    def bring(self, number: int, cut: str) -> None:
        if number >= len(self.files):
            return
        with Bundle(self.files[number], WORDS) as bundle:
            if self.is_carried:
                network = Network(self.server.connect(self.people["bringer"]))
                network.cuts = ["", "", "", cut]  # greeting, maker, what is known, delivery
                with suppress(Cut):
                    deliver_bundle(bundle, network)
            elif cut != "before":
                for batch in bundle.changes():
                    shared = self.server.connect(self.people["maker"])
                    shared.push([item.change for item in batch])

    def told(self) -> dict[str, object]:
        """Return all that anybody can see, but who brought it and the ids of changes."""
        names = {str(person.id): name for name, person in self.people.items()}
        row = self.server.rows["initiative", PLAN]
        log = [line for line in self.server.log if line["record_id"] == str(PLAN)]
        return {
            "row": (row.values, row.deleted, row.revision),
            "history": [(x["kind"], names[x["person"]], x["fields"]) for x in log],
            "screens": [laptop.snapshot() [str(PLAN)] for laptop in self.laptops.values()],
            "questions": [
                sorted(repr((q.kind, q.conflict)) for q in laptop.store.conflicts())
                for laptop in self.laptops.values()
            ],
            "outbox": [
                [(x.state, x.reason, x.change.kind, x.change.values) for x in laptop.store.outbox()]
                for laptop in self.laptops.values()
            ],
        }  # fmt: skip

    def close(self) -> None:
        for laptop in self.laptops.values():
            laptop.store.close()


@settings(max_examples=20)
@given(script=st.lists(steps, min_size=4, max_size=12), take=st.sampled_from(("mine", "theirs")))
def test_a_delivered_file_is_a_push_whose_answer_was_lost(
    script: list[tuple[str, Any, Any]], take: str
) -> None:
    script = [*script, ("make", None, None), ("bring", 0, ""), ("bring", 0, "")]
    with TemporaryDirectory() as folder:
        ends = []
        for is_carried in (True, False):
            place = Path(folder, str(is_carried))
            place.mkdir()
            with closing(Story(place, is_carried=is_carried)) as story:
                for step in script:
                    story.play(step)
                before = story.told()
                settle(list(story.laptops.values()), take)
                maker, colleague = story.laptops.values()
                assert maker.snapshot() == colleague.snapshot()
                lost = [x for x in maker.saved if repr(x[1:]) not in maker.traces()]
                assert lost == []
                ends.append((before, story.told()))
        assert ends[0] == ends[1]
