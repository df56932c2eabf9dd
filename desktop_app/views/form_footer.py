"""The foot of a form: save, perhaps save and one more, cancel, and where the draft is kept."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.i18n import _, format_time
from desktop_app.tokens import CAPTION, Tone
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px


class FormFooter(QWidget):
    """Buttons that stay in sight while the form scrolls.

    Signals:
        save_asked(), next_asked(), cancel_asked()
    """

    save_asked = Signal()
    next_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.save = Button(_("Save"), Kind.PRIMARY, icon="check", shortcut="Ctrl+S")
        self.next = Button(_("Save and one more"))
        self.cancel = Button(_("Cancel"), shortcut="Esc")
        self._kept = text("", CAPTION, Tone.MUTED)
        self._kept.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(12), px(16), px(12))
        row.setSpacing(px(8))
        row.addWidget(self.save)
        row.addWidget(self.next)
        row.addWidget(self.cancel)
        row.addWidget(self._kept, 1)
        self.save.clicked.connect(self.save_asked)
        self.next.clicked.connect(self.next_asked)
        self.cancel.clicked.connect(self.cancel_asked)

    def set_new(self, is_new: bool) -> None:
        """Offer "save and one more" for new records, "cancel" for others (Esc does it for both)."""
        self.next.setVisible(is_new)
        self.cancel.setVisible(not is_new)

    def set_kept(self, moment: datetime | None) -> None:
        """Say when the draft was kept."""
        words = _("Draft kept at %(time)s\non this laptop")
        self._kept.setText(words % {"time": format_time(moment)} if moment else "")

    def set_errors(self, count: int) -> None:
        """Disable saving while the form shows why."""
        self.save.setEnabled(count == 0)
        self.save.setToolTip(_("The form shows what is not right yet.") if count else "")
