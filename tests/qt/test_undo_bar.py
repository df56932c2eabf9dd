"""The bar below a list that says what was done, and takes it back."""

from pytestqt.qtbot import QtBot

from desktop_app.widgets.kit.button import Button
from desktop_app.widgets.kit.message_bar import UNDO_MS, UndoBar
from desktop_app.widgets.kit.text import Paragraph


def test_undo_is_offered_and_goes_away_by_itself(qtbot: QtBot) -> None:
    bar = UndoBar()
    qtbot.addWidget(bar)
    bar.show_done("Deelauto Rietmolen is verwijderd.")
    assert bar.isVisible()
    assert bar.findChildren(Button)[0].text() == "Ongedaan maken"
    with qtbot.waitSignal(bar.undone):
        bar.findChildren(Button)[0].click()
    assert not bar.isVisible()
    assert UNDO_MS == 10_000


def test_no_undo_is_offered_for_what_is_not_taken_back(qtbot: QtBot) -> None:
    bar = UndoBar()
    qtbot.addWidget(bar)
    bar.show_done("52 gegevens geschreven naar lijst.xlsx.", "check", with_undo=False)
    assert not bar.findChildren(Button)[0].isVisible()
    bar.show_done("Deelauto Rietmolen is verwijderd.")
    assert bar.findChildren(Button)[0].isVisible()


def test_undo_leaves_the_words_room_in_a_narrow_list(qtbot: QtBot) -> None:
    bar = UndoBar()
    qtbot.addWidget(bar)
    bar.resize(380, 60)
    bar.show_done("Opgeslagen op deze laptop om 10:02.")
    qtbot.waitExposed(bar)
    words = bar.findChildren(Paragraph)[0]
    qtbot.waitUntil(lambda: words.width() > bar.width() * 0.7)
    assert words.heightForWidth(words.width()) <= 2 * words.fontMetrics().height()
