"""A window on a real store for tests: jobs run at once, and Chromium stays out of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from db.fields import Record
from db.local.store import LocalStore
from desktop_app import i18n
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.jobs import InlineJobRunner
from desktop_app.tokens import Appearance
from desktop_app.views.main_window import MainWindow
from desktop_app.views.session import Session
from desktop_app.widgets.map_view import MapView
from desktop_app.widgets.style import Look
from tests.stores import new_store

SIZE = (1366, 768)


@contextmanager
def a_session(folder: Path, *records: Record) -> Iterator[Session]:
    """Give a session on a store with the kernen and these records."""
    store: LocalStore = new_store(folder / "store.db")
    store.save_new(records)
    bus = ChangeBus(store)
    try:
        yield Session(store, bus, InlineJobRunner())
    finally:
        bus.close()
        store.close()


@pytest.fixture(scope="module")
def look(qapp: QApplication) -> Iterator[Look]:
    """Dress the application, in Dutch; for a whole module, as Qt wants no other style under widgets."""
    i18n.use("nl")
    font, palette = qapp.font(), qapp.palette()
    made = Look(qapp, Appearance.LIGHT)
    yield made
    settle()
    made.set_appearance(Appearance.SYSTEM)
    delete(made)
    qapp.setStyle("Fusion")
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def no_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the map a plain widget: what is asked of it is remembered as wishes."""
    monkeypatch.setattr(MapView, "_create", lambda self: None)


@pytest.fixture
def session(tmp_path: Path, look: Look) -> Iterator[Session]:
    """Give a session on a store with only the kernen in it."""
    with a_session(tmp_path) as made:
        yield made


def shown(qtbot: QtBot, session: Session, place: str = "initiative", **size: Any) -> MainWindow:
    """Show a window at a place and return it."""
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=lambda one: one.acts.forget_cancelled())
    window.resize(size.get("width", SIZE[0]), size.get("height", SIZE[1]))
    window.go(place)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


def settle() -> None:
    """Carry out what was put off: deletions and posted events."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
