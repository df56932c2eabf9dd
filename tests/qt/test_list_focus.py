"""The list and the focus: coming in opens nothing, going down from the search box does."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from desktop_app.views.session import Session
from tests.factories import initiative, plot
from tests.qt.window import shown

pytestmark = pytest.mark.usefixtures("no_chromium")


@pytest.fixture
def window(qtbot: QtBot, session: Session) -> MainWindow:
    session.store.save_new([*(initiative(title=f"Plan {n}") for n in range(3)), plot()])
    return shown(qtbot, session)


def test_focus_in_a_list_opens_nothing_by_itself(window: MainWindow) -> None:
    window.workspace.list.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.workspace.list.chosen_id() is None
    assert not window.workspace.panel.isVisible()


@pytest.mark.parametrize("row", [0, 1])
def test_a_click_opens_the_row_also_when_the_focus_was_elsewhere(
    qtbot: QtBot, window: MainWindow, row: int
) -> None:
    pane = window.workspace.list
    window.toolbar.search.setFocus()
    pane.view.setFocus(Qt.FocusReason.MouseFocusReason)
    place = pane.rows.visualRect(pane.model.index(row, 0)).center()
    qtbot.mouseClick(pane.rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert pane.chosen_id() == pane.model.record(row).id  # type: ignore[union-attr]
    assert window.workspace.panel.isVisible()


def test_enter_opens_the_row_that_has_the_focus(qtbot: QtBot, window: MainWindow) -> None:
    window.workspace.list.view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(window.workspace.list.view, Qt.Key.Key_Return)
    assert window.workspace.panel.isVisible()


@pytest.mark.parametrize("as_table", [False, True])
def test_down_from_the_search_box_chooses_the_first_row(
    qtbot: QtBot, window: MainWindow, as_table: bool
) -> None:
    pane = window.workspace.list
    window.workspace.list.header.table.setChecked(as_table)
    window.toolbar.search.setFocus()
    window.toolbar.search_left.emit()
    assert pane.view.hasFocus()
    assert pane.chosen_id() == pane.model.record(0).id  # type: ignore[union-attr]
    assert pane.rows.selectionModel().isRowSelected(0)
    assert window.workspace.panel.isVisible()


def test_a_click_opens_the_row_that_had_the_focus_already(qtbot: QtBot, window: MainWindow) -> None:
    view = window.workspace.list.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    place = view.visualRect(view.model().index(0, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.workspace.panel.isVisible()


@pytest.mark.parametrize("as_table", [False, True])
def test_home_and_end_go_to_the_first_and_last_of_many_rows(
    qtbot: QtBot, window: MainWindow, as_table: bool
) -> None:
    window.session.store.save_new([initiative(title=f"Meer {n}") for n in range(300)])
    pane = window.workspace.list
    pane.header.table.setChecked(as_table)
    pane.reload()
    pane.enter()
    qtbot.keyClick(pane.view, Qt.Key.Key_End)
    assert pane.chosen_id() == pane.model.record(pane.total - 1).id  # type: ignore[union-attr]
    qtbot.keyClick(pane.view, Qt.Key.Key_Home)
    assert pane.chosen_id() == pane.model.record(0).id  # type: ignore[union-attr]
