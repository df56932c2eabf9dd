"""A change from elsewhere in an open form: told in its place, never over what is being typed."""

from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from db.fields import Record
from desktop_app.services.editing import Draft, from_row
from desktop_app.views.form_panel import FormPanel
from desktop_app.views.session import Session
from desktop_app.views.sources import sources_of
from desktop_app.widgets.conflict_bar import ConflictBar
from tests.e2e.double_edits import change_as
from tests.factories import initiative, premises


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> FormPanel:
    made = FormPanel(session, sources_of(session))
    session.bus.committed.connect(made.on_committed)
    qtbot.addWidget(made)
    made.resize(480, 700)
    made.show()
    return made


def opened(panel: FormPanel, session: Session, record: Record) -> Record:
    stored = session.store.save(record, None).record
    panel.open(Draft.of(stored))
    return stored


def type_in(panel: FormPanel, name: str, words: str) -> QLineEdit:
    """Type over what stands in a field, as fast as a person does: it has not been read yet."""
    assert panel.form is not None
    line = panel.form.editor(name).field()
    line.setFocus()
    line.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(line, words)
    return line  # type: ignore[return-value]


def bar_at(panel: FormPanel, name: str) -> ConflictBar | None:
    assert panel.form is not None
    found = panel.form.boxes[name].extra
    return found if isinstance(found, ConflictBar) else None


def test_letters_that_were_not_read_yet_stay(
    panel: FormPanel, session: Session, colleague: UUID
) -> None:
    record = opened(panel, session, initiative(title="Dorpsplein"))
    line = type_in(panel, "title", "Dorpsplein Rekken")
    change_as(session.store, record, colleague, title="Dorpsplein fase 2")
    assert line.text() == "Dorpsplein Rekken"
    assert bar_at(panel, "title") is not None


def test_a_text_that_can_not_be_read_is_not_overwritten(
    panel: FormPanel, session: Session, colleague: UUID
) -> None:
    record = opened(panel, session, premises(floor_area_m2=500))
    line = type_in(panel, "floor_area_m2", "veel")
    change_as(session.store, record, colleague, floor_area_m2=640)
    assert line.text() == "veel"
    bar = bar_at(panel, "floor_area_m2")
    assert bar is not None
    bar.keep.click()
    assert line.text() == "veel"
    assert bar_at(panel, "floor_area_m2") is None


def test_the_bar_says_who_when_and_what(
    panel: FormPanel, session: Session, colleague: UUID
) -> None:
    record = opened(panel, session, initiative(title="Dorpsplein"))
    type_in(panel, "title", "Mijn titel")
    change_as(session.store, record, colleague, title="Hun titel")
    bar = bar_at(panel, "title")
    assert bar is not None
    assert bar.accessibleName().startswith("Balie Neede heeft dit ook gewijzigd, vandaag")
    assert "Hun titel" in bar.accessibleName()


def test_what_was_typed_can_be_had_back_after_taking_theirs(
    panel: FormPanel, session: Session, colleague: UUID
) -> None:
    record = opened(panel, session, initiative(title="Dorpsplein"))
    line = type_in(panel, "title", "Mijn titel")
    change_as(session.store, record, colleague, title="Hun titel")
    bar = bar_at(panel, "title")
    assert bar is not None
    bar.take.click()
    assert line.text() == "Hun titel"
    assert panel.form is not None
    back = panel.form.boxes["title"].extra
    assert back is not None
    back.undo.click()  # type: ignore[attr-defined]
    assert line.text() == "Mijn titel"
    assert panel.draft is not None
    assert panel.draft.ours.title == "Mijn titel"  # type: ignore[attr-defined]
    assert panel.draft.can_save


def test_two_texts_can_stand_together(panel: FormPanel, session: Session, colleague: UUID) -> None:
    record = opened(panel, session, initiative(summary="Een dak."))
    assert panel.form is not None
    panel.form.editor("summary").set_value("Een groen dak.")
    panel.form.editor("summary").edited.emit("Een groen dak.")
    change_as(session.store, record, colleague, summary="Een dak met zon.")
    bar = bar_at(panel, "summary")
    assert bar is not None
    assert bar.both is not None
    bar.both.click()
    assert panel.draft is not None
    assert panel.draft.ours.summary == "Een groen dak met zon."  # type: ignore[attr-defined]
    assert panel.save()


def test_untouched_fields_follow_and_it_is_said(
    panel: FormPanel, session: Session, colleague: UUID, qtbot: QtBot
) -> None:
    record = opened(panel, session, initiative(title="Dorpsplein", summary="Was"))
    line = type_in(panel, "title", "Mijn titel")
    line.setCursorPosition(4)
    place = line.mapTo(panel, line.rect().topLeft())
    change_as(session.store, record, colleague, summary="Van hen")
    news = panel.questions.news
    qtbot.waitUntil(news.isVisible)
    assert news.accessibleName() == "Balie Neede wijzigde zojuist ook: Samenvatting"
    assert line.cursorPosition() == 4
    assert line.mapTo(panel, line.rect().topLeft()) == place
    assert line.hasFocus()
    assert panel.form is not None
    assert panel.form.editor("summary").value() == "Van hen"


def test_saving_with_an_open_question_goes_to_it(
    panel: FormPanel, session: Session, colleague: UUID
) -> None:
    record = opened(panel, session, initiative(title="Dorpsplein"))
    type_in(panel, "title", "Mijn titel")
    change_as(session.store, record, colleague, title="Hun titel")
    assert not panel.save()
    bar = bar_at(panel, "title")
    assert bar is not None
    assert bar.isAncestorOf(panel.window().focusWidget())
    QTest.keyClick(bar.take, Qt.Key.Key_Space)
    assert panel.save()


def test_a_question_is_asked_again_after_a_crash(
    panel: FormPanel, session: Session, colleague: UUID
) -> None:
    record = opened(panel, session, initiative(title="Dorpsplein"))
    type_in(panel, "title", "Mijn titel")
    change_as(session.store, record, colleague, title="Hun titel")
    panel.keep_now()
    again = from_row(session.store.drafts()[0])
    now = session.store.get(record.ENTITY, record.id)
    assert now is not None
    again.rebase(now)
    assert [conflict.theirs for conflict in again.conflicts] == [{"title": "Hun titel"}]
    assert not again.can_save


def test_more_news_renews_the_bar_and_nothing_else(
    panel: FormPanel, session: Session, colleague: UUID
) -> None:
    record = opened(panel, session, initiative(title="Dorpsplein"))
    line = type_in(panel, "title", "Mijn titel")
    change_as(session.store, record, colleague, title="Hun titel")
    change_as(session.store, record, colleague, title="Nog een titel")
    bar = bar_at(panel, "title")
    assert bar is not None
    assert "Nog een titel" in bar.accessibleName()
    assert line.text() == "Mijn titel"


def test_a_question_goes_away_when_they_change_it_back(
    panel: FormPanel, session: Session, colleague: UUID
) -> None:
    record = opened(panel, session, initiative(title="Dorpsplein"))
    type_in(panel, "title", "Mijn titel")
    change_as(session.store, record, colleague, title="Hun titel")
    change_as(session.store, record, colleague, title="Mijn titel")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert bar_at(panel, "title") is None
