"""The sync page by keyboard alone: what waits, what was refused, and the receipts of 90 days."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.changes import Change, now
from db.entities.initiative import Initiative
from db.local import journal
from db.local.engine import writing
from db.local.journal import OutboxState
from db.sync.bundle_file import Bundle
from desktop_app.services.sync_text import SyncNow
from desktop_app.views import carry_dialog, sync_acts
from desktop_app.views.carry_dialog import CarryDialog
from desktop_app.views.main_window import MainWindow
from desktop_app.views.session import Session
from desktop_app.views.sync_page import SyncPage
from desktop_app.widgets.kit.button import Button
from tests.factories import initiative
from tests.qt.window import settle, shown

Key = Qt.Key


@pytest.fixture
def window(qtbot: QtBot, session: Session, no_chromium: None) -> MainWindow:
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


def test_the_focus_is_on_the_button_not_round_the_page(window: MainWindow) -> None:
    assert QApplication.focusWidget() is page_of(window).head.go


def test_all_clean_says_so_on_both_sides(window: MainWindow) -> None:
    """Nothing is left to do, and the left side is not bare."""
    told = words(window)
    assert "Alles is gesynchroniseerd." in told
    assert "Er wacht niets." in told
    assert not page_of(window).cards._bundle.isVisible()


def test_an_unsent_edit_is_taken_back(window: MainWindow) -> None:
    record = added(window, "Plein")
    edited = replace(record, title="Anders")
    window.session.store.save(edited, record)
    assert "2" in words(window)
    tab_to(f"back:{window.session.store.outbox()[1].change.id}")
    press()
    stored = window.session.store.get("initiative", record.id)
    assert isinstance(stored, Initiative)
    assert stored.title == "Plein"
    assert "Teruggenomen" in window.status._words.text()


def test_the_focus_goes_to_the_row_that_took_the_place(window: MainWindow) -> None:
    """Taking back several one after the other needs no walking."""
    for number in range(3):
        added(window, f"Plan {number}")
    first, second, _third = window.session.store.outbox()
    tab_to(f"back:{first.change.id}")
    press()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == f"back:{second.change.id}"


def test_news_leaves_the_focus_where_it_is(window: MainWindow) -> None:
    """A change that comes in meanwhile draws rows anew, under a hand that is about to press."""
    added(window, "Eerst")
    name = f"back:{window.session.store.outbox()[0].change.id}"
    tab_to(name)
    added(window, "Daarna")
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == name


def test_a_refused_change_is_sent_again(window: MainWindow, qtbot: QtBot) -> None:
    added(window, "Plein")
    change = answered(window, OutboxState.REFUSED, 7, "rights")
    assert "u mag dit niet wijzigen" in words(window)
    tab_to(f"again:{change.id}")
    with qtbot.waitSignal(window.command) as asked:
        press()
    assert asked.args == ["sync_now"]
    [waiting] = window.session.store.outbox()
    assert waiting.change.id != change.id
    assert waiting.change.values == change.values
    assert "Vraagt uw aandacht" not in words(window)


def test_all_refused_changes_are_sent_again_at_once(window: MainWindow) -> None:
    for number in range(2):
        added(window, f"Plan {number}")
        answered(window, OutboxState.REFUSED, 7 + number, "rights")
    tab_to("again:all")
    press()
    assert len(window.session.store.outbox()) == 2


def test_a_refused_change_is_turned_back(window: MainWindow) -> None:
    record = added(window, "Plein")
    answered(window, OutboxState.STORED, 6)
    window.session.store.save(replace(record, title="Mag niet"), record)
    change = answered(window, OutboxState.REFUSED, 7, "rights")
    tab_to(f"back:{change.id}")
    press()
    stored = window.session.store.get("initiative", record.id)
    assert isinstance(stored, Initiative)
    assert stored.title == "Plein"
    assert window.session.store.outbox([OutboxState.REFUSED]) == ()


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


def test_what_waits_is_saved_as_a_list(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "wacht.csv"
    monkeypatch.setattr(sync_acts, "file_to_save", lambda *_asked: file)
    added(window, "Plein")
    tab_to("export")
    press()
    assert "Plein" in file.read_text("utf-8-sig")
    assert window.status._words.text() == "1 wijziging geschreven naar wacht.csv."


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


def test_a_database_that_was_emptied_waits_for_an_answer(window: MainWindow, qtbot: QtBot) -> None:
    """Trying again is beside it; only the answer itself offers everything again."""
    window.show_sync(SyncNow("refused", reason="emptied"))
    head = page_of(window).head
    assert head.go.text() == "Alles opnieuw aanbieden"
    assert head.retry.isVisible()
    with qtbot.waitSignal(window.command):
        QTest.keyClick(head.retry, Key.Key_Space)
    assert window.session.store.meta(sync_acts.ACCEPTED) is None
    with qtbot.waitSignal(window.command):
        QTest.keyClick(head.go, Key.Key_Space)
    assert window.session.store.meta(sync_acts.ACCEPTED) == "1"


def test_a_database_that_was_put_back_gets_what_it_lacks(window: MainWindow, qtbot: QtBot) -> None:
    """Offering again is an ordinary cycle: nobody has to accept a loss."""
    window.show_sync(SyncNow("refused", reason="restored"))
    head = page_of(window).head
    assert head.go.text() == "Opnieuw aanbieden"
    with qtbot.waitSignal(window.command) as asked:
        QTest.keyClick(head.go, Key.Key_Space)
    assert asked.args == ["sync_now"]
    assert window.session.store.meta(sync_acts.ACCEPTED) is None


def test_access_that_ended_is_told_in_the_words_of_the_guide(window: MainWindow) -> None:
    for number in range(3):
        added(window, f"Plan {number}")
    window.show_sync(SyncNow("refused", reason="revoked"))
    told = "Uw toegang is gestopt. Uw 3 wijzigingen zijn bewaard. Bel uw beheerder."
    assert told in words(window)
    assert window.status._words.text() == told


def test_narrow_windows_have_one_column_and_reach_everything(window: MainWindow) -> None:
    added(window, "Plein met een heel lange naam waar geen eind aan lijkt te komen")
    answered(window, OutboxState.REFUSED, 7, "overlap")
    window.resize(683, 384)
    settle()
    page = page_of(window)
    area = page._area
    assert area.widget().width() <= area.viewport().width()
    tab_to("back:")
    focus = QApplication.focusWidget()
    assert focus is not None
    top = focus.mapTo(area.viewport(), focus.rect().topLeft()).y()
    assert 0 <= top <= area.viewport().height() - focus.height()
