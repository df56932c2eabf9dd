"""From the sync page by keyboard alone: the receipts of 90 days, and unsent work on a stick."""

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.local.engine import writing
from db.local.journal import OutboxState
from db.sync.bundle_file import Bundle
from desktop_app.views import carry_dialog
from desktop_app.views.carry_dialog import CarryDialog
from desktop_app.views.main_window import MainWindow
from desktop_app.views.session import Session
from desktop_app.widgets.kit.button import Button
from tests.qt.sync_hands import Key, added, answered, page_of, press, sync_window, tab_to, words


@pytest.fixture
def window(qtbot: QtBot, session: Session, no_chromium: None) -> MainWindow:
    return sync_window(qtbot, session)


def test_receipts_are_searched_and_opened(window: MainWindow, qtbot: QtBot) -> None:
    """Enter on the link, type, down, Enter: the record stands open."""
    for number, title in enumerate(("Moestuin", "Speelbos")):
        added(window, title)
        answered(window, OutboxState.STORED, 48_210 + number)
    tab_to("receipts")
    press()
    page = page_of(window).receipts
    assert QApplication.focusWidget() is page.search
    assert page.list.count == 2
    QTest.keyClicks(page.search, "moest")
    qtbot.waitUntil(lambda: page.list.count == 1)
    press(Key.Key_Down)
    assert QApplication.focusWidget() is page.view
    press(Key.Key_Return)
    assert window.place.key == "initiative"
    assert window.workspace.panel.record is not None
    assert window.workspace.panel.record.title_text == "Moestuin"


def test_the_menu_leads_to_the_receipts(window: MainWindow) -> None:
    window.go("initiative")
    window.run("receipts")
    assert page_of(window).currentWidget() is page_of(window).receipts
    window.go("initiative")
    window.go("sync")
    assert page_of(window).currentWidget() is not page_of(window).receipts


def test_examples_go_on_no_stick(window: MainWindow) -> None:
    window.session.store.set_meta("example", "1")
    added(window, "Plein")
    assert "Opslaan als lijst" in [one.text() for one in page_of(window).findChildren(Button)]
    assert not page_of(window).cards._bundle.isVisible()


def test_the_keys_pass_over_the_day_headings(window: MainWindow) -> None:
    for number, title in enumerate(("Vandaag een", "Eerder een")):
        added(window, title)
        change = answered(window, OutboxState.STORED, 2 - number)
    with writing(window.session.store.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET receipted_at = '2026-11-01T09:00:00+00:00' WHERE change_id = ?",
            (str(change.id),),
        )
    page_of(window).show_receipts()
    view, rows = page_of(window).receipts.view, page_of(window).receipts.list
    assert [rows.is_heading(row) for row in range(rows.rowCount())] == [True, False, True, False]
    press(Key.Key_Down)
    assert view.currentIndex().row() == 1
    press(Key.Key_Down)
    assert view.currentIndex().row() == 3
    press(Key.Key_Up)
    assert view.currentIndex().row() == 1


def test_escape_goes_back_from_the_receipts_to_the_page(window: MainWindow) -> None:
    page_of(window).show_receipts()
    assert "Er is nog niets aangekomen." in words(window)
    press(Key.Key_Escape)
    assert window.place.key == "sync"
    assert QApplication.focusWidget() is page_of(window).head.go


def test_unsent_work_goes_on_a_stick(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """The words on the screen open the file, and nothing leaves this laptop."""
    file = tmp_path / "werk.naober"
    monkeypatch.setattr(carry_dialog, "file_to_save", lambda *_asked: file)
    added(window, "Plein")
    tab_to("bundle")
    with qtbot.waitSignal(window.command) as asked:
        press()
    assert asked.args == ["bundle_make"]
    dialog = CarryDialog(window.session, window)
    dialog.open()
    QTest.keyClick(dialog.go, Key.Key_Space)
    with Bundle(file, dialog.words.accessibleName()) as bundle:
        assert bundle.about.changes == 1
    assert "1 wijziging" in dialog.message.accessibleName()
    assert len(window.session.store.outbox()) == 1
    QTest.keyClick(dialog.stop, Key.Key_Space)
    assert not dialog.isVisible()
    dialog.deleteLater()


def test_a_stick_that_cannot_be_written_is_told(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another file may be chosen then; the work is still here."""
    added(window, "Plein")
    monkeypatch.setattr(carry_dialog, "file_to_save", lambda *_asked: tmp_path / "weg" / "x.naober")
    dialog = CarryDialog(window.session, window)
    dialog.open()
    QTest.keyClick(dialog.go, Key.Key_Space)
    assert dialog.message.isVisible()
    assert dialog.go.isEnabled()
    dialog.reject()
    dialog.deleteLater()
    assert len(window.session.store.outbox()) == 1
