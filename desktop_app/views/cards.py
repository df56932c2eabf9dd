"""Cards of a page: a head with a count, rows below it, and what belongs in a row."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.i18n import format_number
from desktop_app.tokens import BUTTON, HEADING, SMALL, Tone
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.text import rule, text
from desktop_app.widgets.theme import px


class Card(QFrame):
    """A card with a title; rows are added below, with a line between them."""

    def __init__(self, title: str, *, is_warning: bool = False) -> None:
        super().__init__()
        self.setProperty("kind", "card-warning" if is_warning else "card")
        self.head = QHBoxLayout()
        self.head.setContentsMargins(px(16), px(8), px(12), px(8))
        self._title = text(title, HEADING)
        self._note = text("", SMALL, Tone.MUTED)
        self.head.addWidget(self._title)
        self.head.addWidget(self._note)
        self.head.addStretch(1)
        holder = QWidget()
        holder.setMinimumHeight(px(44))
        holder.setLayout(self.head)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._column.addWidget(holder)
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def set_note(self, words: str) -> None:
        """Show something in muted letters behind the title, such as a count."""
        self._note.setText(words)

    def set_rows(self, rows: Sequence[QWidget]) -> None:
        """Show these rows instead of the present ones."""
        while self._column.count() > 1:
            item = self._column.takeAt(1)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row in rows:
            self._column.addWidget(rule())
            self._column.addWidget(row)

    def count(self, number: int) -> None:
        """Show how many there are, and hide the card when there are none."""
        self.set_note(format_number(number))
        self.setVisible(number > 0)


def card_row(
    icon: str,
    tone: Tone,
    title: str,
    words: str,
    right: Sequence[QWidget] = (),
    below: Sequence[QWidget] = (),
) -> QWidget:
    """Return a row: icon, title and second line, at the right and below it what can be done."""
    row = QWidget()
    line = QHBoxLayout()
    line.setSpacing(px(12))
    line.addWidget(Glyph(icon, tone, 18), 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(text(title, BUTTON, wrap=True))
    if words:
        column.addWidget(text(words, SMALL, Tone.MUTED, wrap=True))
    if below:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, px(8), 0, 0)
        buttons.setSpacing(px(8))
        for widget in below:
            buttons.addWidget(widget)
        buttons.addStretch(1)
        column.addLayout(buttons)
    line.addLayout(column, 1)
    for widget in right:
        line.addWidget(widget)
    line.setContentsMargins(px(16), px(8), px(12), px(8))
    row.setLayout(line)
    return row
