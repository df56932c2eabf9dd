"""The page Synchronise: what needs the user, what waits, what arrived, and how it stands."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.i18n import _
from desktop_app.services.receipts_text import receipts_of
from desktop_app.services.sync_overview import file_texts, overview
from desktop_app.services.sync_text import SyncNow, sync_words
from desktop_app.services.titles import Titles
from desktop_app.views.receipts_page import ReceiptsPage
from desktop_app.views.session import Session
from desktop_app.views.sync_cards import SyncCards
from desktop_app.views.sync_head import SyncHead
from desktop_app.views.sync_rows import act_button
from desktop_app.widgets.kit.button import Kind
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.reading_order import step
from desktop_app.widgets.theme import px

NARROW = 900


class Area(QScrollArea):
    """A page that scrolls; the keys walk through it in reading order."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is on it has the focus

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go to the next stop in reading order, and scroll to it."""
        body = self.widget()
        goal = step(body, forward=forward) if body is not None else None
        if goal is None:
            return super().focusNextPrevChild(forward)
        way = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        goal.setFocus(way)
        if self.isAncestorOf(goal):
            self.ensureWidgetVisible(goal)
        return True


class SyncPage(QStackedWidget):
    """How sync stands, in full; the receipts of 90 days are its second page.

    Signals:
        sync_asked(), stop_asked(), connect_asked(), merge_asked(), export_asked(), bundle_asked()
        accept_asked(): offer everything again to a shared database that was emptied.
        record_asked(str, object): open the record of a change; edit_asked the same, to edit.
        backs_asked(object): the ids of changes to take back, the last one first.
        again_asked(object): the id of a refused change to send again; None: all of them.
        seen(): the user read that the shared database was put back.
    """

    sync_asked = Signal()
    stop_asked = Signal()
    connect_asked = Signal()
    accept_asked = Signal()
    merge_asked = Signal()
    export_asked = Signal()
    bundle_asked = Signal()
    edit_asked = Signal(str, object)
    record_asked = Signal(str, object)
    backs_asked = Signal(object)
    again_asked = Signal(object)
    seen = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._now = SyncNow()
        self.head, self.cards = SyncHead(), SyncCards()
        self.receipts = ReceiptsPage()
        self.put_back = MessageBar(Message.INFORMATION, icon="database-sync-outline")
        self._area = Area()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        body = QWidget()
        body.setProperty("kind", "page")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(body)
        column.setContentsMargins(px(24), px(16), px(24), px(24))
        column.setSpacing(px(12))
        column.addWidget(self.head)
        column.addWidget(self.put_back)
        column.addWidget(self.cards)
        column.addStretch(1)
        self._area.setWidget(body)
        self.addWidget(self._area)
        self.addWidget(self.receipts)
        self.setFocusProxy(self.head.go)

    def _connect(self) -> None:
        seen = act_button(_("Seen"), "check", "seen", self.seen.emit, kind=Kind.FLAT)
        self.put_back.add_beside(seen)
        self.put_back.hide()
        self.head.asked.connect(self._on_asked)
        cards = self.cards
        cards.receipts_asked.connect(self.show_receipts)
        for name in ("merge_asked", "export_asked", "bundle_asked", "edit_asked", "backs_asked"):
            getattr(cards, name).connect(getattr(self, name))
        cards.again_asked.connect(self.again_asked)
        self.receipts.left.connect(self.show_overview)
        self.receipts.record_asked.connect(self.record_asked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the columns below one another where two do not fit."""
        super().resizeEvent(event)
        for part in (self.head, self.cards):
            part.set_narrow(self.width() < px(NARROW))

    def hideEvent(self, event: QHideEvent) -> None:
        """Begin with the overview when one comes back from another place."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.setCurrentWidget(self._area)
            self.setFocusProxy(self.head.go)

    # What is shown

    def show_sync(self, now: SyncNow) -> None:
        """Show what the worker does."""
        files = {**self._now.files, **now.files}  # what crossed before stays crossed
        self._now = SyncNow(
            now.phase, now.done, now.total, now.next_try, now.problem, now.step, now.reason,
            now.moved_at, files,
        )  # fmt: skip
        self._show_head()
        if self.isVisible() and now.step == "photos":
            self._show_files()

    def refresh(self) -> None:
        """Show everything anew."""
        self._show_head()
        self._show_cards()
        if self.currentWidget() is self.receipts:
            self._fill_receipts()

    def show_receipts(self) -> None:
        """Show all receipts of 90 days."""
        self._fill_receipts()
        self.setCurrentWidget(self.receipts)
        self.setFocusProxy(self.receipts)
        self.receipts.search.setFocus()

    def show_overview(self) -> None:
        """Go back from the receipts."""
        self.setCurrentWidget(self._area)
        self.setFocusProxy(self.head.go)
        self.head.go.setFocus()

    def _fill_receipts(self) -> None:
        store, names = self._session.store, Titles(self._session.store)  # of its own thread
        self._session.jobs.run(lambda: receipts_of(store, names), self.receipts.show_receipts)

    def _show_head(self) -> None:
        self.head.show_words(sync_words(self._session.store.tally(), self._now), self._now)

    def _show_cards(self) -> None:
        session = self._session
        told = overview(session.store, session.titles, self._now)
        if told.put_back is not None:
            title, words = told.put_back
            self.put_back.set_message(
                Message.INFORMATION, words, title, icon="database-sync-outline"
            )
        self.put_back.setVisible(told.put_back is not None)
        self.cards.show_overview(told)

    def _show_files(self) -> None:
        session, tally = self._session, self._session.store.tally()
        files = file_texts(session.store, session.titles, self._now)
        self.cards.show_files(files, tally.photos + tally.missing)

    def _on_asked(self, act: str) -> None:
        match act:
            case "stop":
                self.stop_asked.emit()
            case "connect":
                self.connect_asked.emit()
            case "accept":
                self.accept_asked.emit()
            case _:
                self.sync_asked.emit()
