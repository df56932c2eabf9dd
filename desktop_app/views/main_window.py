"""The window: toolbar, navigation, the place shown, and the status bar.

It only puts parts beside each other and hands commands on: what a list, a form or a page does, they
do themselves. The map's web view is made after the window can be seen.
"""

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from db.changes import ChangeSet
from desktop_app.i18n import _
from desktop_app.services.intake import first_values
from desktop_app.services.listing import Listing
from desktop_app.services.sync_text import SyncNow, sync_words
from desktop_app.tokens import HEIGHT_MENU
from desktop_app.views.arrangement import Width, width_class
from desktop_app.views.commands import Commands
from desktop_app.views.nav import make_nav, show_counts
from desktop_app.views.pages import make_page, open_draft
from desktop_app.views.places import BOTTOM, PAGES, PLACES, Place
from desktop_app.views.record_acts import RecordActs
from desktop_app.views.saved_lists import first_listing
from desktop_app.views.session import Session
from desktop_app.views.situation import situation_of
from desktop_app.views.sources import sources_of
from desktop_app.views.status_bar import StatusLine
from desktop_app.views.sync_page import SyncPage
from desktop_app.views.toolbar import Toolbar
from desktop_app.views.window_commands import COMMANDS
from desktop_app.views.window_keys import add_place_keys, escape, show_menu, show_numbers
from desktop_app.views.workspace import Workspace
from desktop_app.widgets.theme import px

LEAST_WIDTH, LEAST_HEIGHT = 480, 300
LOW = 560
"""Below this logical height the status bar goes and the toolbar is low."""


class MainWindow(QMainWindow):
    """The one window of an opened store.

    Signals:
        command(str): an action that the composition root carries out (sync, connect, settings …).
        closing(): the window is about to close.
    """

    command = Signal(str)
    closing = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setWindowTitle("Naoberkaart")
        self.setMinimumSize(px(LEAST_WIDTH), px(LEAST_HEIGHT))
        self.listings: dict[str, Listing] = {}
        self.tables: set[str] = set()
        self.place: Place = PLACES["initiative"]
        self.sync_now = SyncNow()
        self.commands = Commands(self)
        self.toolbar = Toolbar()
        self.nav = make_nav()
        self.stack = QStackedWidget()
        self.workspace: Workspace = Workspace(session, sources_of(session))
        self.acts: RecordActs = RecordActs(session, self.workspace)
        self.status = StatusLine()
        self.pages: dict[str, QWidget] = {}
        self._lay_out()
        self._connect()
        self.refresh_counts()
        self.show_sync(SyncNow())

    def _lay_out(self) -> None:
        self.commands.fill(self.menuBar())
        self.menuBar().setFixedHeight(px(HEIGHT_MENU))
        self.stack.addWidget(self.workspace)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.nav)
        body.addWidget(self.stack, 1)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addLayout(body, 1)
        column.addWidget(self.status)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        self.commands.chosen.connect(self.run)
        self.nav.place_chosen.connect(self.go)
        self.toolbar.place_asked.connect(self.go)
        self.toolbar.new_asked.connect(self.new)
        self.toolbar.searched.connect(self.search)
        self.toolbar.search_left.connect(self.workspace.list.enter)
        self.toolbar.sync_asked.connect(lambda: self.go("sync"))
        self.toolbar.me_asked.connect(lambda: self.command.emit("me"))
        work = self.workspace
        work.situation_changed.connect(self.update_situation)
        work.place_asked.connect(self._on_place_asked)
        work.new_asked.connect(self.new)
        work.import_asked.connect(lambda _entity: self.run("import"))
        work.undo_asked.connect(self.acts.undo)
        work.table_toggled.connect(self._on_table)
        work.pointed_at.connect(self.status.show_place)
        work.menu_asked.connect(lambda at: show_menu(self, at))
        add_place_keys(self)
        work.panel.form.changed.connect(self._show_status)
        work.list.draft_asked.connect(lambda row: open_draft(self, row))
        self.acts.done.connect(self._on_done)
        self.acts.told.connect(self._on_told)
        self.acts.failed.connect(self.status.show_problem)
        self.session.bus.committed.connect(self.on_committed)

    # Places

    def go(self, key: str) -> None:
        """Go to a place; an open form stays where it is, its draft is kept."""
        if self.workspace.panel.mode == "form":
            self.workspace.panel.form.keep_now()
            self.workspace.panel.form.leave()
        self._remember()
        self.place = PLACES[key]
        self.nav.set_current(key)
        self.toolbar.sync.set_current(key == "sync")
        if key in PAGES:
            self._show_page(key)
        else:
            came_from_page = self.stack.currentWidget() is not self.workspace
            self.stack.setCurrentWidget(self.workspace)
            listing = self.listings.get(key) or first_listing(self.place)
            self.workspace.show_place(self.place, listing, as_table=key in self.tables)
            self.toolbar.search.set_words(listing.text)
            if came_from_page:
                self.workspace.list.view.setFocus()
        self.update_situation()

    def _remember(self) -> None:
        if self.place.key not in PAGES:
            self.listings[self.place.key] = self.workspace.list.listing

    def _show_page(self, key: str) -> None:
        if key not in self.pages:
            page = make_page(key, self)
            self.pages[key] = page
            self.stack.addWidget(page)
        page = self.pages[key]
        page.refresh()  # type: ignore[attr-defined]
        self.stack.setCurrentWidget(page)
        page.setFocus()

    def open_record(self, entity: str, record_id: UUID, *, edit: bool = False) -> None:
        """Go to the place of a record and show it."""
        self.go_for(entity)
        self.workspace.open(entity, record_id)
        self.workspace.show_part("panel")
        if edit:
            self.acts.edit()

    def search(self, words: str) -> None:
        """Search in the place shown; from a page, in the first list."""
        if self.place.key in PAGES:
            self.go("initiative")
        self.workspace.list.set_text(words)

    def _on_place_asked(self, key: str) -> None:
        words = self.toolbar.search.text()
        self.listings[key] = replace(first_listing(PLACES[key]), text=words)
        self.go(key)

    def new(self, entity: str) -> None:
        """Start a new record, in its own place."""
        if self.workspace.panel.mode == "form":
            self.status.show_problem(_("Save or cancel the form first."))
            return
        beside = self.workspace.panel.record
        values = first_values(entity, self.session.store.me, beside)
        self.go_for(entity)
        self.workspace.placing.new(entity, **values)

    def go_for(self, entity: str) -> None:
        """Go to the place of an entity; one without a place is shown beside the present list."""
        if entity in PLACES and self.place.entity != entity:
            self.go(entity)
        elif self.place.key in PAGES:
            self.go("initiative")

    # Commands

    def run(self, name: str) -> None:
        """Carry out a command, or hand it to the composition root."""
        act = COMMANDS.get(name)
        if act is not None:
            act(self)
        else:
            self.command.emit(name)

    def update_situation(self) -> None:
        """Enable what is possible now."""
        self.commands.update(situation_of(self))
        self.commands.check("deleted", self.workspace.list.listing.deleted)
        self.commands.check("table", self.workspace.list.header.table.isChecked())
        self.commands.name_undo(self.session.undo.undo_text, self.session.undo.redo_text)
        self._show_status()

    def _show_status(self) -> None:
        """Say in the status bar how the work stands."""
        words = sync_words(self.session.store.tally(), self.sync_now)
        draft = self.workspace.panel.form.draft if self.workspace.panel.mode == "form" else None
        self.status.show_state(words, draft)

    def show_sync(self, now: SyncNow) -> None:
        """Show how sync stands."""
        self.sync_now = now
        tally = self.session.store.tally()
        short = self.workspace.kind is Width.NARROW
        self.toolbar.sync.show_words(sync_words(tally, now), short=short)
        page = self.pages.get("sync")
        if isinstance(page, SyncPage):
            page.show_sync(now)
        self.workspace.panel.detail.attachments.show_sync(now)
        unsure = self.session.store.conflicts() if tally.conflicts else ()
        self.nav.set_count("merge", len({one.record_id for one in unsure}) or None)
        self.nav.set_item_visible("merge", bool(tally.conflicts) or self.place in BOTTOM)
        self._show_status()

    # News

    def on_committed(self, changes: ChangeSet) -> None:
        """Hand news on, and count anew."""
        self.session.titles.forget(key for ids in changes.ids.values() for key in ids)
        self.workspace.on_committed(changes)
        page = self.pages.get(self.place.key)
        if page is not None:
            page.refresh()  # type: ignore[attr-defined]
        if changes.ids:
            self.refresh_counts()
        self.show_sync(self.sync_now)
        self.update_situation()

    def refresh_counts(self) -> None:
        """Show how many there are of everything, and who works here."""
        show_counts(self.nav, self.session)
        staff = self.session.store.me
        self.toolbar.set_person(self.session.titles.staff(staff) if staff else "")
        self.toolbar.set_example(self.session.is_example)

    def _on_done(self, words: str, glyph: str) -> None:
        self.workspace.list.undo_bar.show_done(words, glyph)
        self.update_situation()

    def _on_told(self, words: str, glyph: str) -> None:
        self.workspace.list.undo_bar.show_done(words, glyph, with_undo=False)
        self.update_situation()

    def _on_table(self, on: bool) -> None:
        (self.tables.add if on else self.tables.discard)(self.place.key)
        self.commands.check("table", on)

    # Size and keys

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width class and the height."""
        super().resizeEvent(event)
        kind, low = width_class(round(self.width() * 400 / px(400))), self.height() < px(LOW)
        self.toolbar.set_narrow(kind is Width.NARROW, low)
        self.nav.setVisible(kind is not Width.NARROW)
        self.nav.set_narrow(kind is Width.COMPACT)
        self.status.setVisible(not low)
        if kind is not self.workspace.kind:
            self.workspace.set_kind(kind)
            self.show_sync(self.sync_now)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the numbers of the places with Alt; close or go back with Esc."""
        if event.key() == Qt.Key.Key_Alt:
            show_numbers(self, True)
        elif event.key() == Qt.Key.Key_Escape:
            escape(self)
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Hide the numbers again."""
        if event.key() == Qt.Key.Key_Alt:
            show_numbers(self, False)
        super().keyReleaseEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what is half typed; it is offered again at the next start."""
        self.workspace.panel.form.keep_now()
        self.closing.emit()
        self.workspace.area.map.close_page()
        super().closeEvent(event)
