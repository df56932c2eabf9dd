"""The page of double edits: nothing chosen beforehand, keys 1 to 4, and one answer a question."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.changes import Change, ChangeKind, now
from db.codec import values_of
from db.fields import Record
from db.local import conflicts
from db.local.conflicts import DELETED_THERE, FIELDS
from db.local.engine import writing
from db.merge import Conflict
from desktop_app.services.merging import Take
from desktop_app.views.conflict_view import ConflictView
from desktop_app.views.session import Session
from tests.factories import initiative

PLACE = ("geometry", "outside_municipality", "location_accuracy")


def put(session: Session, record: Record, kind: str, found: Conflict) -> None:
    change = Change(
        entity=record.ENTITY, record_id=record.id, kind=ChangeKind.EDIT, base={}, values={},
        made_at=now(),
    )  # fmt: skip
    with writing(session.store.engine) as connection:
        conflicts.put(connection, change, kind, found, None, now().isoformat())


@pytest.fixture
def record(session: Session) -> Record:
    return session.store.save(initiative(summary="Van mij"), None).record


@pytest.fixture
def view(qtbot: QtBot, session: Session, record: Record) -> ConflictView:
    put(
        session,
        record,
        FIELDS,
        Conflict(("summary",), {"summary": "Oud"}, {"summary": "Van mij"}, {"summary": "Van hen"}),
    )
    mine = {name: values_of(record)[name] for name in PLACE}
    there = {**mine, "geometry": {"type": "Point", "coordinates": [246733.0, 456998.0]}}
    put(session, record, FIELDS, Conflict(PLACE, mine, mine, there))
    made = ConflictView(session)
    session.bus.committed.connect(lambda _news: made.refresh())
    qtbot.addWidget(made)
    made.resize(1166, 648)
    made.refresh()
    made.show()
    made.setFocus()
    return made


def press(view: ConflictView, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    QTest.keyClick(view, key, *modifiers)


def test_nothing_is_chosen_beforehand(view: ConflictView) -> None:
    assert [one.question.take for one in view._views] == [None, None]
    assert not view.save.isEnabled()


def test_a_key_chooses_and_the_bar_goes_on(view: ConflictView) -> None:
    press(view, Qt.Key.Key_1)
    assert view._views[0].question.take is Take.THEIRS
    assert view._views[1]._is_current
    press(view, Qt.Key.Key_Up)
    press(view, Qt.Key.Key_3)
    assert view._views[0].question.take is Take.BOTH
    assert not view.save.isEnabled()


def test_a_key_that_makes_no_sense_here_does_nothing(view: ConflictView) -> None:
    press(view, Qt.Key.Key_Down)
    press(view, Qt.Key.Key_3)
    assert view._views[1].question.take is None


def test_saving_stores_every_answer(view: ConflictView, session: Session, record: Record) -> None:
    press(view, Qt.Key.Key_1)
    press(view, Qt.Key.Key_2)
    assert view.save.isEnabled()
    press(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert session.store.conflicts() == ()
    stored = session.store.get("initiative", record.id)
    assert stored is not None
    assert stored.summary == "Van hen"  # type: ignore[attr-defined]
    assert stored.geometry == record.geometry  # type: ignore[attr-defined]
    assert view._none.isVisible()


def test_what_was_chosen_survives_news(view: ConflictView, session: Session) -> None:
    press(view, Qt.Key.Key_2)
    session.store.save(initiative(title="Iets anders"), None)
    assert view._views[0].question.take is Take.MINE


def test_the_difference_of_places_is_told_in_words(view: ConflictView) -> None:
    assert view._views[1]._was() == "Verschil: 85\N{NO-BREAK SPACE}m naar het noordwesten"


def test_delete_against_edit_asks_to_keep_or_delete(
    qtbot: QtBot, session: Session, record: Record
) -> None:
    put(session, record, DELETED_THERE, Conflict((), {}, values_of(record), {"deleted": True}))
    page = ConflictView(session)
    qtbot.addWidget(page)
    page.refresh()
    words = [page._views[0]._theirs.button.text(), page._views[0]._mine.button.text()]
    assert words == ["Verwijderen", "Houden"]
