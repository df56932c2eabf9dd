"""The card of one attachment: its picture, what it is, where its bytes are, and what can be done."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from db.entities.place import Attachment, MediaType
from desktop_app.i18n import _
from desktop_app.services.attachment_text import Act, CardText, Seen, taken_text
from desktop_app.services.pictures import UNKNOWN
from desktop_app.tokens import BUTTON, SMALL, Tone
from desktop_app.widgets.icons import icon
from desktop_app.widgets.kit.button import Button, IconButton, Kind
from desktop_app.widgets.kit.chip import Chip
from desktop_app.widgets.kit.text import note, text
from desktop_app.widgets.theme import px

PICTURE_PX = 96
_ACTS: dict[Act, tuple[str, Callable[[], str]]] = {
    Act.OPEN: ("eye-outline", lambda: _("Open")),
    Act.FETCH: ("cloud-download-outline", lambda: _("Fetch")),
    Act.STOP: ("stop", lambda: _("Don't fetch")),
}


class AttachmentCard(QFrame):
    """One attachment.

    Signals:
        asked(Act): the first button was pressed. remove_asked(). marked(bool): it shows persons, or not.
        captioned(str): the caption was changed. place_asked(): the record shall get the photo's place.
    """

    asked = Signal(object)
    remove_asked = Signal()
    marked = Signal(bool)
    captioned = Signal(str)
    place_asked = Signal()

    def __init__(self, attachment: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.attachment = attachment
        self.taken = UNKNOWN
        self.act = Act.OPEN
        self.setProperty("kind", "card")
        self.picture = QLabel()
        self.caption = QLineEdit()
        self.persons = QCheckBox(_("shows persons"))
        self.first = Button(_("Open"), icon="eye-outline")
        self.place = Button(_("Put on the map"), Kind.FLAT, icon="map-marker-plus-outline")
        remove = _("Remove {value}").format(value=attachment.file_name)
        self.remove = IconButton("trash-can-outline", remove)
        self.weight = text("", SMALL, Tone.MUTED)
        self.where = Chip("", Tone.GREY, "cloud-outline")
        self.told, self.bar = note(""), QProgressBar()
        self._state = QHBoxLayout()
        self._chip: QWidget | None = None
        self._build()
        self._lay_out()
        self._connect()

    def _build(self) -> None:
        one = self.attachment
        self.picture.setFixedSize(px(PICTURE_PX), px(PICTURE_PX))
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        is_document = one.media_type is MediaType.PDF
        glyph = "file-document-outline" if is_document else "image-outline"
        self.picture.setPixmap(icon(glyph, "muted").pixmap(px(48), px(48)))
        self.picture.setAccessibleName(one.file_name)
        self.caption.setPlaceholderText(_("Caption"))
        self.caption.setAccessibleName(_("Caption of {value}").format(value=one.file_name))
        self.caption.setMaxLength(200)
        self.bar.setProperty("thin", "true")
        self.bar.setTextVisible(False)
        for part in (self.told, self.bar, self.place, self.where):
            part.hide()

    def _lay_out(self) -> None:
        title = text(self.attachment.file_name, BUTTON, wrap=True)
        title.setToolTip(self.attachment.file_name)
        self._state.setSpacing(px(8))
        self._state.addWidget(self.weight)
        self._state.addWidget(self.where)
        self._state.addStretch(1)
        acts = QHBoxLayout()
        acts.addWidget(self.first)
        acts.addWidget(self.remove)
        acts.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(px(6))
        words.addWidget(title)
        words.addLayout(self._state)
        for part in (self.bar, self.told, self.place, self.caption, self.persons):
            words.addWidget(part)
        words.addLayout(acts)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(12), px(12), px(12))
        row.setSpacing(px(12))
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def _connect(self) -> None:
        self.first.clicked.connect(lambda: self.asked.emit(self.act))
        self.remove.clicked.connect(self.remove_asked)
        self.persons.clicked.connect(self.marked)
        self.place.clicked.connect(self.place_asked)
        self.caption.editingFinished.connect(self._on_caption)

    # What is shown

    def show_attachment(self, attachment: Attachment, chip: QWidget, words: CardText) -> None:
        """Show an attachment anew; a caption that is being typed is left alone."""
        self.attachment = attachment
        if not (self.caption.hasFocus() and self.caption.isModified()):
            self.caption.setText(attachment.caption or "")
        self.persons.setChecked(attachment.shows_persons)
        if self._chip is not None:
            self._state.removeWidget(self._chip)
            self._chip.deleteLater()
        self._chip = chip
        self._state.insertWidget(1, chip)
        self.show_words(words)

    def show_words(self, words: CardText) -> None:
        """Show where the bytes are, and how far on their way."""
        self.act = words.act
        self.weight.setText(words.amount or words.size)
        if words.where:
            self.where.set_chip(words.where, Tone.GREY, "cloud-outline")
        self.where.setVisible(bool(words.where))
        if self._chip is not None:
            self._chip.setVisible(not words.where)
        self.bar.setVisible(bool(words.done))
        self.bar.setRange(0, max(words.total, 1))
        self.bar.setValue(words.done)
        self.bar.setAccessibleName(words.amount)
        self.first.setVisible(words.act is not Act.NONE)
        if words.act is not Act.NONE:
            glyph, word = _ACTS[words.act]
            self.first.set_icon(glyph)
            self.first.set_text(word())

    def show_picture(self, jpeg: bytes) -> None:
        """Show the small picture."""
        pixmap = QPixmap()
        if not pixmap.loadFromData(jpeg):
            return
        ratio = self.devicePixelRatioF()
        side = round(px(PICTURE_PX) * ratio)
        fitted = pixmap.scaled(
            QSize(side, side),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        self.picture.setPixmap(fitted)

    def show_seen(self, found: Seen, *, can_place: bool) -> None:
        """Show the small picture, when and where it was taken; `can_place` offers that place."""
        self.taken = found.taken
        if found.picture is not None:
            self.show_picture(found.picture)
        words = taken_text(found)
        self.told.setText(words)
        self.told.setVisible(bool(words))
        self.place.setVisible(can_place)

    # Acts

    def _on_caption(self) -> None:
        words = self.caption.text().strip()
        self.caption.setModified(False)
        if words != (self.attachment.caption or ""):
            self.captioned.emit(words)

    def event(self, event: QEvent) -> bool:
        """Keep Delete for this card: in the window it deletes the whole record."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove with Delete, wherever on the card the focus is but in the caption."""
        if event.key() == Qt.Key.Key_Delete and not self.caption.hasFocus():
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)
