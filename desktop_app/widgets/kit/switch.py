"""Two to four choices of which one is on, side by side: "Lijst | Kaart | Gegevens"."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from desktop_app.tokens import BUTTON, HEIGHT_BUTTON, RADIUS_CONTROL
from desktop_app.widgets.painting import draw_text, fill_round, text_width
from desktop_app.widgets.theme import px, tokens

_CENTRE = Qt.AlignmentFlag.AlignCenter


class _Part(QAbstractButton):
    """One choice; only the outer ones are rounded, on their outer side."""

    def __init__(self, key: str, word: str, *, first: bool, last: bool) -> None:
        super().__init__()
        self.key, self._first, self._last = key, first, last
        self.setText(word)
        self.setAccessibleName(word)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(text_width(self.text(), BUTTON) + px(26), px(HEIGHT_BUTTON))

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme, painter = tokens(), QPainter(self)
        on = self.isChecked()
        ground = scheme.accent_soft if on else scheme.hover if self.underMouse() else scheme.surface
        edge, colour = (scheme.accent, scheme.accent) if on else (scheme.edge, scheme.text)
        left = 0.0 if self._first else -RADIUS_CONTROL if not on else 0.0
        right = 0.0 if self._last else RADIUS_CONTROL
        box = QRectF(self.rect()).adjusted(left, 0, right, 0)
        fill_round(painter, box, RADIUS_CONTROL, QColor(ground), QColor(edge))
        if not self._last and on:
            painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(edge))
        if not self._first:
            painter.fillRect(0, 0, 1, self.height(), QColor(edge))
        draw_text(painter, self.rect(), self.text(), BUTTON, QColor(colour), _CENTRE)
        painter.end()


class SegmentSwitch(QWidget):
    """A row of choices.

    Signals:
        chosen(str): the key of the choice the user made.
    """

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._parts: dict[str, _Part] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, (key, word) in enumerate(choices):
            part = _Part(key, word, first=place == 0, last=place == len(choices) - 1)
            self._parts[key] = part
            self._group.addButton(part)
            row.addWidget(part)
        self._group.buttonClicked.connect(self._on_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def current(self) -> str:
        """Return the key of the choice that is on, empty before any was made."""
        part = self._group.checkedButton()
        return part.key if isinstance(part, _Part) else ""

    def set_current(self, key: str) -> None:
        """Turn a choice on without emitting."""
        self._parts[key].setChecked(True)

    def _on_clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, _Part):
            self.chosen.emit(button.key)
