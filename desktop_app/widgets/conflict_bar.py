"""A question under a field: someone else changed it while it was being edited here."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_app.i18n import _
from desktop_app.services.asked import Take
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.kit.text_diff import TextDiff


class ConflictBar(MessageBar):
    """Says who, when and what, and lets the user take theirs, keep what they typed, or have both.

    It never takes the focus: who is typing goes on typing.

    Signals:
        decided(object): the `Take` of the user.
    """

    decided = Signal(object)

    def __init__(
        self,
        who: str,
        when: str,
        theirs: str,
        *,
        base: str | None = None,
        can_join: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """With `base`, the text before both, what they changed in it is marked."""
        title = _("%(who)s changed this too, %(when)s.") % {"who": who, "when": when}
        words = "" if base else _("Their value: “%(value)s”") % {"value": theirs or _("empty")}
        super().__init__(Message.WARNING, words, title, icon="source-merge", parent=parent)
        if base:
            self.add_words(TextDiff(base, theirs or _("(empty)")))
            self.setAccessibleName(f"{title} {theirs}")
        self.take, self.keep = Button(_("Take theirs")), Button(_("Keep mine"), Kind.FLAT)
        self.both = Button(_("Together"), Kind.FLAT) if can_join else None
        for button, take in (
            (self.take, Take.THEIRS), (self.keep, Take.MINE), (self.both, Take.BOTH),
        ):  # fmt: skip
            if button is not None:
                button.clicked.connect(lambda _on=False, take=take: self.decided.emit(take))
                button.setAccessibleDescription(self.accessibleName())
                self.add_button(button)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell a screen reader, which would not come here by itself."""
        super().showEvent(event)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


class TakenBar(MessageBar):
    """Under a field whose other value was taken: what stood there, with the way back.

    Signals:
        undone(): the user wants their own value back.
    """

    undone = Signal()

    def __init__(self, mine: str, parent: QWidget | None = None) -> None:
        words = _("Yours was: “%(value)s”") % {"value": mine or _("empty")}
        super().__init__(Message.DONE, words, parent=parent)
        self.undo = Button(_("Put back"), Kind.FLAT, icon="undo")
        self.undo.setAccessibleDescription(words)
        self.undo.clicked.connect(self.undone)
        self.add_button(self.undo)
