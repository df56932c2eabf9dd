"""Keys of the window that are no commands: Alt with a number goes to a place, Esc goes back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence, QShortcut

from desktop_app.views.places import SYNC_PAGE

if TYPE_CHECKING:
    from desktop_app.views.main_window import MainWindow


def add_place_keys(window: "MainWindow") -> None:
    """Let Alt+1 to Alt+9 go to the first nine places of the navigation."""
    for number, key in enumerate(window.nav.keys()[:9], start=1):
        shortcut = QShortcut(QKeySequence(f"Alt+{number}"), window)
        shortcut.activated.connect(lambda key=key: window.go(key))


def escape(window: "MainWindow") -> None:
    """Close what is open: the form, then the detail, then the page."""
    panel = window.workspace.panel
    if window.place == SYNC_PAGE:
        window.go("initiative")
    elif panel.mode == "form":
        panel.form.cancel()
    elif panel.mode == "detail":
        panel.close_detail()


def show_numbers(window: "MainWindow", shows: bool) -> None:
    """Show what Alt can be pressed with: the numbers of places and the letters of menus."""
    window.nav.show_numbers(shows)
    window.menuBar().update()


def show_menu(window: "MainWindow", at: QPoint) -> None:
    """Show everything that can be done to the chosen record."""
    detail = window.workspace.panel.detail
    if window.workspace.panel.mode == "detail" and detail.record is not None:
        detail.menu(detail.record).popup(at)
