"""Chip: icon and word on a soft colour, not clickable; Tag: a chosen value with a cross."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop_app.i18n import _
from desktop_app.services.symbols import symbol
from desktop_app.tokens import RADIUS_CHIP, Tone
from desktop_app.widgets.painting import chip_size, paint_chip


class Chip(QWidget):
    """A state in icon and word."""

    def __init__(
        self, text: str, tone: Tone = Tone.GREY, icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_chip(text, tone, icon)

    def set_chip(self, text: str, tone: Tone, icon: str = "") -> None:
        """Show another state."""
        self.text, self.tone, self.icon = text, tone, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for icon and word."""
        return chip_size(self.text, self.icon)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip."""
        painter = QPainter(self)
        paint_chip(painter, self.rect(), self.text, self.icon, self.tone)
        painter.end()


def state_chip(key: str, word: str) -> Chip:
    """Return the chip of a state such as ``initiative.plan``; colour and icon as on the map."""
    shown = symbol(key)
    return Chip(word, Tone.GREY if shown.tone is Tone.MUTED else shown.tone, shown.icon)


class Tag(QAbstractButton):
    """One of several chosen values in a field; a click or Delete asks to take it out.

    The signal is the button's own ``clicked``.
    """

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(_("Remove {value}").format(value=text))
        self.setToolTip(self.accessibleName())
        self.setProperty("focusRadius", RADIUS_CHIP)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Return room for cross and word."""
        return chip_size(self.text(), "close")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tag."""
        painter = QPainter(self)
        tone = Tone.ACCENT if self.underMouse() else Tone.GREY
        paint_chip(painter, QRect(self.rect()), self.text(), "close", tone)
        painter.end()
