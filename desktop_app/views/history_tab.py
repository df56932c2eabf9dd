"""The tab History: one sentence a change, newest first under the day, each with a way to put back."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_app.i18n import _
from desktop_app.services.history_text import HistoryText
from desktop_app.tokens import BODY, LABEL, Tone
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.text import Paragraph, rule, text
from desktop_app.widgets.theme import px

FIRST = 40
"""Lines shown at once; more on request."""


def emphasised(sentence: str) -> str:
    """Return a sentence of `history_text` as HTML: *values* in italics, all else as it is."""
    parts = escape(sentence).split("*")
    return "".join(f"<i>{part}</i>" if n % 2 else part for n, part in enumerate(parts))


class HistoryRow(QWidget):
    """One change; "put back" shows under the mouse or with the focus.

    Signals:
        back_asked(object): the `HistoryText` whose values are wanted back.
    """

    back_asked = Signal(object)

    def __init__(
        self, line: HistoryText, *, may_write: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._line = line
        words = Paragraph("", BODY)
        words.set_html(emphasised(line.short))
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(6), px(8), px(6))
        row.addWidget(words, 1)
        self._back: Button | None = None
        if line.values and may_write:
            self._back = Button(_("Put back"), Kind.FLAT, icon="undo")
            self._back.setAccessibleDescription(line.sentence)
            self._back.clicked.connect(lambda: self.back_asked.emit(line))
            self._back.installEventFilter(self)
            policy = self._back.sizePolicy()
            policy.setRetainSizeWhenHidden(False)
            self._back.setSizePolicy(policy)
            row.addWidget(self._back, 0, Qt.AlignmentFlag.AlignTop)
            self._back.setProperty("quiet", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if line.values else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(line.sentence.replace("*", ""))
        self._show_back(False)

    def enterEvent(self, event: object) -> None:
        """Show the button under the mouse."""
        self._show_back(True)

    def leaveEvent(self, event: object) -> None:
        """Hide the button again."""
        self._show_back(self.hasFocus() or bool(self._back and self._back.hasFocus()))

    def focusInEvent(self, event: object) -> None:
        """Show the button with the focus."""
        self._show_back(True)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Hide the button when its own focus goes."""
        if event.type() == QEvent.Type.FocusOut:
            self._show_back(self.underMouse())
        return False

    def _show_back(self, shows: bool) -> None:
        if self._back is not None:
            self._back.setVisible(shows)


class HistoryTab(QScrollArea):
    """What happened to one record.

    Signals:
        back_asked(object): the `HistoryText` whose values are wanted back.
    """

    back_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[HistoryText] = ()
        self._may_write = True
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_history(self, lines: Sequence[HistoryText], *, may_write: bool = True) -> None:
        """Show these changes, newest first."""
        self._lines, self._may_write = lines, may_write
        self._fill(FIRST)

    def _fill(self, count: int) -> None:
        body = QWidget()
        body.setProperty("kind", "surface")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, px(12), 0, px(16))
        column.setSpacing(0)
        day = ""
        for line in self._lines[:count]:
            if line.day != day:
                day = line.day
                heading = text(day, LABEL)
                heading.setContentsMargins(px(16), px(10), px(16), px(4))
                column.addWidget(heading)
            row = HistoryRow(line, may_write=self._may_write)
            row.back_asked.connect(self.back_asked)
            column.addWidget(row)
        if not self._lines:
            none = text(_("Nothing has happened yet."), BODY, Tone.MUTED)
            none.setContentsMargins(px(16), 0, px(16), 0)
            column.addWidget(none)
        if len(self._lines) > count:
            more = Button(_("Show more"), Kind.LINK)
            more.clicked.connect(lambda: self._fill(count + 200))
            column.addWidget(rule())
            column.addWidget(more)
        column.addStretch(1)
        self.setWidget(body)
