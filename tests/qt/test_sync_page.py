"""The sync page by keyboard alone: what waits, what was refused, and what blocks."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.changes import now
from db.entities.initiative import Initiative
from db.local.journal import OutboxState
from db.sync.restoring import OFFERED
from desktop_app.services.sync_text import SyncNow
from desktop_app.views import sync_acts
from desktop_app.views.main_window import MainWindow
from desktop_app.views.session import Session
from tests.qt.sync_hands import Key, added, answered, page_of, press, sync_window, tab_to, words
from tests.qt.window import settle


@pytest.fixture
def window(qtbot: QtBot, session: Session, no_chromium: None) -> MainWindow:
    return sync_window(qtbot, session)


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


def test_a_restored_database_is_told_until_it_was_seen(window: MainWindow) -> None:
    told = json.dumps({"at": now().isoformat(), "count": 7})
    window.session.store.set_meta(OFFERED, told)
    page_of(window).refresh()
    assert "teruggezet naar een oudere stand" in words(window)
    assert "7 wijzigingen van deze laptop zijn opnieuw aangeboden." in words(window)
    tab_to("seen")
    press()
    assert "teruggezet" not in words(window)
    assert window.session.store.meta(OFFERED) is None
    assert QApplication.focusWidget() is page_of(window).head.go
