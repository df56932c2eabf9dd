"""What each command does in the window; what is not here the composition root does."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.views.pages import show_receipts
from desktop_app.views.places import PAGES

if TYPE_CHECKING:
    from desktop_app.views.main_window import MainWindow

Command = Callable[["MainWindow"], None]


def _new(window: "MainWindow") -> None:
    entity = window.place.entity if window.place.key not in PAGES else "initiative"
    window.new(entity)


def _search(window: "MainWindow") -> None:
    window.toolbar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
    window.toolbar.search.selectAll()


def _open(window: "MainWindow") -> None:
    window.workspace.show_part("panel")
    window.workspace.panel.focus()


def _save(window: "MainWindow") -> None:
    window.workspace.panel.form.save()


def _save_next(window: "MainWindow") -> None:
    window.workspace.panel.form.save_and_next()


def _table(window: "MainWindow") -> None:
    work = window.workspace
    work.set_table(not work.list.header.table.isChecked())


def _deleted(window: "MainWindow") -> None:
    pane = window.workspace.list
    pane.set_listing(replace(pane.listing, deleted=not pane.listing.deleted))


def _quit(window: "MainWindow") -> None:
    window.close()


def _tab(number: int) -> Command:
    return lambda window: window.workspace.panel.detail.tabs.setCurrentIndex(number)


def _pane(step: int) -> Command:
    def go(window: "MainWindow") -> None:
        panes: list[QWidget] = [window.nav, *window.workspace.pane_order()]
        page = window.stack.currentWidget()
        if window.place.key in PAGES and page is not None:
            panes = [window.nav, page]
        shown = [pane for pane in panes if pane.isVisible()]
        has = [pane.hasFocus() or pane.isAncestorOf(window.focusWidget()) for pane in shown]
        now = has.index(True) if True in has else 0
        goal = shown[(now + step) % len(shown)]
        if goal is window.nav:
            window.nav.focus_current()
        else:
            goal.setFocus(Qt.FocusReason.ShortcutFocusReason)

    return go


def _full_screen(window: "MainWindow") -> None:
    if window.isFullScreen():
        window.showNormal()
    else:
        window.showFullScreen()


COMMANDS: dict[str, Command] = {
    "new": _new,
    "quit": _quit,
    "undo": lambda window: window.acts.undo(),
    "redo": lambda window: window.acts.redo(),
    "search": _search,
    "open": _open,
    "edit": lambda window: window.acts.edit(),
    "save": _save,
    "save_next": _save_next,
    "delete": lambda window: window.acts.delete(),
    "restore": lambda window: window.acts.restore(),
    "table": _table,
    "deleted": _deleted,
    "tab1": _tab(0),
    "tab2": _tab(1),
    "tab3": _tab(2),
    "tab4": _tab(3),
    "next_pane": _pane(1),
    "previous_pane": _pane(-1),
    "full_screen": _full_screen,
    "new_point": lambda window: window.workspace.placing.start_new("point"),
    "draw_area": lambda window: window.workspace.placing.start_new("polygon"),
    "zoom_in": lambda window: window.workspace.area.map.zoom_in(),
    "zoom_out": lambda window: window.workspace.area.map.zoom_out(),
    "whole_map": lambda window: window.workspace.area.map.show_all(),
    "sync_page": lambda window: window.go("sync"),
    "receipts": show_receipts,
    "merge_page": lambda window: window.go("merge"),
}
"""id -> what it does; "Del", Ctrl+Z and the like never reach these from a text field."""
