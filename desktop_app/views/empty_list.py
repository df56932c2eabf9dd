"""What stands in the place of an empty list: nothing yet, or nothing found."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from db.entities import ENTITIES
from desktop_app.i18n import _
from desktop_app.services.listing import Listing
from desktop_app.services.symbols import entity_icon
from desktop_app.views.empty_words import EMPTY
from desktop_app.views.places import PLACES
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.empty_state import EmptyState


class EmptyList(QWidget):
    """An empty place says what to do.

    Signals:
        cleared(), new_asked(), import_asked(), place_asked(str)
    """

    cleared = Signal()
    new_asked = Signal()
    import_asked = Signal()
    place_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = QStackedLayout(self)
        self._first: QWidget | None = None

    def show_for(self, listing: Listing, elsewhere: dict[str, int]) -> None:
        """Say why this listing is empty, and offer what helps."""
        old = self._stack.currentWidget()
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        shown = self._not_found(listing, elsewhere) if listing.is_filtered else self._none(listing)
        self._stack.addWidget(shown)

    def _not_found(self, listing: Listing, elsewhere: dict[str, int]) -> EmptyState:
        clear = Button(_("Clear filters"), Kind.OUTLINED if elsewhere else Kind.PRIMARY)
        clear.clicked.connect(self.cleared)
        buttons: list[Button] = []
        for entity, count in elsewhere.items():
            if entity not in PLACES:
                continue
            kind = Kind.OUTLINED if buttons else Kind.PRIMARY
            word = f"{_(ENTITIES[entity].PLURAL)} ({count})"
            button = Button(word, kind, icon=entity_icon(entity))
            button.clicked.connect(lambda _on=False, key=entity: self.place_asked.emit(key))
            buttons.append(button)
        words = _("Found in other places:") if buttons else ""
        title = _("Nothing found with these filters.")
        return EmptyState("magnify-close", title, words, [*buttons[:4], clear])

    def _none(self, listing: Listing) -> EmptyState:
        if listing.deleted:
            return EmptyState("trash-can-outline", _("Nothing was deleted here."))
        entity = listing.entity
        title, words, make, glyph = EMPTY.get(entity, ("No records yet", "", "New", "plus"))
        new = Button(_(make), Kind.PRIMARY, icon=glyph, shortcut="Ctrl+N")
        new.clicked.connect(self.new_asked)
        read = Button(_("Read in a list"), icon="import")
        read.clicked.connect(self.import_asked)
        return EmptyState(entity_icon(entity), _(title), _(words), [new, read])
