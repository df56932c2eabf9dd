"""The page of double edits, done with keys alone: choose, postpone, finish, undo."""

from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from db.fields import Record
from db.local.conflicts import DELETED_THERE
from desktop_app.services.asked import Take
from desktop_app.views.conflict_view import ConflictView
from desktop_app.views.session import Session
from tests.e2e.double_edits import ask
from tests.factories import initiative, premises
from tests.qt.merge_page import CTRL, Open, press, stored, takes

pytestmark = pytest.mark.usefixtures("no_chromium")


def test_a_question_of_two_fields_takes_three_keys(
    session: Session, double_edit: Record, opened: Open
) -> None:
    window, page = opened()
    assert takes(page) == [None, None]
    assert not page.foot.save.isEnabled()
    count = press(window, "1", "2")
    assert page.foot.save.isEnabled()
    count += press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert count == 3
    assert session.store.conflicts() == ()
    after = stored(session, double_edit)
    assert after.summary == "Een dak met zon."  # type: ignore[attr-defined]
    assert after.geometry.anchor == (246680.0, 457060.0)  # type: ignore[attr-defined]
    assert page.empty.isVisible()


def test_the_bar_goes_on_and_the_arrows_go_back(double_edit: Record, opened: Open) -> None:
    window, page = opened()
    press(window, "1")
    assert page.record.current == 1
    assert page.record.place.text() == "Veld 2 van 2"
    press(window, Qt.Key.Key_Up, "3")
    assert takes(page) == [Take.BOTH, None]
    assert page.record.views[0].result.question.joined() == "Een groen dak met zon."
    press(window, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert page.record.current == 1


def test_a_key_that_makes_no_sense_here_does_nothing(double_edit: Record, opened: Open) -> None:
    window, page = opened()
    press(window, Qt.Key.Key_Down, "3", "4")
    assert takes(page) == [None, None]


def test_after_the_last_the_bar_goes_to_what_was_passed_over(
    double_edit: Record, opened: Open
) -> None:
    window, page = opened()
    press(window, Qt.Key.Key_Down, "2")
    assert page.record.current == 0


def test_a_text_of_ones_own_goes_on_from_what_was_chosen(
    session: Session, double_edit: Record, opened: Open
) -> None:
    window, page = opened()
    press(window, "3", Qt.Key.Key_Up, "4")
    field = window.focusWidget()
    assert isinstance(field, QPlainTextEdit | QLineEdit)
    press(window, " En 12 panelen.")
    press(window, Qt.Key.Key_Escape)
    assert page.isVisible()
    press(window, Qt.Key.Key_Down, "1")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert stored(session, double_edit).summary == "Een groen dak met zon. En 12 panelen."  # type: ignore[attr-defined]


def test_ctrl_enter_saves_from_within_the_text_too(
    session: Session, double_edit: Record, opened: Open
) -> None:
    window, _page = opened()
    press(window, Qt.Key.Key_Down, "1", Qt.Key.Key_Up, "4", " Nu.")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert stored(session, double_edit).summary == "Een groen dak. Nu."  # type: ignore[attr-defined]


def test_a_decision_can_be_undone_and_done_again(
    session: Session, double_edit: Record, opened: Open
) -> None:
    window, page = opened()
    before = session.store.conflicts()
    press(window, "1", "1")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert page.undo_bar.isVisible()
    assert session.store.conflicts() == ()
    page.undo_bar.undone.emit()
    assert [item.conflict for item in session.store.conflicts()] == [i.conflict for i in before]
    assert takes(page) == [None, None]
    assert stored(session, double_edit).summary == "Een groen dak."  # type: ignore[attr-defined]
    assert page.record.isVisible()
    window.acts.redo()
    assert session.store.conflicts() == ()


def test_ctrl_z_undoes_it_too(session: Session, double_edit: Record, opened: Open) -> None:
    window, _page = opened()
    press(window, "1", "1")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    press(window, Qt.Key.Key_Z, modifier=CTRL)
    assert len(session.store.conflicts()) == 2
    press(window, "2", "2")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert stored(session, double_edit).summary == "Een groen dak."  # type: ignore[attr-defined]


def test_postponing_loses_nothing(
    qtbot: QtBot, session: Session, double_edit: Record, opened: Open
) -> None:
    window, page = opened()
    press(window, "4", " Half")
    press(window, Qt.Key.Key_Escape, Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert len(session.store.conflicts()) == 2
    again = ConflictView(session)  # as after a restart
    qtbot.addWidget(again)
    again.refresh()
    assert takes(again) == [Take.TYPED, None]
    assert again.record.views[0].question.own == {"summary": "Een groen dak. Half"}


def test_delete_against_edit_asks_to_keep_or_delete(
    session: Session, colleague: UUID, opened: Open
) -> None:
    made = session.store.save(initiative(summary="Was"), None).record
    ask(session.store, made, {"summary": "Nieuw"}, {}, colleague, DELETED_THERE)
    window, page = opened()
    view = page.record.views[0]
    assert [view.theirs.button.text(), view.mine.button.text()] == ["Verwijderen", "Houden"]
    assert view.was() == (
        "Balie Neede heeft dit verwijderd terwijl u het wijzigde. Wat moet er gebeuren?"
    )
    press(window, "1")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert stored(session, made).deleted
    press(window, Qt.Key.Key_Z, modifier=CTRL)
    assert not stored(session, made).deleted
    assert len(session.store.conflicts()) == 1


def test_a_number_that_can_not_be_read_is_told_at_its_field(
    session: Session, colleague: UUID, opened: Open
) -> None:
    hall = session.store.save(premises(), None).record
    ask(session.store, hall, {"floor_area_m2": 200}, {"floor_area_m2": 300}, colleague)
    window, page = opened()
    press(window, "4", "veel")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert len(session.store.conflicts()) == 1
    assert page.record.notice.isVisible()
    press(window, "4", "250")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert stored(session, hall).floor_area_m2 == 250  # type: ignore[attr-defined]
