"""Icons: glyphs of the Material Design font that the qtawesome package brings.

The font is read from the package without importing it: its import costs 150 ms at start-up
(qtpy, ten fonts), the glyphs we show cost 20. They are painted as outlines, so they are sharp
at every scale, and take their colour from the tokens in force when they are painted: an icon
made once follows light and dark by itself.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPixmap,
    QRawFont,
    QTransform,
)

from desktop_app.widgets.theme import qcolor

EM = 24.0
"""Side of the square in which every glyph is drawn."""
_ASCENT = 0.875


@cache
def _folder() -> Path:
    """Return the folder of the icon fonts; raises FileNotFoundError without the package."""
    found = find_spec("qtawesome")
    if found is None or found.origin is None:
        raise FileNotFoundError("the package qtawesome is not installed")
    return Path(found.origin).parent / "fonts"


@cache
def _codes() -> dict[str, str]:
    (charmap,) = _folder().glob("materialdesignicons6-*charmap*.json")
    codes: dict[str, str] = json.loads(charmap.read_text(encoding="utf-8"))
    return codes


@cache
def _font() -> QRawFont:
    (file,) = _folder().glob("materialdesignicons6-*.ttf")
    return QRawFont(str(file), EM, QFont.HintingPreference.PreferNoHinting)


@cache
def glyph(name: str) -> QPainterPath:
    """Return the outline of icon ``name`` ("pencil-outline") in a square of `EM`.

    Raises:
        KeyError: The font has no such icon.
    """
    code = chr(int(_codes()[name], 16))
    font = _font()
    path = font.pathForGlyph(font.glyphIndexesForString(code)[0])
    return QTransform.fromTranslate(0, EM * _ASCENT).map(path)


def paint_icon(painter: QPainter, rect: QRectF, name: str, colour: QColor) -> None:
    """Paint icon ``name`` centred in ``rect``, as large as its smaller side."""
    side = min(rect.width(), rect.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center().x() - side / 2, rect.center().y() - side / 2)
    painter.scale(side / EM, side / EM)
    painter.fillPath(glyph(name), colour)
    painter.restore()


class _GlyphEngine(QIconEngine):
    """Paints a glyph in the token's present colour; disabled and chosen differ by token."""

    def __init__(self, name: str, colour: str, on_colour: str) -> None:
        super().__init__()
        self._name, self._colour, self._on_colour = name, colour, on_colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        token = self._on_colour if state is QIcon.State.On else self._colour
        if mode is QIcon.Mode.Disabled:
            token = "disabled"
        paint_icon(painter, QRectF(rect), self._name, qcolor(token))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._name, self._colour, self._on_colour)


@cache
def icon(name: str, colour: str = "text", on_colour: str = "") -> QIcon:
    """Return icon ``name`` in token ``colour``, in ``on_colour`` while checked.

    Raises:
        KeyError: The font has no such icon.
    """
    glyph(name)
    return QIcon(_GlyphEngine(name, colour, on_colour or colour))
