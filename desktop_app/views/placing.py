"""Putting records on the map: drawing, moving and reshaping, and new records at a place."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from db.entities import ENTITIES
from db.fields import fields_of
from db.geometry import Geometry, GeometryError, rd
from desktop_app.i18n import _
from desktop_app.services.editing import Draft
from desktop_app.services.listing import ON_MAP
from desktop_app.services.row_words import key_of

if TYPE_CHECKING:
    from desktop_app.views.workspace import Workspace


class Placing(QObject):
    """Carries places between the map and the form of a workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        super().__init__(workspace)
        self._work = workspace
        self._drawing_new = ""
        area, panel = workspace.area, workspace.panel
        area.map.map_clicked.connect(self._on_map_clicked)
        area.new_point_asked.connect(lambda: self.start_new("point"))
        area.draw_area_asked.connect(lambda: self.start_new("polygon"))
        area.new_here_asked.connect(self._on_new_here)
        area.shape_drawn.connect(self._on_drawn)
        area.shape_moved.connect(panel.form.take_place)
        area.shape_put.connect(self._on_put)
        panel.form.shape_asked.connect(self.draw)
        panel.form.place_changed.connect(self._on_place_changed)

    def _on_new_here(self, place: Geometry) -> None:
        self._work.panel.new(self._work.list.listing.entity, place=place)

    def start_moving(self) -> None:
        """Let the place of the record in the form be moved on the map, where there is one."""
        draft = self._work.panel.form.draft
        place = getattr(draft.ours, "geometry", None) if draft else None
        if draft is not None and place is not None and self._work.area.isVisible():
            self._work.area.move_shape(place, key_of(draft.ours), self._move_words(place))

    def _move_words(self, place: Geometry) -> str:
        if place.kind == "Point":
            return _("Move the pin by dragging it or with the arrows.")
        return _("Drag a corner, or choose one with Tab and use the arrows.")

    def _on_place_changed(self, place: Geometry | None) -> None:
        """Follow a place that was typed; one that came from the map is there already."""
        if place is None:
            self._work.area.stop_moving()
        elif place != self._work.area.moved:
            self.start_moving()

    def _on_put(self, place: Geometry | None) -> None:
        self._work.panel.form.take_place(place or self._work.area.opened)
        if self._work.panel.mode == "form":
            self.start_moving()
            self._work.show_part("panel")

    def draw(self, shape: str) -> None:
        """Let the user draw a "point", "line" or "polygon" for the form."""
        self._work.area.stop_moving()
        if self._work.list.header.table.isChecked():
            self._work.set_table(False)
        self._work.show_part("map")
        self._work.area.start_drawing(shape)

    def start_new(self, shape: str) -> None:
        """Draw a place first, and then write down what is there."""
        self._drawing_new = self._work.list.listing.entity
        self.draw(shape)

    def _on_drawn(self, place: Geometry) -> None:
        entity, self._drawing_new = self._drawing_new, ""
        self._work.area.hint.hide()
        if self._work.panel.mode == "form":
            self._work.panel.form.take_place(place)
            self.start_moving()
            self._work.show_part("panel")
        elif entity:
            self._work.panel.new(entity, place=place)

    def _on_map_clicked(self, lon: float, lat: float) -> None:
        """Offer to write down what is at a click beside every pin."""
        if self._work.panel.mode == "form" or self._work.list.listing.entity not in ON_MAP:
            return
        try:
            place = Geometry.point(*rd(lon, lat))
        except GeometryError:
            return
        self._work.area.offer_new(place, self._work.list.listing.entity)

    def new(self, entity: str, **values: Any) -> None:
        """Start a new record of an entity."""
        specs = fields_of(ENTITIES[entity])
        if entity == "plot" and values.get("geometry") is None:
            self._drawing_new = entity
            self.draw("polygon")
            return
        known = {name: value for name, value in values.items() if name in specs}
        self._work.panel.edit(Draft.new(ENTITIES[entity], **known))
