"""The window as a whole: places, one selection, commands, undo, and every size."""

from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from db.changes import SYNC
from db.entities.initiative import Phase
from desktop_app.services.editing import Draft, to_row
from desktop_app.views.actions import ACTIONS, BY_ID, Situation
from desktop_app.views.main_window import MainWindow
from desktop_app.views.pages import offer_drafts
from desktop_app.views.places import PLACES
from desktop_app.views.session import Session
from desktop_app.views.window_commands import COMMANDS
from tests.factories import EIBERGEN, initiative, organisation, plot, premises
from tests.qt.window import shown

pytestmark = pytest.mark.usefixtures("no_chromium")
PROGRAM = {
    "sync_now", "connect", "settings", "shortcuts", "about", "import", "export", "clear_examples",
    "bundle_make", "bundle_send",
}  # fmt: skip
PLANS = [initiative(title=f"Plan {number}") for number in range(5)]


@pytest.fixture
def window(qtbot: QtBot, session: Session) -> MainWindow:
    session.store.save_new([*PLANS, premises(), plot(), organisation()])
    return shown(qtbot, session)


def titles(window: MainWindow) -> list[str]:
    model = window.workspace.list.model
    return [model.record(row).title_text for row in range(model.rowCount())]  # type: ignore[union-attr]


def choose(window: MainWindow, title: str) -> None:
    view = window.workspace.list.view
    view.setCurrentIndex(window.workspace.list.model.index(titles(window).index(title), 0))


def test_every_declared_command_is_carried_out_by_someone() -> None:
    assert {action.id for action in ACTIONS} == set(COMMANDS) | PROGRAM


def test_no_two_commands_share_a_key() -> None:
    keys = [action.shortcut for action in ACTIONS if action.shortcut]
    assert len(keys) == len(set(keys))


def test_a_command_that_is_not_possible_says_why() -> None:
    nothing = Situation(has_store=False, has_map=False)
    assert BY_ID["delete"].enabled_when(nothing)
    assert not BY_ID["quit"].enabled_when(nothing)
    assert not BY_ID["edit"].enabled_when(Situation(entity="plot", is_chosen=True))
    assert BY_ID["edit"].enabled_when(Situation(is_chosen=True, is_deleted=True))


@pytest.mark.parametrize("key", list(PLACES))
def test_every_place_opens(window: MainWindow, key: str) -> None:
    window.go(key)
    assert window.place.key == key


def test_alt_with_a_number_goes_to_a_place(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert window.place.key == "premises"


def test_choosing_a_row_shows_it_in_detail_and_on_the_map(window: MainWindow) -> None:
    choose(window, "Plan 3")
    work = window.workspace
    assert work.panel.mode == "detail"
    assert work.panel.detail.record == window.session.store.get("initiative", PLANS[3].id)
    assert work.area.map._wishes["select"] == (str(PLANS[3].id),)


def test_choosing_a_pin_chooses_the_row(window: MainWindow) -> None:
    window.workspace.area.map.record_chosen.emit(str(PLANS[2].id))
    assert window.workspace.list.chosen_id() == PLANS[2].id
    assert window.workspace.panel.mode == "detail"


def test_list_and_map_show_the_same_selection(window: MainWindow) -> None:
    window.search("Plan 4")
    assert titles(window) == ["Plan 4"]
    assert set(window.workspace.area.map._features) == {str(PLANS[4].id)}


def test_a_search_without_hits_here_names_where_there_are(window: MainWindow) -> None:
    window.search("Industrieweg")
    words = [one.text() for one in window.workspace.list.empty.findChildren(QAbstractButton)]
    assert "Bedrijfspanden (1)" in words


def test_delete_acts_at_once_and_undo_brings_it_back(window: MainWindow) -> None:
    choose(window, "Plan 1")
    window.run("delete")
    assert "Plan 1" not in titles(window)
    assert window.workspace.list.undo_bar.isVisible()
    window.run("undo")
    assert "Plan 1" in titles(window)
    window.run("redo")
    assert "Plan 1" not in titles(window)


def test_a_deleted_record_can_be_found_and_restored(window: MainWindow) -> None:
    choose(window, "Plan 1")
    window.run("delete")
    window.run("deleted")
    assert titles(window) == ["Plan 1"]
    choose(window, "Plan 1")
    window.run("restore")
    window.run("deleted")
    assert "Plan 1" in titles(window)


def test_a_step_is_taken_at_once_or_asks_for_what_it_needs(window: MainWindow) -> None:
    choose(window, "Plan 0")
    buttons = window.workspace.panel.detail.findChildren(QAbstractButton)
    next(one for one in buttons if one.text() == "Naar verkenning").click()
    stored = window.session.store.get("initiative", PLANS[0].id)
    assert stored.phase is Phase.EXPLORATION  # type: ignore[union-attr]


def test_stopping_asks_for_the_reason_in_place(window: MainWindow) -> None:
    from desktop_app.services.steps import Step

    choose(window, "Plan 0")
    window.acts.take_step(Step("phase", Phase.STOPPED))
    reason = window.workspace.panel.detail.reason
    assert reason.isVisible()
    reason.line.setText("De initiatiefnemer verhuist.")
    QTest.keyClick(reason.line, Qt.Key.Key_Return)
    stored = window.session.store.get("initiative", PLANS[0].id)
    assert stored.status_reason == "De initiatiefnemer verhuist."  # type: ignore[union-attr]


def test_new_edit_save_stands_in_list_and_detail(window: MainWindow) -> None:
    window.run("new")
    panel = window.workspace.panel
    form = panel.form.form
    assert form is not None
    QTest.keyClicks(form.editor("title").field(), "Moestuin met de buurt")
    form.editor("kern").set_value(EIBERGEN)
    form.editor("kern").edited.emit(EIBERGEN)
    window.run("save")
    assert panel.mode == "detail"
    assert titles(window)[0] == "Moestuin met de buurt"


def test_a_cancelled_form_comes_back_with_undo(window: MainWindow) -> None:
    choose(window, "Plan 0")
    window.run("edit")
    form = window.workspace.panel.form.form
    assert form is not None
    QTest.keyClicks(form.editor("title").field(), " heel anders")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.workspace.panel.mode == "detail"
    window.run("undo")
    again = window.workspace.panel.form.draft
    assert again is not None
    assert "heel anders" in again.value("title")


def test_the_table_takes_the_place_of_the_map_and_is_remembered(window: MainWindow) -> None:
    window.run("table")
    assert window.workspace.list.view is window.workspace.list.grid
    assert not window.workspace.area.isVisible()
    window.go("premises")
    assert window.workspace.area.isVisible()
    window.go("initiative")
    assert not window.workspace.area.isVisible()


def test_a_change_by_others_tints_its_row_and_leaves_the_order(window: MainWindow) -> None:
    before = titles(window)
    old = window.session.store.get("initiative", PLANS[1].id)
    assert old is not None
    import dataclasses

    window.session.store.save(dataclasses.replace(old, summary="Nieuw."), old, origin=SYNC)  # type: ignore[call-arg]
    assert titles(window) == before
    assert PLANS[1].id in window.session.words.fresh


def test_a_draft_that_was_left_is_offered(window: MainWindow) -> None:
    draft = Draft.of(window.session.store.get("initiative", PLANS[1].id))  # type: ignore[arg-type]
    draft.set("title", "Half getypt")
    window.session.store.put_draft(to_row(draft))
    offer_drafts(window)
    assert window.workspace.list.drafts.isVisible()
    window.workspace.list.drafts.taken.emit(window.session.store.drafts()[0])
    form = window.workspace.panel.form
    assert form.draft is not None
    assert form.draft.value("title") == "Half getypt"


def test_everything_to_click_has_a_name(window: MainWindow) -> None:
    choose(window, "Plan 0")
    for button in window.findChildren(QAbstractButton):
        is_decor = isinstance(button.parent(), QLineEdit)
        if button.isVisible() and not is_decor:
            assert button.text() or button.accessibleName() or button.toolTip(), button
    window.run("edit")
    nameless = [
        line.objectName()
        for line in window.findChildren(QLineEdit)
        if line.isVisible() and not (line.accessibleName() or line.placeholderText())
    ]
    assert nameless == []


@pytest.mark.parametrize(
    ("width", "height"), [(1920, 1080), (1366, 768), (1100, 700), (683, 384), (480, 320)]
)
def test_nothing_is_out_of_reach_at_any_size(
    qtbot: QtBot, session: Session, width: int, height: int
) -> None:
    session.store.save_new(PLANS)
    window = shown(qtbot, session, width=width, height=height)
    assert window.size().width() == width
    choose(window, "Plan 0")
    window.workspace.show_part("panel")
    assert window.workspace.panel.isVisible()
    narrow = width < 1000
    assert window.toolbar.go_to.isVisible() is narrow
    assert window.nav.isVisible() is not narrow
    assert window.status.isVisible() is (height >= 560)


def test_f6_goes_round_the_panes(window: MainWindow) -> None:
    choose(window, "Plan 0")
    window.workspace.list.view.setFocus()
    window.run("next_pane")
    assert window.workspace.area.map.hasFocus()
    window.run("next_pane")
    assert window.workspace.panel.isAncestorOf(window.focusWidget())  # type: ignore[arg-type]
    window.run("next_pane")
    assert window.nav.isAncestorOf(window.focusWidget())  # type: ignore[arg-type]


def test_the_layout_is_remembered(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    from desktop_app.views.remembered import recall, remember

    session.store.save_new(PLANS)
    window = shown(qtbot, session)
    window.run("table")
    window.workspace.list_width = 500
    window.go("premises")
    remember(window)
    again = MainWindow(session)
    qtbot.addWidget(again)
    assert recall(again) == "premises"
    assert again.workspace.list_width == 500
    assert again.tables == {"initiative"}


def test_opening_a_record_that_is_not_there_does_nothing(window: MainWindow) -> None:
    window.workspace.open("initiative", uuid4())
    assert window.workspace.panel.mode == ""
