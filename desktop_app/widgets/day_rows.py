"""Paints rows under day headings, as the page of receipts has them."""

from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from desktop_app.services.listing_text import ID_ROLE
from desktop_app.tokens import LABEL, MARGIN_PANEL
from desktop_app.widgets.delegates import ReceiptRowDelegate
from desktop_app.widgets.painting import draw_text
from desktop_app.widgets.theme import px, tokens

Index = QModelIndex | QPersistentModelIndex
_HEADING = 40


class DayRowDelegate(ReceiptRowDelegate):
    """A receipt, or the heading of a day."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row; that of a heading is less."""
        if isinstance(index.data(ID_ROLE), date):
            return QSize(px(200), px(_HEADING))
        return super().sizeHint(option, index)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        if not isinstance(index.data(ID_ROLE), date):
            super().paint(painter, option, index)
            return
        scheme = tokens()
        painter.save()
        painter.fillRect(option.rect, QColor(scheme.window))
        words = option.rect.adjusted(px(MARGIN_PANEL), px(8), 0, 0)
        draw_text(painter, words, str(index.data()), LABEL, QColor(scheme.muted))
        painter.restore()
