"""The Python side of the bridge to the map page: one object, a handful of slots.

The page calls the slots through QWebChannel with ids and ``lon, lat``; it is given no other object.
What comes in is checked here, so that the rest of the program deals with values only.
"""

import json
import math

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.services.map_document import MapBounds


class MapBridge(QObject):
    """Receives what happens on the map page.

    Signals:
        prepared(): the page has loaded and awaits colours, texts and records.
        drawn(): the first picture is on the screen.
        shown(int): a new set of this many records stands on the map.
        placed(str, float, float): "clicked" or "pointer", lon, lat.
        recorded(str, str): "chosen" or "opened", record id.
        shaped(str, object): "drawn", "changed" or "finished", GeoJSON geometry or None.
        viewed(object): MapBounds.
    """

    prepared = Signal()
    drawn = Signal()
    shown = Signal(int)
    placed = Signal(str, float, float)
    recorded = Signal(str, str)
    shaped = Signal(str, object)
    viewed = Signal(object)

    @Slot()
    def on_ready(self) -> None:
        """Answer the page that it may be filled."""
        self.prepared.emit()

    @Slot()
    def on_drawn(self) -> None:
        """Tell that the map can be seen."""
        self.drawn.emit()

    @Slot(int)
    def on_shown(self, count: int) -> None:
        """Tell that ``count`` records are on the map."""
        self.shown.emit(count)

    @Slot(str, float, float)
    def on_place(self, event: str, lon: float, lat: float) -> None:
        """Pass on a click or the mouse, if it is a place on earth."""
        if math.isfinite(lon) and math.isfinite(lat) and abs(lat) <= 90:
            self.placed.emit(event, lon, lat)

    @Slot(str, str)
    def on_record(self, event: str, record_id: str) -> None:
        """Pass on that a record was chosen or opened."""
        self.recorded.emit(event, record_id)

    @Slot(str, str)
    def on_geometry(self, event: str, text: str) -> None:
        """Pass on a drawn or changed geometry; ``text`` is GeoJSON or null."""
        self.shaped.emit(event, json.loads(text))

    @Slot(float, float, float, float, float)
    def on_view(self, west: float, south: float, east: float, north: float, zoom: float) -> None:
        """Pass on what the map shows now."""
        self.viewed.emit(MapBounds(west, south, east, north, zoom))
