"""The map as a widget: a web view that is made only after the window can be seen.

Everything asked of the map before its page is ready is remembered as a wish and sent in one go; the
latest wish of a kind wins. Python never writes JavaScript: `MapView.call` names a function of
``window.naoberkaart`` (resources/map/bridge.js) and its arguments travel as JSON.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.background.jobs import InlineJobRunner, Jobs
from desktop_app.services.map_document import (
    MapFeature,
    cached_page,
    cached_page_path,
    features_json,
    page_texts,
    rows,
    symbol_styles,
)

SPRITE_CLUSTER_PX = 40
"""Logical width of the picture "cluster" in a sprite; its width in the PNG tells the ratio."""
SPRITE_TIP_PX = 4
"""How far the tip of a pin lies above the lower edge of its picture (widgets/symbols.py)."""
STATE = ("theme", "styles", "texts", "symbols", "kernen", "margin", "load")
"""Calls that a page which is loaded again must hear again."""
AFTER_BEGIN = ("select", "fit", "draw", "edit")
"""Calls that make sense only once the map stands."""
SMALL_UPDATE = 2000
"""Changed records up to this number travel in the call itself; more are fetched like a new set."""


def prepare() -> None:
    """Let the map be made late: call before the QApplication exists."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


class MapView(QWidget):
    """The map of the municipality.

    Signals:
        ready(): the first picture is on the screen.
        features_shown(int): a set of this many records stands on the map.
        map_clicked(float, float): lon, lat of a click beside every pin.
        record_chosen(str), record_opened(str): id of the pin clicked; double-clicked or Enter.
        geometry_drawn(object): GeoJSON geometry (WGS84) of a finished drawing.
        geometry_changed(object): the geometry while it is being moved.
        editing_finished(object): the geometry as put down, None when given up.
        view_changed(object): MapBounds.
        pointer_moved(float, float): lon, lat under the mouse.
    """

    ready = Signal()
    features_shown = Signal(int)
    map_clicked = Signal(float, float)
    record_chosen = Signal(str)
    record_opened = Signal(str)
    geometry_drawn = Signal(object)
    geometry_changed = Signal(object)
    editing_finished = Signal(object)
    view_changed = Signal(object)
    pointer_moved = Signal(float, float)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        jobs: Jobs | None = None,
        cache_dir: Path | None = None,
    ) -> None:
        """``jobs`` writes the page beside the window's thread the first time it is needed."""
        super().__init__(parent)
        self._jobs = jobs or InlineJobRunner()
        self._cache_dir = cache_dir
        self._engine: Any = None
        self._is_prepared = False
        self._wishes: dict[str, tuple[Any, ...]] = {"styles": (symbol_styles(),)}
        self._content: dict[str, bytes] = {}
        self._loads = 0
        self._features: dict[str, MapFeature] = {}
        self._ground = QColor(Qt.GlobalColor.transparent)
        self.is_ready = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # ---- life ------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Make the web view once the window stands; the window does not wait for Chromium."""
        super().showEvent(event)
        if self._engine is None:
            QTimer.singleShot(0, self, self._create)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keyboard to the page."""
        super().focusInEvent(event)
        if self._engine is not None:
            self._engine.view.setFocus(event.reason())

    def _create(self) -> None:
        if self._engine is not None:
            return
        from desktop_app.widgets.map_page import MapEngine

        cache = self._cache_dir or Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
        )
        self._engine = engine = MapEngine(self)
        engine.page.setBackgroundColor(self._ground)
        engine.lost.connect(self._on_lost)
        bridge = engine.bridge
        bridge.prepared.connect(self._on_prepared)
        bridge.drawn.connect(self._on_drawn)
        bridge.shown.connect(self.features_shown)
        bridge.placed.connect(self._on_placed)
        bridge.recorded.connect(self._on_recorded)
        bridge.shaped.connect(self._on_shaped)
        bridge.viewed.connect(self.view_changed)
        for name, content in self._content.items():
            engine.assets.put(name, content)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(engine.view)
        if cached_page_path(cache).exists():
            engine.open(cached_page(cache))
        else:
            self._jobs.run(lambda: cached_page(cache), self._open)

    def _open(self, html: bytes) -> None:
        if self._engine is not None:
            self._engine.open(html)

    def close_page(self) -> None:
        """Let go of Chromium in the order it wants; for tests and the end of the program."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None
            self._is_prepared = self.is_ready = False

    def call(self, function: str, *arguments: Any) -> None:
        """Call a function of the page; before the page is there, remember it as a wish."""
        if function in STATE or not self._is_prepared:
            self._wishes[function] = arguments
        if self._is_prepared:
            listed = ",".join(json.dumps(one, ensure_ascii=False) for one in arguments)
            self._engine.page.runJavaScript(f"naoberkaart.{function}({listed})")

    def _serve(self, name: str, content: bytes) -> str:
        """Put a file before the page under a name of its own and return the address."""
        self._loads += 1
        self._content[name] = content
        if self._engine is not None:
            self._engine.assets.put(name, content)
        return f"{name}?{self._loads}"

    def _on_prepared(self) -> None:
        self._is_prepared = True
        self._engine.watch_keys()
        self._wishes.setdefault("texts", (page_texts(),))
        wishes = self._wishes
        self._wishes = {}
        for function in (name for name in wishes if name not in AFTER_BEGIN):
            self.call(function, *wishes[function])
        self.call("begin")
        for function in (name for name in AFTER_BEGIN if name in wishes):
            self.call(function, *wishes[function])

    def _on_lost(self) -> None:
        """Prepare for a page that starts anew: it gets the records as they are now."""
        self._is_prepared = self.is_ready = False
        self._load()

    def _on_drawn(self) -> None:
        self.is_ready = True
        self.ready.emit()

    # ---- what the map looks like -----------------------------------------------------------------

    def set_theme(self, tokens: Any, dark: bool) -> None:
        """Colour the page; ``tokens`` is a Tokens value or a mapping of names to colours."""
        values = asdict(tokens) if is_dataclass(tokens) else dict(tokens)  # type: ignore[arg-type]
        colours = {name: value for name, value in values.items() if isinstance(value, str)}
        self._ground = QColor(colours.get("map_outside", ""))
        if self._engine is not None:
            self._engine.page.setBackgroundColor(self._ground)
        self.call("theme", colours, dark)

    def set_symbols(
        self, png: bytes, index: Mapping[str, Sequence[int]], ratio: float | None = None
    ) -> None:
        """Take the sprite of `desktop_app.widgets.symbols`; rectangles are x, y, width, height."""
        scale = ratio or index["cluster"][2] / SPRITE_CLUSTER_PX
        places = {key: list(place) for key, place in index.items()}
        meta = {"index": places, "ratio": scale, "tip": SPRITE_TIP_PX}
        self.call("symbols", self._serve("symbols.png", png), meta)

    def set_language(self, texts: Mapping[str, str]) -> None:
        """Take the sentences of the page, as from `page_texts`."""
        self.call("texts", dict(texts))

    def set_visible_margin(self, right_px: int) -> None:
        """Tell that a panel covers this many pixels on the right."""
        self.call("margin", right_px)

    def set_kernen(self, features: Sequence[Mapping[str, Any]]) -> None:
        """Show these kernen (GeoJSON features with ``name`` and ``kind``) instead of our own."""
        self.call("kernen", [dict(feature) for feature in features])

    # ---- records ---------------------------------------------------------------------------------

    def set_features(self, features: Iterable[MapFeature], made: bytes | None = None) -> None:
        """Show these records and no others; ``made`` is their `features_json`, if a job made it."""
        self._features = {feature.id: feature for feature in features}
        self._load(made)

    def update_features(self, changed: Sequence[MapFeature], removed_ids: Sequence[str]) -> None:
        """Change some records in place, without loading the others again."""
        for record_id in removed_ids:
            self._features.pop(record_id, None)
        self._features.update((feature.id, feature) for feature in changed)
        if self._is_prepared and len(changed) <= SMALL_UPDATE:
            self.call("update", rows(changed), list(removed_ids))
        else:
            self._load()

    def _load(self, made: bytes | None = None) -> None:
        self.call("load", self._serve("data.json", made or features_json(self._features.values())))

    def select(self, record_id: str | None) -> None:
        """Make a pin the chosen one, and move it into the part that no panel covers."""
        self.call("select", record_id)

    # ---- the view --------------------------------------------------------------------------------

    def fit(self, bounds: Sequence[float]) -> None:
        """Show west, south, east, north (degrees) as large as possible."""
        self.call("fit", *bounds[:4])

    def show_all(self) -> None:
        """Show the whole municipality."""
        self.call("showAll")

    def zoom_in(self) -> None:
        """Go one level closer."""
        self.call("zoomBy", 1)

    def zoom_out(self) -> None:
        """Go one level back."""
        self.call("zoomBy", -1)

    # ---- drawing ---------------------------------------------------------------------------------

    def start_drawing(self, kind: str) -> None:
        """Let the user draw a "point", "line" or "polygon"; ends in `geometry_drawn`."""
        self._sketch(True)
        self.call("draw", kind)

    def edit_geometry(self, geometry: Mapping[str, Any] | None, symbol: str | None = None) -> None:
        """Let the user move this geometry; ends in `editing_finished`. None: stop, say nothing."""
        self._sketch(geometry is not None)
        self.call("edit", geometry, symbol)

    def cancel_drawing(self) -> None:
        """Give up drawing or editing: `editing_finished` with None."""
        self.call("cancel")

    def finish_drawing(self) -> None:
        """Close the drawing or put down what is being edited, as Ctrl+Enter does."""
        self.call("finish")

    def _sketch(self, is_on: bool) -> None:
        if self._engine is not None:
            self._engine.is_sketching = is_on

    # ---- news from the page ----------------------------------------------------------------------

    def _on_placed(self, event: str, lon: float, lat: float) -> None:
        (self.map_clicked if event == "clicked" else self.pointer_moved).emit(lon, lat)

    def _on_recorded(self, event: str, record_id: str) -> None:
        (self.record_opened if event == "opened" else self.record_chosen).emit(record_id)

    def _on_shaped(self, event: str, geometry: object) -> None:
        self._sketch(event == "changed")
        match event:
            case "drawn":
                self.geometry_drawn.emit(geometry)
            case "changed":
                self.geometry_changed.emit(geometry)
            case _:
                self.editing_finished.emit(geometry)
