"""An empty place: an icon, what is the case, what to do, and the buttons to do it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.tokens import BODY, HEADING, ICON_EMPTY, Tone
from desktop_app.widgets.kit.button import Button
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class EmptyState(QWidget):
    """Shown instead of an empty list; the first button is the primary one."""

    def __init__(
        self,
        icon: str,
        title: str,
        words: str = "",
        buttons: Sequence[Button] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._glyph = Glyph(icon, Tone.MUTED, ICON_EMPTY)
        self._title = text(title, HEADING, wrap=True)
        self._words = text(words, BODY, Tone.MUTED, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(32), px(24), px(32), px(24))
        column.setSpacing(px(4))
        column.addStretch(2)
        column.addWidget(self._glyph, 0, _CENTRE)
        column.addSpacing(px(12))
        for label in (self._title, self._words):
            label.setAlignment(_CENTRE)
            column.addWidget(label)
        column.addSpacing(px(16))
        self._column = column
        for button in buttons:
            button.setFixedWidth(max(px(240), button.sizeHint().width()))
            column.addWidget(button, 0, _CENTRE)
            column.addSpacing(px(4))
        column.addStretch(3)
        self.setAccessibleName(f"{title}. {words}" if words else title)

    def set_words(self, title: str, words: str = "") -> None:
        """Say something else."""
        self._title.setText(title)
        self._words.setText(words)
        self.setAccessibleName(f"{title}. {words}" if words else title)
