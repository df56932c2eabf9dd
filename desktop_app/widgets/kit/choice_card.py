"""Cards of which one is chosen: at the first start, and per field of a double edit."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from desktop_app.tokens import BUTTON, RADIUS_CARD, TextSize
from desktop_app.widgets.kit.small import KeyHint
from desktop_app.widgets.theme import font, px, tokens


def emphasise(button: QRadioButton, on: bool) -> None:
    """Write the word of the chosen button in the accent colour."""
    button.setProperty("tone", "accent" if on else "")
    button.style().unpolish(button)
    button.style().polish(button)


class ChoiceCard(QFrame):
    """A card with a radio button; a click anywhere on it chooses it.

    Lay the rest of it out in ``body``, which stands below the button, or above it with
    ``choice_below``. Cards of one `QButtonGroup` exclude each other.

    Signals:
        chosen(): the user chose it.
    """

    chosen = Signal()

    def __init__(
        self,
        word: str,
        group: QButtonGroup | None = None,
        *,
        key: str = "",
        choice_below: bool = False,
        size: TextSize = BUTTON,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._word, self._word_chosen = word, word
        self.button = QRadioButton(word)
        self.button.setFont(font(size))
        self.body = QVBoxLayout()
        self.body.setSpacing(px(4))
        self.head = QHBoxLayout()
        self.head.addWidget(self.button, 1)
        self.hint = KeyHint(key)
        self.hint.setVisible(bool(key))
        self.head.addWidget(self.hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), px(12), px(14), px(12))
        column.setSpacing(px(8))
        parts = (self.body, self.head) if choice_below else (self.head, self.body)
        for part in parts:
            column.addLayout(part)
        if group is not None:
            group.addButton(self.button)
        self.button.toggled.connect(self._on_toggled)
        self.button.clicked.connect(self.chosen)

    def set_chosen_word(self, word: str) -> None:
        """Say ``word`` beside the button while this card is the chosen one."""
        self._word_chosen = word

    def _on_toggled(self, chosen: bool) -> None:
        self.button.setText(self._word_chosen if chosen else self._word)
        emphasise(self.button, chosen and self._word_chosen != self._word)
        self.update()

    def is_chosen(self) -> bool:
        """Tell whether this card is the chosen one."""
        return self.button.isChecked()

    def set_chosen(self, chosen: bool) -> None:
        """Choose it, or take the choice away, without emitting."""
        group = self.button.group()
        if group is not None and not chosen:
            group.setExclusive(False)
        self.button.setChecked(chosen)
        if group is not None:
            group.setExclusive(True)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose it wherever it was clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.button.click()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and edge: 2 px in the accent colour when chosen."""
        scheme, painter = tokens(), QPainter(self)
        width = 2.0 if self.is_chosen() else 1.0
        colour = scheme.accent if self.is_chosen() else scheme.edge
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colour), width))
        painter.setBrush(QColor(scheme.surface))
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.drawRoundedRect(box, RADIUS_CARD, RADIUS_CARD)
        painter.end()
