"""Work beside the window: jobs answer on the main thread, news travels, sync goes by itself."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from db.changes import ChangeSet
from db.errors import Refused, Unreachable
from db.local.store import LocalStore
from db.shared.memory import MemoryServer
from db.shared.protocol import SharedDatabase
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.jobs import JobRunner
from desktop_app.background.sync_worker import FIRST_DELAY_S, SyncPhase, SyncState, SyncWorker
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


def test_without_a_connection_it_tries_later_and_later(qtbot: QtBot, store: LocalStore) -> None:
    def nobody() -> SharedDatabase:
        raise Unreachable("niemand thuis")

    worker, states = worker_on(store, nobody)
    with qtbot.waitSignal(worker.state_changed, check_params_cb=_is(SyncPhase.OFFLINE)):
        worker.start()
    with qtbot.waitSignal(worker.state_changed, check_params_cb=_is(SyncPhase.OFFLINE)):
        worker.sync_now()
    worker.stop()
    assert states[-1].next_try is not None
    delays = [worker._backoff_s() for _number in range(9)]
    assert delays[0] > 3 * FIRST_DELAY_S
    assert delays == sorted(delays[:4]) + delays[4:]
    assert max(delays) <= 330


def test_a_refusal_is_told_and_not_tried_again_at_once(qtbot: QtBot, store: LocalStore) -> None:
    def no_entry() -> SharedDatabase:
        raise Refused("Uw toegang is gestopt.", reason="revoked")

    worker, states = worker_on(store, no_entry)
    with qtbot.waitSignal(worker.state_changed, check_params_cb=_is(SyncPhase.REFUSED)):
        worker.start()
    worker.stop()
    assert states[-1].error is not None


def _is(phase: SyncPhase) -> Callable[[SyncState], bool]:
    return lambda state: state.phase is phase
