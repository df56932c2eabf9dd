"""News of others reaches list and map gently: in place, in few strokes, beside the window's thread."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSignalBlocker
from pytestqt.qtbot import QtBot

from db.changes import SYNC, ChangeSet
from db.entities.initiative import Initiative
from desktop_app.background.jobs import InlineJobRunner
from desktop_app.views.main_window import MainWindow
from desktop_app.views.map_news import FEW
from desktop_app.views.row_news import AT_ONCE
from desktop_app.views.session import Session
from desktop_app.widgets.style import Look
from tests.factories import REKKEN, initiative
from tests.qt.window import a_session, shown

pytestmark = pytest.mark.usefixtures("no_chromium")
PLAN = initiative(title="Dorpsplein Rekken", kern=REKKEN)


class HeldJobs(InlineJobRunner):
    """Does work only when told to, and counts it."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
        self.is_holding = False

    def run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        if self.is_holding:
            self.waiting.append((work, done))
        else:
            super().run(work, done, failed)

    def go_on(self) -> None:
        waiting, self.waiting = self.waiting, []
        for work, done in waiting:
            done(work())


@pytest.fixture
def jobs() -> HeldJobs:
    return HeldJobs()


@pytest.fixture
def window(qtbot: QtBot, look: Look, tmp_path: Path, jobs: HeldJobs) -> Iterator[MainWindow]:
    with a_session(tmp_path, PLAN) as session:
        made = shown(qtbot, Session(session.store, session.bus, jobs))
        jobs.is_holding = True
        yield made
        jobs.is_holding = False


def by_others(window: MainWindow, record: Initiative) -> None:
    """Store what others did, as sync does."""
    store = window.session.store
    store.save(record, store.get("initiative", record.id), SYNC)


def titles(window: MainWindow) -> set[str]:
    model = window.workspace.list.model
    return {one.title_text for one in model.loaded()}


def test_a_record_that_others_changed_changes_in_place(window: MainWindow, jobs: HeldJobs) -> None:
    by_others(window, dataclasses.replace(PLAN, title="Plein van Rekken"))
    assert titles(window) == {"Plein van Rekken"}
    assert PLAN.id in window.session.words.fresh


def test_many_rows_that_others_changed_are_read_beside_the_window(
    window: MainWindow, jobs: HeldJobs
) -> None:
    jobs.is_holding = False
    plans = [initiative(title=f"Plan nummer {number}") for number in range(AT_ONCE + 5)]
    window.session.store.save_new(plans)
    renewed = [dataclasses.replace(one, title=f"{one.title} nieuw") for one in plans]
    jobs.is_holding = True
    bus = window.session.bus
    with QSignalBlocker(bus):
        for one in renewed:
            by_others(window, one)
    bus.committed.emit(ChangeSet.of(SYNC, "initiative", *(one.id for one in plans)))
    assert not any(title.endswith("nieuw") for title in titles(window))
    jobs.go_on()
    assert sum(title.endswith("nieuw") for title in titles(window)) == AT_ONCE + 5


def test_a_new_record_of_others_is_fetched_beside_the_window(
    window: MainWindow, jobs: HeldJobs
) -> None:
    by_others(window, initiative(title="Speeltuin Haarlo"))
    assert titles(window) == {"Dorpsplein Rekken"}
    jobs.go_on()
    assert titles(window) == {"Dorpsplein Rekken", "Speeltuin Haarlo"}
    assert window.workspace.list.total == 2


def test_many_new_records_in_a_row_are_fetched_together(
    qtbot: QtBot, window: MainWindow, jobs: HeldJobs
) -> None:
    jobs.is_holding = False
    fetched: list[object] = []
    pause = window.workspace.list.news._pause
    pause.setInterval(3_600_000)
    window.workspace.list.model.modelReset.connect(lambda: fetched.append(None))
    for number in range(20):
        by_others(window, initiative(title=f"Plan nummer {number}"))
    assert len(fetched) == 1
    pause.setInterval(0)
    qtbot.waitUntil(lambda: window.workspace.list.total == 21)
    assert len(fetched) == 2


def test_an_answer_about_another_selection_is_dropped(window: MainWindow, jobs: HeldJobs) -> None:
    by_others(window, initiative(title="Speeltuin Haarlo"))
    jobs.is_holding = False
    window.search("Rekken")
    jobs.go_on()
    assert titles(window) == {"Dorpsplein Rekken"}


def test_the_map_takes_what_came_meanwhile_together(window: MainWindow, jobs: HeldJobs) -> None:
    news = window.workspace.map_news
    for title in ("Een", "Twee", "Drie"):
        news.on_committed(ChangeSet.of(SYNC, "initiative", PLAN.id))
        by_others(window, dataclasses.replace(PLAN, title=f"Plein {title}"))
    jobs.go_on()
    jobs.go_on()
    area = window.workspace.area
    assert area._features[str(PLAN.id)].title == "Plein Drie"
    assert not jobs.waiting


def test_a_pin_that_others_deleted_goes(window: MainWindow, jobs: HeldJobs) -> None:
    jobs.is_holding = False
    window.session.store.delete(PLAN, SYNC)
    assert str(PLAN.id) not in window.workspace.area._features


def test_very_many_pins_are_loaded_anew(window: MainWindow, jobs: HeldJobs) -> None:
    ids = [initiative().id for _number in range(FEW + 1)]
    window.workspace.map_news.on_committed(ChangeSet.of(SYNC, "initiative", *ids))
    assert len(jobs.waiting) == 1
    jobs.go_on()
