"""Tab goes through a form as one reads it, also through what was unfolded or added later."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.entities import ENTITIES
from desktop_app.widgets.editor import Sources
from desktop_app.widgets.form_layout import FormGroup, FormLayout
from desktop_app.widgets.record_form import RecordForm

LAYOUT = FormLayout(
    first=(("name",), ("kvk",)),
    groups=(FormGroup("Part one", (("website",),)), FormGroup("Part two", (("remarks",),))),
)


class Page(QWidget):
    """A form between a button above and a button below."""

    def __init__(self) -> None:
        super().__init__()
        self.above, self.below = QLineEdit(), QPushButton("below")
        self.form = RecordForm(ENTITIES["organisation"], LAYOUT, Sources())
        column = QVBoxLayout(self)
        for widget in (self.above, self.form, self.below):
            column.addWidget(widget)


def visited(qtbot: QtBot, page: Page, key: Qt.Key) -> list[str]:
    names = []
    for _press in range(5):
        qtbot.keyClick(page.focusWidget(), key)
        focus = page.focusWidget()
        boxes = [name for name, box in page.form.boxes.items() if box.isAncestorOf(focus)]
        names.append(
            boxes[0] if boxes else focus.accessibleName().split(",")[0] or type(focus).__name__
        )
    return names


def test_tab_reads_the_form(qtbot: QtBot) -> None:
    page = Page()
    qtbot.addWidget(page)
    page.resize(480, 600)
    page.show()
    qtbot.waitExposed(page)
    page.form.editor("website")
    QApplication.processEvents()
    page.form.editor("name").setFocus()
    there = visited(qtbot, page, Qt.Key.Key_Tab)
    assert there == ["kvk", "Part one", "website", "Part two", "QPushButton"]
