"""The map with what floats above it: layers, new point, draw area, legend, and a hint while moving."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from db.entities import ENTITIES
from db.geometry import Geometry
from desktop_app.i18n import _
from desktop_app.services.listing import ON_MAP, Listing
from desktop_app.services.map_document import MapBounds, MapFeature, features_json
from desktop_app.services.map_features import features_of, room_around, shapes_in
from desktop_app.views.empty_words import NEW_WORDS
from desktop_app.views.map_cards import (
    DRAW_WORDS,
    MoveHint,
    OfferCard,
    fit_height,
    legend_of,
)
from desktop_app.views.session import Session
from desktop_app.widgets.kit.button import Button
from desktop_app.widgets.kit.legend import Legend
from desktop_app.widgets.map_view import MapView
from desktop_app.widgets.symbols import sprite
from desktop_app.widgets.theme import px, tokens

_MARGIN, _TOOLS_LEFT = 16, 64
_SHAPES_AFTER_MS = 200


class MapArea(QWidget):
    """The map of one selection.

    Signals:
        new_point_asked(), draw_area_asked()
        shape_moved(object): Geometry while it is moved; shape_put(object): put down, or None.
        shape_drawn(object): Geometry of a finished drawing.
        new_here_asked(object): something new is to be written down at this Geometry.
        layers_changed(tuple): the other entities shown as well.
    """

    new_point_asked = Signal()
    draw_area_asked = Signal()
    shape_moved = Signal(object)
    shape_put = Signal(object)
    shape_drawn = Signal(object)
    new_here_asked = Signal(object)
    layers_changed = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._listing = Listing(entity="initiative")
        self._features: dict[str, MapFeature] = {}
        self._bounds: MapBounds | None = None
        self._words = ""
        self._round = 0
        self.cover = 0
        self.moved: Geometry | None = None
        self.opened: Geometry | None = None
        self.layers: tuple[str, ...] = ()
        self.map = MapView(self, jobs=session.jobs)
        self.tools = QWidget(self)
        self.layers_button = Button(_("Layers"), icon="layers-outline")
        self.point_button = Button(_("New point"), icon="map-marker-plus-outline")
        self.area_button = Button(_("Draw area"), icon="shape-polygon-plus")
        self.legend = Legend("", (), self)
        self.hint = MoveHint(self)
        self.offer = OfferCard(self)
        self._shapes = QTimer(self, interval=_SHAPES_AFTER_MS, singleShot=True)
        self._lay_out()
        self._connect()
        self._set_legend(self._listing.entity)
        self.dress()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        for button in (self.layers_button, self.point_button, self.area_button):
            row.addWidget(button)
        menu = QMenu(self)
        self._layer_actions: dict[str, QAction] = {}
        for entity in ON_MAP:
            action = QAction(_(ENTITIES[entity].PLURAL), menu, checkable=True)
            action.toggled.connect(self._on_layer)
            menu.addAction(action)
            self._layer_actions[entity] = action
        self.layers_button.setMenu(menu)

    def _connect(self) -> None:
        self.point_button.clicked.connect(self.new_point_asked)
        self.area_button.clicked.connect(self.draw_area_asked)
        self.map.geometry_changed.connect(self._on_moving)
        self.map.editing_finished.connect(self._on_put)
        self.map.geometry_drawn.connect(self._on_drawn)
        self.map.view_changed.connect(self._on_view)
        self.legend.unfolded.connect(lambda _on: self._place())
        self.offer.taken.connect(self.new_here_asked)
        self._shapes.timeout.connect(self._fetch_shapes)

    # Look

    def dress(self) -> None:
        """Give the map the colours and symbols in force."""
        scheme = tokens()
        self.map.set_theme(scheme, scheme.is_dark)
        made = sprite(scheme, self.devicePixelRatioF())
        self.map.set_symbols(made.png, made.index, made.ratio)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            QTimer.singleShot(0, self, self.dress)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep everything in its corner."""
        super().resizeEvent(event)
        self._place()

    def set_cover(self, right_px: int) -> None:
        """Know how much of the right is covered by a panel."""
        self.cover = right_px
        self.map.set_visible_margin(right_px)
        self._place()

    def _place(self) -> None:
        self.map.setGeometry(self.rect())
        free = self.width() - self.cover
        has_room = self.cover == 0
        is_placed = self._listing.entity in ON_MAP
        self.point_button.setVisible(has_room and is_placed and self._listing.entity != "plot")
        self.area_button.setVisible(has_room and is_placed)
        self.tools.adjustSize()
        self.tools.move(px(_TOOLS_LEFT), px(_MARGIN))
        self.tools.setVisible(free > px(200))
        self.legend.setVisible(
            has_room and is_placed and free > px(420) and self.height() > px(420)
        )
        if (inside := self.legend.layout()) is not None:
            inside.activate()
        self.legend.adjustSize()
        self.legend.move(
            self.width() - self.legend.width() - px(8),
            self.height() - self.legend.height() - px(32),
        )
        for card in (self.hint, self.offer):
            fit_height(card)
            fits = free >= card.width() + px(_MARGIN)
            card.move(
                px(_MARGIN) if fits else -card.width(), self.height() - card.height() - px(72)
            )
        for widget in (self.tools, self.legend, self.hint, self.offer):
            widget.raise_()

    # Records

    def show_listing(self, listing: Listing) -> None:
        """Show the selection of a list; what takes long happens elsewhere."""
        if listing.entity != self._listing.entity:
            self._set_legend(listing.entity)
            QTimer.singleShot(0, self, self._place)
            for entity, action in self._layer_actions.items():
                action.setVisible(entity != listing.entity)
        self._listing = listing
        self._round += 1
        self._place()
        number, session, layers = self._round, self._session, self.layers
        entities = [listing, *(Listing(entity=one) for one in layers if one != listing.entity)]

        def work() -> tuple[int, dict[str, MapFeature], bytes]:
            found = [features_of(session.store, one, session.titles) for one in entities]
            shown = {feature.id: feature for some in found for feature in some}
            return number, shown, features_json(shown.values())

        session.jobs.run(work, self._on_features)

    def _on_features(self, answer: tuple[int, dict[str, MapFeature], bytes]) -> None:
        number, features, content = answer
        if number == self._round:
            self._features = features
            self.map.set_features(features.values(), content)
            self._shapes.start()

    def update_features(self, changed: Iterable[MapFeature], removed: Iterable[str]) -> None:
        """Change some records in place."""
        fresh, gone = list(changed), list(removed)
        self._features.update((feature.id, feature) for feature in fresh)
        for record_id in gone:
            self._features.pop(record_id, None)
        self.map.update_features(fresh, gone)

    def _set_legend(self, entity: str) -> None:
        if entity in ON_MAP:
            self.legend.set_entries(*legend_of(entity))

    def set_layers(self, layers: tuple[str, ...]) -> None:
        """Show these entities as well; nothing is emitted."""
        self.layers = layers
        for entity, action in self._layer_actions.items():
            action.blockSignals(True)
            action.setChecked(entity in layers)
            action.blockSignals(False)

    def _on_layer(self) -> None:
        self.layers = tuple(key for key, one in self._layer_actions.items() if one.isChecked())
        self.layers_changed.emit(self.layers)
        self.show_listing(self._listing)

    def _on_view(self, bounds: MapBounds) -> None:
        self._bounds = bounds
        self._shapes.start()

    def _fetch_shapes(self) -> None:
        bounds, session, entity = self._bounds, self._session, self._listing.entity
        if bounds is None or not self._features:
            return
        flat = [key for key, one in self._features.items() if one.shape is None]

        def work() -> list[MapFeature]:
            return shapes_in(session.store, bounds, flat, entity, session.titles)

        session.jobs.run(work, self._on_shapes)

    def _on_shapes(self, found: list[MapFeature]) -> None:
        known = [
            replace(one, mark=self._features[one.id].mark)
            for one in found
            if one.id in self._features
        ]
        if known:
            self.update_features(known, ())

    # Drawing

    def move_shape(self, geometry: Geometry, key: str, words: str) -> None:
        """Let the user move or reshape a geometry."""
        if geometry != self.moved:
            self.map.fit(room_around(geometry))
        self.moved = self.opened = geometry
        self._words = words
        self.offer.hide()
        self.map.edit_geometry(geometry.to_wgs84(), key)
        self.hint.show_hint(words, geometry)
        self._place()

    def stop_moving(self) -> None:
        """End moving or drawing without a word."""
        self.moved = None
        self.map.edit_geometry(None)
        self.hint.hide()

    def _on_moving(self, shape: Any) -> None:
        geometry = Geometry.from_wgs84(shape)
        self.moved = geometry
        self.hint.show_hint(self._words, geometry)
        self.shape_moved.emit(geometry)

    def start_drawing(self, shape: str) -> None:
        """Let the user draw a "point", "line" or "polygon"."""
        self.map.start_drawing(shape)
        self.hint.show_hint(_(DRAW_WORDS[shape]), None)
        self._place()
        self.map.setFocus()

    def _on_put(self, shape: Any) -> None:
        place = Geometry.from_wgs84(shape) if shape else None
        if place is not None:
            self.moved = place
        self.hint.hide()
        self.shape_put.emit(place)

    def entity_of(self, record_id: str) -> str:
        """Return the entity of a record on the map, "" when it is not there."""
        feature = self._features.get(record_id)
        return feature.entity if feature else ""

    def offer_new(self, place: Geometry, entity: str) -> None:
        """Offer to write down something new at a place that was clicked."""
        words = _("Write down something here?")
        self.offer.show_offer(words, _(NEW_WORDS[entity]), place)
        self._place()

    def _on_drawn(self, shape: Any) -> None:
        self.shape_drawn.emit(Geometry.from_wgs84(shape))
