"""A text with what was added underlined and tinted, and what was taken out struck through."""

from html import escape

from PySide6.QtCore import QEvent

from desktop_app.i18n import _
from desktop_app.services.text_diff import Edit, Piece, text_diff
from desktop_app.tokens import BODY
from desktop_app.widgets.kit.text import Paragraph
from desktop_app.widgets.theme import tokens


class TextDiff(Paragraph):
    """One side of a double edit, against what the text was before both."""

    def __init__(self, base: str = "", other: str = "") -> None:
        super().__init__("", BODY)
        self._pieces: tuple[Piece, ...] = ()
        self.set_diff(base, other)

    def set_diff(self, base: str, other: str) -> None:
        """Show how ``base`` became ``other``."""
        self._pieces = text_diff(base, other)
        self._show_pieces()

    def changeEvent(self, event: QEvent) -> None:
        """Tint the words in the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_pieces()

    def _show_pieces(self) -> None:
        html = "".join(_marked(piece) for piece in self._pieces)
        self.set_html(html.replace("\n", "<br>"), " ".join(map(_spoken, self._pieces)))


def _marked(piece: Piece) -> str:
    scheme, words = tokens(), escape(piece.text)
    match piece.edit:
        case Edit.ADDED:
            style = f"color:{scheme.green}; background:{scheme.green_soft}"
            return f'<span style="{style}; font-weight:600"><u>{words}</u></span>'
        case Edit.REMOVED:
            return f'<span style="color:{scheme.muted}"><s>{words}</s></span>'
    return words


def _spoken(piece: Piece) -> str:
    words = piece.text.strip()
    match piece.edit:
        case Edit.ADDED if words:
            return _("added: {words}").format(words=words)
        case Edit.REMOVED if words:
            return _("taken out: {words}").format(words=words)
    return words
