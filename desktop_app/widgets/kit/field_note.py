"""The line below a field: a hint, an error, a warning, or why it cannot be changed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop_app.tokens import ICON_SMALL, SMALL, Tone
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.text import set_tone, text
from desktop_app.widgets.theme import px

_KINDS: dict[str, tuple[Tone, str]] = {
    "": (Tone.MUTED, ""),
    "error": (Tone.RED, "alert-circle"),
    "warning": (Tone.AMBER, "alert"),
    "reason": (Tone.MUTED, "information-outline"),
}


class FieldNote(QWidget):
    """Icon and sentence; takes no room while it has nothing to say.

    Kinds are those of `kit_style.set_state`, and "reason" for a disabled field.
    """

    def __init__(self, kind: str = "", words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = Glyph("information-outline", Tone.MUTED, ICON_SMALL)
        self._words = text("", SMALL, Tone.MUTED, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self._glyph.setFixedHeight(px(SMALL.line_px))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.set_note(kind, words)

    def set_note(self, kind: str, words: str) -> None:
        """Say something else; no words hide it."""
        tone, glyph = _KINDS[kind]
        self._glyph.setVisible(bool(glyph))
        if glyph:
            self._glyph.set_glyph(glyph, tone)
        self._words.setText(words)
        set_tone(self._words, tone)
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    def words(self) -> str:
        """Return what it says."""
        return self._words.text()
