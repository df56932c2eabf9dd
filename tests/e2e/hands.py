"""What a user does to a window: look for words, click, type, choose from a menu, click on the map.

Runs inside the real program (`tests.e2e.seat`), on its own thread. Words are message ids or plain
text; both are looked for as they stand on the screen. Nothing here calls a service or a store. What
is pressed is returned as an `Act`, done after the answer went out: a dialog may open under it.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QMenu,
)

from desktop_app.i18n import _
from tests.e2e.eyes import (
    NotFound,
    activate,
    all_texts,
    beginning,
    content_of,
    eventually,
    field_of,
    focus,
    into_view,
    main_window,
    missing,
    page_says,
    plain,
    row_of,
    shown_map,
    target_of,
    windows,
)


class Act:
    """Something to do after the answer was given."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.work = work


class Hands:
    """One user at one window."""

    # Looking

    def see(self, words: str) -> str:
        """Wait until these words stand somewhere, and return the whole text."""
        wanted = beginning(words)
        found = eventually(lambda: next((t for t in self.texts() if wanted in t), None))
        if found is None:
            raise NotFound(f"“{wanted}” is not on the screen: {' | '.join(self.texts())}")
        return found

    def see_not(self, words: str) -> None:
        """Wait until these words are gone."""
        wanted = beginning(words)
        if not eventually(lambda: not any(wanted in text for text in self.texts())):
            raise NotFound(f"“{wanted}” is still on the screen")

    def texts(self) -> list[str]:
        """Return every text that can be read now."""
        return all_texts()

    def see_map(self, least: int = 1) -> int:
        """Wait until the map shows so many pins and discs, and return how many there are."""
        page_says(f"typeof naoberkaart !== 'undefined' && naoberkaart.stops().length >= {least}")
        return int(page_says("naoberkaart.stops().length"))

    def value(self, label: str) -> str:
        """Return what stands in a field."""
        return content_of(field_of(label))

    def grab(self, path: str) -> None:
        """Take a picture of the window with what floats above it."""
        QTest.qWait(250)
        main = main_window()
        picture: QPixmap = main.grab()
        painter = QPainter(picture)
        for window in windows():
            if window is not main:
                offset = window.mapToGlobal(QPoint(0, 0)) - main.mapToGlobal(QPoint(0, 0))
                painter.drawPixmap(offset, window.grab())
        painter.end()
        if not picture.save(path):
            raise NotFound(f"no picture could be written to {path}")

    def resize(self, width: int, height: int) -> None:
        """Give the window a size, in its corner."""
        window = main_window()
        window.move(0, 0)
        window.resize(width, height)
        activate()

    # Doing

    def move(self, x: int, y: int) -> None:
        """Put the window in another place on the screen."""
        main_window().move(x, y)

    def click(self, words: str) -> Act:
        """Click a button, a card or a tab."""
        widget, place = eventually(lambda: target_of(words)) or missing(words)
        into_view(widget)
        return Act(lambda: QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place))

    def row(self, words: str) -> Act:
        """Click the row of a list that has these words."""
        view, place = eventually(lambda: row_of(words)) or missing(words)
        return Act(lambda: QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place))

    def write(self, label: str, words: str) -> Act:
        """Go to a field and type, in place of what stands there."""
        into_view(field_of(label))
        widget = field_of(label)  # anew: the field of a form that was just closed may have gone

        def work() -> None:
            target = widget.viewport() if hasattr(widget, "viewport") else widget
            QTest.mouseClick(target, Qt.MouseButton.LeftButton)
            QTest.keySequence(widget, QKeySequence(QKeySequence.StandardKey.SelectAll))
            QTest.keyClicks(widget, words)

        return Act(work)

    def type(self, words: str) -> Act:
        """Type where the cursor is."""
        return Act(lambda: QTest.keyClicks(focus(), words))

    def key(self, sequence: str) -> Act:
        """Press keys, such as Ctrl+S."""
        activate()
        return Act(lambda: QTest.keySequence(focus(), QKeySequence(sequence)))

    def menu(self, menu: str, item: str) -> Act:
        """Choose from the menu bar."""
        bar = main_window().menuBar()
        action = next(one for one in bar.actions() if plain(one.text()) == plain(_(menu)))

        def work() -> None:
            place = bar.actionGeometry(action).center()
            QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)
            popup = QApplication.activePopupWidget()
            assert isinstance(popup, QMenu), f"the menu {menu} did not open"
            chosen = next(one for one in popup.actions() if plain(one.text()) == plain(_(item)))
            assert chosen.isEnabled(), f"{item}: {chosen.statusTip()}"
            at = popup.actionGeometry(chosen).center()
            QTest.mouseClick(popup, Qt.MouseButton.LeftButton, pos=at)

        return Act(work)

    def write_file_name(self, path: str) -> Act:
        """Type the name of a file in the dialog that asks for one, and save."""
        if not eventually(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog)):
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
        place = page_says(f"map_naoberkaart.latLngToContainerPoint([{lat}, {lon}])")
        target = shown_map()._engine.view.focusProxy()
        point = QPoint(round(place["x"]), round(place["y"]))
        return Act(lambda: QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=point))

    def drag_map(self, dx: int, dy: int) -> Act:
        """Drag the map with the mouse."""
        target = shown_map()._engine.view.focusProxy()
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
        return Act(lambda: main_window().close())
