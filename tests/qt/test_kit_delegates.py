"""List rows and table cells: what is painted, what is spoken, and that it is quick to measure."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyleOptionViewItem, QTableWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop_app.services.listing_text import CELL_ROLE, ROW_ROLE, CellText, RowText
from desktop_app.tokens import LIGHT, Appearance, Tone
from desktop_app.widgets.delegates import (
    ChoiceRowDelegate,
    ReceiptRowDelegate,
    RecordRowDelegate,
)
from desktop_app.widgets.kit.views import dress_list, dress_table
from desktop_app.widgets.style import Look

ROW = RowText(
    "Dorpsplein Rekken opnieuw inrichten",
    "Rekken · Plan",
    "10:02",
    "kies waarde",
    "source-merge",
    Tone.AMBER,
    "initiative.plan",
)
State = QStyle.StateFlag


class Rows(QAbstractListModel):
    def __init__(self, rows: list[RowText]) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if role == ROW_ROLE:
            return self.rows[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.rows[index.row()].accessible
        return None


@pytest.fixture
def dressed(qapp: object) -> Iterator[None]:
    look = Look(qapp, Appearance.LIGHT)  # type: ignore[arg-type]
    yield
    delete(look)


def painted(delegate: RecordRowDelegate, row: RowText, state: QStyle.StateFlag) -> set[str]:
    model, option = Rows([row]), QStyleOptionViewItem()
    image = QImage(QSize(400, 57), QImage.Format.Format_RGB32)
    option.rect = image.rect()
    option.state = state
    painter = QPainter(image)
    delegate.paint(painter, option, model.index(0))
    painter.end()
    return {image.pixelColor(x, y).name().upper() for x in range(400) for y in range(57)}


def test_the_row_is_spoken_as_one_sentence() -> None:
    assert ROW.accessible == "Dorpsplein Rekken opnieuw inrichten, Rekken, Plan, kies waarde"
    assert RowText("A", spoken="Anders").accessible == "Anders"


def test_a_row_shows_symbol_and_mark_in_their_colours(dressed: None) -> None:
    colours = painted(RecordRowDelegate(), ROW, State.State_Enabled)
    assert {LIGHT.surface, LIGHT.line, LIGHT.pin_blue, LIGHT.amber} <= colours
    assert LIGHT.accent not in colours


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (State.State_MouseOver, {LIGHT.hover}),
        (State.State_Selected, {LIGHT.sel, LIGHT.accent}),
        (State.State_HasFocus, {LIGHT.accent}),
    ],
)
def test_states_of_a_row_can_be_told_apart(
    dressed: None, state: QStyle.StateFlag, seen: set[str]
) -> None:
    assert seen <= painted(RecordRowDelegate(), ROW, State.State_Enabled | state)


def test_a_row_changed_elsewhere_is_tinted(dressed: None) -> None:
    fresh = RowText("A", is_fresh=True)
    assert LIGHT.accent_soft in painted(RecordRowDelegate(), fresh, State.State_Enabled)


def test_receipts_and_choices_need_no_symbol(dressed: None) -> None:
    row = RowText("Glasvezel", "Status", "bewijs 48213", icon="cloud-check-outline")
    for delegate in (ReceiptRowDelegate(), ChoiceRowDelegate()):
        assert LIGHT.muted in painted(delegate, row, State.State_Enabled)


def test_a_list_of_many_rows_is_measured_once(qtbot: QtBot, dressed: None) -> None:
    view, model = QListView(), Rows([ROW] * 50_000)
    qtbot.addWidget(view)
    dress_list(view)
    view.setModel(model)
    view.resize(400, 600)
    view.show()
    assert view.uniformItemSizes()
    assert view.sizeHintForIndex(model.index(0)).height() == 57
    view.scrollToBottom()
    assert view.visualRect(model.index(49_999)).intersects(view.viewport().rect())


def test_a_table_paints_words_chips_and_symbols(qtbot: QtBot, dressed: None) -> None:
    table = QTableWidget(1, 3)
    qtbot.addWidget(table)
    dress_table(table)
    cells = (
        CellText("Hal 14", symbol="premises.available"),
        CellText("Te beoordelen", "clock-outline", Tone.AMBER),
        CellText("Ja", "check-circle", Tone.GREEN, is_chip=True),
    )
    for place, cell in enumerate(cells):
        table.model().setData(table.model().index(0, place), cell, CELL_ROLE)
    table.resize(600, 120)
    table.show()
    image = table.grab().toImage()
    seen = {
        image.pixelColor(x, y).name().upper()
        for x in range(image.width())
        for y in range(image.height())
    }
    assert {LIGHT.pin_green, LIGHT.amber, LIGHT.green_soft} <= seen
    assert table.rowHeight(0) == 40
