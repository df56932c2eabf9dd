"""The layout a person left: window, width of the list, tables, filters and layers. Kept in the store.

It stands in the encrypted store and not in the settings file: filters may hold names of people.
"""

import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray

from desktop_app.views.places import PLACES
from desktop_app.widgets.on_screen import fit

if TYPE_CHECKING:
    from desktop_app.views.main_window import MainWindow

KEY = "layout"


def remember(window: "MainWindow") -> None:
    """Keep the layout of a window that closes."""
    work = window.workspace
    kept: dict[str, Any] = {
        "geometry": b64encode(window.saveGeometry().data()).decode("ascii"),
        "list_width": work.list_width,
        "is_pinned": work.is_pinned,
        "tables": sorted(window.tables),
        "layers": list(work.area.layers),
        "place": window.place.key,
    }
    window.session.store.set_meta(KEY, json.dumps(kept))


def recall(window: "MainWindow") -> str:
    """Give a window the layout that was kept; return the place to begin with."""
    try:
        kept = json.loads(window.session.store.meta(KEY) or "{}")
    except ValueError:
        kept = {}
    work = window.workspace
    if kept.get("geometry"):
        window.restoreGeometry(QByteArray(b64decode(kept["geometry"])))
    else:
        window.resize(1366, 728)
    fit(window)
    work.list_width = int(kept.get("list_width") or 400)
    work.is_pinned = bool(kept.get("is_pinned"))
    work.panel.detail.header.set_pinned(work.is_pinned)
    window.tables = {key for key in kept.get("tables", ()) if key in PLACES}
    work.area.set_layers(tuple(kept.get("layers", ())))
    place = str(kept.get("place") or "initiative")
    return place if place in PLACES and place != "merge" else "initiative"
