"""A window at the sync page, and hands that reach its buttons by Tab alone."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.changes import Change, now
from db.entities.initiative import Initiative
from db.local import journal
from db.local.engine import writing
from db.local.journal import OutboxState
from desktop_app.views.main_window import MainWindow
from desktop_app.views.session import Session
from desktop_app.views.sync_page import SyncPage
from tests.factories import initiative
from tests.qt.window import settle, shown

Key = Qt.Key


def sync_window(qtbot: QtBot, session: Session) -> MainWindow:
    """Show the sync page of a laptop that is connected and in step."""
    session.store.set_meta("epoch", "00000000-0000-4000-8000-000000000001")
    session.store.set_meta("last_sync", now().isoformat())
    return shown(qtbot, session, "sync")


def page_of(window: MainWindow) -> SyncPage:
    page = window.pages["sync"]
    assert isinstance(page, SyncPage)
    return page


def added(window: MainWindow, title: str) -> Initiative:
    record = window.session.store.save(initiative(title=title), None).record
    assert isinstance(record, Initiative)
    return record


def answered(window: MainWindow, state: OutboxState, receipt: int, reason: str = "") -> Change:
    """Let the last change that waits have been answered."""
    store = window.session.store
    change = store.outbox()[-1].change
    with writing(store.engine) as connection:
        journal.set_state(connection, change, state, receipt=receipt, reason=reason or None)
    page_of(window).refresh()
    return change


def words(window: MainWindow) -> str:
    """Return all the words in sight on the page."""
    labels = page_of(window).findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def tab_to(name: str) -> None:
    """Walk with Tab until the button of this name has the focus."""
    settle()
    for _step in range(30):
        focus = QApplication.focusWidget()
        if focus is not None and focus.objectName().startswith(name):
            return
        QTest.keyClick(focus, Key.Key_Tab)
    raise LookupError(name)


def press(key: Qt.Key = Key.Key_Space) -> None:
    QTest.keyClick(QApplication.focusWidget(), key)
    settle()
