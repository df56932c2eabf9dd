"""Below the questions of a double edit: save, decide later, and what is still to be done."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.i18n import _, ngettext
from desktop_app.tokens import SMALL, Tone
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px


class MergeFoot(QWidget):
    """The two buttons; beside them the reason while saving must wait."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.save = Button(_("Save"), Kind.PRIMARY, icon="check", shortcut="Ctrl+Enter")
        self.later = Button(_("Decide later"), shortcut="Esc")
        self.words = text("", SMALL, Tone.MUTED, wrap=True)
        self._glyph = Glyph("history", Tone.MUTED)
        self.setProperty("kind", "footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = self._row = QHBoxLayout(self)
        self.set_high(True)
        row.setSpacing(px(8))
        row.addWidget(self.save)
        row.addWidget(self.later)
        row.addSpacing(px(16))
        row.addWidget(self._glyph)
        row.addWidget(self.words, 100)
        row.addStretch(1)

    def set_high(self, high: bool) -> None:
        """Take less room in a low window."""
        above = px(12 if high else 6)
        self._row.setContentsMargins(px(24), above, px(24), above)

    def show_left(self, left: int, *, has_room: bool) -> None:
        """Say how many fields wait for a choice; when none do, what becomes of the rest."""
        words = ngettext(
            "Choose what stays for %(count)d field.",
            "Choose what stays for %(count)d fields.",
            left,
        )
        reason = words % {"count": left} if left else ""
        self.save.set_reason(reason)
        kept = _("What you do not choose stays in the history. You can undo this.")
        self.words.setText(reason or kept)
        self.words.setVisible(has_room or bool(left))
        self._glyph.setVisible(has_room)
        self._glyph.set_glyph("information-outline" if left else "history", Tone.MUTED)
