"""Below the double edits: what was chosen lately, each with a way to take the choice back."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from desktop_app.i18n import _
from desktop_app.services.merge_recent import Recent
from desktop_app.tokens import BUTTON, LABEL, SMALL, Tone
from desktop_app.views.sync_rows import act_button
from desktop_app.widgets.kit.button import Kind
from desktop_app.widgets.kit.text import rule, text
from desktop_app.widgets.theme import px

CARD, IN_LIST = 440, 2
"""How wide the card is; how many there is room for below the list of double edits."""


class MergeRecent(QFrame):
    """The last decisions; hidden when there are none.

    Signals:
        undo_asked(object): the `Recent` that is to be taken back.
    """

    undo_asked = Signal(object)

    def __init__(self, *, is_card: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_card = is_card
        self._shown: Sequence[Recent] = ()
        if is_card:
            self.setProperty("kind", "card")
            self.setFixedWidth(px(CARD))
        self._heading = text(_("Chosen lately"), LABEL)
        self._heading.setContentsMargins(px(16), px(10), px(16), px(6))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._column.addWidget(self._heading)
        self.setAccessibleName(self._heading.text())
        self.hide()

    def show_recent(self, found: Sequence[Recent]) -> None:
        """Show these; rows that are the same stay, so that the focus does."""
        found = found if self._is_card else found[:IN_LIST]
        self.setVisible(bool(found))
        if found == self._shown:
            return
        self._shown = found
        while self._column.count() > 1:
            item = self._column.takeAt(1)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for one in found:
            self._column.addWidget(rule())
            self._column.addWidget(self._row(one))

    def _row(self, one: Recent) -> QWidget:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(text(one.title, BUTTON, wrap=True))
        words.addWidget(text(one.when, SMALL, Tone.MUTED))
        button = act_button(
            _("Undo"), "undo", f"undo:{one.ids[0]}", lambda: self.undo_asked.emit(one),
            f"{one.title}, {one.when}", Kind.LINK,
        )  # fmt: skip
        way = QBoxLayout.Direction
        row = QWidget()
        line = QBoxLayout(way.LeftToRight if self._is_card else way.TopToBottom, row)
        line.setContentsMargins(px(5), px(8), px(8), px(8))
        words.setContentsMargins(px(11), 0, 0, 0)  # in line with the words of the link
        line.setSpacing(px(4))
        line.addLayout(words, 1)
        line.addWidget(button)
        return row
