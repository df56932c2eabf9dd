"""Two counters on a real PostgreSQL: what one does is at the other at once, whatever the line does."""

import dataclasses
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from db.entities.initiative import Initiative
from db.local.store import LocalStore
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import Person
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.heartbeat import Others
from desktop_app.background.sync_state import Pace, SyncPhase, SyncState
from desktop_app.background.sync_worker import SyncWorker
from tests.factories import initiative
from tests.postgres import PostgresSide
from tests.proxy import Proxy
from tests.stores import new_store

NEVER_S = 3_600.0
ONLY_BY_NEWS = Pace(
    poll_s=NEVER_S, first_delay_s=0.05, longest_delay_s=0.2, stalled_s=0.3, hung_s=1.0
)
"""Nothing is found by asking now and then, so a test ends only when it was told."""
FOREVER = Pace(poll_s=NEVER_S, first_delay_s=NEVER_S, longest_delay_s=NEVER_S)
"""Not even a failed try is repeated."""


class Counter:
    """One laptop with its worker."""

    def __init__(
        self, folder: Path, person: Person, url: str, pace: Pace, patience_s: float
    ) -> None:
        self.person = person
        self.store: LocalStore = new_store(folder / f"{person.id}.db", me=person.id)
        self.bus = ChangeBus(self.store)
        self.worker = SyncWorker(
            self.store, lambda: PostgresDatabase(Address(url), patience_s=patience_s), pace
        )
        self.bus.committed.connect(self.worker.on_committed)
        self.states: list[SyncState] = []
        self.others: list[Others] = []
        self.worker.state_changed.connect(self.states.append)
        self.worker.who_changed.connect(self.others.append)
        self.looking = QTimer(interval=50)
        self.looking.timeout.connect(self.worker.look)
        self.looking.start()

    def close(self) -> None:
        self.looking.stop()
        self.worker.stop()
        self.bus.close()
        self.store.close()

    def title_of(self, plan: Initiative) -> str:
        found = self.store.get("initiative", plan.id)
        return found.title_text if found is not None else ""

    def edit(self, plan: Initiative, **values: object) -> None:
        known = self.store.get("initiative", plan.id)
        assert isinstance(known, Initiative)
        self.store.save(dataclasses.replace(known, **values), known)  # type: ignore[arg-type]

    def sees(self) -> list[str]:
        """Return who edits something elsewhere, as last told."""
        latest = self.others[-1] if self.others else {}
        return [one.name for some in latest.values() for one in some]


Counters = Callable[..., Counter]


@pytest.fixture
def counters(tmp_path: Path, real_side: PostgresSide) -> Iterator[Counters]:
    made: list[Counter] = []

    def make(
        name: str, line: Proxy | None = None, pace: Pace = ONLY_BY_NEWS, patience_s: float = 60.0
    ) -> Counter:
        person, _ = real_side.add(name, "counter_clerk")
        url = real_side.personal_url(person)
        made.append(Counter(tmp_path, person, line.url(url) if line else url, pace, patience_s))
        return made[-1]

    yield make
    for counter in made:
        counter.close()


@pytest.fixture
def line(real_side: PostgresSide) -> Iterator[Proxy]:
    with Proxy(real_side.server.port) as proxy:
        yield proxy


def begin(qtbot: QtBot, *counters: Counter) -> None:
    """Start, and wait until each listens."""
    for counter in counters:
        with qtbot.waitSignal(counter.worker.finished, timeout=20_000):
            counter.worker.start()


@contextmanager
def seen(qtbot: QtBot, condition: Callable[[], bool]) -> Iterator[None]:
    yield
    qtbot.waitUntil(condition, timeout=20_000)


def test_a_save_at_one_counter_appears_at_the_other(qtbot: QtBot, counters: Counters) -> None:
    eibergen, neede = counters("Eibergen"), counters("Neede")
    begin(qtbot, eibergen, neede)
    plan = initiative(title="Dorpsplein Rekken")
    with seen(qtbot, lambda: neede.title_of(plan) == "Dorpsplein Rekken"):
        eibergen.store.save(plan, None)
    with seen(qtbot, lambda: eibergen.title_of(plan) == "Dorpsplein"):
        neede.edit(plan, title="Dorpsplein")


def test_who_edits_a_record_is_seen_until_the_form_is_closed(
    qtbot: QtBot, counters: Counters
) -> None:
    eibergen, neede = counters("Eibergen"), counters("Neede")
    begin(qtbot, eibergen, neede)
    plan = initiative()
    with seen(qtbot, lambda: bool(neede.title_of(plan))):
        eibergen.store.save(plan, None)
    with seen(qtbot, lambda: neede.sees() == ["Eibergen"]):
        eibergen.worker.set_editing(frozenset({("initiative", plan.id)}))
    assert neede.others[-1].keys() == {plan.id}
    with seen(qtbot, lambda: neede.sees() == []):
        eibergen.worker.set_editing(frozenset())


def test_who_closes_the_program_edits_nothing_any_more(qtbot: QtBot, counters: Counters) -> None:
    eibergen, neede = counters("Eibergen"), counters("Neede")
    plan = initiative()
    eibergen.store.save(plan, None)
    begin(qtbot, eibergen, neede)
    eibergen.worker.set_editing(frozenset({("initiative", plan.id)}))
    qtbot.waitUntil(lambda: neede.sees() == ["Eibergen"], timeout=20_000)
    with seen(qtbot, lambda: neede.sees() == []):
        eibergen.worker.stop()


def test_losing_the_line_costs_only_the_hint(qtbot: QtBot, counters: Counters, line: Proxy) -> None:
    """It is made anew by itself, without a word, and what was saved meanwhile is here."""
    eibergen, neede = counters("Eibergen"), counters("Neede", line)
    plan = initiative()
    eibergen.store.save(plan, None)
    begin(qtbot, eibergen, neede)
    eibergen.worker.set_editing(frozenset({("initiative", plan.id)}))
    qtbot.waitUntil(lambda: neede.sees() == ["Eibergen"], timeout=20_000)
    with seen(qtbot, lambda: neede.sees() == [] or len(neede.others) > 1):
        line.cut()
    with seen(qtbot, lambda: neede.title_of(plan) == "Nieuw plein"):
        eibergen.edit(plan, title="Nieuw plein")
    qtbot.waitUntil(lambda: neede.sees() == ["Eibergen"], timeout=20_000)
    assert SyncPhase.OFFLINE not in {state.phase for state in neede.states}


def test_a_line_that_died_in_silence_is_replaced(
    qtbot: QtBot, counters: Counters, line: Proxy
) -> None:
    """Nothing tells that it is dead: what is sent gets no answer. A new line works."""
    neede = counters("Neede", line, patience_s=0.3)
    begin(qtbot, neede)
    line.hold_received = line.turns + 1
    plan = initiative()
    neede.store.save(plan, None)
    qtbot.waitUntil(line.held.is_set, timeout=20_000)
    line.hold_received = None
    qtbot.waitUntil(lambda: neede.store.tally().waiting == 0, timeout=20_000)


def test_a_cycle_that_hangs_says_so_and_is_ended_from_outside(
    qtbot: QtBot, counters: Counters, line: Proxy
) -> None:
    neede = counters("Neede", line)
    begin(qtbot, neede)
    line.hold_received = line.turns + 2
    neede.store.save(initiative(), None)
    qtbot.waitUntil(lambda: any(state.stalled_since for state in neede.states), timeout=20_000)
    line.hold_received = None
    qtbot.waitUntil(lambda: neede.store.tally().waiting == 0, timeout=20_000)


def test_it_goes_on_at_once_when_the_network_is_back(
    qtbot: QtBot, counters: Counters, line: Proxy
) -> None:
    neede = counters("Neede", line, FOREVER)
    begin(qtbot, neede)
    line.cut_sent = 0
    line.cut()
    neede.store.save(initiative(), None)
    qtbot.waitUntil(lambda: neede.worker.state.phase is SyncPhase.OFFLINE, timeout=20_000)
    line.cut_sent = None
    with qtbot.waitSignal(neede.worker.finished, timeout=20_000):
        neede.worker.sync_afresh()
    assert neede.store.tally().waiting == 0


def test_another_network_in_the_middle_of_a_cycle_is_not_waited_for(
    qtbot: QtBot, counters: Counters, line: Proxy
) -> None:
    neede = counters("Neede", line, dataclasses.replace(ONLY_BY_NEWS, hung_s=NEVER_S))
    begin(qtbot, neede)
    line.hold_received = line.turns + 2
    neede.store.save(initiative(), None)
    qtbot.waitUntil(line.held.is_set, timeout=20_000)
    line.hold_received = None
    neede.worker.sync_afresh()
    qtbot.waitUntil(lambda: neede.store.tally().waiting == 0, timeout=20_000)


def test_stopping_in_a_cycle_that_hangs_is_quick_and_loses_nothing(
    qtbot: QtBot, counters: Counters, line: Proxy
) -> None:
    neede = counters("Neede", line, FOREVER)
    begin(qtbot, neede)
    line.hold_received = line.turns + 2
    neede.store.save(initiative(), None)
    qtbot.waitUntil(line.held.is_set, timeout=20_000)
    neede.worker.stop()
    assert "sync" not in {thread.name for thread in threading.enumerate()}
    assert neede.store.tally().waiting == 1


def test_stopping_while_nobody_answers_the_door_does_not_keep_the_program_open(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """A line that is still being made can't be broken off; what is left behind touches nothing."""
    store = new_store(tmp_path / "store.db")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://anna@127.0.0.1:{silent.getsockname()[1]}/naoberkaart"
        address = Address(url, timeout_s=2)
        pace = dataclasses.replace(FOREVER, stop_s=0.3)
        worker = SyncWorker(store, lambda: PostgresDatabase(address), pace)
        worker.start()
        answered, _ = silent.accept()
        left_behind = [one for one in threading.enumerate() if one.name == "sync"]
        worker.stop()
        store.close()
        for thread in left_behind:
            thread.join()
        answered.close()
    worker._waker.close()
    assert worker.state.phase is SyncPhase.OFFLINE


def test_a_burst_of_saves_is_sent_together(qtbot: QtBot, counters: Counters) -> None:
    neede = counters("Neede", pace=dataclasses.replace(ONLY_BY_NEWS, settle_s=0.2))
    begin(qtbot, neede)
    cycles: list[object] = []
    neede.worker.finished.connect(cycles.append)
    for _number in range(30):
        neede.store.save(initiative(), None)
    qtbot.waitUntil(lambda: neede.store.tally().waiting == 0, timeout=20_000)
    assert len(cycles) < 15
