"""Labels in the sizes of the guide, and the hair line between parts."""

from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from desktop_app.tokens import BODY, LABEL, SMALL, TextSize, Tone
from desktop_app.widgets.theme import font, tokens


def text(
    words: str, size: TextSize = BODY, tone: Tone | None = None, *, wrap: bool = False
) -> QLabel:
    """Return a label that shows ``words`` as plain text."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(font(size))
    label.setWordWrap(wrap)
    if tone is not None:
        label.setProperty("tone", tone.value)
    if wrap:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
    return label


class FieldLabel(QLabel):
    """A label above a field, with its hint "(1234 AB)" behind it in muted letters."""

    def __init__(self, words: str, hint: str = "", buddy: QWidget | None = None) -> None:
        super().__init__()
        self._words, self._hint = words, hint
        self.setFont(font(LABEL))
        self.setTextFormat(Qt.TextFormat.RichText)
        if buddy is not None:
            self.setBuddy(buddy)
            buddy.setAccessibleName(words)
            buddy.setAccessibleDescription(hint)
        self._write()

    def set_hint(self, hint: str) -> None:
        """Show another hint."""
        self._hint = hint
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        """Write the hint in the colour of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._write()

    def _write(self) -> None:
        style = f"font-weight:400; color:{tokens().muted}"
        hint = f' <span style="{style}">{escape(self._hint)}</span>' if self._hint else ""
        written = escape(self._words) + hint
        if written != self.text():
            self.setText(written)


def note(words: str, tone: Tone = Tone.MUTED) -> QLabel:
    """Return small text below or beside something, wrapped."""
    return text(words, SMALL, tone, wrap=True)


def rule() -> QFrame:
    """Return a separator of 1 px."""
    line = QFrame()
    line.setProperty("kind", "rule")
    line.setFixedHeight(1)
    return line
