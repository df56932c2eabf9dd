"""Drawing and reshaping on the map, with the mouse and with keys alone."""

from typing import Any

import pytest
from pyproj import Transformer
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from shapely.geometry import shape

from tests.tools.map_page import MapHand, feature

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLACE = (6.52222, 52.11583)
TO_RD = Transformer.from_crs(4326, 28992, always_xy=True).transform
SQUARE = [(300, 200), (500, 200), (500, 400), (300, 400)]


def rd(geometry: Any) -> tuple[float, float]:
    x, y = TO_RD(*geometry["coordinates"])
    return x, y


def start(hand: MapHand, kind: str) -> None:
    hand.view.start_drawing(kind)
    hand.eventually("document.querySelector('.is-drawing')")


def ring(*places: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(place) for place in (*places, places[0])]]}


AREA = ring((6.50, 52.09), (6.56, 52.09), (6.56, 52.12), (6.50, 52.12))


def edit(hand: MapHand, geometry: dict[str, Any]) -> None:
    hand.view.edit_geometry(geometry)
    hand.eventually("document.querySelector('.leaflet-marker-draggable')")
    hand.focus()
    hand.frame()


def drawn(hand: MapHand) -> Any:
    hand.qtbot.waitUntil(lambda: bool(hand.heard["geometry_drawn"]))
    return hand.heard["geometry_drawn"][-1]


def finished(hand: MapHand) -> Any:
    hand.qtbot.waitUntil(lambda: bool(hand.heard["editing_finished"]))
    return hand.heard["editing_finished"][-1]


def test_four_clicks_and_ctrl_enter_give_a_closed_valid_counterclockwise_area(
    hand: MapHand,
) -> None:
    start(hand, "polygon")
    places = [hand.place_at(QPoint(*corner)) for corner in SQUARE]
    for corner in SQUARE:
        hand.click(QPoint(*corner))
    hand.key(Qt.Key.Key_Return, CTRL)
    geometry = drawn(hand)
    area = shape(geometry)
    (outer,) = geometry["coordinates"]
    assert outer[0] == outer[-1]
    assert len(outer) == 5
    assert area.is_valid
    assert area.exterior.is_ccw
    wanted = {(round(lon, 8), round(lat, 8)) for lon, lat in places}
    assert {tuple(corner) for corner in outer} == wanted
    assert hand.heard["map_clicked"] == []


def test_a_click_on_the_first_corner_closes_the_area(hand: MapHand) -> None:
    start(hand, "polygon")
    for corner in (*SQUARE, SQUARE[0]):
        hand.click(QPoint(*corner))
    assert len(drawn(hand)["coordinates"][0]) == 5


def test_a_double_click_ends_a_line(hand: MapHand) -> None:
    start(hand, "line")
    hand.click(QPoint(300, 200))
    hand.double_click(QPoint(500, 300))
    geometry = drawn(hand)
    assert geometry["type"] == "LineString"
    assert len(geometry["coordinates"]) == 2


def test_a_point_takes_one_click(hand: MapHand) -> None:
    start(hand, "point")
    lon, lat = hand.place_at(QPoint(420, 310))
    hand.click(QPoint(420, 310))
    assert drawn(hand) == {"type": "Point", "coordinates": [round(lon, 8), round(lat, 8)]}


def test_an_area_is_drawn_with_keys_alone(hand: MapHand) -> None:
    start(hand, "polygon")
    hand.focus()
    for step in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        hand.key(Qt.Key.Key_Return)
        before = hand.js("map_naoberkaart.getCenter()")
        hand.key(step)
        hand.eventually(f"!map_naoberkaart.getCenter().equals([{before['lat']}, {before['lng']}])")
        hand.eventually("!map_naoberkaart._panAnim?._inProgress")
    hand.key(Qt.Key.Key_Return)
    hand.key(Qt.Key.Key_Backspace)
    hand.key(Qt.Key.Key_Return)
    hand.key(Qt.Key.Key_Return, CTRL)
    area = shape(drawn(hand))
    assert area.is_valid
    assert area.area > 0


def test_an_edge_that_crosses_is_refused_with_a_reason(hand: MapHand) -> None:
    start(hand, "polygon")
    for corner in [(300, 200), (500, 400), (500, 200), (300, 400)]:
        hand.click(QPoint(*corner))
    hand.eventually("!document.querySelector('.error').hidden")
    assert "kruisen" in hand.js("document.querySelector('.error').textContent")
    hand.view.finish_drawing()
    assert shape(drawn(hand)).is_valid


def test_an_area_of_two_corners_is_not_finished(hand: MapHand) -> None:
    start(hand, "polygon")
    for corner in SQUARE[:2]:
        hand.click(QPoint(*corner))
    hand.eventually("document.querySelectorAll('.corner').length === 2")
    hand.view.finish_drawing()
    hand.eventually("!document.querySelector('.error').hidden")
    assert hand.heard["geometry_drawn"] == []


def test_escape_gives_a_drawing_up(hand: MapHand) -> None:
    start(hand, "polygon")
    hand.focus()
    hand.click(QPoint(300, 200))
    hand.key(Qt.Key.Key_Escape)
    assert finished(hand) is None
    assert hand.js("document.querySelector('.is-drawing')") is None


def test_dragging_a_pin_moves_it(hand: MapHand) -> None:
    hand.show(feature("a", *PLACE))
    hand.view.select("a")
    edit(hand, {"type": "Point", "coordinates": list(PLACE)})
    pin = hand.point_of(*PLACE) + QPoint(0, -20)
    hand.drag(pin, pin + QPoint(60, -40))
    hand.qtbot.waitUntil(lambda: bool(hand.heard["geometry_changed"]))
    hand.key(Qt.Key.Key_Return)
    geometry = finished(hand)
    wanted = hand.place_at(hand.point_of(*PLACE) + QPoint(60, -40))
    assert geometry["coordinates"] == pytest.approx(list(wanted), abs=2e-4)
    assert hand.heard["geometry_changed"][-1] == geometry


@pytest.mark.parametrize(
    ("key", "modifier", "metres"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, (1, 0)),
        (Qt.Key.Key_Left, SHIFT, (-10, 0)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, (0, 1)),
        (Qt.Key.Key_Down, SHIFT, (0, -10)),
    ],
)
def test_arrows_move_a_pin_by_one_or_ten_metres(
    hand: MapHand, key: Qt.Key, modifier: Any, metres: tuple[int, int]
) -> None:
    point = {"type": "Point", "coordinates": list(PLACE)}
    edit(hand, point)
    for _ in range(3):
        hand.key(key, modifier)
    hand.key(Qt.Key.Key_Return)
    old, new = rd(point), rd(finished(hand))
    moved = (new[0] - old[0], new[1] - old[1])
    assert moved == pytest.approx((3 * metres[0], 3 * metres[1]), abs=0.02)


def test_escape_brings_a_pin_back(hand: MapHand) -> None:
    edit(hand, {"type": "Point", "coordinates": list(PLACE)})
    hand.key(Qt.Key.Key_Up)
    hand.key(Qt.Key.Key_Escape)
    assert finished(hand) is None
    assert hand.js("document.querySelector('.leaflet-marker-draggable')") is None


def test_a_pin_that_was_only_looked_at_keeps_every_decimal(hand: MapHand) -> None:
    point = {"type": "Point", "coordinates": [6.52222471, 52.11583094]}
    edit(hand, point)
    hand.key(Qt.Key.Key_Return)
    assert finished(hand) == point


def test_a_corner_is_dragged_and_the_area_stays_closed(hand: MapHand) -> None:
    edit(hand, AREA)
    corner = hand.point_of(6.56, 52.12)
    hand.drag(corner, corner + QPoint(40, -30))
    hand.qtbot.waitUntil(lambda: bool(hand.heard["geometry_changed"]))
    hand.view.finish_drawing()
    area = shape(finished(hand))
    assert area.is_valid
    assert area.area > shape(AREA).area
    assert len(area.exterior.coords) == 5


def test_a_middle_handle_makes_a_new_corner(hand: MapHand) -> None:
    edit(hand, AREA)
    middle = hand.point_of(6.53, 52.12)
    hand.drag(middle, middle + QPoint(0, -50))
    hand.view.finish_drawing()
    area = shape(finished(hand))
    assert len(area.exterior.coords) == 6
    assert area.is_valid


def test_a_corner_dragged_over_an_edge_springs_back(hand: MapHand) -> None:
    edit(hand, AREA)
    corner = hand.point_of(6.56, 52.12)
    hand.drag(corner, hand.point_of(6.53, 52.07))
    hand.view.finish_drawing()
    assert shape(finished(hand)).equals(shape(AREA))


def test_a_corner_is_moved_and_taken_away_by_keys(hand: MapHand) -> None:
    pentagon = ring((6.50, 52.09), (6.56, 52.09), (6.57, 52.10), (6.56, 52.12), (6.50, 52.12))
    edit(hand, pentagon)
    hand.key(Qt.Key.Key_Tab)
    hand.key(Qt.Key.Key_Right, SHIFT)
    hand.key(Qt.Key.Key_Tab)
    hand.key(Qt.Key.Key_Delete)
    hand.key(Qt.Key.Key_Return)
    geometry = finished(hand)
    assert len(geometry["coordinates"][0]) == 5
    x, _y = TO_RD(*geometry["coordinates"][0][0])
    assert x == pytest.approx(TO_RD(6.50, 52.09)[0] + 10, abs=0.05)


def test_an_area_with_a_hole_keeps_its_hole(hand: MapHand) -> None:
    hole = [[6.52, 52.10], [6.52, 52.11], [6.54, 52.11], [6.54, 52.10], [6.52, 52.10]]
    edit(hand, {"type": "Polygon", "coordinates": [AREA["coordinates"][0], hole]})
    hand.view.finish_drawing()
    assert len(shape(finished(hand)).interiors) == 1


def test_rd_in_the_page_agrees_with_pyproj(hand: MapHand) -> None:
    found = hand.promise(
        "import('app://page/map/geometry.js')"
        ".then(g => [g.toRd([6.52222, 52.11583]), g.fromRd([232740, 459231])])"
    )
    assert found[0] == pytest.approx(TO_RD(6.52222, 52.11583), abs=0.5)
    assert TO_RD(*found[1]) == pytest.approx((232740, 459231), abs=0.5)


def test_focus_on_the_view_brings_the_keyboard_to_the_map_without_a_click(hand: MapHand) -> None:
    hand.page.runJavaScript("document.activeElement.blur()")
    hand.view.setFocus()
    hand.page.runJavaScript("window.dispatchEvent(new Event('focus'))")  # no focus events offscreen
    hand.eventually("document.activeElement === map_naoberkaart.getContainer()")


class KeysOfTheWindow(QObject):
    """Writes down the keys a window gets."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self.keys.append(event.key())
        return False


def test_escape_reaches_the_window_unless_something_is_being_drawn(hand: MapHand) -> None:
    heard = KeysOfTheWindow()
    hand.view.window().installEventFilter(heard)
    hand.focus()
    start(hand, "polygon")
    hand.key(Qt.Key.Key_Escape)
    hand.qtbot.waitUntil(lambda: not hand.view._engine.is_sketching)
    assert Qt.Key.Key_Escape not in heard.keys
    hand.key(Qt.Key.Key_Escape)
    hand.qtbot.waitUntil(lambda: Qt.Key.Key_Escape in heard.keys)
