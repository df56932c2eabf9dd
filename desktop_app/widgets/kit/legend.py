"""The legend on the map: what the symbols mean, in a card that folds."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_app.tokens import LABEL, SMALL, SYMBOL
from desktop_app.widgets.icons import paint_icon
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.painting import draw_text, paint_key, text_width
from desktop_app.widgets.theme import px, tokens


class SymbolPicture(QWidget):
    """One map symbol of 24, as in the list."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setFixedSize(px(SYMBOL) + 6, px(SYMBOL) + 4)

    def set_key(self, key: str) -> None:
        """Show another symbol."""
        self._key = key
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the symbol."""
        painter = QPainter(self)
        paint_key(painter, self._key, self.rect())
        painter.end()


class _Heading(QAbstractButton):
    def __init__(self, title: str) -> None:
        super().__init__()
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(text_width(self.text(), LABEL) + px(40), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colour = QPainter(self), QColor(tokens().text)
        words = QRect(px(4), 0, self.width() - px(28), self.height())
        draw_text(painter, words, self.text(), LABEL, colour)
        side = px(18)
        box = QRectF(self.width() - side - px(4), (self.height() - side) / 2, side, side)
        name = "chevron-down" if self.isChecked() else "chevron-up"
        paint_icon(painter, box, name, colour)
        painter.end()


class Legend(QFrame):
    """A card with symbols and words in two columns.

    Signals:
        unfolded(bool): the user folded it in or out; it changed its size.
    """

    unfolded = Signal(bool)

    def __init__(
        self, title: str, entries: Sequence[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "floating")
        self._heading = _Heading(title)
        self._body = QWidget()
        self._grid = QGridLayout(self._body)
        self._grid.setContentsMargins(px(4), 0, px(4), px(2))
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(5), px(8), px(6))
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(self._body)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._heading.toggled.connect(self._on_toggled)
        self.set_entries(title, entries)

    def set_entries(self, title: str, entries: Sequence[tuple[str, str]]) -> None:
        """Show other symbols: pairs of key and word, down the first column, then the second."""
        self._heading.setText(title)
        self._heading.setAccessibleName(title)
        while item := self._grid.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        half = (len(entries) + 1) // 2
        for place, (key, word) in enumerate(entries):
            row, column = place % half, place // half * 2
            self._grid.addWidget(SymbolPicture(key), row, column)
            self._grid.addWidget(text(word, SMALL), row, column + 1)
        self.adjustSize()

    def set_unfolded(self, unfolded: bool) -> None:
        """Fold it in or out."""
        self._heading.setChecked(unfolded)

    def _on_toggled(self, unfolded: bool) -> None:
        self._body.setVisible(unfolded)
        self.adjustSize()
        self.unfolded.emit(unfolded)
