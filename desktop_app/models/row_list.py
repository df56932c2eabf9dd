"""Rows that are already words: relations, double edits, what waits and what arrived."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from desktop_app.services.listing_text import ID_ROLE, ROW_ROLE, RowText

Index = QModelIndex | QPersistentModelIndex


class RowList(QAbstractListModel):
    """A short list of (key, words); the key is what the row stands for."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[Any, RowText]] = []

    def set_rows(self, rows: Iterable[tuple[Any, RowText]]) -> None:
        """Show these rows; nothing happens when they are the same."""
        fresh = list(rows)
        if fresh == self._rows:
            return
        self.beginResetModel()
        self._rows = fresh
        self.endResetModel()

    def key(self, row: int) -> Any:
        """Return what a row stands for; None past the end."""
        return self._rows[row][0] if 0 <= row < len(self._rows) else None

    def row_of(self, key: Any) -> int:
        """Return the row of a key, or -1."""
        return next((n for n, (known, _row) in enumerate(self._rows) if known == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the key or the words of a row."""
        if not index.isValid():
            return None
        key, row = self._rows[index.row()]
        match role:
            case _ if role == ID_ROLE:
                return key
            case _ if role == ROW_ROLE:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.accessible
        return None
