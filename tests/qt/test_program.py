"""A run of the program: first start, opening again, a damaged file, the language, connecting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app import i18n
from desktop_app.background.jobs import InlineJobRunner
from desktop_app.profile import Profile
from desktop_app.program import Program
from desktop_app.settings import Appearance, Language
from desktop_app.views.first_start import Beginning, FirstStart, UnlockPage
from desktop_app.widgets.style import Look
from tests.qt.window import settle

pytestmark = pytest.mark.usefixtures("no_chromium")
PASSPHRASE = "een lange zin om te onthouden"


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


@pytest.fixture
def program(qtbot: QtBot, look: Look, profile: Profile) -> Iterator[Program]:
    made = Program(profile, look, InlineJobRunner())
    yield made
    made.close()
    settle()
    i18n.use("nl")


def welcome(program: Program) -> FirstStart:
    assert program.starting.window is not None
    page = program.starting.window.centralWidget()
    assert isinstance(page, FirstStart)
    return page


def unlock(program: Program) -> UnlockPage:
    assert program.starting.window is not None
    page = program.starting.window.centralWidget()
    assert isinstance(page, UnlockPage)
    return page


def begin(program: Program, how: Beginning) -> None:
    program.begin()
    page = welcome(program)
    page.cards[how].button.click()
    page.passphrase.first.setText(PASSPHRASE)
    page.passphrase.again.setText(PASSPHRASE)
    page.go.click()
    if program.window is not None:
        program.window.resize(1366, 728)  # the screen of the offscreen platform is smaller


def test_examples_are_marked_and_can_be_erased(program: Program, profile: Profile) -> None:
    begin(program, Beginning.EXAMPLES)
    window = program.window
    assert window is not None
    assert window.toolbar.example.isVisible()
    assert window.workspace.list.total > 30
    window.run("clear_examples")
    settle()
    assert program.window is None
    assert not profile.store_path.exists()
    assert list(profile.folder.glob("*.examples-1"))
    assert welcome(program) is not None


def test_beginning_empty_has_the_villages_and_nothing_else(program: Program) -> None:
    begin(program, Beginning.EMPTY)
    assert program.window is not None
    counts = program.window.session.store.counts()
    assert counts["kern"] >= 11
    assert counts["initiative"] == 0


def test_two_passphrases_that_differ_are_noticed(program: Program) -> None:
    program.begin()
    page = welcome(program)
    page.cards[Beginning.EMPTY].button.click()
    page.passphrase.first.setText(PASSPHRASE)
    page.passphrase.again.setText("iets anders")
    page.go.click()
    assert program.window is None
    assert page.passphrase.note.words()


def test_a_second_start_asks_for_the_passphrase(
    program: Program, profile: Profile, look: Look
) -> None:
    begin(program, Beginning.EMPTY)
    program.close()
    again = Program(profile, look, InlineJobRunner())
    again.begin()
    page = unlock(again)
    page.form.first.setText("verkeerd")
    page.go.click()
    assert "wachtzin" in page.form.note.words().lower()
    page.form.first.setText(PASSPHRASE)
    page.go.click()
    assert again.window is not None
    again.close()


def test_a_damaged_file_can_be_put_aside(program: Program, profile: Profile, look: Look) -> None:
    begin(program, Beginning.EMPTY)
    program.close()
    profile.store_path.write_bytes(b"geen database" * 1000)
    again = Program(profile, look, InlineJobRunner())
    again.begin()
    page = unlock(again)
    page.form.first.setText(PASSPHRASE)
    page.go.click()
    assert again.window is None
    page.set_aside.emit()
    assert list(profile.folder.glob("*.damaged-1"))
    again.close()


def test_an_unreachable_database_leaves_one_at_the_start(program: Program) -> None:
    program.begin()
    page = welcome(program)
    page.cards[Beginning.CONNECT].button.click()
    page.connect_form.host.setText("127.0.0.1:1")
    page.connect_form.name.setText("balie")
    page.passphrase.first.setText(PASSPHRASE)
    page.passphrase.again.setText(PASSPHRASE)
    page.go.click()
    assert program.window is None
    assert "veilig op deze laptop" in page.connect_form.note.words()
    assert page.go.isEnabled()


def test_another_language_makes_the_window_anew_not_under_the_hand(
    qtbot: QtBot, program: Program
) -> None:
    begin(program, Beginning.EMPTY)
    assert program.commands is not None
    window, dialog = program.window, program.commands.open_settings()
    qtbot.keyClick(dialog.boxes["language"].editor.field(), Qt.Key.Key_Down)
    assert program.window is window  # its dialog is still in the midst of that key
    settle()
    assert program.window is not None
    assert program.window.workspace.list.header.title.text() == "Initiatives"
    assert program.profile.settings().language is Language.ENGLISH


def test_dark_is_dark_at_once(program: Program, look: Look) -> None:
    begin(program, Beginning.EMPTY)
    assert program.commands is not None
    dialog = program.commands.open_settings()
    dialog.boxes["appearance"].editor.edited.emit(Appearance.DARK)
    assert look.appearance.value == "dark"
    dialog.boxes["appearance"].editor.edited.emit(Appearance.LIGHT)
    dialog.accept()


def test_a_bug_is_told_calmly(program: Program, caplog: pytest.LogCaptureFixture) -> None:
    begin(program, Beginning.EMPTY)
    try:
        raise ZeroDivisionError
    except ZeroDivisionError as error:
        program.on_bug(type(error), error, error.__traceback__)
    assert program.window is not None
    assert "niets verloren" in program.window.status.accessibleName()
    caplog.clear()
