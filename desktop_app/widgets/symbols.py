"""Paints the map symbols, once for list, legend, print and the Leaflet canvas.

A pin stands on its tip: the point on the ground lies `TIP_MARGIN` logical px above the middle
of the lower edge of its picture, in every variant.
"""

import math
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter, QPainterPath, QPen, QPolygonF

from desktop_app.services.symbols import SYMBOLS, Shape, Symbol, map_keys
from desktop_app.tokens import SYMBOL, SYMBOL_TAIL, Tokens
from desktop_app.widgets.icons import paint_icon

TIP_MARGIN = 4
_EDGE = 1.5
_RING = 2.0
_DIAGONAL = 29.0
_ICON = {Shape.CIRCLE: 15.0, Shape.SQUARE: 16.0, Shape.DIAMOND: 14.0, Shape.PLAIN: 20.0}
_CHOSEN = 1.2
CELL = (38, 44)
CELL_CHOSEN = (56, 62)
CELL_LIST = (32, 32)


@dataclass(frozen=True, slots=True)
class Sprite:
    """All symbols of one colour scheme in one PNG.

    ``index`` gives x, y, width, height in device pixels; divide by ``ratio`` for the size on
    screen. Keys: those of `map_keys`, the same with ``@chosen`` (1.2x, accent ring) and
    ``@list`` (no tail), ``cluster`` (empty disc for a number), ``choice`` (dot for an open
    choice, its centre goes 9 px right and 9 px up of a pin's centre), ``approximate`` (disc
    round the tip) and ``place`` (dot of a village).
    """

    png: bytes
    index: dict[str, tuple[int, int, int, int]]
    ratio: float
    tip_margin: int = TIP_MARGIN


def outline(shape: Shape, centre: QPointF, size: float) -> QPainterPath:
    """Return the outline of a symbol of ``size`` round ``centre``."""
    path = QPainterPath()
    box = QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size)
    match shape:
        case Shape.CIRCLE:
            path.addEllipse(box)
        case Shape.SQUARE:
            path.addRoundedRect(box, size / 6, size / 6)
        case Shape.DIAMOND:
            half = size / SYMBOL * _DIAGONAL / 2
            path.addPolygon(_diamond(centre, half))
            path.closeSubpath()
        case Shape.PLAIN:
            pass
    return path


def _diamond(centre: QPointF, half: float) -> QPolygonF:
    x, y = centre.x(), centre.y()
    return QPolygonF(
        [QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)]
    )


def paint_symbol(
    painter: QPainter, centre: QPointF, symbol: Symbol, tokens: Tokens, *, size: float = SYMBOL
) -> None:
    """Paint ``symbol`` round ``centre``, without tail and without the edge of a pin."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour, ground = QColor(tokens.colour(symbol.colour)), QColor(tokens.pin_edge)
    if symbol.filled:
        painter.fillPath(outline(symbol.shape, centre, size), colour)
    elif symbol.shape is not Shape.PLAIN:
        width = _RING * size / SYMBOL
        painter.fillPath(outline(symbol.shape, centre, size), ground)
        inner = outline(symbol.shape, centre, size - width)
        painter.strokePath(inner, _pen(colour, width, dashed=symbol.dashed))
    side = _ICON[symbol.shape] * size / SYMBOL
    box = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
    paint_icon(painter, box, symbol.icon, ground if symbol.filled else colour)
    painter.restore()


def _pen(colour: QColor, width: float, *, dashed: bool = False) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed:
        pen.setDashPattern([1.6, 1.15])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def paint_pin(
    painter: QPainter, tip: QPointF, symbol: Symbol, tokens: Tokens, *, chosen: bool = False
) -> None:
    """Paint ``symbol`` as a pin whose tail ends at ``tip``; ``chosen`` is larger, with a ring."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    size = SYMBOL * (_CHOSEN if chosen else 1.0)
    ring = 5.0 if chosen else 0.0
    reach = _DIAGONAL * size / SYMBOL / 2 - 3 if symbol.shape is Shape.DIAMOND else size / 2
    centre = QPointF(tip.x(), tip.y() - SYMBOL_TAIL - reach - ring)
    _paint_shadow(painter, tip, tokens)
    accent, edge = QColor(tokens.accent), QColor(tokens.pin_edge)
    body, tail = outline(symbol.shape, centre, size + 2 * ring), _tail(tip)
    painter.strokePath(body.united(tail), _pen(edge, _EDGE * 2))
    painter.fillPath(tail, accent if chosen else QColor(tokens.colour(symbol.colour)))
    if chosen:
        painter.fillPath(body, accent)
        painter.fillPath(outline(symbol.shape, centre, size + ring), edge)
    paint_symbol(painter, centre, symbol, tokens, size=size)
    painter.restore()


def _tail(tip: QPointF) -> QPainterPath:
    """Return the tail; it starts inside the body, so that no gap shows between them."""
    top = tip.y() - SYMBOL_TAIL - 1.5
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(tip.x() - 4, top), QPointF(tip.x() + 4, top), tip]))
    path.closeSubpath()
    return path


def _paint_shadow(painter: QPainter, tip: QPointF, tokens: Tokens) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.pin_shadow))
    painter.drawEllipse(tip, 3.5, 1.5)


def _paint_cell(painter: QPainter, key: str, cell: QRectF, tokens: Tokens) -> None:
    name, _, variant = key.partition("@")
    tip = QPointF(cell.center().x(), cell.bottom() - TIP_MARGIN)
    if variant == "list":
        paint_symbol(painter, cell.center(), SYMBOLS[name], tokens)
    elif name in SYMBOLS:
        paint_pin(painter, tip, SYMBOLS[name], tokens, chosen=variant == "chosen")
    else:
        _paint_mark(painter, name, cell.center(), tokens)


def _paint_mark(painter: QPainter, name: str, centre: QPointF, tokens: Tokens) -> None:
    """Paint what is not a record's own symbol; sizes are radii in logical px."""
    ground, name_colour = QColor(tokens.pin_edge), QColor(tokens.map_name)
    match name:
        case "cluster":
            _paint_disc(painter, centre, 18, ground, ground)
            _paint_disc(painter, centre, 15.5, ground, name_colour)
        case "choice":
            _paint_disc(painter, centre, 5.5, QColor(tokens.pin_amber), ground)
        case "approximate":
            tint = QColor(tokens.accent)
            tint.setAlphaF(0.22)
            _paint_disc(painter, centre, 26, tint, QColor(Qt.GlobalColor.transparent))
        case "place":
            _paint_disc(painter, centre, 3, name_colour, QColor(tokens.map_paper))


def _paint_disc(
    painter: QPainter, centre: QPointF, radius: float, fill: QColor, edge: QColor
) -> None:
    painter.setBrush(fill)
    painter.setPen(_pen(edge, 2.0))
    painter.drawEllipse(centre, radius, radius)


_MARKS = {"cluster": (40, 40), "choice": (14, 14), "approximate": (56, 56), "place": (10, 10)}


def _cells() -> list[tuple[str, tuple[int, int]]]:
    """Return every picture of the sprite with its logical size, larger ones first."""
    cells = [(f"{key}@chosen", CELL_CHOSEN) for key in map_keys()]
    cells += [(key, CELL) for key in map_keys()]
    cells += [(f"{key}@list", CELL_LIST) for key in map_keys()]
    return cells + list(_MARKS.items())


def sprite(tokens: Tokens, ratio: float = 1.0) -> Sprite:
    """Paint all symbols of ``tokens`` for a screen of ``ratio`` device px per logical px.

    Needs a QGuiApplication. For presentation ask 1.5 times the ratio and draw at that size.
    """
    width_px = 12 * CELL_CHOSEN[0]
    places: dict[str, tuple[int, int, int, int]] = {}
    x = y = row = 0
    for key, (width, height) in _cells():
        if x + width > width_px:
            x, y, row = 0, y + row, 0
        places[key] = (x, y, width, height)
        x, row = x + width, max(row, height)
    image = QImage(
        math.ceil(width_px * ratio),
        math.ceil((y + row) * ratio),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    for key, place in places.items():
        _paint_cell(painter, key, QRectF(*place), tokens)
    painter.end()
    index = {key: _scaled(place, ratio) for key, place in places.items()}
    return Sprite(_png(image), index, ratio)


def _scaled(place: tuple[int, int, int, int], ratio: float) -> tuple[int, int, int, int]:
    x, y, width, height = (round(length * ratio) for length in place)
    return x, y, width, height


def _png(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(content.data())
