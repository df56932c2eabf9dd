"""A decision about a double edit is taken back later, too: when its bar has gone, by keyboard."""

import dataclasses

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.fields import Record
from desktop_app.views.conflict_view import ConflictView
from desktop_app.views.session import Session
from tests.qt.merge_page import CTRL, Open, press
from tests.qt.sync_hands import Key, tab_to
from tests.qt.window import settle

pytestmark = pytest.mark.usefixtures("no_chromium")


def decided(opened: Open, session: Session) -> ConflictView:
    """Choose theirs everywhere, save, and let the undo bar go."""
    window, page = opened()
    press(window, "1", "1")
    press(window, Key.Key_Return, modifier=CTRL)
    assert session.store.conflicts() == ()
    page.undo_bar.hide()
    settle()
    return page


def take_back() -> None:
    tab_to("undo:")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Space)
    settle()


def test_a_decision_can_be_taken_back_when_its_bar_has_gone(
    double_edit: Record, opened: Open, session: Session
) -> None:
    page = decided(opened, session)
    assert page.empty.recent.isVisible()
    take_back()
    assert len(session.store.conflicts([double_edit.id])) == 2
    assert page.merge is not None
    assert page.merge.record_id == double_edit.id
    assert page.record.isAncestorOf(page.window().focusWidget())
    assert not page.list.recent.isVisible()
    assert session.undo.undo_text == ""  # it can't be taken back twice


def test_one_that_was_changed_since_says_so_and_stays(
    double_edit: Record, opened: Open, session: Session
) -> None:
    page = decided(opened, session)
    stored = session.store.get("initiative", double_edit.id)
    assert stored is not None
    session.store.save(dataclasses.replace(stored, summary="Nog later"), stored)  # type: ignore[call-arg]
    take_back()
    assert session.store.conflicts() == ()
    assert page.undoing.problem.isVisible()
    assert "Iemand heeft dit sindsdien gewijzigd" in page.undoing.problem.accessibleName()


def test_without_decisions_there_is_no_list(opened: Open, qtbot: QtBot) -> None:
    _window, page = opened()
    assert not page.empty.recent.isVisible()
