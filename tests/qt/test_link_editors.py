"""Links in a form: a row for each, however long the name of what is linked."""

from uuid import UUID, uuid4

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.entities import ENTITIES
from db.fields import fields_of
from desktop_app.widgets.editor import Sources
from desktop_app.widgets.link_editors import LinksEditor

LONG = "Jan van der Wouden-Overbeek te Geesteren, ook namens de buurt " * 3
ROOM_PX = 400


def contacts(made: UUID) -> LinksEditor:
    sources = Sources(title=lambda _entity, _id: LONG, create=lambda _entity, _name: made)
    return LinksEditor(fields_of(ENTITIES["initiative"])["contacts"], sources)


def test_a_long_name_does_not_widen_the_form(qtbot: QtBot) -> None:
    editor = contacts(uuid4())
    qtbot.addWidget(editor)
    editor.set_value({editor.spec.type(contact=uuid4())})
    editor.show()
    assert editor.minimumSizeHint().width() < ROOM_PX


def test_the_line_is_empty_after_a_choice(qtbot: QtBot) -> None:
    made = uuid4()
    editor = contacts(made)
    qtbot.addWidget(editor)
    editor.show()
    qtbot.waitExposed(editor)
    editor.line.setFocus()
    qtbot.keyClicks(editor.line, "Jan")
    popup = editor.line.completer().popup()
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert len(editor.value()) == 1
    assert editor.line.text() == ""
