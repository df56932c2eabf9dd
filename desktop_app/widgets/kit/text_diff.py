"""A text with what was added underlined and tinted, and what was taken out struck through."""

from collections.abc import Iterator, Sequence
from html import escape

from PySide6.QtCore import QEvent, Qt, Signal

from desktop_app.i18n import _
from desktop_app.services.text_diff import Edit, Piece, shortened, text_diff
from desktop_app.tokens import BODY
from desktop_app.widgets.kit.text import Paragraph
from desktop_app.widgets.theme import tokens

LONG = 420
"""Letters from which on only what changed is shown, with a link for the whole text."""


class TextDiff(Paragraph):
    """One side of a double edit, against what the text was before both.

    Signals:
        whole_asked(): the user wants to read all of a long text.
    """

    whole_asked = Signal()

    def __init__(self, base: str = "", other: str = "", *, shows_marks: bool = True) -> None:
        super().__init__("", BODY)
        self._pieces: tuple[Piece, ...] = ()
        self._shows_all, self._shows_marks = False, shows_marks
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.linkActivated.connect(lambda _link: self.whole_asked.emit())
        self.whole_asked.connect(self.show_whole)
        self.set_diff(base, other)

    def set_diff(self, base: str, other: str) -> None:
        """Show how ``base`` became ``other``."""
        self._pieces = text_diff(base, other)
        self._show_pieces()

    def show_whole(self) -> None:
        """Show the parts that did not change, too."""
        self._shows_all = True
        self._show_pieces()

    def changeEvent(self, event: QEvent) -> None:
        """Tint the words in the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_pieces()

    def _show_pieces(self) -> None:
        shown = self._pieces if self._shows_all else shortened(self._pieces, LONG)
        if not self._shows_marks:
            shown = tuple(
                Piece(Edit.SAME, one.text) for one in shown if one.edit is not Edit.REMOVED
            )
        html = "".join(map(_marked, _apart(shown))).replace("\n", "<br>")
        self.set_html(html + self._link(), " ".join(map(_spoken, shown)))

    def _link(self) -> str:
        if self._shows_all or shortened(self._pieces, LONG) == self._pieces:
            return ""
        colour = tokens().accent
        return f'<br><a href="whole" style="color:{colour}">{escape(_("Show the whole text"))}</a>'


def _apart(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Put a space between what was taken out and what came for it, so that no word seems doubled."""
    for piece, after in zip(pieces, (*pieces[1:], None), strict=True):
        yield piece
        changes = after is not None and {piece.edit, after.edit} == {Edit.ADDED, Edit.REMOVED}
        if after is not None and changes and " " not in (piece.text[-1:], after.text[:1]):
            yield Piece(Edit.SAME, " ")


def _marked(piece: Piece) -> str:
    scheme, words = tokens(), piece.text.strip()
    before, after = piece.text.partition(words)[::2] if words else (piece.text, "")
    marked = escape(words)
    match piece.edit:
        case Edit.ADDED:
            style = f"color:{scheme.green}; background:{scheme.green_soft}"
            marked = f'<span style="{style}; font-weight:600"><u>{marked}</u></span>'
        case Edit.REMOVED:
            marked = f'<span style="color:{scheme.muted}"><s>{marked}</s></span>'
    return before + marked + after


def _spoken(piece: Piece) -> str:
    words = piece.text.strip()
    match piece.edit:
        case Edit.ADDED if words:
            return _("added: {words}").format(words=words)
        case Edit.REMOVED if words:
            return _("taken out: {words}").format(words=words)
    return words
