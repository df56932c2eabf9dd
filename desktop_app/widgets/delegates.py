"""Paints list rows and table cells from the values of `desktop_app.services.listing_text`.

All rows of a list have one height, so a view never measures 50,000 of them; text is shortened
through a cache. The focus ring lies inside the row.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.services.listing_text import CELL_ROLE, ROW_ROLE, CellText, RowText
from desktop_app.tokens import (
    BODY,
    BUTTON,
    CAPTION,
    HEIGHT_CHIP,
    HEIGHT_ROW,
    HEIGHT_TABLE_ROW,
    ICON_NAV,
    ICON_SMALL,
    MARGIN_PANEL,
    SMALL,
    STRONG,
    SYMBOL,
    TextSize,
    Tone,
)
from desktop_app.widgets.icons import paint_icon
from desktop_app.widgets.painting import (
    chip_size,
    draw_text,
    paint_chip,
    paint_key,
    paint_ring,
    text_width,
)
from desktop_app.widgets.theme import px, tokens

Index = QModelIndex | QPersistentModelIndex
_State = QStyle.StateFlag
_Align = Qt.AlignmentFlag
_RIGHT = _Align.AlignRight | _Align.AlignVCenter
_TEXT_LEFT = 56
"""Where the words of a list row begin: margin, symbol and gap."""


def _paint_ground(
    painter: QPainter, option: QStyleOptionViewItem, *, bar: bool, fresh: bool = False
) -> None:
    """Paint the row's ground, its line below and, when chosen, the bar at its left."""
    scheme = tokens()
    rect: QRect = option.rect
    chosen = bool(option.state & _State.State_Selected)
    hover = bool(option.state & _State.State_MouseOver)
    plain = scheme.accent_soft if fresh else scheme.surface
    ground = scheme.sel if chosen else scheme.hover if hover else plain
    painter.fillRect(rect, QColor(ground))
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(scheme.line))
    if chosen and bar:
        painter.fillRect(
            QRect(rect.left(), rect.top(), 3, rect.height() - 1), QColor(scheme.accent)
        )


class RecordRowDelegate(QStyledItemDelegate):
    """Symbol, title and second line; at the right a time and, below it, a mark.

    The row's `RowText` arrives through `ROW_ROLE`.
    """

    title_size: TextSize = STRONG
    is_right_centred = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the one height of all rows."""
        return QSize(px(200), px(HEIGHT_ROW))

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Give screen readers the whole row as text."""
        super().initStyleOption(option, index)
        row = index.data(ROW_ROLE)
        if isinstance(row, RowText):
            option.text = row.accessible

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row; a row still being fetched shows only its ground."""
        painter.save()
        row = index.data(ROW_ROLE)
        fresh = isinstance(row, RowText) and row.is_fresh
        _paint_ground(painter, option, bar=True, fresh=fresh)
        if isinstance(row, RowText):
            self._paint_row(painter, option.rect.adjusted(0, 0, 0, -1), row)
        if option.state & _State.State_HasFocus:
            paint_ring(painter, option.rect.adjusted(0, 0, 0, -1))
        painter.restore()

    def _paint_row(self, painter: QPainter, rect: QRect, row: RowText) -> None:
        scheme = tokens()
        half = rect.height() // 2
        upper = QRect(rect.left(), rect.top() + px(8), rect.width(), half - px(8))
        lower = QRect(rect.left(), rect.top() + half, rect.width(), half - px(8))
        self._paint_sign(painter, rect, row)
        right_width = text_width(row.right, CAPTION) if row.right else 0
        mark_width = self._mark_width(row)
        left, margin = px(_TEXT_LEFT), px(MARGIN_PANEL)
        title = upper.adjusted(left, 0, -margin - right_width - (8 if right_width else 0), 0)
        below = lower.adjusted(left, 0, -margin - mark_width - (8 if mark_width else 0), 0)
        muted = QColor(scheme.muted)
        draw_text(painter, title, row.title, self.title_size, QColor(scheme.text))
        draw_text(painter, below, row.subtitle, SMALL, muted)
        right = rect if not row.mark and self.is_right_centred else upper
        draw_text(painter, right.adjusted(0, 0, -margin, 0), row.right, CAPTION, muted, _RIGHT)
        if row.mark:
            self._paint_mark(painter, lower.adjusted(0, 0, -margin, 0), row)

    def _paint_sign(self, painter: QPainter, rect: QRect, row: RowText) -> None:
        size = px(SYMBOL) + 2
        box = QRect(rect.left() + px(17), rect.center().y() - size // 2 + 1, size, size)
        if row.symbol:
            paint_key(painter, row.symbol, box)
        elif row.icon:
            side = px(ICON_NAV)
            place = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
            paint_icon(painter, place, row.icon, QColor(tokens().fore(row.icon_kind)))

    def _mark_width(self, row: RowText) -> int:
        if not row.mark:
            return 0
        return text_width(row.mark, CAPTION) + (px(ICON_SMALL + 5) if row.mark_icon else 0)

    def _paint_mark(self, painter: QPainter, rect: QRect, row: RowText) -> None:
        colour = QColor(tokens().fore(row.mark_kind))
        draw_text(painter, rect, row.mark, CAPTION, colour, _RIGHT)
        if row.mark_icon:
            side = px(ICON_SMALL)
            left = rect.right() + 1 - text_width(row.mark, CAPTION) - px(5) - side
            box = QRectF(left, rect.center().y() - side / 2 + 0.5, side, side)
            paint_icon(painter, box, row.mark_icon, colour)


class ReceiptRowDelegate(RecordRowDelegate):
    """A row of the sync page: icon, what, which fields, and at the right its receipt or time."""

    title_size = BUTTON
    is_right_centred = True


class TableRowDelegate(QStyledItemDelegate):
    """A table cell: words, or icon and words, or a chip, from `CELL_ROLE`; else plain text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of all rows and the width this cell would like."""
        cell = self._cell(index)
        width = chip_size(cell.text, cell.icon).width() + px(24)
        return QSize(width, px(HEIGHT_TABLE_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell; the bar and the ring belong to the row, so the first cell has them."""
        painter.save()
        _paint_ground(painter, option, bar=index.column() == 0)
        cell = self._cell(index)
        rect = option.rect.adjusted(px(12), 0, -px(8), -1)
        if cell.symbol:
            box = QRect(rect.left(), rect.top(), px(SYMBOL), rect.height())
            paint_key(painter, cell.symbol, box)
            rect = rect.adjusted(px(SYMBOL + 10), 0, 0, 0)
        if cell.is_chip:
            self._paint_chip(painter, rect, cell)
        else:
            self._paint_words(painter, rect, cell, index)
        if option.state & _State.State_HasFocus:
            paint_ring(painter, option.rect.adjusted(0, 0, 0, -1))
        painter.restore()

    def _cell(self, index: Index) -> CellText:
        cell = index.data(CELL_ROLE)
        if isinstance(cell, CellText):
            return cell
        return CellText(str(index.data(Qt.ItemDataRole.DisplayRole) or ""))

    def _paint_chip(self, painter: QPainter, rect: QRect, cell: CellText) -> None:
        wanted = chip_size(cell.text, cell.icon)
        height = px(HEIGHT_CHIP)
        top = rect.center().y() - height // 2 + 1
        box = QRect(rect.left(), top, min(wanted.width(), rect.width()), height)
        paint_chip(painter, box, cell.text, cell.icon, cell.kind or Tone.GREY)

    def _paint_words(self, painter: QPainter, rect: QRect, cell: CellText, index: Index) -> None:
        scheme = tokens()
        colour = QColor(scheme.muted if cell.is_muted else scheme.text)
        if cell.kind is not None:
            colour = QColor(scheme.fore(cell.kind))
        if cell.icon:
            side = px(18)
            place = QRectF(rect.left(), rect.center().y() - side / 2 + 0.5, side, side)
            paint_icon(painter, place, cell.icon, colour)
            rect = rect.adjusted(side + px(6), 0, 0, 0)
        align = index.data(Qt.ItemDataRole.TextAlignmentRole)
        is_right = align is not None and bool(_Align(align) & _Align.AlignRight)
        size = BUTTON if cell.is_strong or cell.kind is not None else BODY
        side_align = _RIGHT if is_right else _Align.AlignLeft | _Align.AlignVCenter
        draw_text(painter, rect, cell.text, size, colour, side_align)


class ChoiceRowDelegate(RecordRowDelegate):
    """A row of a type-ahead: icon, words, and muted words at the right; 36 high, one line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the one height of all rows."""
        return QSize(px(200), px(36))

    def _paint_row(self, painter: QPainter, rect: QRect, row: RowText) -> None:
        scheme = tokens()
        side = px(18)
        if row.icon:
            box = QRectF(rect.left() + px(12), rect.center().y() - side / 2, side, side)
            paint_icon(painter, box, row.icon, QColor(scheme.fore(row.icon_kind)))
        right_width = text_width(row.right, SMALL) + px(16) if row.right else 0
        words = rect.adjusted(px(40 if row.icon else 12), 0, -right_width - px(8), 0)
        draw_text(painter, words, row.title, BODY, QColor(scheme.text))
        right = rect.adjusted(0, 0, -px(12), 0)
        draw_text(painter, right, row.right, SMALL, QColor(scheme.muted), _RIGHT)


__all__ = [
    "ChoiceRowDelegate",
    "ReceiptRowDelegate",
    "RecordRowDelegate",
    "TableRowDelegate",
]
