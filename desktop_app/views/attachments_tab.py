"""The tab Attachments: photos and documents with their state, and a way to add more."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from db.entities.place import Attachment
from db.fields import Record
from desktop_app.i18n import _
from desktop_app.tokens import BODY, Tone
from desktop_app.views.session import Session
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px


class AttachmentsTab(QScrollArea):
    """The attachments of one record.

    Signals:
        count_changed(int): how many there are.
    """

    count_changed = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._record: Record | None = None
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_record(self, record: Record) -> None:
        """Show a record's attachments."""
        self._record = record
        found: tuple[Attachment, ...] = self._session.store.attachments(record.id)
        self.count_changed.emit(len(found))
        body = QWidget()
        body.setProperty("kind", "surface")
        column = QVBoxLayout(body)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        if not found:
            column.addWidget(text(_("No attachments yet."), BODY, Tone.MUTED, wrap=True))
        column.addStretch(1)
        self.setWidget(body)
