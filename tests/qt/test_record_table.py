"""The list as a model: fetched by page, refreshed in place, never sorted by itself."""

from PySide6.QtCore import QObject, Qt
from pytestqt.modeltest import ModelTester

from db.fields import Record
from db.local.query import Page
from desktop_app.models.record_table import Column, RecordTable
from desktop_app.models.row_list import RowList
from desktop_app.services.listing_text import CELL_ROLE, ID_ROLE, ROW_ROLE, CellText, RowText
from tests.factories import initiative

SIZE = 20
RECORDS = [initiative(title=f"Plan {number:03}") for number in range(95)]


class Words:
    """Says titles and nothing else."""

    def row(self, record: Record) -> RowText:
        return RowText(record.title_text)

    def cell(self, record: Record, name: str) -> CellText:
        return CellText(f"{name} of {record.title_text}")


class Pages:
    """Gives pages of RECORDS and remembers which were asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, offset: int) -> Page:
        self.asked.append(offset)
        return Page(tuple(RECORDS[offset : offset + SIZE]), len(RECORDS), offset)


def table(parent: QObject | None = None) -> tuple[RecordTable, Pages]:
    model, pages = RecordTable(Words(), parent), Pages()
    model.set_columns([Column("title", "Titel"), Column("budget", "Bedrag", is_number=True)])
    model.show(pages(0), SIZE, pages)
    return model, pages


def drawn(model: RecordTable, *rows: int) -> list[str]:
    return [model.index(row, 0).data(ROW_ROLE).title for row in rows]


def test_it_keeps_the_rules_of_qt_models(qtmodeltester: ModelTester) -> None:
    model, _pages = table()
    qtmodeltester.check(model)


def test_only_pages_that_are_looked_at_are_fetched(qtbot: object) -> None:
    model, pages = table()
    assert model.rowCount() == len(RECORDS)
    assert drawn(model, 0, 19, 61) == ["Plan 000", "Plan 019", "Plan 061"]
    assert pages.asked == [0, 60]


def test_a_refreshed_record_stays_in_its_row(qtbot: object) -> None:
    model, _pages = table()
    changed: list[int] = []
    model.dataChanged.connect(lambda first, last: changed.append(first.row()))
    model.refresh([initiative(id=RECORDS[3].id, title="Nieuwe titel"), RECORDS[70]])
    assert drawn(model, 2, 3, 4) == ["Plan 002", "Nieuwe titel", "Plan 004"]
    assert changed == [3]


def test_cells_headings_and_ids_come_from_the_columns(qtbot: object) -> None:
    model, _pages = table()
    assert model.index(1, 1).data(CELL_ROLE).text == "budget of Plan 001"
    assert model.index(1, 0).data(ID_ROLE) == RECORDS[1].id
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Bedrag"
    assert model.row_of(RECORDS[5].id) == 5
    assert model.row_of(RECORDS[80].id) is None


def test_a_click_on_a_heading_asks_and_does_not_sort(qtbot: object) -> None:
    model, _pages = table()
    asked: list[tuple[str, bool]] = []
    model.sort_asked.connect(lambda name, descending: asked.append((name, descending)))
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert asked == [("budget", True)]
    assert drawn(model, 0) == ["Plan 000"]


def test_a_list_of_words_keeps_the_rules_too(qtmodeltester: ModelTester) -> None:
    rows = RowList()
    rows.set_rows([(record.id, RowText(record.title_text)) for record in RECORDS[:5]])
    qtmodeltester.check(rows)
    assert rows.row_of(RECORDS[2].id) == 2
    assert rows.key(9) is None
