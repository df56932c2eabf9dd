"""The page of double edits, done with keys alone: choose, postpone, finish, undo."""

from collections.abc import Callable
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from db.entities.people import Staff
from db.entities.premises import RentUnit
from db.fields import Record
from db.local import renewing
from db.local.conflicts import DELETED_THERE
from db.local.engine import writing
from desktop_app.services.merging import Take
from desktop_app.views.conflict_view import ConflictView
from desktop_app.views.main_window import MainWindow
from desktop_app.views.session import Session
from tests.e2e.double_edits import ask
from tests.factories import initiative, premises
from tests.qt.window import shown

pytestmark = pytest.mark.usefixtures("no_chromium")
CTRL = Qt.KeyboardModifier.ControlModifier
THERE = {"type": "Point", "coordinates": [246733.0, 456998.0]}
HERE = {"type": "Point", "coordinates": [246673.0, 457058.0]}


@pytest.fixture
def colleague(session: Session) -> UUID:
    person = Staff(name="Balie Neede")
    session.store.save_new([person], as_example=True)
    return person.id


@pytest.fixture
def record(session: Session, colleague: UUID) -> Record:
    """Return an initiative whose summary and place both changed."""
    made = session.store.save(initiative(summary="Een dak."), None).record
    ask(
        session.store,
        made,
        {"summary": "Een groen dak.", "geometry": HERE | {"coordinates": [246680.0, 457060.0]}},
        {"summary": "Een dak met zon.", "geometry": THERE},
        colleague,
    )
    return made


Open = Callable[[], tuple[MainWindow, ConflictView]]


@pytest.fixture
def opened(qtbot: QtBot, session: Session) -> Open:
    def go() -> tuple[MainWindow, ConflictView]:
        window = shown(qtbot, session, "merge")
        qtbot.waitUntil(window.isActiveWindow)
        page = window.pages["merge"]
        assert isinstance(page, ConflictView)
        return window, page

    return go


def press(
    window: MainWindow, *keys: Qt.Key | str, modifier: Qt.KeyboardModifier | None = None
) -> int:
    """Press keys one by one where the focus is; return how many."""
    for key in keys:
        focus = window.focusWidget()
        assert focus is not None
        if isinstance(key, str):
            QTest.keyClicks(focus, key)
        else:
            QTest.keyClick(focus, key, modifier or Qt.KeyboardModifier.NoModifier)
    return len(keys)


def takes(page: ConflictView) -> list[Take | None]:
    return [view.question.take for view in page.record.views]


def stored(session: Session, record: Record) -> Record:
    found = session.store.get(record.ENTITY, record.id)
    assert found is not None
    return found


def test_a_question_of_two_fields_takes_three_keys(
    session: Session, record: Record, opened: Open
) -> None:
    window, page = opened()
    assert takes(page) == [None, None]
    assert not page.foot.save.isEnabled()
    count = press(window, "1", "2")
    assert page.foot.save.isEnabled()
    count += press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert count == 3
    assert session.store.conflicts() == ()
    after = stored(session, record)
    assert after.summary == "Een dak met zon."  # type: ignore[attr-defined]
    assert after.geometry.anchor == (246680.0, 457060.0)  # type: ignore[attr-defined]
    assert page.empty.isVisible()


def test_both_sides_say_who_and_when(record: Record, opened: Open) -> None:
    _window, page = opened()
    (who, when), (mine, _at), _result = [
        (heading.text(), below.text()) for heading, below in page.record.heads._labels
    ]
    assert who == "Balie Neede"
    assert when.replace("\N{NO-BREAK SPACE}", " ").startswith(("vandaag", "gisteren"))
    assert mine == "U, op deze laptop"


def test_the_bar_goes_on_and_the_arrows_go_back(record: Record, opened: Open) -> None:
    window, page = opened()
    press(window, "1")
    assert page.record.current == 1
    assert page.record.place.text() == "Veld 2 van 2"
    press(window, Qt.Key.Key_Up, "3")
    assert takes(page) == [Take.BOTH, None]
    assert page.record.views[0].result.question.joined() == "Een groen dak met zon."
    press(window, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert page.record.current == 1


def test_a_key_that_makes_no_sense_here_does_nothing(record: Record, opened: Open) -> None:
    window, page = opened()
    press(window, Qt.Key.Key_Down, "3", "4")
    assert takes(page) == [None, None]


def test_after_the_last_the_bar_goes_to_what_was_passed_over(record: Record, opened: Open) -> None:
    window, page = opened()
    press(window, Qt.Key.Key_Down, "2")
    assert page.record.current == 0


def test_a_text_of_ones_own_goes_on_from_what_was_chosen(
    session: Session, record: Record, opened: Open
) -> None:
    window, page = opened()
    press(window, "3", Qt.Key.Key_Up, "4")
    field = window.focusWidget()
    assert isinstance(field, QPlainTextEdit | QLineEdit)
    press(window, " En 12 panelen.")
    press(window, Qt.Key.Key_Escape)
    assert page.isVisible()
    press(window, Qt.Key.Key_Down, "1")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert stored(session, record).summary == "Een groen dak met zon. En 12 panelen."  # type: ignore[attr-defined]


def test_ctrl_enter_saves_from_within_the_text_too(
    session: Session, record: Record, opened: Open
) -> None:
    window, _page = opened()
    press(window, Qt.Key.Key_Down, "1", Qt.Key.Key_Up, "4", " Nu.")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert stored(session, record).summary == "Een groen dak. Nu."  # type: ignore[attr-defined]


def test_a_decision_can_be_undone_and_done_again(
    session: Session, record: Record, opened: Open
) -> None:
    window, page = opened()
    before = session.store.conflicts()
    press(window, "1", "1")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert page.undo_bar.isVisible()
    assert session.store.conflicts() == ()
    page.undo_bar.undone.emit()
    assert [item.conflict for item in session.store.conflicts()] == [i.conflict for i in before]
    assert takes(page) == [None, None]
    assert stored(session, record).summary == "Een groen dak."  # type: ignore[attr-defined]
    assert page.record.isVisible()
    window.acts.redo()
    assert session.store.conflicts() == ()


def test_ctrl_z_undoes_it_too(session: Session, record: Record, opened: Open) -> None:
    window, _page = opened()
    press(window, "1", "1")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    press(window, Qt.Key.Key_Z, modifier=CTRL)
    assert len(session.store.conflicts()) == 2
    press(window, "2", "2")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert stored(session, record).summary == "Een groen dak."  # type: ignore[attr-defined]


def test_postponing_loses_nothing(
    qtbot: QtBot, session: Session, record: Record, opened: Open
) -> None:
    window, page = opened()
    press(window, "4", " Half")
    press(window, Qt.Key.Key_Escape, Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert len(session.store.conflicts()) == 2
    again = ConflictView(session)  # as after a restart
    qtbot.addWidget(again)
    again.refresh()
    assert takes(again) == [Take.TYPED, None]
    assert again.record.views[0].question.own == {"summary": "Een groen dak. Half"}


def test_news_about_something_else_moves_nothing(
    session: Session, record: Record, opened: Open
) -> None:
    window, page = opened()
    press(window, "4", " Half")
    views, focus = page.record.views, window.focusWidget()
    session.store.save(initiative(title="Iets anders"), None)
    assert page.record.views is views
    assert window.focusWidget() is focus


def test_news_about_the_question_asks_again_and_says_so(
    session: Session, record: Record, colleague: UUID, opened: Open
) -> None:
    window, page = opened()
    press(window, "1", "1")
    item = session.store.conflicts()[0]
    with writing(session.store.engine) as connection:
        theirs = dict.fromkeys(item.conflict.fields, "Weer anders")
        renewing.set_theirs(connection, item.id, theirs, str(colleague), None)
    page.refresh()
    assert takes(page).count(None) == 1
    assert page.record.notice.isVisible()


def test_the_next_record_comes_by_itself(
    session: Session, record: Record, colleague: UUID, opened: Open
) -> None:
    hall = session.store.save(premises(rent=1_000_00, rent_unit=RentUnit.MONTH), None).record
    ask(session.store, hall, {"rent": 2_000_00}, {"rent": 3_000_00}, colleague)
    window, page = opened()
    titles = [one.title for one in page._merges]
    while page.merge is not None:
        press(window, *"1" * len(page.record.views))
        press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert len(titles) == 2
    assert stored(session, hall).rent == 3_000_00  # type: ignore[attr-defined]


def test_page_down_goes_to_another_record(
    session: Session, record: Record, colleague: UUID, opened: Open
) -> None:
    hall = session.store.save(premises(), None).record
    ask(session.store, hall, {"rent": 2_000_00}, {"rent": 3_000_00}, colleague)
    window, page = opened()
    first = page.merge
    press(window, Qt.Key.Key_PageDown)
    assert page.merge is not first
    press(window, Qt.Key.Key_PageUp)
    assert page.merge is first


def test_delete_against_edit_asks_to_keep_or_delete(
    session: Session, colleague: UUID, opened: Open
) -> None:
    made = session.store.save(initiative(summary="Was"), None).record
    ask(session.store, made, {"summary": "Nieuw"}, {}, colleague, DELETED_THERE)
    window, page = opened()
    view = page.record.views[0]
    assert [view.theirs.button.text(), view.mine.button.text()] == ["Verwijderen", "Houden"]
    assert view.was() == (
        "Balie Neede heeft dit verwijderd terwijl u het wijzigde. Wat moet er gebeuren?"
    )
    press(window, "1")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert stored(session, made).deleted
    press(window, Qt.Key.Key_Z, modifier=CTRL)
    assert not stored(session, made).deleted
    assert len(session.store.conflicts()) == 1


def test_a_number_that_can_not_be_read_is_told_at_its_field(
    session: Session, colleague: UUID, opened: Open
) -> None:
    hall = session.store.save(premises(), None).record
    ask(session.store, hall, {"floor_area_m2": 200}, {"floor_area_m2": 300}, colleague)
    window, page = opened()
    press(window, "4", "veel")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert len(session.store.conflicts()) == 1
    assert page.record.notice.isVisible()
    press(window, "4", "250")
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert stored(session, hall).floor_area_m2 == 250  # type: ignore[attr-defined]


def test_a_screen_reader_hears_the_whole_question(record: Record, opened: Open) -> None:
    window, page = opened()
    view = page.record.views[0]
    for words in ("Samenvatting", "Balie Neede: Een dak met zon.", "U, op deze laptop: Een groen"):
        assert words in view.accessibleName()
    assert "1: Balie Neede" in view.accessibleDescription()
    press(window, "1")
    assert view.accessibleDescription() == "Gekozen: Balie Neede."


def test_nothing_to_decide_says_so(opened: Open) -> None:
    _window, page = opened()
    assert page.empty.isVisible()
    assert not page.foot.isVisible()


@pytest.mark.parametrize(("width", "is_stacked"), [(1366, False), (683, False), (480, True)])
def test_cards_stand_below_one_another_where_it_is_narrow(
    qtbot: QtBot, record: Record, opened: Open, width: int, is_stacked: bool
) -> None:
    window, page = opened()
    window.resize(width, 768)
    view = page.record.views[0]
    qtbot.waitUntil(lambda: (view.mine.y() > view.theirs.geometry().bottom()) is is_stacked)
    assert view._captions[0].isVisible() is is_stacked
    assert view.width() <= page.width()


def test_in_a_low_window_the_cards_say_whose_they_are(
    qtbot: QtBot, record: Record, opened: Open
) -> None:
    window, page = opened()
    window.resize(683, 384)  # a laptop's screen at 200 %
    view = page.record.views[0]
    qtbot.waitUntil(view._captions[0].isVisible)
    qtbot.waitUntil(lambda: page.record.heads.height() == 0)
    assert view._captions[0].text().startswith("Balie Neede · ")  # type: ignore[attr-defined]


def test_tab_goes_through_the_questions_as_one_reads_them(record: Record, opened: Open) -> None:
    window, page = opened()
    first, second = page.record.views
    assert window.focusWidget() is first
    for there in (first.theirs.button, second, second.theirs.button, page.foot.later):
        press(window, Qt.Key.Key_Tab)  # the buttons of one question are one stop, as everywhere
        assert window.focusWidget() is there
    assert page.record.current == 1
    press(window, Qt.Key.Key_Backtab)
    assert window.focusWidget() is second.theirs.button
