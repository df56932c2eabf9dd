"""Small pieces of painting that controls and delegates share, so that both look the same."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from desktop_app.services.symbols import symbol
from desktop_app.tokens import CHIP, HEIGHT_CHIP, ICON_SMALL, SYMBOL, TextSize, Tone
from desktop_app.widgets.icons import paint_icon
from desktop_app.widgets.symbols import paint_symbol
from desktop_app.widgets.theme import font, px, tokens

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_CHIP_PAD = 8
_CHIP_GAP = 5


def fill_round(
    painter: QPainter, box: QRectF, radius: float, fill: QColor | None, edge: QColor | None = None
) -> None:
    """Fill a rounded box, with an edge of 1 px drawn inside it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1.0) if edge else QPen(Qt.PenStyle.NoPen))
    if fill:
        painter.setBrush(fill)
    inner = box.adjusted(0.5, 0.5, -0.5, -0.5) if edge else box
    painter.drawRoundedRect(inner, radius, radius)
    painter.restore()


@lru_cache(maxsize=4096)
def elided(text: str, font_key: str, width: int) -> str:
    """Return ``text`` shortened with an ellipsis to ``width`` px in the font of ``font_key``."""
    made = QFont()
    made.fromString(font_key)
    return QFontMetrics(made).elidedText(text, Qt.TextElideMode.ElideRight, width)


def draw_text(
    painter: QPainter,
    box: QRect,
    text: str,
    size: TextSize,
    colour: QColor,
    align: Qt.AlignmentFlag = _LEFT,
) -> None:
    """Draw one line of text in ``box``, shortened where it does not fit."""
    made = font(size)
    painter.setFont(made)
    painter.setPen(colour)
    painter.drawText(box, int(align), elided(text, made.toString(), max(box.width(), 0)))


def text_width(text: str, size: TextSize) -> int:
    """Return the width of one line of text in px."""
    return QFontMetrics(font(size)).horizontalAdvance(text)


def chip_size(text: str, icon: str) -> QSize:
    """Return how large a chip is."""
    width = text_width(text, CHIP) + 2 * px(_CHIP_PAD) + px(2)
    if icon:
        width += px(ICON_SMALL + (_CHIP_GAP if text else 0))
    return QSize(width, px(HEIGHT_CHIP))


def paint_chip(painter: QPainter, box: QRect, text: str, icon: str, tone: Tone) -> None:
    """Paint icon and word on the soft colour of ``tone``, filling ``box``."""
    scheme = tokens()
    colour = QColor(scheme.fore(tone))
    plain_edge = QColor(scheme.edge) if scheme.soft(tone) == scheme.surface else None
    fill_round(painter, QRectF(box), box.height() / 2, QColor(scheme.soft(tone)), plain_edge)
    left = box.left() + px(_CHIP_PAD)
    if icon:
        side = px(ICON_SMALL)
        place = QRectF(left, box.top() + (box.height() - side) / 2, side, side)
        paint_icon(painter, place, icon, colour)
        left += side + px(_CHIP_GAP)
    rest = QRect(left, box.top(), box.right() - left - px(_CHIP_PAD) + 3, box.height())
    draw_text(painter, rest, text, CHIP, colour)


def paint_key(painter: QPainter, key: str, box: QRect) -> None:
    """Paint the symbol of ``key`` centred in ``box``."""
    centre = QPointF(QRectF(box).center())
    paint_symbol(painter, centre, symbol(key), tokens(), size=px(SYMBOL))


def paint_ring(painter: QPainter, box: QRect, radius: float = 0.0) -> None:
    """Paint the focus ring just inside ``box``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tokens().accent), 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()
