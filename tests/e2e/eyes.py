"""What a user sees: windows, words, fields and rows on the screen, found as the eye finds them."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QTextEdit,
    QWidget,
)

from desktop_app.i18n import _
from desktop_app.widgets.map_view import MapView

PATIENCE_S = 30.0
"""How long a user waits for something to appear, on a machine that is busy with other work."""
_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit)


class NotFound(Exception):
    """What was looked for is not on the screen; the text says what is."""


def plain(words: str) -> str:
    return words.replace("&", "").strip()


def beginning(words: str) -> str:
    """Return a sentence up to its first placeholder."""
    return plain(_(words).partition("%(")[0])


def eventually(look: Callable[[], Any]) -> Any:
    until = time.monotonic() + PATIENCE_S
    while not (found := look()) and time.monotonic() < until:
        QTest.qWait(40)
    return found


def all_texts() -> list[str]:
    """Return every text that can be read now."""
    found = []
    for window in windows():
        for widget in [window, *window.findChildren(QWidget)]:
            if widget.isVisible() and not widget.visibleRegion().isEmpty():
                found += texts_of(widget)
    return found


def missing(words: str) -> Any:
    raise NotFound(f"“{_(words)}” can't be clicked: {' | '.join(all_texts())}")


def windows() -> list[QWidget]:
    """Return the visible windows, the topmost last."""
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    return sorted(shown, key=lambda one: (not isinstance(one, QMainWindow), one.isModal()))


def main_window() -> QMainWindow:
    found = eventually(lambda: [one for one in windows() if isinstance(one, QMainWindow)])
    if not found:
        raise NotFound("there is no window")
    return found[-1]


def activate() -> None:
    """Give the keyboard to the window: on a virtual screen no window manager does."""
    if QApplication.activeModalWidget() is None:
        window = main_window()
        window.activateWindow()
        eventually(window.isActiveWindow)


def reachable() -> Iterator[QWidget]:
    """Yield the widgets that take input now: those of a modal dialog hide the others."""
    modal = QApplication.activeModalWidget()
    for window in [modal] if modal else reversed(windows()):
        for widget in window.findChildren(QWidget):
            if widget.isVisible() and widget.isEnabled():
                yield widget


def target_of(words: str) -> tuple[QWidget, QPoint] | None:
    wanted = plain(_(words))
    for widget in reachable():
        if isinstance(widget, QAbstractButton) and wanted in (
            plain(widget.text()), plain(widget.accessibleName()),
        ):  # fmt: skip
            return widget, QPoint(min(12, widget.width() // 2), widget.height() // 2)
        if isinstance(widget, QTabBar):
            for number in range(widget.count()):
                if plain(widget.tabText(number)).startswith(wanted):
                    return widget, widget.tabRect(number).center()
    return None


def row_of(words: str) -> tuple[QAbstractItemView, QPoint] | None:
    for widget in reachable():
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            for number in range(widget.model().rowCount()):
                index = widget.model().index(number, 0)
                if _(words) in row_text(widget, number):
                    widget.scrollTo(index)
                    rect: QRect = widget.visualRect(index)
                    return widget, rect.center()
    return None


def row_text(view: QAbstractItemView, number: int) -> str:
    index = view.model().index(number, 0)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    return str(spoken or index.data() or "")


def field_of(label: str) -> QWidget:
    def look() -> QWidget | None:
        fields = (w for w in reachable() if w.accessibleName() == _(label))
        return next((w for w in fields if isinstance(w, _FIELDS)), None)

    found = eventually(look)
    if found is None:
        names = sorted({w.accessibleName() for w in reachable() if isinstance(w, _FIELDS)})
        raise NotFound(f"there is no field {_(label)}; there are {names}")
    return found


def content_of(field: QWidget) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()  # type: ignore[attr-defined]


def into_view(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
    QTest.qWait(20)


def focus() -> QWidget:
    return QApplication.focusWidget() or QApplication.activeModalWidget() or main_window()


def texts_of(widget: QWidget) -> list[str]:
    if isinstance(widget, QAbstractItemView):
        rows = widget.model().rowCount() if widget.model() else 0
        return [row_text(widget, number) for number in range(min(rows, 60))]
    if isinstance(widget, QTabBar):
        return [plain(widget.tabText(number)) for number in range(widget.count())]
    if isinstance(widget, (QLabel, QAbstractButton)):
        return [text for text in (plain(widget.text()), widget.accessibleName()) if text]
    if isinstance(widget, _FIELDS) and not isinstance(widget, QAbstractSlider):
        return [content_of(widget)]
    return [widget.accessibleName()] if widget.accessibleName() else []


def shown_map() -> MapView:
    view = eventually(lambda: main_window().findChild(MapView))
    assert isinstance(view, MapView)
    return view


def page_says(expression: str) -> Any:
    """Wait until an expression of the page is true, and return its value."""
    view = shown_map()
    answers: list[Any] = []

    def ask() -> Any:
        if not view.is_ready:
            return None
        answers.clear()
        view._engine.page.runJavaScript(f"JSON.stringify({expression})", 0, answers.append)
        QTest.qWait(60)
        return answers[-1] if answers and answers[-1] not in ("", "false") else None

    found = eventually(ask)
    if found is None:
        raise NotFound(f"the map does not say: {expression}; seen: {' | '.join(all_texts())}")
    return json.loads(found)
