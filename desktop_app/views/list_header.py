"""The head of a list: its name, how many, the order, list or table, and the filters."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from db.entities import ENTITIES
from db.fields import fields_of
from desktop_app.i18n import _, format_number
from desktop_app.services.listing import Listing, sort_choices
from desktop_app.tokens import BODY, TITLE, Tone
from desktop_app.views.filters import FilterBar
from desktop_app.views.places import Place
from desktop_app.widgets.editor import Sources
from desktop_app.widgets.kit.button import Button, IconButton, Kind
from desktop_app.widgets.kit.text import rule, text
from desktop_app.widgets.theme import px


class ListHeader(QWidget):
    """Title, count, order, table switch and filters of the list shown.

    Signals:
        listing_changed(Listing): the user filtered or sorted.
        table_toggled(bool): the user wants a table, or a list.
    """

    listing_changed = Signal(object)
    table_toggled = Signal(bool)

    def __init__(self, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources = sources
        self._listing = Listing(entity="initiative")
        self._bars: dict[str, FilterBar] = {}
        self._bar: FilterBar | None = None
        self._word = self._order = ""
        self.title = text("", TITLE)
        self.count = text("", BODY, Tone.MUTED)
        self._menu = QMenu(self)
        self._sort = Button("", Kind.FLAT, icon="sort-descending")
        self._sort.setMenu(self._menu)
        self.table = IconButton(
            "table-large", _("Show as a table"), shortcut="Ctrl+T", checkable=True
        )
        self.top = QWidget()
        self._lay_out()
        self.table.toggled.connect(self.table_toggled)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self.top)
        row.setContentsMargins(px(16), 0, px(8), 0)
        row.setSpacing(px(8))
        row.addWidget(self.title)
        row.addWidget(self.count)
        row.addStretch(1)
        row.addWidget(self._sort)
        row.addWidget(self.table)
        self._filters = QVBoxLayout()
        self._filters.setContentsMargins(px(16), 0, px(16), 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(12), 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self.top)
        column.addLayout(self._filters)
        column.addWidget(rule())

    def show_place(self, place: Place, listing: Listing) -> None:
        """Show the head of another place."""
        self._word = _(place.word)
        if self._bar is not None:
            self._bar.hide()
        self._bar = self._bar_of(listing.entity)
        self._bar.show()
        self.set_listing(listing)

    def _bar_of(self, entity: str) -> FilterBar:
        if entity not in self._bars:
            bar = FilterBar(entity, self._sources)
            bar.changed.connect(self._on_filtered)
            self._filters.addWidget(bar)
            self._bars[entity] = bar
        return self._bars[entity]

    def set_listing(self, listing: Listing) -> None:
        """Show what is chosen; nothing is emitted."""
        self._listing = listing
        shown = _("%(list)s, deleted") % {"list": self._word} if listing.deleted else self._word
        self.title.setText(shown)
        if self._bar is not None:
            self._bar.set_listing(listing)
        self._fill_menu()

    def set_count(self, count: int) -> None:
        """Show how many records the selection has."""
        self.count.setText(format_number(count))
        self._fit()

    def set_table(self, on: bool) -> None:
        """Show whether it is a table; nothing is emitted."""
        self.table.blockSignals(True)
        self.table.setChecked(on)
        self.table.blockSignals(False)

    def set_narrow(self, narrow: bool) -> None:
        """Leave the title to the bar above in a narrow window."""
        self.title.setVisible(not narrow)
        self.count.setVisible(not narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say the order in words where there is room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        spoken = _("Sorted by {field}").format(field=self._order)
        self._sort.set_text(self._order)
        shown = [one for one in (self.title, self.count) if one.isVisibleTo(self)]
        wanted = sum(one.sizeHint().width() + px(8) for one in (*shown, self._sort, self.table))
        if self.isVisible() and wanted + px(16) > self.width():
            self._sort.set_text("")
        self._sort.setAccessibleName(spoken)
        self._sort.setToolTip(spoken)

    def refresh_choices(self, entities: list[str]) -> None:
        """Offer newer records in the filters."""
        for bar in self._bars.values():
            bar.refresh_choices(entities)

    def _fill_menu(self) -> None:
        self._menu.clear()
        group = QActionGroup(self._menu)
        names = dict(sort_choices(self._listing.entity))
        for name, label in names.items():
            action = QAction(label, self._menu, checkable=True)
            action.setChecked(name == self._listing.sort)
            action.triggered.connect(lambda _on=False, name=name: self._on_sorted(name))
            group.addAction(action)
            self._menu.addAction(action)
        self._menu.addSeparator()
        turned = QAction(_("The other way round"), self._menu)
        turned.triggered.connect(lambda: self._on_sorted(self._listing.sort))
        self._menu.addAction(turned)
        short = {"changed_at": _("Changed")}
        sort = self._listing.sort
        specs = fields_of(ENTITIES[self._listing.entity])
        label = names.get(sort) or (_(specs[sort].meta.label) if sort in specs else "")
        self._order = short.get(sort, label)
        self._sort.set_icon("sort-descending" if self._listing.descending else "sort-ascending")
        self._fit()

    def _on_filtered(self, listing: Listing) -> None:
        kept = replace(
            listing,
            text=self._listing.text,
            sort=self._listing.sort,
            descending=self._listing.descending,
            deleted=self._listing.deleted,
        )
        self._listing = kept
        self.listing_changed.emit(kept)

    def _on_sorted(self, name: str) -> None:
        self._listing = self._listing.sorted_by(name)
        self._fill_menu()
        self.listing_changed.emit(self._listing)


def plural_of(entity: str) -> str:
    """Return the word for several records of an entity."""
    return _(ENTITIES[entity].PLURAL)


def keyboard_focus(widget: QWidget) -> None:
    """Give the focus as a key does, so that the ring shows."""
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
