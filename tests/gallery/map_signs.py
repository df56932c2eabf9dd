"""Picture 12 of the design: map symbols on the map's own ground, and the icons by name."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from desktop_app.services.symbols import map_keys
from desktop_app.tokens import CAPTION, SMALL
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.painting import draw_text
from desktop_app.widgets.symbols import TIP_MARGIN, sprite
from desktop_app.widgets.theme import tokens
from tests.gallery.parts import card, muted, page

ICONS = """
calendar-check-outline lightbulb-on-outline office-building-outline vector-square
map-search-outline domain account-box-outline account-group-outline source-merge
bag-personal-outline magnify plus pencil-outline check close undo redo trash-can-outline
arrow-right arrow-left chevron-down chevron-right dots-horizontal pin-outline sync
cloud-clock-outline cloud-upload-outline cloud-check-outline cloud-off-outline
image-sync-outline laptop alert alert-circle alert-octagon-outline information-outline
check-circle clock-outline lock-outline eye-outline eye-off-outline star-outline
layers-outline home-outline map-marker-plus-outline shape-polygon-plus cursor-move
printer-outline export-variant import download-outline file-document-outline history
paperclip link-variant
""".split()
ROWS = {
    "Initiatief: rond": [key for key in map_keys() if key.startswith("initiative")],
    "Pand: vierkant": [key for key in map_keys() if key.startswith("premises")],
    "Kavel: ruit": [key for key in map_keys() if key.startswith("plot")],
    "Gekozen": ["initiative.plan@chosen", "premises.available@chosen", "plot.available@chosen"],
    "Overig": ["cluster", "choice", "approximate", "place"],
}


class SpriteRow(QFrame):
    """Symbols cut from the sprite, on the colour of the map's paper."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__()
        self._keys = keys
        self.setFixedHeight(84)

    def paintEvent(self, event: object) -> None:
        scheme, ratio = tokens(), self.devicePixelRatioF()
        made = sprite(scheme, ratio)
        picture = QPixmap()
        picture.loadFromData(made.png)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(scheme.map_paper))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(self.rect(), 6, 6)
        for place, key in enumerate(self._keys):
            x, y, width, height = made.index[key]
            tip = QPointF(40 + place * 75, 56 + TIP_MARGIN)
            target = QRectF(0, 0, width / ratio, height / ratio)
            target.moveBottom(tip.y())
            target.moveLeft(tip.x() - target.width() / 2)
            painter.drawPixmap(target, picture, QRectF(x, y, width, height))
            box = QRectF(tip.x() - 37, 62, 74, 16).toRect()
            word = key.split(".")[-1].split("@")[0]
            centre = Qt.AlignmentFlag.AlignCenter
            draw_text(painter, box, word, CAPTION, QColor(scheme.map_name), centre)
        painter.end()


def map_signs_sheet() -> QWidget:
    sheet, column = page("Kaartsymbolen en pictogrammen", "maten in px bij 100 %", 1366)
    frame, rows = card("Kaart: vorm, kleur en pictogram")
    for name, keys in ROWS.items():
        line = QHBoxLayout()
        line.addWidget(muted(name, 100))
        line.addWidget(SpriteRow(keys), 1)
        rows.addLayout(line)
    column.addWidget(frame)
    column.addWidget(_icons())
    return sheet


def _icons() -> QWidget:
    frame, column = card("Pictogrammen (mdi6)")
    grid = QGridLayout()
    for place, name in enumerate(ICONS):
        line = QHBoxLayout()
        line.addWidget(Glyph(name))
        line.addWidget(text(name, SMALL), 1)
        grid.addLayout(line, place // 6, place % 6)
    column.addLayout(grid)
    return frame
