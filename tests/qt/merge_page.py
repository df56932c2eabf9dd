"""The page of double edits in a real window, and one record that two people changed."""

from collections.abc import Callable
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.entities.people import Staff
from db.fields import Record
from desktop_app.services.asked import Take
from desktop_app.views.conflict_view import ConflictView
from desktop_app.views.main_window import MainWindow
from desktop_app.views.session import Session
from tests.e2e.double_edits import ask
from tests.factories import initiative
from tests.qt.window import shown

CTRL = Qt.KeyboardModifier.ControlModifier
THERE = {"type": "Point", "coordinates": [246733.0, 456998.0]}
HERE = {"type": "Point", "coordinates": [246673.0, 457058.0]}


@pytest.fixture
def colleague(session: Session) -> UUID:
    person = Staff(name="Balie Neede")
    session.store.save_new([person], as_example=True)
    return person.id


@pytest.fixture
def double_edit(session: Session, colleague: UUID) -> Record:
    """Return an initiative whose summary and place both changed."""
    made = session.store.save(initiative(summary="Een dak."), None).record
    ask(
        session.store,
        made,
        {"summary": "Een groen dak.", "geometry": HERE | {"coordinates": [246680.0, 457060.0]}},
        {"summary": "Een dak met zon.", "geometry": THERE},
        colleague,
    )
    return made


Open = Callable[[], tuple[MainWindow, ConflictView]]


@pytest.fixture
def opened(qtbot: QtBot, session: Session) -> Open:
    def go() -> tuple[MainWindow, ConflictView]:
        window = shown(qtbot, session, "merge")
        qtbot.waitUntil(window.isActiveWindow)
        page = window.pages["merge"]
        assert isinstance(page, ConflictView)
        return window, page

    return go


def press(
    window: MainWindow, *keys: Qt.Key | str, modifier: Qt.KeyboardModifier | None = None
) -> int:
    """Press keys one by one where the focus is; return how many."""
    for key in keys:
        focus = window.focusWidget()
        assert focus is not None
        if isinstance(key, str):
            QTest.keyClicks(focus, key)
        else:
            QTest.keyClick(focus, key, modifier or Qt.KeyboardModifier.NoModifier)
    return len(keys)


def takes(page: ConflictView) -> list[Take | None]:
    return [view.question.take for view in page.record.views]


def stored(session: Session, record: Record) -> Record:
    found = session.store.get(record.ENTITY, record.id)
    assert found is not None
    return found
