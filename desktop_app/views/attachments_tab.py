"""The tab Attachments: photos and documents with their state; add, open, mark, remove."""

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from db.entities.place import Attachment, MediaType
from db.errors import AppError
from db.fields import Record
from db.local.state import RecordState
from desktop_app.i18n import _, format_size
from desktop_app.platform import open_file
from desktop_app.services.attachments import THUMBNAIL_PX, attach, thumbnail
from desktop_app.services.problem_text import error_text
from desktop_app.tokens import BODY, BUTTON, SMALL, Tone
from desktop_app.views.messages import files_to_attach
from desktop_app.views.session import Session
from desktop_app.views.state_chips import sync_chip
from desktop_app.widgets.icons import icon
from desktop_app.widgets.kit.button import Button, IconButton
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px


class AttachmentCard(QFrame):
    """One attachment: picture, name, size, state, and what can be done with it.

    Signals:
        open_asked(), remove_asked(), marked(bool): it shows persons, or not.
    """

    open_asked = Signal()
    remove_asked = Signal()
    marked = Signal(bool)

    def __init__(self, attachment: Attachment, state: QWidget, parent: QWidget | None = None):
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.picture = QLabel()
        self.picture.setFixedSize(px(THUMBNAIL_PX), px(THUMBNAIL_PX))
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        glyph = (
            "file-document-outline" if attachment.media_type is MediaType.PDF else "image-outline"
        )
        self.picture.setPixmap(icon(glyph, "muted").pixmap(px(48), px(48)))
        title = text(attachment.caption or attachment.file_name, BUTTON, wrap=True)
        title.setToolTip(attachment.file_name)
        persons = QCheckBox(_("shows persons"))
        persons.setChecked(attachment.shows_persons)
        persons.clicked.connect(self.marked)
        look = Button(_("Open"), icon="eye-outline")
        look.clicked.connect(self.open_asked)
        remove = IconButton("trash-can-outline", _("Remove {value}").format(value=title.text()))
        remove.clicked.connect(self.remove_asked)
        words = QVBoxLayout()
        words.setSpacing(px(4))
        words.addWidget(title)
        line = QHBoxLayout()
        line.addWidget(text(format_size(attachment.size_bytes), SMALL, Tone.MUTED))
        line.addWidget(state)
        line.addStretch(1)
        words.addLayout(line)
        words.addWidget(persons)
        acts = QHBoxLayout()
        acts.addWidget(look)
        acts.addWidget(remove)
        acts.addStretch(1)
        words.addLayout(acts)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(12), px(12), px(12))
        row.setSpacing(px(12))
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_picture(self, png: bytes) -> None:
        """Show a thumbnail."""
        pixmap = QPixmap()
        if pixmap.loadFromData(png):
            self.picture.setPixmap(pixmap)


class AttachmentsTab(QScrollArea):
    """The attachments of one record; files can be dropped on it.

    Signals:
        count_changed(int): how many there are.
    """

    count_changed = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._record: Record | None = None
        self._notice = ""
        self._round = 0
        self.cards: list[AttachmentCard] = []
        self.setAcceptDrops(True)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_record(self, record: Record) -> None:
        """Show a record's attachments."""
        if record != self._record:  # another one, or saved since: the notice is old
            self._notice = ""
        self._record = record
        self._round += 1
        found = self._session.store.attachments(record.id)
        self.count_changed.emit(len(found))
        body = QWidget()
        body.setProperty("kind", "surface")
        column = QVBoxLayout(body)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(12))
        if self._notice:
            column.addWidget(MessageBar(Message.WARNING, self._notice))
        if not found:
            words = _("No attachments yet. Add photos (JPG, PNG) or documents (PDF) up to 10 MB.")
            column.addWidget(text(words, BODY, Tone.MUTED, wrap=True))
        self.cards = [self._card(one) for one in found]
        for card in self.cards:
            column.addWidget(card)
        if not record.deleted:
            add = Button(_("Add attachments"), icon="paperclip")
            add.clicked.connect(lambda: self.add(files_to_attach(self)))
            column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setWidget(body)

    def _card(self, attachment: Attachment) -> AttachmentCard:
        store = self._session.store
        state = store.record_states([attachment.id]).get(attachment.id, RecordState.STORED)
        card = AttachmentCard(attachment, sync_chip(state, is_connected=store.is_connected))
        card.open_asked.connect(lambda: self._open(attachment))
        card.remove_asked.connect(lambda: self._remove(attachment))
        card.marked.connect(lambda on: self._mark(attachment, shows_persons=on))
        if attachment.media_type is not MediaType.PDF:
            self._fetch_picture(attachment, card)
        return card

    def _fetch_picture(self, attachment: Attachment, card: AttachmentCard) -> None:
        store, number, place = self._session.store, self._round, attachment.sha256

        def work() -> bytes | None:
            content = store.blob(place)
            return thumbnail(content) if content else None

        def done(png: bytes | None) -> None:
            if png is not None and number == self._round and card in self.cards:
                card.show_picture(png)

        self._session.jobs.run(work, done)

    # Acts

    def add(self, paths: list[Path]) -> None:
        """Take files in; what can't be taken is said above the list."""
        record, store = self._record, self._session.store
        if record is None or not paths:
            return

        def work() -> list[str]:
            problems = []
            for path in paths:
                try:
                    attach(store, record, path)
                except AppError as error:
                    problems.append(f"{path.name}: {error_text(error)}")
            return problems

        self._session.jobs.run(work, self._on_added)

    def _on_added(self, problems: list[str]) -> None:
        self._notice = "\n".join(problems)
        if self._record is not None:
            self.show_record(self._record)

    def _open(self, attachment: Attachment) -> None:
        """Write a copy to the temporary folder and open it there."""
        content = self._session.store.blob(attachment.sha256)
        if content is None:
            self._on_added([_("This attachment has not arrived on this laptop yet.")])
            return
        folder = (
            Path(tempfile.gettempdir()) / "naoberkaart" / hashlib.sha256(content).hexdigest()[:16]
        )
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        path = folder / Path(attachment.file_name).name
        path.write_bytes(content)
        open_file(path)

    def _remove(self, attachment: Attachment) -> None:
        self._notice = ""
        saved = self._session.store.delete(attachment)
        self._session.undo.push(attachment, saved.record)
        if self._record is not None:
            self.show_record(self._record)

    def _mark(self, attachment: Attachment, *, shows_persons: bool) -> None:
        changed = replace(attachment, shows_persons=shows_persons)
        saved = self._session.store.save(changed, attachment)
        self._session.undo.push(attachment, saved.record)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that are dragged here."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the files that were dropped."""
        urls = event.mimeData().urls()
        self.add([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
