"""Cards that float on the map: how to move what is moved, and what can be written down at a click."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from db.entities import ENTITIES
from db.fields import N_, CodeList, fields_of
from db.geometry import Geometry
from desktop_app.i18n import _
from desktop_app.services.place_text import place_text
from desktop_app.services.symbols import legend_groups
from desktop_app.tokens import SMALL, Tone
from desktop_app.widgets.kit.button import Button, IconButton, Kind
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px

DRAW_WORDS = {
    "point": N_("Click the place, or move the cross with the arrows and press Enter. Esc stops."),
    "line": N_(
        "Click each bend, or put it at the cross with Enter. "
        "Double click or Ctrl+Enter ends, Esc stops."
    ),
    "polygon": N_(
        "Click each corner, or put it at the cross with Enter. "
        "Double click or Ctrl+Enter ends, Esc stops."
    ),
}
OFFER_MS = 10_000
"""How long the offer after a click stays."""

LEGEND_TITLES = {
    "initiative": N_("Phase of the initiative"),
    "premises": N_("Availability of the premises"),
    "plot": N_("Status of the plot"),
}


class MoveHint(QFrame):
    """Says how to move what is being moved, and where it is now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "floating")
        self._words = text("", SMALL, wrap=True)
        self._where = text("", SMALL, Tone.MUTED, wrap=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._words)
        words.addWidget(self._where)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(8), px(12), px(8))
        row.setSpacing(px(8))
        row.addWidget(Glyph("cursor-move"))
        row.addLayout(words, 1)
        self.setFixedWidth(px(254))
        self.hide()

    def show_hint(self, words: str, geometry: Geometry | None) -> None:
        """Show what to do, and the place."""
        self._words.setText(words)
        self._where.setText(place_text(geometry) if geometry else "")
        self._where.setVisible(geometry is not None)
        fit_height(self)
        self.show()
        self.raise_()


def legend_of(entity: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the title of the legend of an entity, and its symbols with their words."""
    codes: type[CodeList] = fields_of(ENTITIES[entity])[ENTITIES[entity].STATE].type
    words = {f"{entity}.{code.value}": _(code.label) for code in codes}
    words[f"{entity}.overdue"] = _("To check")
    entries = [
        (group[0], ", ".join(words[key] for key in group if key in words))
        for group in legend_groups(entity)
    ]
    return _(LEGEND_TITLES[entity]), entries


def fit_height(card: QFrame) -> None:
    """Make a card as high as its layout needs at its width."""
    layout = card.layout()
    if layout is not None:
        layout.activate()
        card.resize(card.width(), layout.totalHeightForWidth(card.width()))


class OfferCard(QFrame):
    """Offers to write down something at the place that was clicked; goes away by itself.

    Signals:
        taken(object): the Geometry where something new is to be.
    """

    taken = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "floating")
        self._place: Geometry | None = None
        self._words = text("", SMALL, wrap=True)
        self._where = text("", SMALL, Tone.MUTED)
        self._new = Button("", Kind.PRIMARY, icon="map-marker-plus-outline")
        close = IconButton("close", _("Close"))
        top = QHBoxLayout()
        top.addWidget(self._words, 1)
        top.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(6), px(8), px(12))
        column.setSpacing(px(4))
        column.addLayout(top)
        column.addWidget(self._where)
        column.addWidget(self._new)
        self.setFixedWidth(px(254))
        self._timer = QTimer(self, interval=OFFER_MS, singleShot=True)
        self._timer.timeout.connect(self.hide)
        close.clicked.connect(self.hide)
        self._new.clicked.connect(self._on_taken)
        self.hide()

    def show_offer(self, words: str, act: str, place: Geometry) -> None:
        """Offer to do `act` at a place."""
        self._place = place
        self._words.setText(words)
        self._where.setText(place_text(place))
        self._new.set_text(act)
        fit_height(self)
        self.show()
        self._timer.start()

    def _on_taken(self) -> None:
        self.hide()
        self.taken.emit(self._place)
