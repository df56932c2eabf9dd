"""Receipts under day headings: rows that can be chosen, and headings that can't."""

from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from desktop_app.models.row_list import RowList

Index = QModelIndex | QPersistentModelIndex


class ReceiptList(RowList):
    """A `RowList` whose rows with a date for a key are headings."""

    def is_heading(self, row: int) -> bool:
        """Whether this row is a day."""
        return isinstance(self.key(row), date)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let only receipts be chosen; the keys pass over headings."""
        if not index.isValid() or self.is_heading(index.row()):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    @property
    def count(self) -> int:
        """Return how many receipts there are."""
        return sum(not self.is_heading(row) for row in range(self.rowCount()))

    @property
    def first(self) -> int:
        """Return the row of the first receipt, or -1."""
        return next((row for row in range(self.rowCount()) if not self.is_heading(row)), -1)
