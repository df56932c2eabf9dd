"""The list of a place: head, rows or table or an empty state, and the undo bar below.

It knows one listing and shows its pages; what is chosen is a record id. News from elsewhere changes
rows in place and never moves them under the hand: a new page is fetched only when the user asks for
another selection, or for own changes, with the row in sight kept where it was.
"""

from collections import Counter
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.local.query import Page
from desktop_app.models.record_table import RecordTable
from desktop_app.services.listing import PAGE_SIZE, Listing, page_of, query_of
from desktop_app.views.draft_bar import DraftBar
from desktop_app.views.empty_list import EmptyList
from desktop_app.views.list_header import ListHeader
from desktop_app.views.places import Place
from desktop_app.views.record_views import (
    RecordGrid,
    RecordList,
    anchor_of,
    choose_row,
    restore_anchor,
    table_columns,
)
from desktop_app.views.row_news import RowNews
from desktop_app.views.session import Session
from desktop_app.widgets.editor import Sources
from desktop_app.widgets.kit.message_bar import UndoBar
from desktop_app.widgets.theme import px


class ListPane(QWidget):
    """One place's records.

    Signals:
        chosen(object): the id of the chosen record, or None.
        opened(object): the id of the record to open.
        listing_changed(Listing): another selection or order; the map follows.
        place_asked(str): go to another place with the same search text.
        new_asked(str), import_asked(str), undo_asked(), menu_asked(QPoint)
        draft_asked(DraftRow): go on with what was left half typed.
    """

    chosen = Signal(object)
    opened = Signal(object)
    listing_changed = Signal(object)
    place_asked = Signal(str)
    new_asked = Signal(str)
    import_asked = Signal(str)
    undo_asked = Signal()
    menu_asked = Signal(object)
    table_toggled = Signal(bool)
    draft_asked = Signal(object)

    def __init__(self, session: Session, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.listing = Listing(entity="initiative")
        self.total = 0
        self._columns_of = ""
        self._wanted: UUID | None = None
        self.model = RecordTable(session.words, self)
        self.header = ListHeader(sources)
        self.rows = RecordList(self.model)
        self.grid = RecordGrid(self.model)
        self.grid.setSelectionModel(self.rows.selectionModel())
        self.empty = EmptyList()
        self.stack = QStackedWidget()
        self.undo_bar = UndoBar()
        self.drafts = DraftBar()
        self.news = RowNews(self, session)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        for widget in (self.rows, self.grid, self.empty):
            self.stack.addWidget(widget)
        bar = QHBoxLayout()
        bar.setContentsMargins(px(8), 0, px(8), 0)
        bar.addWidget(self.undo_bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.drafts)
        column.addWidget(self.stack, 1)
        column.addLayout(bar)

    def _connect(self) -> None:
        self.header.listing_changed.connect(self.set_listing)
        self.header.table_toggled.connect(self.table_toggled)
        self.model.sort_asked.connect(self._on_sort_asked)
        self.rows.selectionModel().selectionChanged.connect(self._on_selected)
        for view in (self.rows, self.grid):
            view.opened.connect(self._on_opened)
            view.menu_asked.connect(self.menu_asked)
        self.undo_bar.undone.connect(self.undo_asked)
        self.empty.cleared.connect(lambda: self.set_listing(self.listing.cleared()))
        self.empty.new_asked.connect(lambda: self.new_asked.emit(self.listing.entity))
        self.empty.import_asked.connect(lambda: self.import_asked.emit(self.listing.entity))
        self.empty.place_asked.connect(self.place_asked)
        self.drafts.taken.connect(self.draft_asked)

    # What is shown

    def show_place(self, place: Place, listing: Listing, *, as_table: bool) -> None:
        """Show another place with its own choices."""
        self.header.show_place(place, listing)
        self.set_listing(listing, as_table=as_table)

    def set_listing(self, listing: Listing, *, as_table: bool | None = None) -> None:
        """Show another selection or order of the same place."""
        self.listing = listing
        if as_table is not None:
            self.header.set_table(as_table)
        self.header.set_listing(listing)
        self.reload()
        self.listing_changed.emit(listing)

    def set_text(self, words: str) -> None:
        """Search inside the place."""
        if words != self.listing.text:
            self.set_listing(replace(self.listing, text=words))

    def set_table(self, on: bool) -> None:
        """Show the table, or the list."""
        self.header.set_table(on)
        self._show_view()

    def reload(self) -> None:
        """Fetch the selection anew."""
        self.show_page(page_of(self._session.store, self.listing))

    def show_page(self, page: Page) -> None:
        """Show the selection anew; the chosen row stays chosen, the rows in sight stay there."""
        kept = self.chosen_id()
        anchor = anchor_of(self.view, self.model)
        self.total = page.total
        self.news.take_states(record.id for record in page.records)
        self.rows.selectionModel().blockSignals(True)
        self._set_columns()
        self.grid.show_order(self.listing)
        self.model.show(page, PAGE_SIZE, self._fetch)
        self.rows.selectionModel().blockSignals(False)
        self.header.set_count(page.total)
        self._show_view()
        restore_anchor(self.view, self.model, anchor)
        if kept is not None:
            self.choose(kept)

    def _fetch(self, offset: int) -> Page:
        page = page_of(self._session.store, self.listing, offset)
        self.news.take_states(record.id for record in page.records)
        return page

    def _set_columns(self) -> None:
        entity = self.listing.entity
        if entity == self._columns_of:
            return
        self._columns_of = entity
        self.model.set_columns(table_columns(entity))
        self.grid.fit_columns()

    def _show_view(self) -> None:
        if self.total == 0:
            self.empty.show_for(self.listing, self._found_elsewhere())
            self.stack.setCurrentWidget(self.empty)
        else:
            self.stack.setCurrentWidget(self.view)
        self.setFocusProxy(self.view if self.total else self.empty)

    @property
    def view(self) -> RecordList | RecordGrid:
        """The view in use: rows or table."""
        return self.grid if self.header.table.isChecked() else self.rows

    def _found_elsewhere(self) -> dict[str, int]:
        """Return how many hits the search text has in other places."""
        if not self.listing.text.strip():
            return {}
        counts = Counter(hit.entity for hit in self._session.store.search(self.listing.text, 200))
        counts.pop(self.listing.entity, None)
        return counts

    # What is chosen

    def chosen_id(self) -> UUID | None:
        """Return the id of the chosen record."""
        rows = self.rows.selectionModel().selectedRows()
        record = self.model.record(rows[0].row()) if rows else None
        return record.id if record else None

    def _is_chosen(self, index: QModelIndex) -> bool:
        """Tell a chosen row from one that only has the focus."""
        return self.rows.selectionModel().isSelected(index)

    def choose(self, record_id: UUID | None) -> None:
        """Choose a record that the list may not have loaded; nothing is emitted."""
        selection = self.rows.selectionModel()
        selection.blockSignals(True)
        row = self.model.row_of(record_id) if record_id else None
        if row is None:
            selection.clear()
        else:
            choose_row(selection, self.model.index(row, 0))
            self.view.scrollTo(self.model.index(row, 0))
        selection.blockSignals(False)
        self.view.viewport().update()
        self._wanted = record_id if row is None else None
        if self._wanted is not None:
            self._find_far(self._wanted)

    def _find_far(self, record_id: UUID) -> None:
        """Find a record beyond the loaded pages; among 50,000 that is work for a job."""
        store = self._session.store
        query = query_of(self.listing, store.me)

        def work() -> tuple[UUID, int | None]:
            return record_id, store.position(query, record_id)

        self._session.jobs.run(work, self._on_found)

    def _on_found(self, answer: tuple[UUID, int | None]) -> None:
        record_id, row = answer
        if record_id != self._wanted or row is None:
            return
        self._wanted = None
        record = self.model.record(row)
        if record is not None and record.id == record_id:
            self.choose(record_id)

    def _on_selected(self) -> None:
        """Follow what is selected; Qt points at the first row when the focus comes in, unchosen."""
        self.chosen.emit(self.chosen_id())

    def _on_opened(self) -> None:
        choose_row(self.rows.selectionModel(), self.rows.currentIndex())
        self.opened.emit(self.chosen_id())

    def enter(self) -> None:
        """Go into the list from above: to the chosen row, else choose the first one."""
        self.view.setFocus()
        if self.total and self.chosen_id() is None:
            choose_row(self.rows.selectionModel(), self.model.index(0, 0))

    def _on_sort_asked(self, name: str, _descending: bool) -> None:
        self.set_listing(self.listing.sorted_by(name))
