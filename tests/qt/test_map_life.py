"""How the map behaves beside a window: its keys, its end, and a Chromium that dies."""

import os
import signal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from pytestqt.qtbot import QtBot

from desktop_app.widgets.map_view import MapView
from tests.tools.map_page import MapHand, close, feature

PLACE = (6.52222, 52.11583)


@pytest.fixture
def taken(hand: MapHand) -> list[str]:
    """Keys that a window round the map keeps for itself; shortcuts work in an active window."""
    hand.view.activateWindow()
    hand.qtbot.waitUntil(hand.view.isActiveWindow)
    heard: list[str] = []
    for key in ("Return", "Down", "Escape"):
        shortcut = QShortcut(QKeySequence(key), hand.view)
        shortcut.activated.connect(lambda key=key: heard.append(key))
    return heard


def test_the_keys_of_the_map_win_from_the_shortcuts_of_the_window(
    hand: MapHand, taken: list[str]
) -> None:
    hand.show(feature("a", *PLACE))
    hand.focus()
    hand.key(Qt.Key.Key_Tab)
    hand.key(Qt.Key.Key_Return)
    hand.qtbot.waitUntil(lambda: hand.heard["record_opened"] == ["a"])
    hand.key(Qt.Key.Key_Down)
    assert taken == []


def test_escape_is_the_maps_only_while_it_draws(hand: MapHand, taken: list[str]) -> None:
    hand.focus()
    hand.view.start_drawing("line")
    hand.eventually("document.querySelector('.is-drawing')")
    hand.key(Qt.Key.Key_Escape)
    hand.qtbot.waitUntil(lambda: hand.heard["editing_finished"] == [None])
    assert taken == []
    hand.key(Qt.Key.Key_Escape)
    assert taken == ["Escape"]


@pytest.mark.qt_log_ignore("Render process terminated", "renderer")
def test_a_chromium_that_dies_comes_back_with_all_that_was_shown(hand: MapHand) -> None:
    hand.show(feature("a", *PLACE))
    hand.view.update_features([feature("b", 6.65, 52.1)], [])
    with hand.qtbot.waitSignals([hand.view.ready, hand.view.features_shown], timeout=20_000):
        os.kill(hand.page.renderProcessPid(), signal.SIGKILL)
    hand.eventually("naoberkaart.stops().map(({id}) => id).sort().join() === 'a,b'")
    assert hand.js("document.querySelector('.zoom-button').ariaLabel") == "Inzoomen"


def test_an_update_that_overtakes_a_load_is_not_lost(hand: MapHand) -> None:
    hand.view.set_features([feature("a", *PLACE)])
    hand.view.update_features([feature("a", *PLACE, title="Later")], [])
    hand.eventually("naoberkaart.stops().length === 1")
    hand.hover(hand.point_of(*PLACE) + QPoint(0, -18), "Later")


def test_a_pin_chosen_before_the_records_are_there_is_brought_into_view(hand: MapHand) -> None:
    hand.fit(6.40, 52.02, 6.45, 52.04)
    hand.view.set_features([feature("a", *PLACE)])
    hand.view.select("a")
    hand.qtbot.waitUntil(lambda: hand.view.rect().contains(hand.point_of(*PLACE)))


def test_the_whole_municipality_stays_whole_when_the_window_grows(hand: MapHand) -> None:
    before = hand.heard["view_changed"][-1]
    hand.view.resize(1200, 900)
    hand.qtbot.waitUntil(lambda: hand.heard["view_changed"][-1].zoom > before.zoom + 0.2)


def test_a_map_that_was_never_shown_takes_calls_and_closes(qtbot: QtBot) -> None:
    view = MapView()
    view.set_features([feature("a", *PLACE)])
    view.start_drawing("point")
    close(view)
    assert not view.is_ready
