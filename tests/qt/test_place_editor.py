"""A place by name: taken from the list below the line, or written whole and left."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.entities import ENTITIES
from db.fields import fields_of
from db.geometry import Geometry
from desktop_app.widgets.editor import Choice, Sources
from desktop_app.widgets.geometry_editor import GeometryEditor

REKKEN = Geometry.point(246_673.0, 457_058.0)
PLACES = (Choice(REKKEN, "Rekken"), Choice(Geometry.point(246_700.0, 457_000.0), "Rekkense Beek"))


class Asking(QWidget):
    """The editor of a place with a line after it, and what it told."""

    def __init__(self) -> None:
        super().__init__()
        sources = Sources(places=lambda typed: PLACES if typed.lower().startswith("re") else ())
        specs = fields_of(ENTITIES["initiative"])
        self.editor = GeometryEditor(specs["geometry"], sources)
        self.unreadable: list[str] = []
        self.editor.unreadable.connect(self.unreadable.append)
        column = QVBoxLayout(self)
        column.addWidget(self.editor)
        column.addWidget(QLineEdit())


def asking(qtbot: QtBot) -> Asking:
    widget = Asking()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    widget.editor.line.setFocus()
    return widget


def test_a_place_chosen_by_name_stays_when_the_line_is_left(qtbot: QtBot) -> None:
    widget = asking(qtbot)
    qtbot.keyClicks(widget.editor.line, "Rek")
    popup = widget.editor.line.completer().popup()
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert widget.editor.value() == REKKEN
    qtbot.keyClick(widget.editor.line, Qt.Key.Key_Tab)
    widget.editor.flush()
    assert (widget.editor.value(), widget.unreadable) == (REKKEN, [])


def test_a_name_written_whole_is_taken_without_the_list(qtbot: QtBot) -> None:
    widget = asking(qtbot)
    qtbot.keyClicks(widget.editor.line, "rekken")
    widget.editor.flush()
    assert (widget.editor.value(), widget.unreadable) == (REKKEN, [])


def test_a_name_nobody_knows_is_said(qtbot: QtBot) -> None:
    widget = asking(qtbot)
    qtbot.keyClicks(widget.editor.line, "Verweggistan")
    widget.editor.flush()
    assert (widget.editor.value(), widget.unreadable) == (None, ["Verweggistan"])


def test_a_place_moved_on_the_map_shows_its_coordinates(qtbot: QtBot) -> None:
    widget = asking(qtbot)
    qtbot.keyClicks(widget.editor.line, "rekken")
    widget.editor.flush()
    widget.editor.set_place(Geometry.point(246_000.0, 457_000.0))
    assert "246" in widget.editor.line.text()
