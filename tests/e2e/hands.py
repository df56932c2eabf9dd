"""What a user does to a window: look for words, click, type, choose from a menu, click on the map.

Runs inside the real program (`tests.e2e.seat`), on its own thread. Words are message ids or plain
text; both are looked for as they stand on the screen. Nothing here calls a service or a store. What
is pressed is returned as an `Act`, done after the answer went out: a dialog may open under it.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
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


class Act:
    """Something to do after the answer was given."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.work = work


class Hands:
    """One user at one window."""

    # Looking

    def see(self, words: str) -> str:
        """Wait until these words stand somewhere, and return the whole text."""
        wanted = _beginning(words)
        found = _eventually(lambda: next((t for t in self.texts() if wanted in t), None))
        if found is None:
            raise NotFound(f"“{wanted}” is not on the screen: {' | '.join(self.texts())}")
        return found

    def see_not(self, words: str) -> None:
        """Wait until these words are gone."""
        wanted = _beginning(words)
        if not _eventually(lambda: not any(wanted in text for text in self.texts())):
            raise NotFound(f"“{wanted}” is still on the screen")

    def texts(self) -> list[str]:
        """Return every text that can be read now."""
        found = []
        for window in _windows():
            for widget in [window, *window.findChildren(QWidget)]:
                if widget.isVisible() and not widget.visibleRegion().isEmpty():
                    found += _texts_of(widget)
        return found

    def see_map(self) -> int:
        """Wait until the map is drawn, and return how many pins and discs it shows."""
        _page_says("typeof naoberkaart !== 'undefined' && naoberkaart.stops().length > 0")
        return int(_page_says("naoberkaart.stops().length"))

    def value(self, label: str) -> str:
        """Return what stands in a field."""
        return _content(_field(label))

    def grab(self, path: str) -> None:
        """Take a picture of the window with what floats above it."""
        QTest.qWait(250)
        main = _main_window()
        picture: QPixmap = main.grab()
        painter = QPainter(picture)
        for window in _windows():
            if window is not main:
                offset = window.mapToGlobal(QPoint(0, 0)) - main.mapToGlobal(QPoint(0, 0))
                painter.drawPixmap(offset, window.grab())
        painter.end()
        if not picture.save(path):
            raise NotFound(f"no picture could be written to {path}")

    def resize(self, width: int, height: int) -> None:
        """Give the window a size, in its corner."""
        window = _main_window()
        window.move(0, 0)
        window.resize(width, height)
        _activate()

    # Doing

    def click(self, words: str) -> Act:
        """Click a button, a card or a tab."""
        widget, place = _eventually(lambda: _target(words)) or _missing(words)
        _into_view(widget)
        return Act(lambda: QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place))

    def row(self, words: str) -> Act:
        """Click the row of a list that has these words."""
        view, place = _eventually(lambda: _row(words)) or _missing(words)
        return Act(lambda: QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place))

    def write(self, label: str, words: str) -> Act:
        """Go to a field and type, in place of what stands there."""
        _into_view(_field(label))
        widget = _field(label)  # anew: the field of a form that was just closed may have gone

        def work() -> None:
            target = widget.viewport() if hasattr(widget, "viewport") else widget
            QTest.mouseClick(target, Qt.MouseButton.LeftButton)
            QTest.keySequence(widget, QKeySequence(QKeySequence.StandardKey.SelectAll))
            QTest.keyClicks(widget, words)

        return Act(work)

    def type(self, words: str) -> Act:
        """Type where the cursor is."""
        return Act(lambda: QTest.keyClicks(_focus(), words))

    def key(self, sequence: str) -> Act:
        """Press keys, such as Ctrl+S."""
        _activate()
        return Act(lambda: QTest.keySequence(_focus(), QKeySequence(sequence)))

    def menu(self, menu: str, item: str) -> Act:
        """Choose from the menu bar."""
        bar = _main_window().menuBar()
        action = next(one for one in bar.actions() if _plain(one.text()) == _plain(_(menu)))

        def work() -> None:
            place = bar.actionGeometry(action).center()
            QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)
            popup = QApplication.activePopupWidget()
            assert isinstance(popup, QMenu), f"the menu {menu} did not open"
            chosen = next(one for one in popup.actions() if _plain(one.text()) == _plain(_(item)))
            assert chosen.isEnabled(), f"{item}: {chosen.statusTip()}"
            at = popup.actionGeometry(chosen).center()
            QTest.mouseClick(popup, Qt.MouseButton.LeftButton, pos=at)

        return Act(work)

    def write_file_name(self, path: str) -> Act:
        """Type the name of a file in the dialog that asks for one, and save."""
        if not _eventually(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog)):
            raise NotFound("no dialog asks for the name of a file")

        def work() -> None:
            dialog = QApplication.activeModalWidget()  # kept: its parts are known only through it
            line = dialog.findChild(QLineEdit, "fileNameEdit")
            line.setText(path)  # typing lets Qt propose names, later, under the next click
            buttons = dialog.findChild(QDialogButtonBox)
            save = buttons.button(QDialogButtonBox.StandardButton.Save)
            QTest.mouseClick(save, Qt.MouseButton.LeftButton)

        return Act(work)

    def click_map(self, lon: float, lat: float) -> Act:
        """Click a place on the map (degrees)."""
        place = _page_says(f"map_naoberkaart.latLngToContainerPoint([{lat}, {lon}])")
        target = _map()._engine.view.focusProxy()
        point = QPoint(round(place["x"]), round(place["y"]))
        return Act(lambda: QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=point))

    def drag_map(self, dx: int, dy: int) -> Act:
        """Drag the map with the mouse."""
        target = _map()._engine.view.focusProxy()
        start = target.rect().center()

        def work() -> None:
            left = Qt.MouseButton.LeftButton
            QTest.mousePress(target, left, pos=start)
            for step in range(1, 9):
                QTest.mouseMove(target, start + QPoint(dx, dy) * step / 8, 15)
            QTest.mouseRelease(target, left, pos=start + QPoint(dx, dy))

        return Act(work)

    def close(self) -> Act:
        """Close the window."""
        return Act(lambda: _main_window().close())


def _plain(words: str) -> str:
    return words.replace("&", "").strip()


def _beginning(words: str) -> str:
    """Return a sentence up to its first placeholder."""
    return _plain(_(words).partition("%(")[0])


def _eventually(look: Callable[[], Any]) -> Any:
    until = time.monotonic() + PATIENCE_S
    while not (found := look()) and time.monotonic() < until:
        QTest.qWait(40)
    return found


def _missing(words: str) -> Any:
    raise NotFound(f"“{_(words)}” can't be clicked: {' | '.join(Hands().texts())}")


def _windows() -> list[QWidget]:
    """Return the visible windows, the topmost last."""
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    return sorted(shown, key=lambda one: (not isinstance(one, QMainWindow), one.isModal()))


def _main_window() -> QMainWindow:
    found = _eventually(lambda: [one for one in _windows() if isinstance(one, QMainWindow)])
    if not found:
        raise NotFound("there is no window")
    return found[-1]


def _activate() -> None:
    """Give the keyboard to the window: on a virtual screen no window manager does."""
    if QApplication.activeModalWidget() is None:
        window = _main_window()
        window.activateWindow()
        _eventually(window.isActiveWindow)


def _reachable() -> Iterator[QWidget]:
    """Yield the widgets that take input now: those of a modal dialog hide the others."""
    modal = QApplication.activeModalWidget()
    for window in [modal] if modal else reversed(_windows()):
        for widget in window.findChildren(QWidget):
            if widget.isVisible() and widget.isEnabled():
                yield widget


def _target(words: str) -> tuple[QWidget, QPoint] | None:
    wanted = _plain(_(words))
    for widget in _reachable():
        if isinstance(widget, QAbstractButton) and wanted in (
            _plain(widget.text()), _plain(widget.accessibleName()),
        ):  # fmt: skip
            return widget, QPoint(min(12, widget.width() // 2), widget.height() // 2)
        if isinstance(widget, QTabBar):
            for number in range(widget.count()):
                if _plain(widget.tabText(number)).startswith(wanted):
                    return widget, widget.tabRect(number).center()
    return None


def _row(words: str) -> tuple[QAbstractItemView, QPoint] | None:
    for widget in _reachable():
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            for number in range(widget.model().rowCount()):
                index = widget.model().index(number, 0)
                if _(words) in _row_text(widget, number):
                    widget.scrollTo(index)
                    rect: QRect = widget.visualRect(index)
                    return widget, rect.center()
    return None


def _row_text(view: QAbstractItemView, number: int) -> str:
    index = view.model().index(number, 0)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    return str(spoken or index.data() or "")


def _field(label: str) -> QWidget:
    def look() -> QWidget | None:
        fields = (w for w in _reachable() if w.accessibleName() == _(label))
        return next((w for w in fields if isinstance(w, _FIELDS)), None)

    found = _eventually(look)
    if found is None:
        names = sorted({w.accessibleName() for w in _reachable() if isinstance(w, _FIELDS)})
        raise NotFound(f"there is no field {_(label)}; there are {names}")
    return found


def _content(field: QWidget) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()  # type: ignore[attr-defined]


def _into_view(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
    QTest.qWait(20)


def _focus() -> QWidget:
    return QApplication.focusWidget() or QApplication.activeModalWidget() or _main_window()


def _texts_of(widget: QWidget) -> list[str]:
    if isinstance(widget, QAbstractItemView):
        rows = widget.model().rowCount() if widget.model() else 0
        return [_row_text(widget, number) for number in range(min(rows, 60))]
    if isinstance(widget, QTabBar):
        return [_plain(widget.tabText(number)) for number in range(widget.count())]
    if isinstance(widget, (QLabel, QAbstractButton)):
        return [text for text in (_plain(widget.text()), widget.accessibleName()) if text]
    if isinstance(widget, _FIELDS) and not isinstance(widget, QAbstractSlider):
        return [_content(widget)]
    return [widget.accessibleName()] if widget.accessibleName() else []


def _map() -> MapView:
    view = _eventually(lambda: _main_window().findChild(MapView))
    assert isinstance(view, MapView)
    return view


def _page_says(expression: str) -> Any:
    """Wait until an expression of the page is true, and return its value."""
    view = _map()
    answers: list[Any] = []

    def ask() -> Any:
        if not view.is_ready:
            return None
        answers.clear()
        view._engine.page.runJavaScript(f"JSON.stringify({expression})", 0, answers.append)
        QTest.qWait(60)
        return answers[-1] if answers and answers[-1] not in ("", "false") else None

    found = _eventually(ask)
    if found is None:
        raise NotFound(f"the map does not say: {expression}")
    return json.loads(found)
