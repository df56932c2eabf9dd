"""No window is larger than its screen, whatever size was kept."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.widgets.on_screen import fit


def test_a_window_kept_at_another_scale_comes_back_within_the_screen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    free = window.screen().availableGeometry()
    window.resize(free.width() * 2, free.height() * 2)
    fit(window)
    assert window.width() <= free.width()
    assert window.height() < free.height()


def test_a_window_that_fits_is_left_alone(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(30, 40, 300, 200)
    fit(window)
    assert window.geometry().getRect() == (30, 40, 300, 200)
