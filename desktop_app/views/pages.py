"""The pages that take the room of list and map, made when first asked for."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop_app.views.main_window import MainWindow


def make_page(key: str, window: "MainWindow") -> QWidget:
    """Return a page, connected with the window."""
    raise KeyError(key)
