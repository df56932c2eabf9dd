"""The bar at the top: go to, search, new, example mark, sync, and who works here."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from db.entities import ENTITIES
from desktop_app.i18n import _
from desktop_app.tokens import HEIGHT_TOOLBAR, Tone
from desktop_app.views.empty_words import NEW_WORDS
from desktop_app.views.places import NEW_ENTITIES, PLACES
from desktop_app.views.state_chips import example_chip
from desktop_app.widgets.icons import icon
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.search_box import SearchBox
from desktop_app.widgets.sync_indicator import SyncIndicator
from desktop_app.widgets.theme import px

MOST_NAME = 150


class Toolbar(QWidget):
    """What is always at hand.

    Signals:
        place_asked(str), new_asked(str), searched(str), search_left(), sync_asked(), me_asked()
    """

    place_asked = Signal(str)
    new_asked = Signal(str)
    searched = Signal(str)
    search_left = Signal()
    sync_asked = Signal()
    me_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.go_to = Button(_("Go to"), icon="menu").set_toolbar()
        self.search = SearchBox(_("Search title, address, name or number"), shortcut="Ctrl+K")
        self.new = Button(_("New"), Kind.PRIMARY, icon="plus").set_toolbar()
        self.example = example_chip()
        self.sync = SyncIndicator()
        self.me = Button("", Kind.FLAT, icon="account-outline").set_toolbar()
        self._fill_menus()
        self._lay_out()
        self.search.searched.connect(self.searched)
        self.search.left_down.connect(self.search_left)
        self.sync.clicked.connect(self.sync_asked)
        self.me.clicked.connect(self.me_asked)

    def _fill_menus(self) -> None:
        places = QMenu(self)
        for place in PLACES.values():
            act = places.addAction(icon(place.icon), _(place.word))
            act.triggered.connect(lambda _on=False, key=place.key: self.place_asked.emit(key))
        self.go_to.setMenu(places)
        kinds = QMenu(self)
        for entity in NEW_ENTITIES:
            act = kinds.addAction(_(NEW_WORDS.get(entity, ENTITIES[entity].LABEL)))
            act.triggered.connect(lambda _on=False, key=entity: self.new_asked.emit(key))
        self.new.setMenu(kinds)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(4), px(16), px(4))
        row.setSpacing(px(16))
        self.search.setMaximumWidth(px(480))
        self.search.setMinimumWidth(px(120))
        row.addWidget(self.go_to)
        row.addWidget(self.search, 10)
        row.addWidget(self.new)
        row.addWidget(self.example)
        row.addStretch(1)
        row.addWidget(self.sync)
        row.addWidget(self.me)
        self.setFixedHeight(px(HEIGHT_TOOLBAR))

    def set_person(self, name: str) -> None:
        """Show who works here."""
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, px(MOST_NAME))
        self.me.set_text(shown or _("Who are you?"))
        self.me.setToolTip(name)

    def set_example(self, on: bool) -> None:
        """Mark the example data."""
        self.example.setVisible(on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say what can be searched for where there is room to say it."""
        super().resizeEvent(event)
        long = self.search.width() >= px(320)
        words = _("Search title, address, name or number") if long else _("Search")
        self.search.setPlaceholderText(words)

    def set_narrow(self, narrow: bool, short: bool) -> None:
        """Fit a narrow or low window."""
        self.go_to.setVisible(narrow)
        self.me.setVisible(not narrow)
        words = _("Example data")
        self.example.set_chip("" if narrow else words, Tone.AMBER, "flask-outline")
        self.example.setAccessibleName(words)
        self.example.setToolTip(words)
        self.sync.set_flat(narrow)
        low = px(40 if short else HEIGHT_TOOLBAR)
        self.setFixedHeight(low)
        for button in (self.go_to, self.new, self.sync, self.me):
            button.set_low(short)
        self.search.setMinimumHeight(px(32 if short else 40))
