"""The page Synchronise: what needs the user, what waits, what arrived, and how it stands."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from db.local.journal import OutboxState
from desktop_app.i18n import _, format_number, format_time, ngettext
from desktop_app.services.outbox_text import OutboxText, outbox_texts
from desktop_app.services.sync_text import SyncNow, SyncWords, sync_words
from desktop_app.tokens import BODY, SMALL, TITLE, Tone
from desktop_app.views.cards import Card, card_row
from desktop_app.views.session import Session
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.small import ThinProgress
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px

ROWS, RECEIPTS, ALL_RECEIPTS = 20, 4, 500
NARROW = 900


class SyncPage(QScrollArea):
    """How sync stands, in full.

    Signals:
        sync_asked(), stop_asked(), connect_asked(), merge_asked()
        record_asked(str, object): open the record of a change; edit_asked the same, to edit.
        back_asked(object): the id of a change to take back.
    """

    sync_asked = Signal()
    stop_asked = Signal()
    connect_asked = Signal()
    merge_asked = Signal()
    edit_asked = Signal(str, object)
    record_asked = Signal(str, object)
    back_asked = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._now = SyncNow()
        self._shows_all = False
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._glyph = Glyph("laptop", Tone.MUTED, 24)
        self._title = text("", TITLE, wrap=True)
        self._words = text("", BODY, Tone.MUTED, wrap=True)
        self.go = Button(_("Sync now"), Kind.PRIMARY, icon="sync", shortcut="F9").set_toolbar()
        self._bar = ThinProgress(_("Synchronising"))
        self._attention = Card(_("Asks for your attention"), is_warning=True)
        self._waiting = Card(_("Waits to be sent"))
        self._photos = Card(_("Photos on their way"))
        self._arrived = Card(_("Arrived"))
        self._checked = Card(_("In step"))
        self._lay_out()
        self.go.clicked.connect(self._on_go)

    def _lay_out(self) -> None:
        body = QWidget()
        body.setProperty("kind", "page")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head = QHBoxLayout()
        head.setSpacing(px(16))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._words)
        head.addWidget(self._glyph)
        head.addLayout(words, 1)
        head.addWidget(self.go)
        left, right = QVBoxLayout(), QVBoxLayout()
        for side, cards in (
            (left, (self._attention, self._waiting, self._photos)),
            (right, (self._arrived, self._checked)),
        ):
            side.setSpacing(px(12))
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(px(16))
        self._columns.addLayout(left, 58)
        self._columns.addLayout(right, 42)
        column = QVBoxLayout(body)
        column.setContentsMargins(px(24), px(16), px(24), px(24))
        column.setSpacing(px(12))
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addLayout(self._columns)
        column.addStretch(1)
        self._bar.hide()
        self.setWidget(body)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the columns below one another where two do not fit."""
        super().resizeEvent(event)
        narrow = self.viewport().width() < px(NARROW)
        way = QBoxLayout.Direction
        self._columns.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    # What is shown

    def show_sync(self, now: SyncNow) -> None:
        """Show what the worker does."""
        self._now = now
        self._show_head()

    def refresh(self) -> None:
        """Show everything anew."""
        self._show_head()
        store, names = self._session.store, self._session.titles
        refused = outbox_texts(store.outbox((OutboxState.REFUSED,)), names)
        waiting = outbox_texts(store.outbox(), names)
        self._show_attention(refused)
        self._waiting.set_rows([self._waiting_row(one) for one in waiting[:ROWS]])
        self._waiting.count(len(waiting))
        tally = store.tally()
        words = ngettext("%(count)d photo waits", "%(count)d photos wait", tally.photos)
        row = card_row(
            "image-sync-outline",
            Tone.MUTED,
            words % {"count": tally.photos},
            _("Goes on when there is a connection."),
        )
        self._photos.set_rows([row] if tally.photos else [])
        self._photos.count(tally.photos)
        self._show_arrived()
        self._show_checked()

    def _show_head(self) -> None:
        words: SyncWords = sync_words(self._session.store.tally(), self._now)
        self._glyph.set_glyph(words.icon, Tone.MUTED)
        self._title.setText(words.title)
        self._words.setText(words.subtitle)
        is_connected = self._session.store.is_connected
        is_working = self._now.phase == "working"
        self.go.set_text(
            _("Stop")
            if is_working
            else _("Try now")
            if self._now.phase in ("offline", "refused")
            else _("Sync now")
            if is_connected
            else _("Connect")
        )
        self.go.set_icon("close" if is_working else "sync" if is_connected else "lan-connect")
        self._bar.setVisible(is_working)
        self._bar.set_amount(self._now.done, self._now.total)

    def _on_go(self) -> None:
        if self._now.phase == "working":
            self.stop_asked.emit()
        elif self._session.store.is_connected:
            self.sync_asked.emit()
        else:
            self.connect_asked.emit()

    def _show_attention(self, refused: Sequence[OutboxText]) -> None:
        rows = [self._refused_row(one) for one in refused[:ROWS]]
        conflicts = self._session.store.conflicts()
        if conflicts:
            names = dict.fromkeys(
                self._session.titles(one.entity, one.record_id) for one in conflicts
            )
            choose = Button(_("Choose"), icon="arrow-right")
            choose.clicked.connect(self.merge_asked)
            times = ngettext("%(count)d time", "%(count)d times", len(conflicts))
            count = text(times % {"count": len(conflicts)}, SMALL, Tone.MUTED)
            rows.append(
                card_row(
                    "source-merge", Tone.AMBER, _("Two changes in the same field"),
                    ", ".join(list(names)[:5]), (count, choose),
                )
            )  # fmt: skip
        self._attention.set_rows(rows)
        self._attention.count(len(refused) + len(conflicts))

    def _refused_row(self, one: OutboxText) -> QWidget:
        edit = Button(_("Open the change"), icon="pencil-outline")
        edit.clicked.connect(lambda: self.edit_asked.emit(one.entity, one.record_id))
        back = Button(_("Turn back"), icon="undo")
        back.clicked.connect(lambda: self.back_asked.emit(one.change_id))
        title = f"{one.title}: {one.what}"
        return card_row("alert-octagon-outline", Tone.AMBER, title, one.reason, below=(edit, back))

    def _waiting_row(self, one: OutboxText) -> QWidget:
        back = Button(_("Take back"), Kind.FLAT, icon="undo")
        back.setAccessibleDescription(one.title)
        back.clicked.connect(lambda: self.back_asked.emit(one.change_id))
        when = text(one.when, SMALL, Tone.MUTED)
        return card_row("cloud-clock-outline", Tone.MUTED, one.title, one.what, (when, back))

    def _show_arrived(self) -> None:
        store, names = self._session.store, self._session.titles
        entries = store.receipts(ALL_RECEIPTS if self._shows_all else RECEIPTS + 1)
        shown = entries if self._shows_all else entries[:RECEIPTS]
        rows = [
            card_row(
                "cloud-check-outline", Tone.GREEN, one.title, one.what,
                (text(one.receipt, SMALL, Tone.MUTED),),
            )
            for one in outbox_texts(shown, names)
        ]  # fmt: skip
        if len(entries) > len(shown):
            more = Button(_("All receipts of 90 days"), Kind.LINK)
            more.clicked.connect(self._on_all)
            rows.append(more)
        self._arrived.set_rows(rows)
        self._arrived.setVisible(bool(rows))
        last = store.tally().last_sync
        self._arrived.set_note(_("at %(time)s") % {"time": format_time(last)} if last else "")

    def _on_all(self) -> None:
        self._shows_all = True
        self._show_arrived()

    def _show_checked(self) -> None:
        counts = self._session.store.counts()
        words = _("Initiatives %(initiatives)s · premises %(premises)s · plots %(plots)s") % {
            "initiatives": format_number(counts["initiative"]),
            "premises": format_number(counts["premises"]),
            "plots": format_number(counts["plot"]),
        }
        self._checked.set_title(_("On this laptop"))
        self._checked.set_rows([card_row("laptop", Tone.MUTED, words, "")])
