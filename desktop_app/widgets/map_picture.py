"""A picture of a place, painted from geometry: outlines and pins, without a web view.

For the page of double edits (where did it move?) and the first start. Coordinates are RD metres;
the outlines are the map's own, read once.
"""

import math
from functools import cache
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from db.geometry import BERKELLAND_BOUNDS, Geometry
from desktop_app.services.map_document import outlines
from desktop_app.services.symbols import symbol
from desktop_app.tokens import RADIUS_CONTROL, SMALL, STRONG
from desktop_app.widgets.painting import text_width
from desktop_app.widgets.symbols import paint_pin
from desktop_app.widgets.theme import font, px, qcolor, tokens

Bounds = tuple[float, float, float, float]
LEAST_M = 200
"""A picture shows at least so many metres, so that one point has surroundings."""


@cache
def _layers() -> dict[str, list[tuple[str, Geometry]]]:
    """Return the outlines by layer, in RD."""
    found: dict[str, list[tuple[str, Geometry]]] = {}
    for feature in outlines()["features"]:
        properties = feature["properties"]
        geometry = Geometry.from_wgs84(feature["geometry"])
        name = str(properties.get("name") or "")
        kind = f"{properties['layer']}:{properties.get('kind') or ''}"
        found.setdefault(kind.removesuffix(":"), []).append((name, geometry))
    return found


class MapPicture(QWidget):
    """Shows bounds of the map with a pin, and pale the place it had before."""

    def __init__(self, bounds: Bounds = BERKELLAND_BOUNDS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bounds, self._key = bounds, ""
        self._shape: Geometry | None = None
        self._before: Geometry | None = None
        self.setMinimumHeight(px(128))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of a picture on a card."""
        return QSize(px(248), px(128))

    def show_shape(
        self, shape: Geometry | None, key: str, bounds: Bounds, before: Geometry | None = None
    ) -> None:
        """Show a geometry with its symbol; with `before` also where it came from."""
        self._shape, self._key, self._bounds, self._before = shape, key, bounds, before
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, then the shapes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(self.rect()), RADIUS_CONTROL, RADIUS_CONTROL)
        painter.setClipPath(clip)
        painter.fillRect(self.rect(), qcolor("map_outside"))
        self._paint_ground(painter)
        if self._before is not None and self._shape is not None:
            painter.setOpacity(0.45)
            self._paint_shape(painter, self._before)
            painter.setOpacity(1.0)
            self._paint_arrow(painter, self._before, self._shape)
        if self._shape is not None:
            self._paint_shape(painter, self._shape)
        painter.end()

    def _at(self, x: float, y: float) -> QPointF:
        west, south, east, north = self._bounds
        scale = min(self.width() / (east - west), self.height() / (north - south))
        left = (self.width() - (east - west) * scale) / 2
        top = (self.height() - (north - south) * scale) / 2
        return QPointF(left + (x - west) * scale, top + (north - y) * scale)

    def _path(self, geometry: Geometry) -> QPainterPath:
        path = QPainterPath()
        polygons = [geometry.coordinates] if geometry.kind == "Polygon" else geometry.coordinates
        for rings in polygons:
            for ring in rings:
                path.addPolygon(QPolygonF([self._at(x, y) for x, y in ring]))
                path.closeSubpath()
        return path

    def _paint_ground(self, painter: QPainter) -> None:
        layers = _layers()
        for _name, geometry in layers.get("municipality", ()):
            painter.setPen(QPen(qcolor("map_border"), 1.5))
            painter.setBrush(qcolor("map_paper"))
            painter.drawPath(self._path(geometry))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor("map_built"))
        for kind in [one for one in layers if one.startswith("built")]:
            for _name, geometry in layers[kind]:
                if geometry.kind in ("Polygon", "MultiPolygon"):
                    painter.drawPath(self._path(geometry))
        for kind in [one for one in layers if one.startswith("kern:")]:
            for name, geometry in layers[kind]:
                self._paint_name(painter, name, geometry, is_main="hoofd" in kind)

    def _paint_name(
        self, painter: QPainter, name: str, geometry: Geometry, *, is_main: bool
    ) -> None:
        spot = self._at(*geometry.anchor)
        size = STRONG if is_main else SMALL
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor("map_name"))
        painter.drawEllipse(spot, 3 if is_main else 2, 3 if is_main else 2)
        path = QPainterPath()
        path.addText(spot + QPointF(-text_width(name, size) / 2, px(18)), font(size), name)
        painter.strokePath(path, QPen(qcolor("map_halo"), 3))
        painter.fillPath(path, qcolor("map_name"))

    def _paint_shape(self, painter: QPainter, geometry: Geometry) -> None:
        colour = QColor(tokens().colour(symbol(self._key).colour))
        if geometry.kind in ("Polygon", "MultiPolygon"):
            painter.setPen(QPen(colour, 2))
            pale = QColor(colour)
            pale.setAlpha(50)
            painter.setBrush(QBrush(pale))
            painter.drawPath(self._path(geometry))
        elif "Line" in geometry.kind:
            painter.setPen(QPen(colour, 3))
            lines: Any = (
                [geometry.coordinates] if geometry.kind == "LineString" else geometry.coordinates
            )
            for line in lines:
                painter.drawPolyline(QPolygonF([self._at(x, y) for x, y in line]))
        paint_pin(painter, self._at(*geometry.anchor), symbol(self._key), tokens())

    def _paint_arrow(self, painter: QPainter, start: Geometry, end: Geometry) -> None:
        a, b = self._at(*start.anchor), self._at(*end.anchor)
        length = math.hypot(b.x() - a.x(), b.y() - a.y())
        if length < px(30):
            return
        pen = QPen(qcolor("accent"), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        step = QPointF((b.x() - a.x()) / length, (b.y() - a.y()) / length)
        tip, tail = b - step * px(16), a + step * px(14)
        painter.drawLine(tail, tip)
        side = QPointF(-step.y(), step.x()) * px(5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor("accent"))
        painter.drawPolygon(QPolygonF([tip + step * px(8), tip + side, tip - side]))


def around(*shapes: Geometry | None) -> Bounds:
    """Return bounds that hold these shapes with room around them, about twice as wide as high."""
    known = [shape.bounds for shape in shapes if shape is not None]
    if not known:
        return BERKELLAND_BOUNDS
    west, south = min(one[0] for one in known), min(one[1] for one in known)
    east, north = max(one[2] for one in known), max(one[3] for one in known)
    x, y = (west + east) / 2, (south + north) / 2
    height = max((north - south) * 1.8, (east - west) * 0.9, LEAST_M)
    return x - height, y - height / 2, x + height, y + height / 2
