"""A map on the screen for a test, with the hands and eyes that the tests need."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.services.map_document import MapFeature
from desktop_app.tokens import LIGHT
from desktop_app.widgets.map_view import MapView
from desktop_app.widgets.symbols import sprite

SIZE = (800, 600)
LEFT = Qt.MouseButton.LeftButton


def feature(record_id: str, lon: float, lat: float, **others: Any) -> MapFeature:
    values = {"entity": "initiative", "symbol": "initiative.idea", "title": f"Plan {record_id}"}
    return MapFeature(id=record_id, lon=lon, lat=lat, **{**values, **others})


class MapHand:
    """Drives one MapView through Chromium and keeps what it said."""

    def __init__(self, qtbot: QtBot, view: MapView) -> None:
        self.qtbot = qtbot
        self.view = view
        self.clock = 1_000_000
        self.heard: dict[str, list[Any]] = {}
        for name in (
            "map_clicked record_chosen record_opened geometry_drawn geometry_changed "
            "editing_finished view_changed pointer_moved"
        ).split():
            self.heard[name] = []
            getattr(view, name).connect(self._listener(name))

    def _listener(self, name: str) -> Callable[..., None]:
        return lambda *values: self.heard[name].append(values if len(values) > 1 else values[0])

    @property
    def page(self) -> Any:
        return self.view._engine.page

    @property
    def guard(self) -> Any:
        return self.view._engine.guard

    @property
    def target(self) -> QWidget:
        proxy = self.view._engine.view.focusProxy()
        assert proxy is not None
        return proxy

    def js(self, expression: str) -> Any:
        """Return the value of a JavaScript expression in the page."""
        found: list[Any] = []
        self.page.runJavaScript(f"JSON.stringify(({expression}) ?? null)", 0, found.append)
        self.qtbot.waitUntil(lambda: bool(found))
        return json.loads(found[0])

    def eventually(self, expression: str) -> None:
        """Wait until the expression is true in the page."""
        self.qtbot.waitUntil(lambda: self.js(f"Boolean({expression})") is True)

    def promise(self, expression: str) -> Any:
        """Return what a promise in the page comes to."""
        self.page.runJavaScript(
            f"window.outcome = undefined; ({expression}).then(value => {{window.outcome = value}})"
        )
        self.eventually("window.outcome !== undefined")
        return self.js("window.outcome")

    def frame(self) -> None:
        """Wait until the page has painted what it knows."""
        self.promise(
            "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))"
        )

    def point_of(self, lon: float, lat: float) -> QPoint:
        x, y = self.js(f"(p => [p.x, p.y])(map_naoberkaart.latLngToContainerPoint([{lat}, {lon}]))")
        return QPoint(round(x), round(y))

    def place_at(self, point: QPoint) -> tuple[float, float]:
        lon, lat = self.js(
            "(p => [p.lng, p.lat])"
            f"(map_naoberkaart.containerPointToLatLng([{point.x()}, {point.y()}]))"
        )
        return lon, lat

    def hover(self, point: QPoint, title: str) -> None:
        """Keep the mouse on a pin until its name shows."""

        def shows() -> bool:
            QTest.mouseMove(self.target, point + QPoint(0, 2))
            QTest.mouseMove(self.target, point)
            shown = "document.querySelector('.tip:not([hidden]) .tip-title')?.textContent"
            return bool(self.js(shown) == title)

        self.qtbot.waitUntil(shows)

    def click(self, point: QPoint) -> None:
        QTest.mouseClick(self.target, LEFT, pos=point)

    def double_click(self, point: QPoint) -> None:
        """Press twice within a tenth of a second; QTest sets its own presses too far apart."""
        at, spot = QPointF(point), QPointF(self.target.mapToGlobal(point))
        kinds = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease) * 2
        self.clock += 10_000
        for kind in kinds:
            self.clock += 25
            held = LEFT if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
            event = QMouseEvent(kind, at, spot, LEFT, held, Qt.KeyboardModifier.NoModifier)
            event.setTimestamp(self.clock)
            QCoreApplication.sendEvent(self.target, event)

    def drag(self, start: QPoint, end: QPoint) -> None:
        QTest.mousePress(self.target, LEFT, pos=start)
        for part in (0.25, 0.5, 0.75, 1.0):
            way = QPointF(start) + (QPointF(end) - QPointF(start)) * part
            QTest.mouseMove(self.target, way.toPoint())
            self.frame()
        QTest.mouseRelease(self.target, LEFT, pos=end)

    def fit(self, west: float, south: float, east: float, north: float) -> None:
        """Show this part and wait until the map tells that it does."""
        self.heard["view_changed"].clear()
        self.view.fit((west, south, east, north))
        self.qtbot.waitUntil(lambda: bool(self.heard["view_changed"]))
        self.frame()

    def key(self, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.target, key, modifier)
        self.frame()

    def focus(self) -> None:
        """Bring the keyboard to the map."""
        self.view.setFocus()
        self.page.runJavaScript("map_naoberkaart.getContainer().focus()")
        self.eventually("document.activeElement === map_naoberkaart.getContainer()")

    def show(self, *features: MapFeature) -> None:
        """Show these records and wait until they are painted."""
        with self.qtbot.waitSignal(self.view.features_shown):
            self.view.set_features(features)
        self.frame()

    def loads(self) -> int:
        """Return how often the page fetched the records."""
        return sum("data.json" in address for address in self.guard.passed)


@pytest.fixture(scope="session")
def map_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for the written page, so that only the first test pays for folium."""
    return tmp_path_factory.mktemp("map")


@pytest.fixture
def hand(qtbot: QtBot, map_cache: Path) -> Iterator[MapHand]:
    """A shown map in the light theme with its symbols, ready for clicks."""
    view = MapView(cache_dir=map_cache)
    view.resize(*SIZE)
    view.set_theme(LIGHT, dark=False)
    symbols = sprite(LIGHT, 1.0)
    view.set_symbols(symbols.png, symbols.index)
    made = MapHand(qtbot, view)
    with qtbot.waitSignal(view.ready, timeout=20_000):
        view.show()
    made.frame()
    made.eventually("document.hasFocus() || true")
    yield made
    close(view)


def close(view: MapView) -> None:
    """Take a map down and let Chromium go."""
    view.close_page()
    view.close()
    view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
