"""50,000 points: our map beside a plain Leaflet canvas layer of the same points, in one run.

Both stand in the same window of the same size. "Idle" is from handing over the points until two
frames and an idle moment later; ours includes writing the JSON in Python, the reference finds its
GeoJSON ready. "Pan" is a glide of 600 px: the mean and the longest frame, medians of the runs.
"""

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.services.map_document import ORIGIN, MapFeature
from desktop_app.services.symbols import map_keys
from desktop_app.tokens import LIGHT
from desktop_app.widgets.map_page import MapEngine
from desktop_app.widgets.map_view import MapView
from desktop_app.widgets.symbols import sprite
from tests.benchmarks.measure import Measure

POINTS = 50_000
SIZE = (1000, 700)
RUNS = 5
REFERENCE = "Leaflet canvas layer"
WAIT_S = 90

PLAIN_PAGE = f"""<!DOCTYPE html><html><head>
<link rel="stylesheet" href="{ORIGIN}/leaflet/leaflet.css">
<script src="{ORIGIN}/leaflet/leaflet.js"></script>
<style>html, body, #map {{ height: 100%; margin: 0; }}</style></head>
<body><div id="map"></div><script>
window.map_naoberkaart = L.map("map", {{ preferCanvas: true, zoomSnap: 0, fadeAnimation: false }});
map_naoberkaart.fitBounds([[52.0206, 6.40054], [52.18246, 6.76057]]);
window.draw = async (url) => {{
  const points = await (await fetch(url)).json();
  window.layer?.remove();
  const pointToLayer = (_, place) => L.circleMarker(place, {{ radius: 6 }});
  window.layer = L.geoJSON(points, {{ pointToLayer }}).addTo(map_naoberkaart);
}};
</script></body></html>"""

IDLE = """.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
  () => requestIdleCallback(() => done(1))))))"""
PAN = """new Promise((done) => {
  const frames = [];
  let last = performance.now();
  let isOver = false;
  const frame = (now) => {
    frames.push(now - last);
    last = now;
    if (isOver) done(frames.slice(1));
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  map_naoberkaart.once("moveend", () => setTimeout(() => { isOver = true; }, 100));
  map_naoberkaart.panBy([SHIFT, 60], { animate: true, duration: 1.2, easeLinearity: 1 });
})"""


class Bench:
    """One page in one window, asked by promises."""

    def __init__(self, window: QWidget, engine: MapEngine) -> None:
        self.window = window
        self.engine = engine
        self.shift = 600

    def promise(self, expression: str) -> object:
        """Return what a promise of the page comes to."""
        run = self.engine.page.runJavaScript
        run(f"window.outcome = undefined; ({expression}).then((value) => {{ outcome = value; }})")
        found: list[str] = []
        ask = "window.outcome === undefined ? '' : JSON.stringify(outcome)"
        until = time.perf_counter() + WAIT_S
        while not found or not found[-1]:
            found.clear()
            run(ask, 0, found.append)
            wait(lambda: bool(found) or time.perf_counter() > until)
            if time.perf_counter() > until:
                raise TimeoutError(expression)
        return json.loads(found[-1])

    def pan(self) -> list[float]:
        """Glide, back and forth in turns, and return the length of every frame in ms."""
        self.shift = -self.shift
        frames = self.promise(PAN.replace("SHIFT", str(self.shift)))
        assert isinstance(frames, list)
        return frames


def spin() -> None:
    """Let Qt work for a moment, without asking the page so often that it does nothing else."""
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    time.sleep(0.001)


def wait(condition: Callable[[], bool]) -> None:
    """Let Qt work until the condition holds."""
    until = time.perf_counter() + WAIT_S
    while not condition():
        if time.perf_counter() > until:
            raise TimeoutError
        spin()


def records(count: int = POINTS) -> list[MapFeature]:
    """Return records all over the municipality, a third of them crowded round five places."""
    chance, keys = random.Random(7), map_keys()
    crowds = [(6.52, 52.116), (6.649, 52.1), (6.614, 52.134), (6.45, 52.088), (6.725, 52.094)]
    made = []
    for number in range(count):
        lon, lat = chance.uniform(6.41, 6.75), chance.uniform(52.03, 52.17)
        if number % 3 == 0:
            x, y = chance.choice(crowds)
            lon, lat = chance.gauss(x, 0.008), chance.gauss(y, 0.005)
        key = keys[number % len(keys)]
        entity = key.partition(".")[0]
        made.append(MapFeature(str(number), entity, lon, lat, key, f"Plan {number}", "Rekken"))
    return made


def our_page(folder: Path) -> tuple[Bench, MapView]:
    """Return our map in a window of its own."""
    view = MapView(cache_dir=folder)
    view.set_theme(LIGHT, dark=False)
    symbols = sprite(LIGHT)
    view.set_symbols(symbols.png, symbols.index)
    view.resize(*SIZE)
    view.show()
    wait(lambda: view.is_ready)
    return Bench(view, view._engine), view


def plain_page() -> Bench:
    """Return a page with nothing but Leaflet in a window of the same size."""
    window = QWidget()
    window.resize(*SIZE)
    engine = MapEngine(window)
    engine.view.resize(*SIZE)
    loaded: list[bool] = []
    engine.page.loadFinished.connect(loaded.append)
    engine.open(PLAIN_PAGE.encode())
    window.show()
    wait(lambda: bool(loaded))
    return Bench(window, engine)


def geojson(features: list[MapFeature]) -> bytes:
    """Return the same points as Leaflet reads them."""
    collection = [
        {
            "type": "Feature",
            "id": one.id,
            "properties": {"title": one.title, "subtitle": one.subtitle},
            "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
        }
        for one in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": collection}).encode()


def points(folder: Path, count: int = POINTS, runs: int = RUNS) -> Iterator[Measure]:
    """Measure both pages in turn."""
    application = QApplication.instance() or QApplication([])
    features = records(count)
    ours, view = our_page(folder)
    plain = plain_page()
    plain.engine.assets.put("points.json", geojson(features))
    idle: tuple[list[float], list[float]] = ([], [])
    pans: tuple[list[list[float]], list[list[float]]] = ([], [])
    for run in range(runs + 1):
        for place, bench in enumerate((ours, plain)):
            bench.window.raise_()
            started = time.perf_counter()
            if bench is ours:
                view.set_features(features)
                bench.promise("naoberkaart.settled()" + IDLE)
            else:
                bench.promise(f"draw('points.json?{run}')" + IDLE)
            taken = (time.perf_counter() - started) * 1000
            frames = bench.pan()
            if run:
                idle[place].append(taken)
                pans[place].append(frames)
    name = f"{count:,} points"
    yield row(f"{name}: until idle", *(statistics.median(one) for one in idle), runs)
    for what, pick in (("mean", statistics.fmean), ("longest", max)):
        both = (statistics.median(pick(frames) for frames in one) for one in pans)
        yield row(f"{name}: frame of a pan, {what}", *both, runs)
    view.close_page()
    plain.engine.close()
    for window in (view, plain.window):
        window.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def row(name: str, ours: float, reference: float, runs: int) -> Measure:
    """Return one row of the table; the aim is design.md, section 6."""
    return Measure(name, ours, reference, REFERENCE, "ms", runs, "<= 1")


if __name__ == "__main__":
    import sys
    import tempfile

    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    total = int(sys.argv[1]) if len(sys.argv) > 1 else POINTS
    with tempfile.TemporaryDirectory() as scratch:
        for measure in points(Path(scratch), total):
            print(measure.as_row())
