"""Gives Qt's own list and table views the manners of the guide, in one call."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QListView, QTableView

from desktop_app.tokens import HEIGHT_TABLE_ROW
from desktop_app.widgets.delegates import RecordRowDelegate, TableRowDelegate
from desktop_app.widgets.theme import px


def dress_list(view: QListView, delegate: RecordRowDelegate | None = None) -> None:
    """Let ``view`` show one record a row, chosen one at a time."""
    view.setItemDelegate(delegate or RecordRowDelegate(view))
    view.setUniformItemSizes(True)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    _dress(view)


def dress_table(view: QTableView) -> None:
    """Let ``view`` show records in columns, chosen a whole row at a time."""
    view.setItemDelegate(TableRowDelegate(view))
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setTabKeyNavigation(False)
    view.setCornerButtonEnabled(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(px(HEIGHT_TABLE_ROW))
    header = view.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setHighlightSections(False)
    header.setStretchLastSection(True)
    header.setMinimumSectionSize(px(64))
    _dress(view)


def _dress(view: QAbstractItemView) -> None:
    view.setMouseTracking(True)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setFrameShape(QAbstractItemView.Shape.NoFrame)
