"""The two looks of a list, row list and table, over one model and one selection."""

from uuid import UUID

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from db.entities import ENTITIES
from desktop_app.i18n import _
from desktop_app.models.record_table import Column, RecordTable
from desktop_app.services.listing import Listing, columns_of
from desktop_app.tokens import HEIGHT_ROW, HEIGHT_TABLE_ROW
from desktop_app.widgets.delegates import RecordRowDelegate, TableRowDelegate
from desktop_app.widgets.theme import px


def _prepare(view: QAbstractItemView) -> None:
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setMouseTracking(True)
    view.setTabKeyNavigation(False)
    view.setFrameShape(QAbstractItemView.Shape.NoFrame)
    view.verticalScrollBar().setSingleStep(px(20))


class RecordList(QTableView):
    """Rows of symbol, title and second line.

    It is a table of one column, as Qt's list lays out all of 50,000 rows before it shows one.

    Signals:
        opened(): Enter or a double click on the chosen row.
        menu_asked(QPoint): where a context menu is wanted, in global coordinates.
    """

    opened = Signal()
    menu_asked = Signal(object)

    def __init__(self, model: RecordTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _prepare(self)
        self.setItemDelegate(RecordRowDelegate(self))
        self.setShowGrid(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setMinimumSectionSize(px(64))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(px(HEIGHT_ROW))
        self.setModel(model)
        model.modelReset.connect(self._show_first_column)
        self._show_first_column()
        self.doubleClicked.connect(lambda _index: self.opened.emit())

    def _show_first_column(self) -> None:
        """Show the whole row in the one column, whatever columns the table has."""
        for column in range(self.model().columnCount()):
            self.setColumnHidden(column, column > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter; Home and End go to the first and last row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
        elif not _goes_far(self, event.key()):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the row under the mouse."""
        self.menu_asked.emit(event.globalPos())


class RecordGrid(QTableView):
    """The same rows with columns; a click on a heading sorts.

    Signals:
        opened(), menu_asked(QPoint): as `RecordList`.
    """

    opened = Signal()
    menu_asked = Signal(object)

    def __init__(self, model: RecordTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _prepare(self)
        self.setItemDelegate(TableRowDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(px(HEIGHT_TABLE_ROW))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setStretchLastSection(True)
        head.sectionClicked.connect(lambda column: model.sort(column))
        self.setModel(model)
        self.doubleClicked.connect(lambda _index: self.opened.emit())

    def show_order(self, listing: Listing) -> None:
        """Show by which column the rows are sorted."""
        head = self.horizontalHeader()
        names = [column.name for column in table_columns(listing.entity)]
        head.setSortIndicatorShown(listing.sort in names)
        if listing.sort in names:
            down = listing.descending
            order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
            head.setSortIndicator(names.index(listing.sort), order)

    def fit_columns(self) -> None:
        """Give the first column room, the others a usual width or what their heading takes."""
        head = self.horizontalHeader()
        for column in range(head.count()):
            usual = px(264 if column == 0 else 120)
            head.resizeSection(column, max(usual, head.sectionSizeHint(column)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter; Home and End go to the first and last row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
        elif not _goes_far(self, event.key()):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the row under the mouse."""
        self.menu_asked.emit(event.globalPos())


def _goes_far(view: QTableView, key: int) -> bool:
    """Go to the first or last row; a table of Qt would stay in the row and change the column."""
    count = view.model().rowCount()
    if not count or key not in (Qt.Key.Key_Home, Qt.Key.Key_End):
        return False
    goal = view.model().index(0 if key == Qt.Key.Key_Home else count - 1, 0)
    view.scrollTo(goal)
    choose_row(view.selectionModel(), goal)
    return True


def choose_row(selection: QItemSelectionModel, index: QModelIndex) -> None:
    """Make a row the chosen one."""
    flags = (
        QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    )
    selection.setCurrentIndex(index, flags)


def table_columns(entity: str) -> list[Column]:
    """Return the columns of an entity: its title first, when it was changed last."""
    title = ENTITIES[entity].TITLE
    specs = sorted(columns_of(entity), key=lambda spec: spec.name != title)
    columns = [
        Column(spec.name, _(spec.meta.label), spec.kind.name in ("INTEGER", "DECIMAL"))
        for spec in specs
    ]
    return [*columns, Column("changed_at", _("Last changed"))]


Anchor = tuple[UUID | None, int]
"""The record at the top of the sight, and how far it stands from the top."""


def anchor_of(view: QAbstractItemView, model: RecordTable) -> Anchor:
    """Return what stands at the top of a view; None while it is scrolled to its start."""
    index = view.indexAt(QPoint(4, 4))
    record = model.record(index.row()) if index.isValid() else None
    top = view.visualRect(index).top() if index.isValid() else 0
    at_start = view.verticalScrollBar().value() == 0
    return (None if at_start or record is None else record.id), top


def restore_anchor(view: QAbstractItemView, model: RecordTable, anchor: Anchor) -> None:
    """Scroll so that the record of an anchor stands where it stood."""
    record_id, top = anchor
    row = model.row_of(record_id) if record_id else None
    if row is not None:
        view.scrollTo(model.index(row, 0), QAbstractItemView.ScrollHint.PositionAtTop)
        bar = view.verticalScrollBar()
        bar.setValue(bar.value() - top)
