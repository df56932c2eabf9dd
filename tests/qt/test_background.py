"""Work beside the window: jobs answer on the main thread, news travels, sync goes by itself."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from db.changes import SYNC, ChangeSet
from db.errors import Refused, Unreachable
from db.local.store import LocalStore
from db.shared.live import News, Waker
from db.shared.memory import MemoryDatabase, MemoryServer
from db.shared.protocol import SharedDatabase
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.jobs import JobRunner
from desktop_app.background.sync_state import Pace, SyncPhase, SyncState
from desktop_app.background.sync_worker import SyncWorker
from tests.contract.changes import made, push_one
from tests.factories import initiative
from tests.stores import a_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with a_store(tmp_path) as made:
        yield made


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.close()


def test_a_job_works_elsewhere_and_answers_here(qtbot: QtBot, jobs: JobRunner) -> None:
    answers: list[tuple[int, bool]] = []
    main = threading.get_ident()

    def done(worked_in: int) -> None:
        answers.append((worked_in, threading.get_ident() == main))

    jobs.run(threading.get_ident, done)
    qtbot.waitUntil(lambda: bool(answers))
    worked_in, is_here = answers[0]
    assert worked_in != main
    assert is_here


def test_a_job_that_fails_says_so_here(qtbot: QtBot, jobs: JobRunner) -> None:
    heard: list[Exception] = []

    def work() -> None:
        raise Unreachable("niemand thuis")

    jobs.run(work, lambda _nothing: None, heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert isinstance(heard[0], Unreachable)


class Asker(QObject):
    """Something in a window that asked for work."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[int] = []

    def hear(self, answer: int) -> None:
        self.heard.append(answer)


def test_an_answer_for_a_window_that_was_closed_is_dropped(qtbot: QtBot, jobs: JobRunner) -> None:
    gone, there = Asker(), Asker()
    jobs.run(lambda: 1, gone.hear)
    delete(gone)
    jobs.run(lambda: 2, there.hear)
    qtbot.waitUntil(lambda: there.heard == [2])
    assert gone.heard == []


def test_any_thread_may_report_progress(qtbot: QtBot, jobs: JobRunner) -> None:
    told: list[int] = []
    report = jobs.on_main_thread(told.append)
    jobs.run(lambda: [report(number) for number in range(3)], lambda _nothing: None)
    qtbot.waitUntil(lambda: told == [0, 1, 2])


def test_news_from_another_thread_arrives_here(
    qtbot: QtBot, store: LocalStore, jobs: JobRunner
) -> None:
    bus = ChangeBus(store)
    heard: list[tuple[ChangeSet, bool]] = []

    ear = QObject()

    def hear(news: ChangeSet) -> None:
        heard.append((news, QThread.currentThread() == ear.thread()))

    bus.committed.connect(hear)
    record = initiative()
    jobs.run(lambda: store.save(record, None), lambda _saved: None)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[0][0].touches(record.id)
    bus.close()


def worker_on(
    store: LocalStore, connect: Callable[[], SharedDatabase]
) -> tuple[SyncWorker, list[SyncState]]:
    worker = SyncWorker(store, connect)
    states: list[SyncState] = []
    worker.state_changed.connect(states.append)
    return worker, states


def test_work_that_waits_is_sent_by_itself(qtbot: QtBot, store: LocalStore) -> None:
    server = MemoryServer()
    person = server.add_person("Balie Eibergen", ["counter_clerk"])
    store.save(initiative(), None)
    worker, states = worker_on(store, lambda: server.connect(person))
    with qtbot.waitSignal(worker.finished):
        worker.start()
    worker.stop()
    assert store.tally().waiting == 0
    assert states[0].phase is SyncPhase.WORKING
    assert worker.state.phase is SyncPhase.QUIET


def test_a_save_wakes_the_worker(qtbot: QtBot, store: LocalStore) -> None:
    server = MemoryServer()
    person = server.add_person("Balie Eibergen", ["counter_clerk"])
    bus = ChangeBus(store)
    worker, _states = worker_on(store, lambda: server.connect(person))
    bus.committed.connect(worker.on_committed)
    with qtbot.waitSignal(worker.finished):
        worker.start()
    qtbot.waitUntil(lambda: worker.state.phase is SyncPhase.QUIET)
    with qtbot.waitSignal(worker.finished):
        store.save(initiative(), None)
    worker.stop()
    bus.close()
    assert store.tally().waiting == 0


def test_without_a_connection_it_says_when_it_tries_again(qtbot: QtBot, store: LocalStore) -> None:
    def nobody() -> SharedDatabase:
        raise Unreachable("niemand thuis")

    worker, states = worker_on(store, nobody)
    with qtbot.waitSignal(worker.state_changed, check_params_cb=_is(SyncPhase.OFFLINE)):
        worker.start()
    with qtbot.waitSignal(worker.state_changed, check_params_cb=_is(SyncPhase.OFFLINE)):
        worker.sync_now()
    worker.stop()
    assert states[-1].next_try is not None


def test_a_refusal_is_told_and_not_tried_again_at_once(qtbot: QtBot, store: LocalStore) -> None:
    def no_entry() -> SharedDatabase:
        raise Refused("Uw toegang is gestopt.", reason="revoked")

    worker, states = worker_on(store, no_entry)
    with qtbot.waitSignal(worker.state_changed, check_params_cb=_is(SyncPhase.REFUSED)):
        worker.start()
    worker.stop()
    assert states[-1].error is not None


class Wrapped:
    """A connection in memory on which one call can be held up, and calls are counted."""

    def __init__(self, database: SharedDatabase) -> None:
        self._database = database
        self.held = threading.Event()
        self.may_go_on = threading.Event()
        self.holds = ""

    def __getattr__(self, name: str) -> Any:
        if name == self.holds:
            self.holds = ""
            self.held.set()
            self.may_go_on.wait(20)
        return getattr(self._database, name)


def test_what_is_saved_during_a_cycle_is_sent_right_after_it(
    qtbot: QtBot, store: LocalStore
) -> None:
    server = MemoryServer()
    shared = Wrapped(server.connect(server.add_person("Balie Eibergen", ["counter_clerk"])))
    shared.holds = "pull"
    bus = ChangeBus(store)
    worker, _states = worker_on(store, lambda: shared)  # type: ignore[arg-type,return-value]
    bus.committed.connect(worker.on_committed)
    worker.start()
    qtbot.waitUntil(shared.held.is_set)
    store.save(initiative(), None)
    shared.may_go_on.set()
    qtbot.waitUntil(lambda: store.tally().waiting == 0)
    worker.stop()
    bus.close()


def test_two_workers_of_a_store_never_run_a_cycle_together(qtbot: QtBot, store: LocalStore) -> None:
    server, turn = MemoryServer(), threading.Lock()
    person = server.add_person("Balie Eibergen", ["counter_clerk"])
    slow = Wrapped(server.connect(person))
    slow.holds = "hello"
    first = SyncWorker(store, lambda: slow, turn=turn)  # type: ignore[arg-type,return-value]
    second = SyncWorker(store, lambda: server.connect(person), turn=turn)
    first.start()
    qtbot.waitUntil(slow.held.is_set)
    with qtbot.assertNotEmitted(second.state_changed):
        second.start()
    with qtbot.waitSignal(second.finished):
        slow.may_go_on.set()
    second.stop()
    first.stop()


class Deaf(MemoryDatabase):
    """A line on which no notice comes through, as behind some connection pools."""

    def hear(self, timeout_s: float, waker: Waker) -> frozenset[News]:
        waker.wait(timeout_s)
        return frozenset()


def test_without_notices_news_is_found_by_asking(qtbot: QtBot, store: LocalStore) -> None:
    server = MemoryServer()
    anna, bram = (server.add_person(name, ["counter_clerk"]) for name in ("Anna", "Bram"))
    worker = SyncWorker(store, lambda: Deaf(server, anna), Pace(poll_s=0.05))
    with qtbot.waitSignal(worker.finished):
        worker.start()
    plan = initiative()
    push_one(server.connect(bram), made(plan))
    qtbot.waitUntil(lambda: store.get("initiative", plan.id) is not None)
    worker.stop()


def test_a_refusal_on_a_kept_line_is_not_tried_again(qtbot: QtBot, store: LocalStore) -> None:
    server = MemoryServer()
    person = server.add_person("Balie Eibergen", ["counter_clerk"])
    tries: list[SharedDatabase] = []

    def connect() -> SharedDatabase:
        tries.append(server.connect(person))
        return tries[-1]

    worker, _states = worker_on(store, connect)
    with qtbot.waitSignal(worker.finished):
        worker.start()
    server.least_client = 99
    with qtbot.waitSignal(worker.state_changed, check_params_cb=_is(SyncPhase.REFUSED)):
        worker.sync_now()
    worker.stop()
    assert len(tries) == 1


def test_what_sync_brings_in_quick_succession_is_told_in_few_strokes(
    qtbot: QtBot, store: LocalStore, jobs: JobRunner
) -> None:
    """A window that draws a thousand changes one by one would stand still."""
    bus = ChangeBus(store)
    heard: list[ChangeSet] = []
    bus.committed.connect(heard.append)
    ids = [uuid4() for _number in range(1_000)]

    def work() -> None:
        for one in ids:
            store.announce(ChangeSet.of(SYNC, "initiative", one))
        store.announce(ChangeSet(SYNC, {}))

    jobs.run(work, lambda _nothing: None)
    qtbot.waitUntil(lambda: bool(heard) and heard[-1].touches(ids[-1]))
    bus.close()
    assert {one for news in heard for one in news.ids["initiative"]} == set(ids)
    assert len(heard) < 20


def test_own_saves_are_told_at_once(qtbot: QtBot, store: LocalStore) -> None:
    bus = ChangeBus(store)
    heard: list[ChangeSet] = []
    bus.committed.connect(heard.append)
    store.save(initiative(), None)
    bus.close()
    assert len(heard) == 1


def _is(phase: SyncPhase) -> Callable[[SyncState], bool]:
    return lambda state: state.phase is phase
