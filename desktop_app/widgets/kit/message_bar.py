"""Messages where the work is: information, warning, error, done; and the undo bar."""

from collections.abc import Sequence
from enum import Enum
from html import escape

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.i18n import _
from desktop_app.tokens import ICON_NAV, SMALL, TextSize, Tone
from desktop_app.widgets.icons import paint_icon
from desktop_app.widgets.kit.button import Button, IconButton, Kind
from desktop_app.widgets.kit.text import Paragraph, text
from desktop_app.widgets.theme import px, tokens

UNDO_MS = 10_000
"""How long the undo bar stays below a list."""

UNDO_BESIDE = 480
"""From this width on the button stands beside the words."""


class Message(Enum):
    """What a bar says: its tone and icon."""

    INFORMATION = (Tone.ACCENT, "information-outline")
    WARNING = (Tone.AMBER, "alert")
    ERROR = (Tone.RED, "alert-circle")
    DONE = (Tone.GREEN, "check-circle")


class Glyph(QWidget):
    """An icon as a widget of its own, decoration for screen readers."""

    def __init__(self, name: str, tone: Tone | None = None, size: int = ICON_NAV) -> None:
        super().__init__()
        self._name, self._tone = name, tone
        self.setFixedSize(px(size), px(size))

    def set_glyph(self, name: str, tone: Tone | None = None) -> None:
        """Show another icon."""
        self._name, self._tone = name, tone
        self.update()

    def sizeHint(self) -> QSize:
        """Return the icon's side."""
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon."""
        scheme = tokens()
        colour = scheme.fore(self._tone) if self._tone else scheme.text
        painter = QPainter(self)
        paint_icon(painter, QRectF(self.rect()), self._name, QColor(colour))
        painter.end()


class MessageBar(QFrame):
    """A bar with a thick left edge; title, words, and buttons where there is something to do.

    Title and words are plain text, whatever they look like; links come from `set_links`.

    Signals:
        link_chosen(str): the key of a link.
    """

    link_chosen = Signal(str)

    def __init__(
        self,
        kind: Message,
        words: str = "",
        title: str = "",
        *,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = text("", TextSize(SMALL.px, SMALL.line_px, 600), wrap=True)
        self._words = self._make_words()
        self._glyph = Glyph(icon or kind.value[1], kind.value[0])
        self._row: QHBoxLayout | None = None
        self._lay_out()
        self.set_message(kind, words, title, icon=icon)

    def _make_words(self) -> Paragraph:
        label = Paragraph("", SMALL)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByKeyboard
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        label.linkActivated.connect(self.link_chosen)
        return label

    def _lay_out(self) -> None:
        words = self._column = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._words)
        outer = self._outer = QHBoxLayout(self)
        outer.setContentsMargins(px(13), px(8), px(12), px(8))
        outer.setSpacing(px(11))
        outer.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def set_message(self, kind: Message, words: str, title: str = "", *, icon: str = "") -> None:
        """Say something else."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._say(kind, escape(words), icon)
        self.setAccessibleName(" ".join(part for part in (title, words) if part))

    def set_links(self, kind: Message, lead: str, links: Sequence[tuple[str, str]]) -> None:
        """Say ``lead`` in bold and, behind it, links as pairs of key and word."""
        self._title.hide()
        made = [f'<a href="{escape(key)}">{escape(word)}</a>' for key, word in links]
        self._say(kind, f"<b>{escape(lead)}</b> {', '.join(made)}", "")
        self.setAccessibleName(" ".join((lead, ", ".join(word for _key, word in links))))

    def _say(self, kind: Message, html: str, icon: str) -> None:
        tone, glyph = kind.value
        self.setProperty("bar", tone.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self._tone, self._html = tone, html
        self._glyph.set_glyph(icon or glyph, tone)
        self._words.setVisible(bool(html))
        has_link = "<a " in html
        policy = Qt.FocusPolicy.StrongFocus if has_link else Qt.FocusPolicy.NoFocus
        self._words.setFocusPolicy(policy)
        self._tint_links()

    def add_words(self, words: QWidget) -> None:
        """Add more to read below the words."""
        self._column.insertWidget(2, words)

    def add_beside(self, button: QWidget) -> None:
        """Add a small button at the right of the words."""
        self._outer.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def add_button(self, button: QWidget) -> None:
        """Add a button below the words."""
        if self._row is None:
            self._row = QHBoxLayout()
            self._row.setSpacing(px(8))
            self._row.setContentsMargins(0, px(6), 0, px(2))
            self._row.addStretch(1)
            self._column.addLayout(self._row)
        self._row.insertWidget(self._row.count() - 1, button)

    def changeEvent(self, event: QEvent) -> None:
        """Give links the colour of the bar in the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._tint_links()

    def _tint_links(self) -> None:
        colour = tokens().fore(self._tone)
        self._words.set_html(self._html.replace("<a ", f'<a style="color:{colour}" '))


class UndoBar(QFrame):
    """Says what was just done, with a button that takes it back.

    Below a list it goes away by itself after 10 s, but not while mouse or focus is on it.

    Signals:
        undone(): the user wants it back.
        closed(): the time is over or the user closed it.
    """

    undone = Signal()
    closed = Signal()

    def __init__(self, *, stays: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "undo")
        self._stays = stays
        self._words = text("", wrap=True)
        self._glyph = Glyph("trash-can-outline", Tone.MUTED, 18)
        self._undo = Button(_("Undo"), Kind.LINK, icon="undo", shortcut="Ctrl+Z")
        self._close = IconButton("close", _("Close"))
        self._timer = QTimer(self, interval=UNDO_MS, singleShot=True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(px(14), px(6), px(6), px(6))
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._glyph, 0, 0)
        self._grid.addWidget(self._words, 0, 1)
        self._grid.addWidget(self._close, 0, 3)
        self._place_button()
        self._undo.clicked.connect(self._on_undo)
        self._close.clicked.connect(self._on_close)
        self._timer.timeout.connect(self._on_timeout)
        self.hide()

    def _place_button(self) -> None:
        """Put the button behind the words, or below them where they would break too often."""
        if self.width() < px(UNDO_BESIDE):
            self._grid.addWidget(self._undo, 1, 1, Qt.AlignmentFlag.AlignLeft)
        else:
            self._grid.addWidget(self._undo, 0, 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the words room in a narrow list."""
        super().resizeEvent(event)
        self._place_button()

    def show_done(
        self, words: str, glyph: str = "trash-can-outline", *, with_undo: bool = True
    ) -> None:
        """Say that ``words`` was done, and start to wait; a written file is not taken back."""
        self._undo.setVisible(with_undo)
        self._words.setText(words)
        self._glyph.set_glyph(glyph, Tone.MUTED)
        self.setAccessibleName(words)
        self.show()
        if not self._stays:
            self._timer.start()

    def _on_undo(self) -> None:
        self._end()
        self.undone.emit()

    def _on_close(self) -> None:
        self._end()
        self.closed.emit()

    def _on_timeout(self) -> None:
        if self.underMouse() or self._undo.hasFocus() or self._close.hasFocus():
            self._timer.start()
        else:
            self._on_close()

    def _end(self) -> None:
        self._timer.stop()
        self.hide()
