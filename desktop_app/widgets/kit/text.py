"""Labels in the sizes of the guide, and the hair line between parts."""

from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from desktop_app.tokens import BODY, LABEL, SMALL, TextSize, Tone
from desktop_app.widgets.theme import font, px, tokens


class Paragraph(QLabel):
    """Text that wraps, with the line height of its size, which a plain label cannot have."""

    def __init__(self, words: str, size: TextSize) -> None:
        super().__init__()
        self._plain, self._line_px = "", px(size.line_px)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setFont(font(size))
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        # One line: Qt would ask for the height at the narrowest width, and pages would scroll.
        self.setMinimumHeight(self._line_px)
        self.setText(words)

    def setText(self, words: str) -> None:
        """Show plain text, whatever it looks like."""
        self._plain = words
        self.setAccessibleName(words)
        self._write(escape(words).replace("\n", "<br>"))

    def set_html(self, html: str, spoken: str = "") -> None:
        """Show text with links or emphasis; what comes from a record must be escaped in it."""
        self._plain = spoken or html
        self.setAccessibleName(self._plain)
        self._write(html)

    def text(self) -> str:
        """Return the words without the layout around them."""
        return self._plain

    def _write(self, html: str) -> None:
        style = f"margin:0; line-height:{self._line_px}px; -qt-line-height-type:fixed"
        super().setText(f'<p style="{style}">{html}</p>' if html else "")


def text(
    words: str, size: TextSize = BODY, tone: Tone | None = None, *, wrap: bool = False
) -> QLabel:
    """Return a label that shows ``words`` as plain text."""
    label: QLabel = Paragraph(words, size) if wrap else QLabel(words)
    if not wrap:
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(font(size))
    if tone is not None:
        label.setProperty("tone", tone.value)
    return label


def set_tone(label: QLabel, tone: Tone) -> None:
    """Show ``label`` in another tone."""
    if label.property("tone") != tone.value:
        label.setProperty("tone", tone.value)
        label.style().unpolish(label)
        label.style().polish(label)


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
