"""The head of the sync page: how it stands in two sentences, and the one button that helps."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from db.fields import N_
from desktop_app.i18n import _
from desktop_app.services.sync_text import SyncNow, SyncWords
from desktop_app.tokens import BODY, TITLE, Tone
from desktop_app.widgets.icons import paint_icon
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.small import ThinProgress
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px, tokens

_DISC, _ICON = 48, 26

ACTS = {
    "connect": (N_("Connect"), "lan-connect"),
    "sync": (N_("Sync now"), "sync"),
    "try": (N_("Try now"), "sync"),
    "stop": (N_("Stop"), "close"),
    "offer": (N_("Offer again"), "cloud-upload-outline"),
    "accept": (N_("Offer everything again"), "cloud-upload-outline"),
}
"""What the button says and shows for each act of `SyncWords`."""


class Disc(QWidget):
    """A large icon on a round ground; decoration for screen readers."""

    def __init__(self) -> None:
        super().__init__()
        self._icon, self._tone = "laptop", Tone.MUTED
        self.setFixedSize(px(_DISC), px(_DISC))

    def set_icon(self, name: str, tone: Tone) -> None:
        """Show another icon."""
        self._icon, self._tone = name, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and icon."""
        scheme = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(scheme.soft(self._tone)))
        painter.drawEllipse(self.rect())
        side = px(_ICON)
        place = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        plain = scheme.grey if self._tone is Tone.MUTED else scheme.fore(self._tone)
        paint_icon(painter, place, self._icon, QColor(plain))
        painter.end()


class SyncHead(QWidget):
    """Says how sync stands.

    Signals:
        asked(str): what the button does, an act of `SyncWords`.
    """

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._act, self._is_narrow = "sync", False
        self._disc = Disc()
        self._title = text("", TITLE, wrap=True)
        self._words = text("", BODY, Tone.MUTED, wrap=True)
        self.go = Button(_("Sync now"), Kind.PRIMARY, icon="sync", shortcut="F9").set_toolbar()
        self.retry = Button(_("Try now"), icon="sync", shortcut="F9").set_toolbar()
        self.retry.hide()
        self._bar = ThinProgress(_("Synchronising"))
        self._bar.hide()
        self._lay_out()
        self.go.clicked.connect(lambda: self.asked.emit(self._act))
        self.retry.clicked.connect(lambda: self.asked.emit("try"))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._words)
        told = QHBoxLayout()
        told.setSpacing(px(16))
        told.addWidget(self._disc)
        told.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(16))
        buttons.addStretch(1)
        buttons.addWidget(self.retry)
        buttons.addWidget(self.go)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(px(16))
        self._line.addLayout(told, 1)
        self._line.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addLayout(self._line)
        column.addWidget(self._bar)

    def set_narrow(self, narrow: bool) -> None:
        """Put two buttons below the words where there is no room beside them."""
        self._is_narrow = narrow
        way = QBoxLayout.Direction
        is_below = narrow and not self.retry.isHidden()
        self._line.setDirection(way.TopToBottom if is_below else way.LeftToRight)

    def show_words(self, words: SyncWords, now: SyncNow) -> None:
        """Say how it stands now."""
        self._act = words.act
        self._disc.set_icon(words.icon, words.tone)
        for label, told in ((self._title, words.title), (self._words, words.subtitle)):
            if label.text() != told:
                label.setText(told)
        word, icon = ACTS[words.act]
        if self.go.text() != _(word):
            self.go.set_text(_(word))
        self.go.set_icon(icon)
        self.go.set_shortcut("F9" if words.act in ("sync", "try") else "")
        self.retry.setVisible(words.act == "accept")
        self.set_narrow(self._is_narrow)
        is_working = now.phase == "working"
        self._bar.setVisible(is_working)
        self._bar.set_amount(now.done, now.total)
