"""The first start: by keys from the first moment on, and the way on always in sight."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from desktop_app.views.first_start import Beginning
from desktop_app.views.start_window import StartWindow
from desktop_app.widgets.style import Look


@pytest.mark.parametrize("needs_passphrase", [False, True])
def test_the_way_on_stays_in_sight_on_a_low_screen(
    qtbot: QtBot, look: Look, needs_passphrase: bool
) -> None:
    window = StartWindow()
    qtbot.addWidget(window)
    page = window.welcome(needs_passphrase=needs_passphrase)
    window.resize(1366, 480)
    window.show()
    qtbot.waitExposed(window)
    assert not any(area.isAncestorOf(page.go) for area in page.findChildren(QScrollArea))
    corner = page.go.mapTo(window, page.go.rect().bottomRight())
    assert window.rect().contains(corner)


def test_the_first_choice_has_the_focus(qtbot: QtBot, look: Look) -> None:
    window = StartWindow()
    qtbot.addWidget(window)
    page = window.welcome(needs_passphrase=False)
    window.show()
    qtbot.waitExposed(window)
    assert window.focusWidget() is page.cards[Beginning.CONNECT].button


def test_enter_in_a_line_begins_once(qtbot: QtBot, look: Look) -> None:
    window = StartWindow()
    qtbot.addWidget(window)
    page = window.welcome(needs_passphrase=False)
    window.show()
    begun: list[Beginning] = []
    page.begun.connect(lambda how, _words: (begun.append(how), page.set_busy("Bezig")))
    page.connect_form.host.setText("127.0.0.1/nk")
    page.connect_form.name.setText("anna")
    page.connect_form.password.setText("geheim")
    for _press in range(2):
        qtbot.keyClick(page.connect_form.password, Qt.Key.Key_Return)
    assert begun == [Beginning.CONNECT]
