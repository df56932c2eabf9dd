"""Pieces of a detail panel: its heading, its tabs, and values beside their labels."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from desktop_app.i18n import _, format_number
from desktop_app.tokens import BODY, BUTTON, CAPTION, HEIGHT_TAB, SMALL, STRONG, TITLE, Tone
from desktop_app.widgets.kit.button import IconButton
from desktop_app.widgets.kit.flow import FlowLayout
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.painting import draw_text, text_width
from desktop_app.widgets.theme import px, tokens

_TOP = Qt.AlignmentFlag.AlignTop
_LABEL_WIDTH = 128


class DetailHeader(QWidget):
    """Number, title, chips and buttons of one record, with pin and close at the right.

    Signals:
        close_asked(), pin_toggled(bool)
    """

    close_asked = Signal()
    pin_toggled = Signal(bool)

    def __init__(self, *, can_pin: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = text("", SMALL, Tone.MUTED)
        self._title = text("", TITLE, wrap=True)
        self._title.setMinimumHeight(px(TITLE.line_px))
        self._pin = IconButton("pin-outline", _("Pin this panel"), checkable=True)
        self._pin.setVisible(can_pin)
        self._close = IconButton("close", _("Close"), shortcut="Esc")
        self.chips, self.buttons = FlowLayout(spacing=8), FlowLayout(spacing=8)
        top = QHBoxLayout()
        top.addWidget(self._number, 1)
        top.addWidget(self._pin)
        top.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(8), px(12))
        column.setSpacing(px(4))
        column.addLayout(top)
        column.addWidget(self._title)
        column.addSpacing(px(2))
        column.addLayout(self.chips)
        column.addSpacing(px(8))
        column.addLayout(self.buttons)
        self._pin.toggled.connect(self.pin_toggled)
        self._close.clicked.connect(self.close_asked)

    def set_record(self, number: str, title: str) -> None:
        """Show whose detail this is."""
        self._number.setText(number)
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_pinned(self, pinned: bool) -> None:
        """Show whether the panel is pinned, without emitting."""
        self._pin.blockSignals(True)
        self._pin.setChecked(pinned)
        self._pin.blockSignals(False)

    def set_chips(self, chips: Sequence[QWidget]) -> None:
        """Show these states instead of the present ones."""
        refill(self.chips, chips)

    def set_buttons(self, buttons: Sequence[QWidget]) -> None:
        """Show these buttons instead of the present ones; the first is the primary one."""
        refill(self.buttons, buttons)


def refill(layout: QLayout, widgets: Sequence[QWidget]) -> None:
    """Replace all widgets of ``layout``; the old ones are deleted."""
    while item := layout.takeAt(0):
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
    for widget in widgets:
        layout.addWidget(widget)


class Tabs(QTabBar):
    """Tabs with a count in small muted letters behind the word: "Relaties 4"."""

    def __init__(self, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[int, str] = {}
        self.setProperty("focusRing", False)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        for number, word in enumerate(words, start=1):
            self.addTab(word)
            self.setTabToolTip(number - 1, f"Ctrl+{number}")
            self.setAccessibleTabName(number - 1, word)

    def set_count(self, tab: int, count: int | None) -> None:
        """Show how many things a tab holds."""
        self._counts[tab] = "" if not count else format_number(count)
        self.setAccessibleTabName(tab, f"{self.tabText(tab)} {self._counts[tab]}".strip())
        self.setTabText(tab, self.tabText(tab))
        self.updateGeometry()
        self.update()

    def tabSizeHint(self, index: int) -> QSize:
        """Return room for word and count; all tabs fit the panel side by side."""
        width = text_width(self.tabText(index), STRONG) + px(20)
        if self._counts.get(index):
            width += text_width(self._counts[index], CAPTION) + px(7)
        return QSize(width, px(HEIGHT_TAB))

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Return the same: a tab is never cut off."""
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tabs; the chosen one in the accent colour with a line below it."""
        scheme, painter = tokens(), QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(scheme.line))
        for index in range(self.count()):
            self._paint_tab(painter, index)
        painter.end()

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        scheme, rect = tokens(), self.tabRect(index)
        chosen = index == self.currentIndex()
        colour = scheme.accent if chosen else scheme.text
        if not self.isTabEnabled(index):
            colour = scheme.disabled
        size = STRONG if chosen else BUTTON
        word, count = self.tabText(index), self._counts.get(index, "")
        words = rect.adjusted(px(10), 0, 0, 0)
        draw_text(painter, words, word, size, QColor(colour))
        rest = words.adjusted(text_width(word, size) + px(6), 1, 0, 0)
        draw_text(painter, rest, count, CAPTION, QColor(scheme.muted))
        if chosen:
            line = rect.adjusted(0, rect.height() - 2, 0, 0)
            painter.fillRect(line, QColor(scheme.accent))
            if self.hasFocus():
                painter.setPen(QColor(scheme.accent))
                painter.drawRoundedRect(rect.adjusted(1, 3, -2, -6), 5, 5)
                painter.drawRoundedRect(rect.adjusted(2, 4, -3, -7), 4, 4)


class KeyValues(QWidget):
    """Rows of a muted label and a value that can be selected and copied."""

    def __init__(self, parent: QWidget | None = None, *, label_width: int = _LABEL_WIDTH) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(8))
        self._grid.setColumnMinimumWidth(0, px(label_width))
        self._grid.setColumnStretch(1, 1)

    def clear(self) -> None:
        """Take all rows away."""
        while item := self._grid.takeAt(0):
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def add(self, label: str, value: str | QWidget, icon: str = "") -> None:
        """Add a row; an icon before the value says why it is not shown, as a lock does."""
        row = self._grid.rowCount()
        words = text(label, SMALL, Tone.MUTED, wrap=True)
        self._grid.addWidget(words, row, 0, _TOP)
        shown = value if isinstance(value, QWidget) else _value(value, icon)
        shown.setAccessibleName(f"{label}: {value}" if isinstance(value, str) else label)
        self._grid.addWidget(shown, row, 1, _TOP)

    def set_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show these labels and values, leaving out those that are empty."""
        self.clear()
        for label, value in rows:
            if value:
                self.add(label, value)


def _value(words: str, icon: str) -> QWidget:
    label = text(words, BODY, Tone.MUTED if icon else None, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if not icon:
        return label
    return _beside(Glyph(icon, Tone.MUTED, 16), label)


def _beside(glyph: Glyph, label: QLabel) -> QWidget:
    holder = QWidget()
    glyph.setFixedHeight(px(BODY.line_px))
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(6))
    row.addWidget(glyph, 0, _TOP)
    row.addWidget(label, 1)
    holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return holder
