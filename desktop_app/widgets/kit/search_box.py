"""The one search box: icon, what one can look for, its key, and a cross to clear it."""

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from desktop_app.i18n import _
from desktop_app.tokens import HEIGHT_TOOLBAR_BUTTON
from desktop_app.widgets.icons import icon
from desktop_app.widgets.kit.small import key_size, paint_keys
from desktop_app.widgets.theme import px

SEARCH_PAUSE_MS = 120
"""A pause in typing this long starts a search; shorter would search every letter."""


class SearchBox(QLineEdit):
    """A field to search in.

    Signals:
        searched(str): the words to look for, after a pause in typing or on Enter; empty clears.
        left_down(): Down or Enter was pressed, to go on in the list.
    """

    searched = Signal(str)
    left_down = Signal()

    def __init__(self, hint: str, *, shortcut: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shortcut, self._said = shortcut, ""
        self._timer = QTimer(self, interval=SEARCH_PAUSE_MS, singleShot=True)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setAccessibleDescription(shortcut)
        self.addAction(icon("magnify", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        trailing = QLineEdit.ActionPosition.TrailingPosition
        self._clear = self.addAction(icon("close", "muted"), trailing)
        self._clear.setToolTip(_("Clear the search"))
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear)
        self.setMinimumHeight(px(HEIGHT_TOOLBAR_BUTTON))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._on_text_changed)
        self._timer.timeout.connect(self._say)

    def set_words(self, words: str) -> None:
        """Show ``words`` without searching for them."""
        self._said = words
        self.setText(words)
        self._timer.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear with Esc, search with Enter, go on in the list with Down."""
        match event.key():
            case Qt.Key.Key_Escape if self.text():
                self.clear()
                self._say()
            case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._say()
                self.left_down.emit()
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, and the key at the right while it is empty."""
        super().paintEvent(event)
        if not self._shortcut or self.text() or self.width() < px(200):
            return
        size = key_size(self._shortcut)
        box = QRectF(
            self.width() - size.width() - px(12),
            (self.height() - size.height()) / 2,
            size.width(),
            size.height(),
        )
        painter = QPainter(self)
        paint_keys(painter, box, self._shortcut)
        painter.end()

    def _on_text_changed(self, words: str) -> None:
        self._clear.setVisible(bool(words))
        self._timer.start()

    def _say(self) -> None:
        self._timer.stop()
        if self.text() != self._said:
            self._said = self.text()
            self.searched.emit(self._said)
