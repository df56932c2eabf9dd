"""Taking back what has no receipt yet, in any order and at any moment: as if it had not been made."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.errors import UserProblem
from db.local.journal import OWN, OutboxState
from db.reference import reference_kernen
from db.shared.memory import MemoryServer
from tests.factories import initiative
from tests.sync.conftest import Office
from tests.sync.scenes import agree, edit, shared_plan, shown
from tests.sync.test_scope import with_roles
from tests.sync.world import Laptop

FIELDS = ("title", "summary", "supporters")

ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(FIELDS)),
        st.tuples(st.just("back"), st.integers(0, 5)),
        st.tuples(st.just("roles"), st.sampled_from(["reader", "counter_clerk"])),
        st.tuples(st.just("sync"), st.sampled_from(["", "crash", "cut"])),
        st.tuples(st.just("colleague"), st.just("")),
    ),
    min_size=1,
    max_size=14,
)


class Story:
    """One person who edits and takes back, and a colleague who edits another field.

    `made` holds per field what still counts, oldest first: (change, value). The first is what was
    there before.
    """

    def __init__(self, folder: Path) -> None:
        server = MemoryServer()
        server.store(reference_kernen())
        people = [server.add_person(name, ("counter_clerk",)) for name in ("A", "B")]
        laptops = [Laptop(folder / f"{n}.db", server.connect(p)) for n, p in enumerate(people)]
        self.office = Office(server, *laptops)
        self.plan = shared_plan(self.office)
        self.made: dict[str, list[tuple[UUID | None, object]]] = {
            name: [(None, getattr(self.plan, name))] for name in FIELDS
        }
        self.steps = 0

    def close(self) -> None:
        self.office.neede.store.close()
        self.office.eibergen.store.close()

    def edit(self, name: str) -> None:
        self.steps += 1
        value = self.steps if name == "supporters" else f"Versie {self.steps}"
        edit(self.office.neede, self.plan, **{name: value})
        own = [entry.change.id for entry in self.office.neede.store.outbox(OWN, limit=-1)]
        # An edit takes the place of refused ones of the same field: they go with it.
        kept = [one for one in self.made[name] if one[0] is None or one[0] in own]
        self.made[name] = [*kept, (own[-1], value)]

    def back(self, place: int) -> None:
        found = self.office.neede.store.outbox(OWN, limit=-1)
        if not found:
            return
        change = found[place % len(found)].change
        self.office.neede.store.take_back(change.id)
        for name in change.values:
            if name in self.made:
                self.made[name] = [one for one in self.made[name] if one[0] != change.id]

    def roles(self, role: str) -> None:
        with_roles(self.office, role)

    def sync(self, how: str) -> None:
        self.office.neede.sync(["", "after"] if how == "cut" else [])
        if how == "crash":
            self.office.neede.crash()
        arrived = {e.change.id for e in self.office.neede.store.outbox([OutboxState.STORED], -1)}
        for name, made in self.made.items():
            stored = [n for n, one in enumerate(made) if one[0] in arrived]
            if stored:
                self.made[name] = [(None, made[stored[-1]][1]), *made[stored[-1] + 1 :]]

    def colleague(self, _what: str) -> None:
        self.steps += 1
        edit(self.office.eibergen, self.plan, next_action=f"Stap {self.steps}")
        assert self.office.eibergen.sync()

    def look(self) -> None:
        """What is shown is what was made last and not taken back."""
        mine = shown(self.office.neede, self.plan)
        for name, made in self.made.items():
            assert getattr(mine, name) == made[-1][1], (name, made)

    def end(self) -> None:
        self.roles("counter_clerk")
        self.sync("")  # an answer that was lost may be a refusal
        for entry in reversed(self.office.neede.store.outbox([OutboxState.REFUSED], -1)):
            self.office.neede.store.take_back(entry.change.id)
            for name in entry.change.values:
                if name in self.made:
                    self.made[name] = [m for m in self.made[name] if m[0] != entry.change.id]
        agree(self.office, self.plan)
        self.look()


@settings(max_examples=40, deadline=None)
@given(ACTS)
def test_what_is_taken_back_was_never_made(acts: list[tuple[str, str | int]]) -> None:
    """Whatever is taken back in whatever order, the rest stays, and both laptops end equal."""
    with TemporaryDirectory() as folder, closing(Story(Path(folder))) as story:
        for act, what in acts:
            getattr(story, act)(what)
            story.look()
        story.end()


def test_what_may_have_arrived_is_answered_by_a_counter_change(office: Office) -> None:
    """The answer was lost: others may have seen it, so it is changed back, and that arrives."""
    plan = shared_plan(office)
    edit(office.neede, plan, title="Te vroeg")
    assert not office.neede.sync(["", "after"])
    [entry] = office.neede.store.outbox()
    assert entry.state is OutboxState.SENT
    office.neede.store.take_back(entry.change.id)
    assert shown(office.neede, plan).title == plan.title
    assert agree(office, plan).title == plan.title


def test_taking_back_twice_changes_nothing_more(office: Office) -> None:
    """The second press says that there is nothing to take back."""
    plan = shared_plan(office)
    edit(office.neede, plan, title="Te vroeg")
    [entry] = office.neede.store.outbox()
    office.neede.store.take_back(entry.change.id)
    with pytest.raises(UserProblem):
        office.neede.store.take_back(entry.change.id)
    assert agree(office, plan).title == plan.title


def test_a_new_record_is_taken_back_with_all_that_was_done_to_it(office: Office) -> None:
    """Nothing of it reaches anyone, and it can still be brought back here."""
    assert office.neede.sync()
    plan = initiative(title="Bij nader inzien niet")
    office.neede.create(plan)
    edit(office.neede, plan, supporters=3)
    office.neede.store.take_back(office.neede.store.outbox()[0].change.id)
    office.sync()
    assert office.neede.store.tally().is_clean
    assert office.eibergen.store.get("initiative", plan.id) is None
    gone = shown(office.neede, plan)
    assert gone.deleted
    office.neede.store.restore(gone)
    made = agree(office, plan)
    assert (made.title, made.supporters) == ("Bij nader inzien niet", 3)


def test_what_was_decided_afterwards_stays_when_a_refused_edit_is_taken_back(
    office: Office,
) -> None:
    """The decision came to the same value by itself, and is still to be sent."""
    plan = shared_plan(office)
    edit(office.neede, plan, title="Van Neede")
    office.eibergen.delete(plan)
    assert office.eibergen.sync()
    assert office.neede.sync()
    with_roles(office, "reader")
    edit(office.neede, plan, title="Beter")
    assert office.neede.sync()
    [refused] = office.neede.store.outbox([OutboxState.REFUSED])
    [question] = office.neede.store.conflicts()
    office.neede.store.resolve(question.id, {"deleted": False})
    office.neede.store.take_back(refused.change.id)
    assert shown(office.neede, plan).title == "Beter"
    with_roles(office, "counter_clerk")
    assert agree(office, plan).title == "Beter"
