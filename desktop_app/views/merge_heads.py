"""Above the cards of a double edit: whose column is which, and when they changed it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.i18n import _
from desktop_app.services.asked import Side
from desktop_app.tokens import CAPTION, STRONG, Tone
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px

LEAST = 596
"""Where the cards below (24 + 12 px narrower) stand beside one another."""


class MergeHeads(QWidget):
    """Three headings: theirs, mine, result; hidden where the cards stand below one another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(24), px(4), px(24), px(12))
        self._row.setSpacing(px(16))
        self._labels = []
        self._is_high = True
        for icon, title in (
            ("account-outline", ""),
            ("laptop", ""),
            ("check-circle-outline", _("Result")),
        ):
            heading, below = text(title, STRONG), text("", CAPTION, Tone.MUTED)
            self._labels.append((heading, below))
            head = self._head(icon, heading, below)
            head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._row.addWidget(head, 1)
        self._labels[2][1].setText(_("this will be saved"))

    def _head(self, icon: str, heading: QWidget, below: QWidget) -> QWidget:
        holder = QWidget()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(heading)
        words.addWidget(below)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Glyph(icon, Tone.MUTED), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        return holder

    def show_sides(self, theirs: Side, mine: Side) -> None:
        """Show who changed it there and when, and when it was changed here."""
        for (heading, below), side in zip(self._labels, (theirs, mine), strict=False):
            heading.setText(side.who)
            below.setText(side.when)

    def set_high(self, high: bool) -> None:
        """Leave them out in a low window: there the cards say whose they are."""
        self._is_high = high
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room where there is little."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        has_room = self._is_high and self.width() >= px(LEAST)
        self.setMaximumHeight(16777215 if has_room else 0)
