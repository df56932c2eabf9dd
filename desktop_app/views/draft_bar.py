"""Offers what was left half typed, after a crash or a closed window, above the list."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db.entities import ENTITIES
from db.local.journal import DraftRow
from desktop_app.i18n import _, format_moment, ngettext
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.message_bar import Message, MessageBar


class DraftBar(MessageBar):
    """One bar for the newest draft; the others stand under My day.

    Signals:
        taken(object): the `DraftRow` to go on with.
    """

    taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Message.INFORMATION, "", "", icon="pencil-outline", parent=parent)
        self._draft: DraftRow | None = None
        go_on, later = Button(_("Go on")), Button(_("Later"), Kind.FLAT)
        go_on.clicked.connect(self._on_taken)
        later.clicked.connect(self.hide)
        self.add_button(go_on)
        self.add_button(later)
        self.hide()

    def offer(self, drafts: Sequence[DraftRow]) -> None:
        """Show the newest of these drafts."""
        if not drafts:
            self.hide()
            return
        self._draft = draft = drafts[0]
        entity = ENTITIES[draft.entity]
        title = str(draft.ours.get(entity.TITLE) or _(entity.LABEL))
        words = _("Half typed, kept %(when)s.") % {"when": format_moment(draft.updated_at)}
        others = len(drafts) - 1
        if others:
            more = ngettext("%(count)d more under My day.", "%(count)d more under My day.", others)
            words += " " + more % {"count": others}
        self.set_message(Message.INFORMATION, words, title, icon="pencil-outline")
        self.show()

    def _on_taken(self) -> None:
        self.hide()
        if self._draft is not None:
            self.taken.emit(self._draft)
