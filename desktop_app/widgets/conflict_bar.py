"""A question under a field: someone else changed it while it was being edited here."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.i18n import _
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.message_bar import Message, MessageBar


class ConflictBar(MessageBar):
    """Says who, when and what, and lets the user take theirs or keep what they typed.

    Signals:
        decided(bool): True takes their value.
    """

    decided = Signal(bool)

    def __init__(self, who: str, when: str, theirs: str, parent: QWidget | None = None) -> None:
        title = _("%(who)s changed this too, %(when)s.") % {"who": who, "when": when}
        words = _("Their value: “%(value)s”") % {"value": theirs or _("empty")}
        super().__init__(Message.WARNING, words, title, icon="source-merge", parent=parent)
        take, keep = Button(_("Take theirs")), Button(_("Keep my text"), Kind.FLAT)
        take.clicked.connect(lambda: self.decided.emit(True))
        keep.clicked.connect(lambda: self.decided.emit(False))
        self.add_button(take)
        self.add_button(keep)
