"""The map in a real Chromium: records, clicks, keys, updates."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from desktop_app.services.map_document import MapBounds
from desktop_app.tokens import DARK
from desktop_app.widgets.map_view import MapView
from tests.tools.map_page import MapHand, close, feature

BORCULO = (6.52222, 52.11583)
REKKEN = (6.725, 52.09417)
PIN_CENTRE = QPoint(0, -18)


def test_a_click_beside_the_pins_gives_its_coordinates_to_eight_decimals(hand: MapHand) -> None:
    point = QPoint(417, 283)
    lon, lat = hand.place_at(point)
    hand.click(point)
    hand.qtbot.waitUntil(lambda: bool(hand.heard["map_clicked"]))
    assert hand.heard["map_clicked"] == [(round(lon, 8), round(lat, 8))]


def test_what_was_asked_before_the_page_is_there_is_shown(qtbot: QtBot, map_cache) -> None:
    view = MapView(cache_dir=map_cache)
    view.resize(640, 480)
    view.set_theme(DARK, dark=True)
    view.set_features([feature("a", *BORCULO), feature("b", *REKKEN)])
    view.select("b")
    hand = MapHand(qtbot, view)
    with qtbot.waitSignals([view.ready, view.features_shown], timeout=20_000):
        view.show()
    hand.eventually("document.querySelector('.chosen-pin canvas')")
    assert hand.js("naoberkaart.stops().map(({id}) => id).sort()") == ["a", "b"]
    ground = hand.js("getComputedStyle(map_naoberkaart.getContainer()).backgroundColor")
    assert ground == "rgb({}, {}, {})".format(*QColor(DARK.map_outside).getRgb()[:3])
    close(view)


def test_a_click_on_a_pin_chooses_it_and_a_double_click_opens_it(hand: MapHand) -> None:
    hand.show(feature("a", *BORCULO), feature("b", *REKKEN))
    hand.click(hand.point_of(*BORCULO) + PIN_CENTRE)
    hand.qtbot.waitUntil(lambda: hand.heard["record_chosen"] == ["a"])
    hand.eventually("document.querySelector('.chosen-pin canvas')")
    hand.double_click(hand.point_of(*REKKEN) + PIN_CENTRE)
    hand.qtbot.waitUntil(lambda: hand.heard["record_opened"] == ["b"])
    assert hand.heard["map_clicked"] == []


def test_a_title_with_markup_is_shown_as_text(hand: MapHand) -> None:
    hostile = "<img src=x onerror=window.owned=1>"
    hand.show(feature("a", *BORCULO, title=hostile, subtitle="<b>Rekken</b>"))
    point = hand.point_of(*BORCULO) + PIN_CENTRE
    hand.click(point)
    hand.qtbot.waitUntil(lambda: hand.heard["record_chosen"] == ["a"])
    hand.hover(point, hostile)
    assert hand.js("document.querySelector('.tip-line').textContent") == "<b>Rekken</b>"
    assert hand.js("document.querySelectorAll('img, .tip b').length") == 0
    assert hand.js("window.owned === undefined") is True


def test_records_on_one_spot_are_listed_by_name(hand: MapHand) -> None:
    hostile = "<script>window.owned = 1</script>"
    hand.show(feature("a", *BORCULO, title=hostile), feature("b", *BORCULO))
    hand.click(hand.point_of(*BORCULO))
    hand.eventually("!document.querySelector('.stack').hidden")
    assert hand.js("document.querySelector('.stack-item').firstChild.data") == hostile
    hand.key(Qt.Key.Key_Down)
    hand.key(Qt.Key.Key_Return)
    hand.qtbot.waitUntil(lambda: hand.heard["record_chosen"] == ["b"])
    assert hand.js("window.owned === undefined") is True


def test_a_disc_opens_to_its_members(hand: MapHand) -> None:
    near = (BORCULO[0] + 0.002, BORCULO[1])
    hand.show(feature("a", *BORCULO), feature("b", *near))
    assert [stop["count"] for stop in hand.js("naoberkaart.stops()")] == [2]
    hand.click(hand.point_of(*BORCULO))
    hand.eventually("naoberkaart.stops().length === 2")


def test_an_update_reaches_the_map_without_loading_again(hand: MapHand) -> None:
    hand.show(feature("a", *BORCULO), feature("b", *REKKEN))
    hand.page.runJavaScript("window.mark = 1")
    loads = hand.loads()
    moved = feature("a", 6.6, 52.1, title="Verplaatst")
    hand.view.update_features([moved, feature("c", 6.45, 52.08)], ["b"])
    hand.eventually("naoberkaart.stops().map(({id}) => id).sort().join() === 'a,c'")
    hand.hover(hand.point_of(6.6, 52.1) + PIN_CENTRE, "Verplaatst")
    assert hand.loads() == loads
    assert hand.js("window.mark") == 1


def test_the_chosen_pin_stands_in_the_part_that_no_panel_covers(hand: MapHand) -> None:
    hand.show(feature("a", *REKKEN))
    hand.view.set_visible_margin(400)
    hand.view.select("a")
    hand.qtbot.waitUntil(lambda: 72 <= hand.point_of(*REKKEN).x() <= 400)


def test_fit_and_whole_municipality(hand: MapHand) -> None:
    hand.fit(6.52, 52.10, 6.53, 52.11)
    close_by = hand.heard["view_changed"][-1]
    assert isinstance(close_by, MapBounds)
    assert close_by.west < 6.52 < 6.53 < close_by.east
    hand.view.show_all()
    hand.qtbot.waitUntil(lambda: hand.heard["view_changed"][-1].west < 6.401)
    assert hand.heard["view_changed"][-1].east > 6.76


@pytest.mark.parametrize(
    ("key", "axis", "sign"),
    [
        (Qt.Key.Key_Left, "west", -1),
        (Qt.Key.Key_Right, "west", 1),
        (Qt.Key.Key_Up, "south", 1),
        (Qt.Key.Key_Down, "south", -1),
        (Qt.Key.Key_Plus, "zoom", 1),
        (Qt.Key.Key_Minus, "zoom", -1),
    ],
)
def test_arrows_plus_and_minus_move_the_view(
    hand: MapHand, key: Qt.Key, axis: str, sign: int
) -> None:
    hand.fit(6.5, 52.09, 6.6, 52.12)
    before = getattr(hand.heard["view_changed"][-1], axis)
    hand.focus()
    hand.key(key)
    hand.qtbot.waitUntil(
        lambda: (getattr(hand.heard["view_changed"][-1], axis) - before) * sign > 1e-4
    )


def test_home_shows_the_whole_municipality(hand: MapHand) -> None:
    hand.fit(6.5, 52.09, 6.51, 52.1)
    hand.focus()
    hand.key(Qt.Key.Key_Home)
    hand.qtbot.waitUntil(
        lambda: (
            hand.heard["view_changed"][-1].west < 6.401 < 6.76 < hand.heard["view_changed"][-1].east
        )
    )


def test_tab_walks_over_the_pins_and_on_to_the_buttons(hand: MapHand) -> None:
    hand.show(feature("a", *BORCULO), feature("b", *REKKEN))
    hand.focus()
    hand.key(Qt.Key.Key_Tab)
    assert hand.js("document.querySelector('.live').textContent").startswith("Plan a")
    hand.key(Qt.Key.Key_Tab)
    hand.key(Qt.Key.Key_Return)
    hand.qtbot.waitUntil(lambda: hand.heard["record_opened"] == ["b"])
    hand.key(Qt.Key.Key_Tab)
    hand.eventually("document.activeElement.classList.contains('zoom-button')")


def test_every_button_of_the_page_has_a_name_in_the_language_of_the_person(hand: MapHand) -> None:
    names = hand.js("[...document.querySelectorAll('.zoom-button')].map(b => b.ariaLabel)")
    assert names == ["Inzoomen", "Uitzoomen", "Hele gemeente tonen"]


def test_without_tiles_the_ground_shows_outlines_and_source(hand: MapHand) -> None:
    assert hand.js("document.querySelector('.attribution').textContent") == (
        "grenzen © CBS/Kadaster"
    )
    picture = hand.view.grab().toImage()
    point = hand.point_of(6.60, 52.09)
    inside = picture.pixelColor(point)
    outside = picture.pixelColor(QPoint(700, 30))
    assert inside != outside


def test_an_update_in_place_keeps_the_keyboard_where_it_is(hand: MapHand) -> None:
    hand.show(feature("a", *BORCULO), feature("b", *REKKEN))
    hand.focus()
    hand.key(Qt.Key.Key_Tab)
    hand.view.update_features([feature("b", *REKKEN, title="Anders")], [])
    hand.frame()
    hand.key(Qt.Key.Key_Tab)
    assert hand.js("document.querySelector('.live').textContent").startswith("Anders")


def test_a_click_in_a_hatched_plot_chooses_it(hand: MapHand) -> None:
    lon, lat = BORCULO
    ring = [
        [lon, lat],
        [lon + 0.01, lat],
        [lon + 0.01, lat + 0.008],
        [lon, lat + 0.008],
        [lon, lat],
    ]
    area = {"type": "Polygon", "coordinates": [ring]}
    plot = feature("p", lon, lat, symbol="plot.in_option", entity="plot", shape=area)
    hand.show(plot, feature("i", lon, lat - 0.01, shape=area))
    hand.fit(lon, lat, lon + 0.01, lat + 0.008)
    hand.click(hand.point_of(lon + 0.007, lat + 0.006))
    hand.qtbot.waitUntil(lambda: hand.heard["record_chosen"] == ["p"])
    assert hand.heard["map_clicked"] == []
