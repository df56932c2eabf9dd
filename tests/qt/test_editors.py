"""Every declared field has an editor that shows its value and gives it back unchanged."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.entities import ENTITIES
from db.entities.initiative import ContactLink, ContactRole, Initiative, Theme
from db.entities.people import Organisation
from db.entities.premises import Premises
from db.fields import FieldSpec, Kind, fields_of
from db.geometry import Geometry
from desktop_app import i18n
from desktop_app.widgets.editor import Choice, Sources
from desktop_app.widgets.editors import make_editor
from tests.factories import square

SOMEONE = uuid4()
SOURCES = Sources(
    title=lambda _entity, _id: "Iemand",
    search=lambda _entity, typed: [Choice(SOMEONE, "Iemand")] if typed.startswith("ie") else [],
    choices=lambda _entity: [Choice(SOMEONE, "Iemand")],
    create=lambda _entity, _name: SOMEONE,
)
ALL = [(e, n) for e, kind in ENTITIES.items() for n in fields_of(kind)]


@pytest.fixture(autouse=True)
def dutch() -> None:
    i18n.use("nl")


def sample(spec: FieldSpec) -> Any:
    """Return a value that the field may have."""
    values: dict[Kind, Any] = {
        Kind.TEXT: spec.meta.text_format.example if spec.meta.text_format else "Een tekst",
        Kind.INTEGER: 1250,
        Kind.DECIMAL: 4.5,
        Kind.BOOLEAN: True,
        Kind.DATE: date(2027, 3, 12),
        Kind.MOMENT: datetime(2026, 11, 20, 9, 14, tzinfo=UTC),
        Kind.REFERENCE: SOMEONE,
        Kind.REFERENCES: frozenset({SOMEONE}),
        Kind.TEXTS: frozenset({"47110"}),
        Kind.GEOMETRY: square(240_700, 458_300),
    }
    if spec.kind is Kind.TEXT and spec.meta.text_format:
        return spec.meta.text_format.normalise(spec.meta.text_format.example)
    if spec.kind is Kind.CODE:
        return list(spec.type)[-1]
    if spec.kind is Kind.CODES:
        return frozenset(list(spec.type)[:2])
    if spec.kind is Kind.LINKS:
        first = next(iter(fields_of(spec.type)))
        return frozenset({spec.type(**{first: SOMEONE})})
    return values[spec.kind]


@pytest.mark.parametrize(("entity", "name"), ALL)
def test_a_value_comes_back_as_it_went_in(qtbot: QtBot, entity: str, name: str) -> None:
    spec = fields_of(ENTITIES[entity])[name]
    editor = make_editor(spec, SOURCES)
    qtbot.addWidget(editor)
    said: list[object] = []
    editor.edited.connect(said.append)
    editor.set_value(sample(spec))
    assert editor.value() == sample(spec)
    assert said == []


def editor_of(qtbot: QtBot, entity: type, name: str) -> Any:
    editor = make_editor(fields_of(entity)[name], SOURCES)
    qtbot.addWidget(editor)
    editor.show()
    return editor


def test_what_is_typed_is_read_in_dutch_and_written_nicely(qtbot: QtBot) -> None:
    editor = editor_of(qtbot, Premises, "rent")
    with qtbot.waitSignal(editor.edited) as told:
        QTest.keyClicks(editor.line, "48.000,50")
    assert told.args == [4_800_050]
    editor.left.emit()
    assert editor.line.text() == "48.000,50"


def test_a_postcode_gets_its_space_and_capitals(qtbot: QtBot) -> None:
    editor = editor_of(qtbot, Organisation, "postcode")
    QTest.keyClicks(editor.line, "7151ab")
    assert editor.value() == "7151AB"
    editor.left.emit()
    assert editor.line.text().replace(i18n.NBSP, " ") == "7151 AB"


def test_what_cannot_be_read_is_told_and_kept(qtbot: QtBot) -> None:
    editor = editor_of(qtbot, Premises, "vacant_since")
    with qtbot.waitSignal(editor.unreadable) as told:
        QTest.keyClicks(editor.line, "ooit")
    assert told.args == ["ooit"]
    assert editor.value() is None
    editor.left.emit()
    assert editor.line.text() == "ooit"


def test_a_contact_is_found_or_made_while_typing(qtbot: QtBot) -> None:
    editor = editor_of(qtbot, Initiative, "contacts")
    choices = editor.line._search("iemand")
    assert [choice.title for choice in choices] == ["Iemand", "Nieuw maken: “iemand”"]
    with qtbot.waitSignal(editor.edited):
        editor.line.chosen.emit(choices[-1])
    assert editor.value() == frozenset({ContactLink(SOMEONE, ContactRole.INITIATOR)})


def test_a_tag_goes_by_a_click(qtbot: QtBot) -> None:
    editor = editor_of(qtbot, Initiative, "themes")
    editor.set_value(frozenset({Theme.GREEN, Theme.SPORT}))
    editor._tag(Choice(Theme.GREEN, "Groen")).click()
    assert editor.value() == frozenset({Theme.SPORT})


def test_a_place_may_be_typed_in_rd_and_in_degrees(qtbot: QtBot) -> None:
    editor = editor_of(qtbot, Initiative, "geometry")
    for typed in ("233412, 459007", "52,1158 6,5222"):
        editor.line.setText(typed)
        with qtbot.waitSignal(editor.edited):
            QTest.keyClick(editor.line, Qt.Key.Key_Return)
        assert isinstance(editor.value(), Geometry)


def test_a_wheel_over_a_list_without_focus_changes_nothing(qtbot: QtBot) -> None:
    editor = editor_of(qtbot, Initiative, "phase")
    before = editor.value()
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.value() == before
