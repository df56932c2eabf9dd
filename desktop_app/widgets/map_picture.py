"""A picture of a place, painted from geometry: outlines and pins, without a web view.

For the page of double edits (where did it move?) and the first start. Coordinates are RD metres;
the outlines are the map's own, read once.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from db.geometry import BERKELLAND_BOUNDS, Geometry
from desktop_app.i18n import _, format_distance
from desktop_app.services.symbols import symbol
from desktop_app.tokens import CAPTION, RADIUS_CONTROL, SMALL, STRONG, TextSize
from desktop_app.widgets.map_ground import Bounds, is_ground_loaded, load_ground
from desktop_app.widgets.painting import text_width
from desktop_app.widgets.symbols import paint_pin
from desktop_app.widgets.theme import font, px, qcolor, tokens

LEAST_M = 120
"""A picture shows at least so many metres from south to north, so that one point has surroundings."""

BODY_PX, TRIM_PX = 18, 17
"""How far a pin's middle stands above its tip, and how far from it an arrow begins and ends."""

NAMED = 3
"""How many of the others around have their names beside them."""

_RIGHT = Qt.TextElideMode.ElideRight
_AREAS = ("Polygon", "MultiPolygon")
_LENGTHS_M = (5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a picture shows: a geometry with its symbol, what it was on the other side, and at first.

    `nearby` are others around it, to know where one looks: (title, key, geometry).
    """

    shape: Geometry | None = None
    key: str = ""
    before: Geometry | None = None
    base: Geometry | None = None
    nearby: Sequence[tuple[str, str, Geometry]] = ()


class MapPicture(QWidget):
    """Shows bounds of the map with a pin or a shape, and pale the place it had before.

    Of two areas it shows what only the new one has (tinted) and what only the other one had (dashed).
    """

    def __init__(
        self,
        bounds: Bounds = BERKELLAND_BOUNDS,
        *,
        waits: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """With `waits` it has no ground until someone else loaded it."""
        super().__init__(parent)
        self._bounds, self._shown, self._waits = bounds, Shown(), waits
        self.setMinimumHeight(px(128))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of a picture on a card."""
        return QSize(px(248), px(128))

    def show_shape(self, shown: Shown, bounds: Bounds) -> None:
        """Show a geometry inside these bounds."""
        self._shown, self._bounds = shown, bounds
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
        self._paint_nearby(painter)
        self._paint_base(painter)
        self._paint_before(painter)
        if self._shown.shape is not None:
            self._paint_scale(painter)
            self._paint_shape(painter, self._shown.shape)
        painter.end()

    def _paint_nearby(self, painter: QPainter) -> None:
        """Paint what else is there, small and pale, the nearest with their names."""
        for _title, key, geometry in self._shown.nearby:
            colour = QColor(tokens().colour(symbol(key).colour))
            painter.setOpacity(0.7)
            if geometry.kind in _AREAS:
                painter.setPen(QPen(colour, 1))
                painter.setBrush(QBrush(qcolor("map_paper")))
                painter.drawPath(self._path(geometry))
            else:
                painter.setPen(QPen(qcolor("map_halo"), 1.5))
                painter.setBrush(colour)
                painter.drawEllipse(self._at(*geometry.anchor), 4, 4)
        painter.setOpacity(1.0)
        for title, _key, geometry in self._shown.nearby[:NAMED]:
            below = QPointF(0, px(4 if geometry.kind in _AREAS else 17))
            self._paint_name_inside(painter, title, self._at(*geometry.anchor) + below)

    def _paint_name_inside(self, painter: QPainter, title: str, spot: QPointF) -> None:
        """Paint a name where all of it is in sight, and not over the scale in the corner."""
        name = QFontMetricsF(font(CAPTION)).elidedText(title, _RIGHT, self.width() * 0.45)
        width, height = text_width(name, CAPTION), px(CAPTION.line_px)
        box = QRectF(spot.x() - width / 2, spot.y() - height, width, height)
        scale = QRectF(0, self.height() - px(26), self.width() * 0.45, px(26))
        if QRectF(self.rect()).contains(box) and not box.intersects(scale):
            self._paint_words(painter, name, spot, CAPTION)

    def _paint_base(self, painter: QPainter) -> None:
        """Paint where it was before both, as a small ring with a word."""
        base = self._shown.base
        if base is None or base.kind != "Point":
            return
        spot = self._at(*base.anchor)
        painter.setPen(QPen(qcolor("map_name"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(spot, 4, 4)
        self._paint_words(painter, _("was"), spot + QPointF(0, px(17)), CAPTION)

    def _paint_before(self, painter: QPainter) -> None:
        before, shape = self._shown.before, self._shown.shape
        if before is None:
            return
        if shape is not None and before.kind in _AREAS and shape.kind in _AREAS:
            self._paint_areas(painter, before, shape)
            return
        painter.setOpacity(0.45)
        self._paint_shape(painter, before)
        painter.setOpacity(1.0)
        if shape is not None:
            self._paint_arrow(painter, before, shape)

    def _paint_areas(self, painter: QPainter, before: Geometry, shape: Geometry) -> None:
        """Tint what is new, hatch what is gone."""
        old, new = self._path(before), self._path(shape)
        painter.setPen(Qt.PenStyle.NoPen)
        added = qcolor("green")
        added.setAlpha(110)
        painter.fillPath(new.subtracted(old), added)
        gone = QBrush(qcolor("red"), Qt.BrushStyle.BDiagPattern)
        painter.fillPath(old.subtracted(new), gone)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(qcolor("red"), 1.5, Qt.PenStyle.DashLine))
        painter.drawPath(old)

    def _paint_scale(self, painter: QPainter) -> None:
        """Paint how long so many metres are, in the corner."""
        west, south, _east, _north = self._bounds
        pixels = self._at(west + 1, south).x() - self._at(west, south).x()
        length_m = next((m for m in _LENGTHS_M if m * pixels < self.width() * 0.4), _LENGTHS_M[-1])
        x, y, width = px(8), self.height() - px(8), length_m * pixels
        line = QPainterPath(QPointF(x, y - px(4)))
        for spot in (QPointF(x, y), QPointF(x + width, y), QPointF(x + width, y - px(4))):
            line.lineTo(spot)
        painter.strokePath(line, QPen(qcolor("map_halo"), 3))
        painter.strokePath(line, QPen(qcolor("map_name"), 1.5))
        words = format_distance(length_m)
        self._paint_words(painter, words, QPointF(x + width / 2, y - px(5)), CAPTION)

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
        if self._waits and not is_ground_loaded():
            return
        for _name, geometry in self._in_sight("municipality"):
            painter.setPen(QPen(qcolor("map_border"), 1.5))
            painter.setBrush(qcolor("map_paper"))
            painter.drawPath(self._path(geometry))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor("map_built"))
        for _name, geometry in self._in_sight("built"):
            if geometry.kind in _AREAS:
                painter.drawPath(self._path(geometry))
        for kind in [one for one in load_ground() if one.startswith("kern:")]:
            for name, geometry in self._in_sight(kind):
                self._paint_name(painter, name, geometry, is_main="hoofd" in kind)

    def _in_sight(self, kind: str) -> Iterator[tuple[str, Geometry]]:
        west, south, east, north = self._bounds
        for layer in [one for one in load_ground() if one.startswith(kind)]:
            for name, geometry, (x0, y0, x1, y1) in load_ground()[layer]:
                if x1 >= west and x0 <= east and y1 >= south and y0 <= north:
                    yield name, geometry

    def _paint_name(
        self, painter: QPainter, name: str, geometry: Geometry, *, is_main: bool
    ) -> None:
        spot = self._at(*geometry.anchor)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor("map_name"))
        painter.drawEllipse(spot, 3 if is_main else 2, 3 if is_main else 2)
        self._paint_words(painter, name, spot + QPointF(0, px(18)), STRONG if is_main else SMALL)

    def _paint_words(self, painter: QPainter, words: str, spot: QPointF, size: TextSize) -> None:
        """Paint words with a halo, their middle above `spot`."""
        path = QPainterPath()
        path.addText(spot - QPointF(text_width(words, size) / 2, 0), font(size), words)
        painter.strokePath(path, QPen(qcolor("map_halo"), 3))
        painter.fillPath(path, qcolor("map_name"))

    def _paint_shape(self, painter: QPainter, geometry: Geometry) -> None:
        colour = QColor(tokens().colour(symbol(self._shown.key).colour))
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
        paint_pin(painter, self._at(*geometry.anchor), symbol(self._shown.key), tokens())

    def _paint_arrow(self, painter: QPainter, start: Geometry, end: Geometry) -> None:
        """Paint a bent dashed arrow between the middles of two pins."""
        up = QPointF(0, BODY_PX)
        a, b = self._at(*start.anchor) - up, self._at(*end.anchor) - up
        length = math.hypot(b.x() - a.x(), b.y() - a.y())
        if length < 2 * TRIM_PX + px(12):
            return
        step = QPointF((b.x() - a.x()) / length, (b.y() - a.y()) / length)
        aside = QPointF(step.y(), -step.x()) * min(length * 0.18, px(16))
        middle = (a + b) / 2 + aside
        tail, tip = a + step * TRIM_PX, b - _towards(middle, b) * TRIM_PX
        path = QPainterPath(tail)
        path.quadTo(middle, tip)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.strokePath(path, QPen(qcolor("accent"), 2, Qt.PenStyle.DashLine))
        way = _towards(middle, tip)
        side = QPointF(-way.y(), way.x()) * px(4.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor("accent"))
        painter.drawPolygon(QPolygonF([tip + way * px(8), tip + side, tip - side]))


def _towards(start: QPointF, end: QPointF) -> QPointF:
    length = math.hypot(end.x() - start.x(), end.y() - start.y()) or 1.0
    return (end - start) / length


def around(*shapes: Geometry | None) -> Bounds:
    """Return bounds that hold these shapes with room around them, about twice as wide as high."""
    known = [shape.bounds for shape in shapes if shape is not None]
    if not known:
        return BERKELLAND_BOUNDS
    west, south = min(one[0] for one in known), min(one[1] for one in known)
    east, north = max(one[2] for one in known), max(one[3] for one in known)
    x, y = (west + east) / 2, (south + north) / 2
    height = max((north - south) * 1.6, (east - west) * 0.8, LEAST_M)
    y += height * 0.12  # pins stand above their places
    return x - height, y - height / 2, x + height, y + height / 2
