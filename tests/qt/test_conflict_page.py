"""The page of double edits: what it shows and says, how it follows news, and where it is narrow."""

from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.entities.premises import RentUnit
from db.fields import Record
from db.local import renewing
from db.local.engine import writing
from desktop_app.views.session import Session
from tests.e2e.double_edits import ask
from tests.factories import initiative, premises
from tests.qt.merge_page import CTRL, Open, press, stored, takes

pytestmark = pytest.mark.usefixtures("no_chromium")


def test_both_sides_say_who_and_when(double_edit: Record, opened: Open) -> None:
    _window, page = opened()
    (who, when), (mine, _at), _result = [
        (heading.text(), below.text()) for heading, below in page.record.heads._labels
    ]
    assert who == "Balie Neede"
    assert when.replace("\N{NO-BREAK SPACE}", " ").startswith(("vandaag", "gisteren"))
    assert mine == "U, op deze laptop"


def test_news_about_something_else_moves_nothing(
    session: Session, double_edit: Record, opened: Open
) -> None:
    window, page = opened()
    press(window, "4", " Half")
    views, focus = page.record.views, window.focusWidget()
    session.store.save(initiative(title="Iets anders"), None)
    assert page.record.views is views
    assert window.focusWidget() is focus


def test_news_about_the_question_asks_again_and_says_so(
    session: Session, double_edit: Record, colleague: UUID, opened: Open
) -> None:
    window, page = opened()
    press(window, "1", "1")
    changed_again(session, colleague)
    page.refresh()
    assert takes(page).count(None) == 1
    assert page.record.notice.isVisible()


def test_an_answer_to_what_is_another_question_by_now_is_not_saved(
    session: Session, double_edit: Record, colleague: UUID, opened: Open
) -> None:
    window, page = opened()
    press(window, "1", "1")
    changed_again(session, colleague)
    press(window, Qt.Key.Key_Return, modifier=CTRL)
    assert len(session.store.conflicts()) == 2
    assert takes(page).count(None) == 1
    assert page.record.notice.isVisible()


def changed_again(session: Session, colleague: UUID) -> None:
    """Let a colleague's newer value come in, of which the page has not heard yet."""
    item = next(one for one in session.store.conflicts() if "summary" in one.conflict.fields)
    with writing(session.store.engine) as connection:
        theirs = {"summary": "Weer anders"}
        renewing.set_theirs(connection, item.id, theirs, str(colleague), None)


def test_the_next_record_comes_by_itself(
    session: Session, double_edit: Record, colleague: UUID, opened: Open
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
    session: Session, double_edit: Record, colleague: UUID, opened: Open
) -> None:
    hall = session.store.save(premises(), None).record
    ask(session.store, hall, {"rent": 2_000_00}, {"rent": 3_000_00}, colleague)
    window, page = opened()
    first = page.merge
    press(window, Qt.Key.Key_PageDown)
    assert page.merge is not first
    press(window, Qt.Key.Key_PageUp)
    assert page.merge is first


def test_a_screen_reader_hears_the_whole_question(double_edit: Record, opened: Open) -> None:
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
    qtbot: QtBot, double_edit: Record, opened: Open, width: int, is_stacked: bool
) -> None:
    window, page = opened()
    window.resize(width, 768)
    view = page.record.views[0]
    qtbot.waitUntil(lambda: (view.mine.y() > view.theirs.geometry().bottom()) is is_stacked)
    assert view._captions[0].isVisible() is is_stacked
    assert view.width() <= page.width()


def test_in_a_low_window_the_cards_say_whose_they_are(
    qtbot: QtBot, double_edit: Record, opened: Open
) -> None:
    window, page = opened()
    window.resize(683, 384)  # a laptop's screen at 200 %
    view = page.record.views[0]
    qtbot.waitUntil(view._captions[0].isVisible)
    qtbot.waitUntil(lambda: page.record.heads.height() == 0)
    assert view._captions[0].text().startswith("Balie Neede · ")  # type: ignore[attr-defined]


def test_tab_goes_through_the_questions_as_one_reads_them(
    double_edit: Record, opened: Open
) -> None:
    window, page = opened()
    first, second = page.record.views
    assert window.focusWidget() is first
    for there in (first.theirs.button, second, second.theirs.button, page.foot.later):
        press(window, Qt.Key.Key_Tab)  # the buttons of one question are one stop, as everywhere
        assert window.focusWidget() is there
    assert page.record.current == 1
    press(window, Qt.Key.Key_Backtab)
    assert window.focusWidget() is second.theirs.button
