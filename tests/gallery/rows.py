"""List rows painted in a fixed state, as no mouse or keyboard can hold them."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from desktop_app.services.listing_text import ROW_ROLE, RowText
from desktop_app.widgets.delegates import RecordRowDelegate
from desktop_app.widgets.theme import tokens

_FLAGS = {
    "": QStyle.StateFlag.State_Enabled,
    "hover": QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_MouseOver,
    "chosen": QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Selected,
    "focus": QStyle.StateFlag.State_Enabled
    | QStyle.StateFlag.State_Selected
    | QStyle.StateFlag.State_HasFocus,
}


class OneRow(QAbstractListModel):
    """A list of one row, to paint it in a state of choice."""

    def __init__(self, row: RowText, parent: QWidget) -> None:
        super().__init__(parent)
        self._row = row

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 1

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        return self._row if role == ROW_ROLE else None


class RowPicture(QWidget):
    """One list row, painted by the delegate in a fixed state."""

    def __init__(self, row: RowText, state: str) -> None:
        super().__init__()
        self._state = state
        self._model = OneRow(row, self)
        self._delegate = RecordRowDelegate(self)
        self.setFixedSize(400, 58)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        option = QStyleOptionViewItem()
        option.rect = self.rect().adjusted(1, 1, -1, 0)
        option.state = _FLAGS[self._state]
        self._delegate.paint(painter, option, self._model.index(0))
        painter.setPen(QColor(tokens().line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
