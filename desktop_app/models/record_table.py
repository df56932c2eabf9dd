"""The records of a selection as a Qt model: as many rows as there are, fetched by page.

The model keeps frozen records and asks a presenter for every word; the store sorts and pages. Only
pages that a view really shows are fetched, so that 50,000 rows cost as much as the twelve in sight.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from db.fields import Record
from db.local.query import Page
from desktop_app.services.listing_text import CELL_ROLE, ID_ROLE, ROW_ROLE, CellText, RowText

Index = QModelIndex | QPersistentModelIndex
KEPT_PAGES = 40
"""Pages kept at most; with pages of 200 that is what anyone scrolls through in a while."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field it shows and sorts by, its heading, and whether it holds numbers."""

    name: str
    heading: str
    is_number: bool = False


class Presenter(Protocol):
    """Turns records into words."""

    def row(self, record: Record) -> RowText:
        """Return a record as a list row."""

    def cell(self, record: Record, name: str) -> CellText:
        """Return one field of a record as a table cell."""


class RecordTable(QAbstractTableModel):
    """Rows of one selection; the first column also gives the whole row for a list.

    Signals:
        sort_asked(str, bool): a heading was clicked: field, descending.
    """

    sort_asked = Signal(str, bool)

    def __init__(self, presenter: Presenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._columns: tuple[Column, ...] = (Column("", ""),)
        self._total, self._size = 0, 200
        self._pages: dict[int, tuple[Record, ...]] = {}
        self._fetch: Callable[[int], Page] | None = None

    def show(self, first: Page, size: int, fetch: Callable[[int], Page]) -> None:
        """Show another selection: its first page, and how to get the page from an offset."""
        self.beginResetModel()
        self._total, self._size, self._fetch = first.total, size, fetch
        self._pages = {first.offset // size: first.records}
        self.endResetModel()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Have these columns."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self.endResetModel()

    def refresh(self, records: Iterable[Record]) -> None:
        """Show newer values of rows that are loaded; order and number stay."""
        newer = {record.id: record for record in records}
        for number, page in self._pages.items():
            for place, old in enumerate(page):
                if old.id in newer:
                    page = (*page[:place], newer[old.id], *page[place + 1 :])
                    self._pages[number] = page
                    self.touch(number * self._size + place)

    def touch(self, row: int) -> None:
        """Say that a row is to be painted again."""
        last = self.index(row, len(self._columns) - 1)
        self.dataChanged.emit(self.index(row, 0), last)

    def record(self, row: int) -> Record | None:
        """Return the record at `row`, fetching its page when needed; None past the end."""
        if not 0 <= row < self._total or self._fetch is None:
            return None
        number, place = divmod(row, self._size)
        if number not in self._pages:
            if len(self._pages) >= KEPT_PAGES:
                self._pages.pop(next(iter(self._pages)))
            self._pages[number] = self._fetch(number * self._size).records
        page = self._pages[number]
        return page[place] if place < len(page) else None

    def row_of(self, record_id: UUID) -> int | None:
        """Return where a record stands among the loaded rows."""
        for number, page in self._pages.items():
            for place, record in enumerate(page):
                if record.id == record_id:
                    return number * self._size + place
        return None

    def loaded(self) -> list[Record]:
        """Return the records that are loaded."""
        return [record for page in self._pages.values() for record in page]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many records the selection has."""
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a row or cell."""
        if not index.isValid() or role not in _ROLES:
            return None
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.is_number else None
        record = self.record(index.row())
        if record is None:
            return None
        match role:
            case _ if role == ID_ROLE:
                return record.id
            case _ if role == ROW_ROLE:
                return self._presenter.row(record)
            case _ if role == CELL_ROLE:
                return self._presenter.cell(record, column.name) if column.name else None
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == 0:
                return self._presenter.row(record).accessible
        return self._presenter.cell(record, column.name).text if column.name else record.title_text

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the heading of a column."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole and self._columns[section].is_number:
            return _RIGHT
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask for another order; the store sorts."""
        if 0 <= column < len(self._columns) and self._columns[column].name:
            descending = order is Qt.SortOrder.DescendingOrder
            self.sort_asked.emit(self._columns[column].name, descending)


_ROLES = frozenset(
    {
        ID_ROLE,
        ROW_ROLE,
        CELL_ROLE,
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.TextAlignmentRole,
    }
)
