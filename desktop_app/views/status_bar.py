"""The status bar: how the work stands, one sentence, and the place under the mouse."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.geometry import GeometryError, rd
from desktop_app.i18n import _, format_rd, ngettext
from desktop_app.services.editing import Draft
from desktop_app.services.sync_text import SyncWords
from desktop_app.tokens import HEIGHT_STATUS, SMALL, Tone
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px

PROBLEM_MS = 8_000


class StatusLine(QWidget):
    """One sentence with its icon."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._glyph = Glyph("laptop", None, 18)
        self._words = text("", SMALL)
        self._where = text("", SMALL, Tone.MUTED)
        self._state: tuple[str, str] = ("laptop", "")
        self._timer = QTimer(self, interval=PROBLEM_MS, singleShot=True)
        self._timer.timeout.connect(self._show)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), 0, px(16), 0)
        row.setSpacing(px(8))
        row.addWidget(self._glyph)
        row.addWidget(self._words, 1)
        row.addWidget(self._where)
        self.setFixedHeight(px(HEIGHT_STATUS))

    def show_state(self, words: SyncWords, draft: Draft | None) -> None:
        """Say how sync stands, or what is not saved yet."""
        if draft is None:
            self._state = (words.icon, words.sentence)
        else:
            self._state = ("pencil-outline", draft_sentence(draft))
        if not self._timer.isActive():
            self._show()

    def show_problem(self, words: str) -> None:
        """Say what could not be done, for a while."""
        self._say(words, "alert", Tone.AMBER)

    def show_done(self, words: str) -> None:
        """Say what was done, for a while."""
        self._say(words, "check", Tone.GREEN)

    def _say(self, words: str, glyph: str, tone: Tone) -> None:
        self._glyph.set_glyph(glyph, tone)
        self._words.setText(words)
        self.setAccessibleName(words)
        self._timer.start()

    def show_place(self, lon: float, lat: float) -> None:
        """Show the place under the mouse in RD."""
        try:
            self._where.setText(format_rd(*rd(lon, lat)))
        except GeometryError:
            self._where.setText("")

    def _show(self) -> None:
        glyph, words = self._state
        self._glyph.set_glyph(glyph)
        self._words.setText(words)
        self.setAccessibleName(words)


def draft_sentence(draft: Draft) -> str:
    """Return what is not saved yet of a form."""
    kept = _("The draft is on this laptop.")
    if draft.base is None:
        return _("New, not saved yet.") + " " + kept
    count = len({*draft.changed, *draft.typed})
    if not count:
        return _("Nothing was changed yet.")
    words = ngettext(
        "Not saved: %(count)d field changed.", "Not saved: %(count)d fields changed.", count
    )
    return words % {"count": count} + " " + kept
