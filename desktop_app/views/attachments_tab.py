"""The tab Attachments: photos and documents with their state; add, open, fetch, mark, remove.

Files come by the button, by dragging or by pasting. They are looked into and made small away from
the window's thread; a card is kept while its attachment stays, so nothing jumps under one's hands.
"""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from db.entities.place import Attachment
from db.errors import AppError
from db.fields import Record
from db.local.attaching import ask_for, file_state
from db.local.state import RecordState
from desktop_app.i18n import _, format_size
from desktop_app.services.attachment_text import (
    Act,
    CardText,
    Seen,
    can_be_placed,
    card_text,
    placed,
    seen,
)
from desktop_app.services.attachments import attach_content
from desktop_app.services.problem_text import error_text
from desktop_app.services.sync_text import SyncNow
from desktop_app.tokens import BODY, Tone
from desktop_app.views.attachment_card import AttachmentCard
from desktop_app.views.messages import files_to_attach
from desktop_app.views.offered_files import Source, of_paths, offered
from desktop_app.views.opened_copies import OpenedCopies
from desktop_app.views.session import Session
from desktop_app.views.state_chips import sync_chip
from desktop_app.widgets.kit.button import Button
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px


class AttachmentsTab(QScrollArea):
    """The attachments of one record; files can be dropped and pasted on it.

    Signals:
        count_changed(int): how many there are.
    """

    count_changed = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._record: Record | None = None
        self._files: dict[str, int] = {}
        self._copies = OpenedCopies(session)
        self.cards: list[AttachmentCard] = []
        self._seen: dict[UUID, Seen] = {}
        self.notice = MessageBar(Message.WARNING)
        self.hint = text("", BODY, Tone.MUTED, wrap=True)
        self.add_button = Button(_("Add attachments"), icon="paperclip")
        self.fetch_button = Button("", icon="cloud-download-outline")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.setAcceptDrops(True)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        body.setProperty("kind", "surface")
        column = QVBoxLayout(body)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(12))
        self._column = QVBoxLayout()
        self._column.setSpacing(px(12))
        column.addWidget(self.notice)
        column.addLayout(self._column)
        column.addWidget(self.hint)
        for button in (self.fetch_button, self.add_button):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.notice.hide()
        self.setWidget(body)

    def _connect(self) -> None:
        self.add_button.clicked.connect(lambda: self.add(files_to_attach(self)))
        self.fetch_button.clicked.connect(self.fetch_all)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)

    # What is shown

    def show_record(self, record: Record) -> None:
        """Show a record's attachments."""
        if record != self._record:  # another one, or saved since: the notice is old
            self.notice.hide()
        if self._record is None or record.id != self._record.id:
            self._clear()
        self._record = record
        found = self._session.store.attachments(record.id)
        self.count_changed.emit(len(found))
        self._arrange(found)
        self._show_hint()
        self.add_button.setVisible(not record.deleted)

    def _clear(self) -> None:
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        self._seen = {}

    def _arrange(self, found: tuple[Attachment, ...]) -> None:
        """Keep the cards of what is still there; the others come and go."""
        known = {card.attachment.id: card for card in self.cards}
        kept = {one.id for one in found}
        for card in self.cards:
            if card.attachment.id not in kept:
                self._column.removeWidget(card)
                card.hide()
                card.deleteLater()
        self.cards = [known.get(one.id) or self._new_card(one) for one in found]
        store = self._session.store
        states = store.record_states([one.id for one in found])
        for place, (one, card) in enumerate(zip(found, self.cards, strict=True)):
            self._column.insertWidget(place, card)
            chip = sync_chip(
                states.get(one.id, RecordState.STORED), is_connected=store.is_connected
            )
            card.show_attachment(one, chip, self._words(one))
            self._look_at(one, card)

    def _words(self, attachment: Attachment) -> CardText:
        return card_text(self._session.store, attachment, self._files.get(attachment.sha256, 0))

    def _new_card(self, attachment: Attachment) -> AttachmentCard:
        card = AttachmentCard(attachment)
        card.asked.connect(lambda act: self._act(card.attachment, act))
        card.remove_asked.connect(lambda: self._remove(card.attachment))
        card.marked.connect(lambda on: self._change(card.attachment, shows_persons=on))
        card.captioned.connect(lambda words: self._change(card.attachment, caption=words or None))
        card.place_asked.connect(lambda: self._put_on_map(card))
        return card

    def _look_at(self, attachment: Attachment, card: AttachmentCard) -> None:
        """Fill in picture and place; looked up once, and again when the bytes have come."""
        known = self._seen.get(attachment.id)
        if known is not None:
            self._show_seen(card, known)
            return
        store = self._session.store

        def done(found: Seen) -> None:
            if card in self.cards:
                if file_state(store, attachment.sha256).is_here:
                    self._seen[attachment.id] = found
                self._show_seen(card, found)

        self._session.jobs.run(lambda: seen(store, attachment), done)

    def _show_seen(self, card: AttachmentCard, found: Seen) -> None:
        record = self._record
        card.show_seen(found, can_place=record is not None and can_be_placed(record, found.taken))

    def _show_hint(self) -> None:
        away = [card.attachment for card in self.cards if card.act is Act.FETCH]
        size = format_size(sum(one.size_bytes for one in away))
        self.fetch_button.set_text(_("Fetch all ({size})").format(size=size))
        self.fetch_button.setVisible(len(away) > 1)
        is_open = self._record is not None and not self._record.deleted
        words = _("Add photos (JPG, PNG) or documents (PDF) up to 10 MB. Drag or paste works, too.")
        if not self.cards:
            words = f"{_('No attachments yet.')} {words}" if is_open else _("No attachments.")
        self.hint.setText(words)
        self.hint.setVisible(is_open or not self.cards)

    def show_sync(self, now: SyncNow) -> None:
        """Show how far files are on their way."""
        moved = {name: done for name, done in now.files.items() if self._files.get(name) != done}
        self._files.update(moved)
        for card in self.cards:
            if card.attachment.sha256 in moved:
                card.show_words(self._words(card.attachment))

    def _tell(self, kind: Message, words: str) -> None:
        self.notice.setVisible(bool(words))
        if words:
            self.notice.set_message(kind, words)

    # Adding

    def add(self, paths: list[Path]) -> None:
        """Take files in; what can't be taken is said above the list."""
        self._take(of_paths(paths))

    def paste(self) -> None:
        """Take in what was copied: files, or a picture such as a screenshot."""
        self._take(offered(QGuiApplication.clipboard().mimeData()))

    def _take(self, sources: list[Source]) -> None:
        record, store, jobs = self._record, self._session.store, self._session.jobs
        if record is None or record.deleted or not sources:
            return
        tell = jobs.on_main_thread(self._on_progress)

        def work() -> list[str]:
            problems = []
            for number, (name, content) in enumerate(sources, 1):
                tell(record, number, len(sources))
                try:
                    attach_content(store, record, name, content())
                except AppError as error:
                    problems.append(f"{name}: {error_text(error)}")
            return problems

        jobs.run(work, lambda problems: self._on_added(record, problems))

    def _on_progress(self, record: Record, number: int, total: int) -> None:
        if self._record is not None and record.id == self._record.id and total > 1:
            words = _("Adding %(number)d of %(count)d.") % {"number": number, "count": total}
            self._tell(Message.INFORMATION, words)

    def _on_added(self, record: Record, problems: list[str]) -> None:
        if self._record is not None and record.id == self._record.id:
            self._tell(Message.WARNING, "\n".join(problems))
            self.show_record(self._record)

    # Acts

    def _act(self, attachment: Attachment, act: Act) -> None:
        if act is Act.OPEN:
            self._copies.open(attachment, lambda words: self._tell(Message.WARNING, words))
        else:
            ask_for(self._session.store, attachment, is_wanted=act is Act.FETCH)
            self._refresh()

    def fetch_all(self) -> None:
        """Have everything of this record come that is too large to come by itself."""
        for card in self.cards:
            if card.act is Act.FETCH:
                ask_for(self._session.store, card.attachment)
        self._refresh()

    def _remove(self, attachment: Attachment) -> None:
        self.notice.hide()
        saved = self._session.store.delete(attachment)
        self._session.undo.push(attachment, saved.record)
        self._refresh()

    def _change(self, attachment: Attachment, **values: object) -> None:
        changed = replace(attachment, **values)  # type: ignore[arg-type]
        saved = self._session.store.save(changed, attachment)
        self._session.undo.push(attachment, saved.record)
        self._refresh()

    def _put_on_map(self, card: AttachmentCard) -> None:
        if self._record is not None:
            store, before = self._session.store, self._record
            saved = store.save(placed(store, before, card.taken), before)
            self._session.undo.push(before, saved.record)
            self.show_record(saved.record)

    def _refresh(self) -> None:
        if self._record is not None:
            self.show_record(self._record)

    # Dragging

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures that are dragged here."""
        mime = event.mimeData()
        if self.add_button.isVisibleTo(self) and (mime.hasUrls() or mime.hasImage()):
            event.acceptProposedAction()
            self._tell(Message.INFORMATION, _("Let go to add this."))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget that something could be added."""
        self._tell(Message.INFORMATION, "")

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        self._tell(Message.INFORMATION, "")
        self._take(offered(event.mimeData()))
