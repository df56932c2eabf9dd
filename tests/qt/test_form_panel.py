"""The form: nothing typed is lost, what is wrong is said in its place, others' work comes in."""

import dataclasses
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.changes import SYNC, ChangeSet
from db.entities.premises import Premises
from db.fields import Record
from db.local import forgetting
from db.local.engine import writing
from desktop_app.services.editing import Draft, from_row
from desktop_app.views.form_footer import FormFooter
from desktop_app.views.form_panel import FormPanel
from desktop_app.views.session import Session
from desktop_app.views.sources import sources_of
from desktop_app.widgets.conflict_bar import TakenBar
from desktop_app.widgets.style import Look
from desktop_app.widgets.theme import px
from tests.factories import initiative, premises


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> FormPanel:
    made = FormPanel(session, sources_of(session))
    session.bus.committed.connect(made.on_committed)
    qtbot.addWidget(made)
    made.resize(480, 700)
    made.show()
    return made


def stored(session: Session, record: Record) -> Record:
    return session.store.save(record, None).record


def write(panel: FormPanel, name: str, words: str) -> None:
    assert panel.form is not None
    editor = panel.form.editor(name)
    line = editor.field()
    line.setFocus()
    line.clear()  # type: ignore[attr-defined]
    QTest.keyClicks(line, words)
    editor.flush()
    panel.form._on_left(name)


def changed_elsewhere(session: Session, record: Record, **values: object) -> None:
    """Change a record as if sync brought it."""
    now = session.store.get(record.ENTITY, record.id)
    assert now is not None
    session.store.save(dataclasses.replace(now, **values), now, origin=SYNC)  # type: ignore[arg-type]


def test_a_saved_form_is_in_the_store_and_its_draft_is_gone(
    panel: FormPanel, session: Session, qtbot: QtBot
) -> None:
    panel.open(Draft.of(stored(session, initiative())))
    write(panel, "title", "Dorpsplein wordt groen")
    panel.keep_now()
    assert len(session.store.drafts()) == 1
    with qtbot.waitSignal(panel.saved) as told:
        assert panel.save()
    assert told.args[1].title == "Dorpsplein wordt groen"
    assert session.store.drafts() == ()


def test_what_was_typed_comes_back_after_a_crash(panel: FormPanel, session: Session) -> None:
    panel.open(Draft.of(stored(session, premises())))
    write(panel, "name", "Hal aan de Industrieweg")
    write(panel, "floor_area_m2", "veel")
    panel.keep_now()
    again = from_row(session.store.drafts()[0])
    assert again.value("name") == "Hal aan de Industrieweg"
    assert again.typed == {"floor_area_m2": "veel"}
    panel.open(again)
    assert panel.form is not None
    assert panel.form.boxes["floor_area_m2"].editor.field().text() == "veel"  # type: ignore[attr-defined]


def test_an_error_stands_under_its_field_and_above_the_form(
    panel: FormPanel, session: Session
) -> None:
    panel.open(Draft.of(stored(session, premises())))
    write(panel, "divisible_from_m2", "1500")
    assert panel.form is not None
    assert panel.form.visible_errors() == ["divisible_from_m2"]
    assert "kleiner" in panel.form.boxes["divisible_from_m2"]._note.words()
    assert not panel.footer.save.isEnabled()
    assert not panel.save()
    write(panel, "divisible_from_m2", "500")
    assert panel.footer.save.isEnabled()


def test_a_warning_lets_one_save(panel: FormPanel, session: Session) -> None:
    panel.open(Draft.of(stored(session, premises())))
    write(panel, "rent", "48.000")
    assert panel.form is not None
    assert "461" in panel.form.boxes["rent"]._note.words()
    assert panel.save()


def test_a_new_form_shows_no_errors_until_one_tries(panel: FormPanel) -> None:
    panel.open(Draft.new(Premises))
    assert panel.form is not None
    assert panel.form.visible_errors() == []
    assert not panel.save()
    assert {"name", "main_type"} <= set(panel.form.visible_errors())


def test_cancel_gives_the_old_values_and_a_way_back(
    panel: FormPanel, session: Session, qtbot: QtBot
) -> None:
    record = stored(session, initiative())
    panel.open(Draft.of(record))
    write(panel, "title", "Toch anders")
    with qtbot.waitSignal(panel.cancelled) as told:
        panel.cancel()
    assert session.store.get("initiative", record.id) == record
    assert told.args[0].value("title") == "Toch anders"


def test_untouched_fields_follow_what_others_do(panel: FormPanel, session: Session) -> None:
    record = stored(session, initiative())
    panel.open(Draft.of(record))
    write(panel, "title", "Mijn titel")
    changed_elsewhere(session, record, summary="Door een ander geschreven.")
    assert panel.draft is not None
    assert panel.draft.value("summary") == "Door een ander geschreven."
    assert panel.draft.value("title") == "Mijn titel"
    assert panel.draft.conflicts == ()


def test_a_field_both_changed_asks_below_it(panel: FormPanel, session: Session) -> None:
    record = stored(session, initiative())
    panel.open(Draft.of(record))
    write(panel, "title", "Mijn titel")
    changed_elsewhere(session, record, title="Hun titel")
    assert panel.form is not None
    bar = panel.form.boxes["title"].extra
    assert bar is not None
    assert not panel.save()
    bar.take.click()  # type: ignore[attr-defined]
    assert panel.draft is not None
    assert panel.draft.value("title") == "Hun titel"
    assert isinstance(panel.form.boxes["title"].extra, TakenBar)


def test_deleted_elsewhere_is_a_question_and_keeps_the_draft(
    panel: FormPanel, session: Session
) -> None:
    record = stored(session, initiative())
    panel.open(Draft.of(record))
    write(panel, "title", "Mijn titel")
    session.store.delete(record, origin=SYNC)
    assert panel.head._question is not None
    assert panel.draft is not None
    assert panel.draft.value("title") == "Mijn titel"
    panel.questions._keep(panel.draft)
    assert panel.save()
    kept = session.store.get("initiative", record.id)
    assert kept is not None
    assert not kept.deleted


def test_news_of_other_records_leaves_the_form_alone(panel: FormPanel, session: Session) -> None:
    panel.open(Draft.of(stored(session, initiative())))
    write(panel, "title", "Mijn titel")
    panel.on_committed(ChangeSet.of(SYNC, "initiative", uuid4()))
    assert panel.draft is not None
    assert panel.draft.value("title") == "Mijn titel"


def test_no_button_of_the_foot_is_cut_off(qtbot: QtBot, look: Look) -> None:
    footer = FormFooter()
    qtbot.addWidget(footer)
    footer.set_new(True)
    footer.set_kept(datetime(2026, 11, 24, 10, 4, tzinfo=UTC))
    footer.resize(px(480), footer.sizeHint().height())
    footer.show()
    qtbot.waitExposed(footer)
    for button in (footer.save, footer.next):
        assert button.width() >= button.sizeHint().width()


def test_a_form_over_a_record_that_was_purged_keeps_what_was_typed(
    panel: FormPanel, session: Session
) -> None:
    """It goes on as a new record, and says so; nothing is thrown at the clerk."""
    record = stored(session, initiative(title="Voorbij"))
    with writing(session.store.engine) as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'stored'")
    panel.open(Draft.of(record))
    write(panel, "summary", "Van mij")
    with writing(session.store.engine) as connection:
        forgetting.forget(connection, "initiative", [str(record.id)])
    assert not panel.save()
    assert panel.notice.isVisible()
    assert "Wat u typte" in panel.notice.accessibleName()
    assert panel.draft is not None
    assert (panel.draft.base, panel.draft.value("summary")) == (None, "Van mij")
    [kept] = session.store.drafts()
    assert kept.record_id == panel.draft.ours.id != record.id
