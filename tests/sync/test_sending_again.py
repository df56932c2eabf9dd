"""Sending again what was refused: nothing doubles, nothing is lost, and one press is enough."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.entities.initiative import Initiative
from db.errors import UserProblem
from db.local import journal, meta
from db.local.engine import writing
from db.local.journal import OutboxState
from db.local.sending_again import again, send_again
from db.local.tidying import TIDIED
from db.reference import reference_kernen
from db.shared.memory import MemoryServer
from tests.factories import initiative
from tests.sync.conftest import Office
from tests.sync.scenes import agree, edit, shared_plan, shown
from tests.sync.test_restored import dump_of, put_back
from tests.sync.test_scope import with_roles
from tests.sync.world import Laptop


def refused(laptop: Laptop) -> list[UUID]:
    return [entry.change.id for entry in laptop.store.outbox([OutboxState.REFUSED])]


def test_the_right_that_comes_back_sends_by_itself(office: Office) -> None:
    """Who gets the right to write need not press anything."""
    plan = shared_plan(office)
    with_roles(office, "reader")
    edit(office.neede, plan, title="Zonder recht")
    assert office.neede.sync()
    assert len(refused(office.neede)) == 1
    with_roles(office, "counter_clerk")
    assert office.neede.sync()
    assert refused(office.neede) == []
    assert agree(office, plan).title == "Zonder recht"


def test_what_was_cleared_away_is_still_offered_to_a_restored_database(office: Office) -> None:
    """Receipts go after 90 days; what arrived is in the history, what was refused never was."""
    plan = shared_plan(office)
    dump = dump_of(office.server)
    with_roles(office, "reader")
    edit(office.neede, plan, title="Mocht niet")
    assert office.neede.sync()
    office.neede.store.take_back(refused(office.neede)[0])
    with_roles(office, "counter_clerk")
    edit(office.neede, plan, title="Lang geleden")
    office.sync()
    with writing(office.neede.store.engine) as connection:
        long_ago = "'2020-01-01T00:00:00+00:00'"
        connection.exec_driver_sql(f"UPDATE outbox SET made_at={long_ago}, receipted_at={long_ago}")
        meta.put(connection, TIDIED, None)
    office.sync()
    assert office.neede.store.receipts() == ()
    put_back(office, dump)
    assert office.neede.sync()
    assert office.neede.store.tally().is_clean
    assert agree(office, plan).title == "Lang geleden"


def test_a_newer_database_gets_what_an_older_one_did_not_know(office: Office) -> None:
    """What was refused as unknown goes out again by itself once the server was brought up to date."""
    plan = shared_plan(office)
    edit(office.neede, plan, title="Nieuwe versie")
    change = office.neede.store.outbox()[0].change
    with writing(office.neede.store.engine) as connection:
        refusal = (change, OutboxState.REFUSED, 7, "unknown_entity:initiative")
        journal.set_states(connection, [refusal])
    assert office.neede.sync()
    assert refused(office.neede) == [change.id]
    office.neede.store.set_meta("server_version", "1")
    assert office.neede.sync()
    assert refused(office.neede) == []
    assert agree(office, plan).title == "Nieuwe versie"


def test_again_without_a_reason_gone_is_refused_once_more(office: Office) -> None:
    """The new change gets a receipt of its own; the old one stays to be looked at."""
    plan = shared_plan(office)
    with_roles(office, "reader")
    edit(office.neede, plan, title="Zonder recht")
    assert office.neede.sync()
    first = refused(office.neede)[0]
    send_again(office.neede.store, first)
    assert office.neede.store.tally().waiting == 1
    assert office.neede.sync()
    assert len(refused(office.neede)) == 1
    assert refused(office.neede) != [first]
    replaced = office.neede.store.outbox([OutboxState.REPLACED])
    assert [(entry.change.id, entry.reason) for entry in replaced] == [(first, "rights")]
    assert shown(office.neede, plan).title == "Zonder recht"


def test_a_second_press_makes_nothing_twice(office: Office) -> None:
    """What goes out again already is not refused any more."""
    plan = shared_plan(office)
    with_roles(office, "reader")
    edit(office.neede, plan, title="Zonder recht")
    assert office.neede.sync()
    first = refused(office.neede)[0]
    send_again(office.neede.store, first)
    with pytest.raises(UserProblem):
        send_again(office.neede.store, first)
    assert send_again(office.neede.store) == ()
    assert len(office.neede.store.outbox()) == 1


def test_a_colleague_who_changed_it_meanwhile_is_asked_about(office: Office) -> None:
    """The base stays what the user saw, so nobody is overwritten."""
    plan = shared_plan(office)
    with_roles(office, "reader")
    edit(office.neede, plan, title="Van Neede")
    assert office.neede.sync()
    edit(office.eibergen, plan, title="Van Eibergen")
    office.sync()
    with_roles(office, "counter_clerk")
    office.sync()
    found = office.neede.store.conflicts()
    assert [dict(item.conflict.theirs)["title"] for item in found] == ["Van Eibergen"]
    assert shown(office.neede, plan).title == "Van Neede"
    assert shown(office.eibergen, plan).title == "Van Eibergen"


def test_a_new_record_goes_with_all_that_was_done_to_it(office: Office) -> None:
    """A refused creation and the edits after it arrive as one record."""
    assert office.neede.sync()
    with_roles(office, "reader")
    plan = initiative(title="Nieuw")
    office.neede.create(plan)
    assert office.neede.sync()
    edit(office.neede, plan, supporters=12)
    assert office.neede.sync()
    with_roles(office, "counter_clerk")
    made = agree(office, plan)
    assert (made.title, made.supporters) == ("Nieuw", 12)


def test_an_edit_takes_the_place_of_a_whole_chain_of_refused_ones(office: Office) -> None:
    """Its base is what the first of them was made on: nobody else changed this."""
    plan = shared_plan(office)
    edit(office.neede, plan, title="Eerst")
    edit(office.neede, plan, title="Daarna")
    with_roles(office, "reader")
    assert office.neede.sync()
    edit(office.neede, plan, title="Ten slotte")
    with_roles(office, "counter_clerk")
    assert agree(office, plan).title == "Ten slotte"


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(["title", "summary", "supporters"])),
        st.tuples(st.just("again"), st.integers(0, 3)),
        st.tuples(st.just("roles"), st.sampled_from(["reader", "counter_clerk"])),
        st.tuples(st.just("sync"), st.sampled_from(["", "after", "crash"])),
        st.tuples(st.just("colleague"), st.just("")),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=40, deadline=None)
@given(ACTS)
def test_whatever_happens_between_nothing_doubles_and_nothing_is_lost(
    acts: list[tuple[str, str | int]],
) -> None:
    """Edits, refusals, presses and broken lines in any order: the last values arrive, each once."""
    with TemporaryDirectory() as folder, closing(Story(Path(folder))) as story:
        for act, what in acts:
            getattr(story, act)(what)
        story.end()


class Story:
    """One person whose right to write comes and goes, and a colleague who edits other fields."""

    def __init__(self, folder: Path) -> None:
        server = MemoryServer()
        server.store(reference_kernen())
        people = [server.add_person(name, ("counter_clerk",)) for name in ("A", "B")]
        laptops = [Laptop(folder / f"{n}.db", server.connect(p)) for n, p in enumerate(people)]
        self.office = Office(server, *laptops)
        self.plan = shared_plan(self.office)
        self.made: dict[str, object] = {}
        self.steps = 0

    def close(self) -> None:
        self.office.neede.store.close()
        self.office.eibergen.store.close()

    def edit(self, name: str) -> None:
        self.steps += 1
        value = self.steps if name == "supporters" else f"Versie {self.steps}"
        edit(self.office.neede, self.plan, **{name: value})
        self.made[name] = value

    def again(self, place: int) -> None:
        found = refused(self.office.neede)
        with writing(self.office.neede.store.engine) as connection:
            if found:
                again(connection, found[place % len(found)])
            else:
                with pytest.raises(UserProblem):
                    again(connection, uuid4())

    def roles(self, role: str) -> None:
        with_roles(self.office, role)

    def sync(self, cut: str) -> None:
        self.office.neede.sync(["", cut] if cut == "after" else [])
        if cut == "crash":
            self.office.neede.crash()

    def colleague(self, _what: str) -> None:
        self.steps += 1
        edit(self.office.eibergen, self.plan, next_action=f"Stap {self.steps}")
        assert self.office.eibergen.sync()

    def end(self) -> None:
        self.roles("counter_clerk")
        self.office.sync()
        if refused(self.office.neede):  # rights may have come back before the refusal was heard
            send_again(self.office.neede.store)
        mine = agree(self.office, self.plan)
        assert isinstance(mine, Initiative)
        for name, value in self.made.items():
            assert getattr(mine, name) == value
        applied = [line["change_id"] for line in self.office.server.log if line.get("change_id")]
        stored = [
            line.change_id
            for line in self.office.neede.store.history(self.plan.id, 500)
            if line.kind == "edit"
        ]
        assert len(stored) == len(set(stored))
        assert len(applied) == len(set(applied))
