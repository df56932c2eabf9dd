"""List, map and panel of one place: one selection, whatever way it was made.

The workspace puts its parts where `arrangement` says and carries news between them. What is done to
records stands in `record_acts`; the panel's parts know nothing of each other.
"""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from db.changes import ChangeSet
from db.fields import Record
from desktop_app.i18n import _
from desktop_app.services.listing import Listing
from desktop_app.tokens import WIDTH_DETAIL, WIDTH_FORM
from desktop_app.views.arrangement import Arrangement, Width, Wish, arrange
from desktop_app.views.editing_hints import EditingHints
from desktop_app.views.list_pane import ListPane
from desktop_app.views.map_area import MapArea
from desktop_app.views.map_news import MapNews
from desktop_app.views.narrow_bar import NarrowBar
from desktop_app.views.places import Place
from desktop_app.views.placing import Placing
from desktop_app.views.session import Session
from desktop_app.views.side_panel import SidePanel
from desktop_app.widgets.editor import Sources
from desktop_app.widgets.theme import px


class Handle(QWidget):
    """The line between list and map, to drag.

    Signals:
        dragged(int): the wanted x in the parent.
    """

    dragged = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the mouse drags it."""
        self.dragged.emit(self.mapToParent(event.position().toPoint()).x())


class Workspace(QWidget):
    """One place with its records.

    Signals:
        situation_changed(): what is chosen or edited changed.
        place_asked(str): another place, with the same search text.
        new_asked(str), import_asked(str), undo_asked(): from list, map or empty state.
        menu_asked(object, QPoint): a context menu for a record.
        table_toggled(bool), pointed_at(float, float): lon, lat under the mouse.
    """

    situation_changed = Signal()
    place_asked = Signal(str)
    new_asked = Signal(str)
    import_asked = Signal(str)
    undo_asked = Signal()
    menu_asked = Signal(object)
    table_toggled = Signal(bool)
    pointed_at = Signal(float, float)

    def __init__(self, session: Session, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.place: Place | None = None
        self.kind = Width.USUAL
        self.list_width, self.is_pinned, self.part = 400, False, "list"
        self.list = ListPane(session, sources, self)
        self.area = MapArea(session, self)
        self.panel = SidePanel(session, sources, self)
        self.bar = NarrowBar(self)
        self._handle = Handle(self)
        self.panel.hide()
        self.placing = Placing(self)
        self.hints = EditingHints(session, self.panel, self.list)
        self.map_news = MapNews(self.area, session, lambda: self.list.listing)
        self._connect()

    def _connect(self) -> None:
        self._handle.dragged.connect(self._on_dragged)
        self.bar.part_chosen.connect(self.show_part)
        self.bar.filter_toggled.connect(self.list.header.setVisible)
        self._connect_list()
        self._connect_map()
        panel = self.panel
        panel.closed.connect(self._on_closed)
        panel.mode_changed.connect(self._on_mode)
        panel.record_shown.connect(self._on_shown)
        panel.pin_toggled.connect(self._on_pinned)
        panel.detail.show_asked.connect(lambda: self.show_part("map"))

    def _connect_list(self) -> None:
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(self._on_opened)
        self.list.listing_changed.connect(self._on_listing)
        self.list.place_asked.connect(self.place_asked)
        self.list.new_asked.connect(self.new_asked)
        self.list.import_asked.connect(self.import_asked)
        self.list.undo_asked.connect(self.undo_asked)
        self.list.menu_asked.connect(self.menu_asked)
        self.list.table_toggled.connect(self.set_table)

    def _connect_map(self) -> None:
        self.area.map.record_chosen.connect(self._on_pin)
        self.area.map.record_opened.connect(self._on_pin_opened)
        self.area.map.pointer_moved.connect(self.pointed_at)

    # Place and size

    def show_place(self, place: Place, listing: Listing, *, as_table: bool) -> None:
        """Show another place; what was open closes."""
        self.place = place
        self.panel.close_detail()
        self.list.show_place(place, listing, as_table=as_table)
        self.show_part("list")
        self.arrange()

    def set_kind(self, kind: Width) -> None:
        """Follow the width class of the window."""
        self.kind = kind
        narrow = kind is Width.NARROW
        self.list.header.set_narrow(narrow)
        self.list.header.setVisible(not narrow or self.bar.filter.isChecked())
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange anew."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put list, map and panel in their places."""
        width = {"": 0, "detail": px(WIDTH_DETAIL), "form": px(WIDTH_FORM)}[self.panel.mode]
        pinned = self.is_pinned or self.kind is Width.WIDE
        list_width = px(360) if self.kind is Width.COMPACT else px(self.list_width)
        narrow = self.kind is Width.NARROW
        top = self.bar.height() if narrow else 0
        self.bar.setVisible(narrow)
        self.bar.setGeometry(0, 0, self.width(), self.bar.height())
        wish = Wish(
            self.width(),
            self.height() - top,
            self.kind,
            list_width,
            width,
            pinned,
            self.list.header.table.isChecked(),
            self.part,
        )
        self._put(arrange(wish), top)

    def _put(self, places: Arrangement, top: int) -> None:
        for widget, place in (
            (self.list, places.list),
            (self.area, places.map),
            (self.panel, places.panel),
        ):
            if place is not None:
                widget.setGeometry(place.translated(0, top))
            widget.setVisible(place is not None)
        self.area.set_cover(places.cover)
        has_handle = places.list is not None and places.map is not None
        self._handle.setVisible(has_handle)
        if has_handle and places.list is not None:
            self._handle.setGeometry(places.list.width() - 3, 0, 6, self.height())
            self._handle.raise_()
        self.panel.raise_()

    def _on_dragged(self, x: int) -> None:
        self.list_width = min(max(round(x * 400 / px(400)), 320), 560)
        self.arrange()

    def _on_pinned(self, pinned: bool) -> None:
        self.is_pinned = pinned
        self.arrange()

    def set_table(self, on: bool) -> None:
        """Show the table in place of list and map, or not."""
        self.list.set_table(on)
        self.arrange()
        self.table_toggled.emit(on)

    def show_part(self, part: str) -> None:
        """In a narrow window, show the list, the map or the panel."""
        self.part = part
        self.bar.show_part(part)
        if self.kind is Width.NARROW:
            self.arrange()
            if part == "map" and self.panel.mode == "form":
                self.placing.start_moving()

    # One selection

    def _on_listing(self, listing: Listing) -> None:
        self.area.show_listing(listing)
        if self.place is not None:
            self.bar.show_list(_(self.place.word), self.list.total)
        self.situation_changed.emit()

    def _on_chosen(self, record_id: UUID | None) -> None:
        if record_id is None or self.panel.mode == "form":
            self.situation_changed.emit()
            return
        record = self._session.store.get(self.list.listing.entity, record_id)
        if record is not None:
            self.area.map.select(str(record_id))
            self.panel.show_record(record)

    def _on_opened(self, record_id: UUID) -> None:
        self._on_chosen(record_id)
        self.show_part("panel")
        self.panel.focus()

    def _on_pin(self, record_id: str) -> None:
        if self.panel.mode != "form":
            self.open(self._entity_of(record_id), UUID(record_id))

    def _on_pin_opened(self, record_id: str) -> None:
        self._on_pin(record_id)
        self.show_part("panel")
        self.panel.focus()

    def _entity_of(self, record_id: str) -> str:
        return self.area.entity_of(record_id) or self.list.listing.entity

    def open(self, entity: str, record_id: UUID) -> None:
        """Show a record in list, map and panel."""
        record = self._session.store.get(entity, record_id)
        if record is None:
            return
        if entity == self.list.listing.entity:
            self.list.choose(record_id)
        self.area.map.select(str(record_id))
        self.panel.show_record(record)

    def _on_shown(self, record: Record) -> None:
        """Follow what the panel shows, as after opening a relation."""
        if record.ENTITY == self.list.listing.entity and self.list.chosen_id() != record.id:
            self.list.choose(record.id)
            self.area.map.select(str(record.id))
        self.situation_changed.emit()

    def _on_closed(self) -> None:
        self.area.stop_moving()
        self.area.map.select(None)
        self.list.choose(None)
        self.show_part("list")
        self.arrange()
        self.list.view.setFocus()
        self.situation_changed.emit()

    def _on_mode(self, mode: str) -> None:
        self.arrange()
        draft = self.panel.form.draft if mode == "form" else None
        self._session.words.drafts = frozenset({draft.ours.id} if draft else ())
        self.list.view.viewport().update()
        if mode == "form":
            self.placing.start_moving()
            self.show_part("panel")
        else:
            self.area.stop_moving()
        self.situation_changed.emit()

    # News

    def on_committed(self, changes: ChangeSet) -> None:
        """Follow what changed in list, map and panel."""
        self.list.news.on_committed(changes)
        self.map_news.on_committed(changes)
        self.panel.on_committed(changes)

    def pane_order(self) -> list[QWidget]:
        """Return the panes that F6 goes through, in reading order."""
        panes: list[QWidget] = [self.list.view if self.list.total else self.list.empty]
        if self.area.isVisible():
            panes.append(self.area.map)
        if self.panel.isVisible():
            panes.append(self.panel.focus_widget())
        return panes
