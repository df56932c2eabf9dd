"""The map page and what travels to it, without Qt.

folium writes the page once; it is kept in the user's cache folder, because importing folium takes
half a second that the start of the program does not have. Afterwards records travel as rows of
JSON. The page forbids itself everything that is not its own (Content-Security-Policy); the few
inline scripts that folium writes are allowed by their hash. Coordinates are WGS84, lon before lat.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from json.encoder import encode_basestring as quoted
from pathlib import Path
from typing import Any, NamedTuple

import resources
from desktop_app.i18n import _, language
from desktop_app.services.symbols import SYMBOLS

ORIGIN = "app://page"
REVISION = 1
"""Raise when the page changes: an older page in a cache folder is then not used any more."""
SCRIPTS = ("map/bridge.js",)
MODULES = (
    "canvas", "clusters", "controls", "geometry", "ground", "keyboard", "overlay", "pins",
    "reshape", "sketch", "symbols",
)  # fmt: skip
DECIMALS = 8
"""About a millimetre: a place comes back from the map as it went in."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MapFeature:
    """One record on the map.

    ``symbol`` is a key of `desktop_app.services.symbols`. ``mark`` holds the words "choice" (an
    open choice) and "approximate", or is empty. ``shape`` is the GeoJSON geometry (WGS84) of a
    line or area, None for a point; ``lon, lat`` is where the pin stands, also of an area.
    """

    id: str
    entity: str
    lon: float
    lat: float
    symbol: str
    title: str
    subtitle: str = ""
    mark: str = ""
    shape: Json | None = None


class MapBounds(NamedTuple):
    """What the map shows, in degrees, and how far it is zoomed in."""

    west: float
    south: float
    east: float
    north: float
    zoom: float


def rows(features: Iterable[MapFeature]) -> list[list[Any]]:
    """Return the features as the page reads them; the order is that of ``feature`` in bridge.js."""
    return [
        [
            feature.id,
            feature.symbol,
            round(feature.lon, DECIMALS),
            round(feature.lat, DECIMALS),
            feature.title,
            feature.subtitle,
            feature.mark,
            feature.shape,
        ]
        for feature in features
    ]


def features_json(features: Iterable[MapFeature]) -> bytes:
    """Return all features as the one file that the page fetches.

    The lines are put together by hand, from the same parts as `rows`: half the time of `json.dumps`
    for 50,000 records, and it is spent while the window waits.
    """
    return ("[" + ",".join([_row_json(feature) for feature in features]) + "]").encode()


def _row_json(one: MapFeature) -> str:
    shape = "null" if one.shape is None else json.dumps(one.shape)
    return (
        f"[{quoted(one.id)},{quoted(one.symbol)},{one.lon:.8f},{one.lat:.8f},"
        f"{quoted(one.title)},{quoted(one.subtitle)},{quoted(one.mark)},{shape}]"
    )


def symbol_styles() -> dict[str, dict[str, object]]:
    """Return colour token and edge of every symbol, for areas and for a map without a sprite."""
    return {key: {"colour": one.colour, "dashed": one.dashed} for key, one in SYMBOLS.items()}


def page_texts() -> dict[str, str]:
    """Return every sentence of the page in the language of now."""
    return {
        "language": language(),
        "map": _("Map"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "home": _("Show the whole municipality"),
        "together": _("{count} together. Press Enter to look closer."),
        "more": _("and {count} more"),
        "draw_point": _("Click the place on the map, or press Enter at the cross."),
        "draw_line": _("Click each bend of the line. Ctrl+Enter or a double click ends it."),
        "draw_polygon": _("Click each corner of the area. Ctrl+Enter or a double click closes it."),
        "more_line": _("A line needs at least two points."),
        "more_polygon": _("An area needs at least three corners."),
        "crosses": _("The edge of an area may not cross itself. Choose another place."),
    }


def outlines() -> dict[str, Any]:
    """Return the outlines of municipality, neighbours and kernen as a GeoJSON collection."""
    found: dict[str, Any] = json.loads(
        resources.path("map/outlines.geojson").read_text(encoding="utf-8")
    )
    return found


def page_html(tile_origins: Sequence[str] = ()) -> str:
    """Write the page with folium; slow, so ask `cached_page` instead.

    ``tile_origins`` are the origins, such as "https://service.pdok.nl", from which the page may
    load pictures of a base map; none by default, and then nothing leaves the machine.
    """
    import folium

    west, south, east, north = outlines()["bbox"]
    page = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=11,
        tiles=None,
        zoom_control=False,
        prefer_canvas=True,
        # Leaflet's own names, passed on as they are
        keyboard=False,
        doubleClickZoom=False,
        fadeAnimation=False,
        attributionControl=False,
        zoomSnap=0.25,
        minZoom=2,
        maxZoom=19,
    )
    # Our files instead of folium's list of a dozen on content networks; of this map alone, because
    # folium's own lists are shared by the whole process.
    page.default_js = [("leaflet", f"{ORIGIN}/leaflet/leaflet.js")]
    page.default_css = [
        ("leaflet_css", f"{ORIGIN}/leaflet/leaflet.css"),
        ("map_css", f"{ORIGIN}/map/map.css"),
    ]
    page._id = "naoberkaart"  # noqa: SLF001 - a fixed name, so that bridge.js finds the map
    return with_policy(with_scripts(str(page.get_root().render())), tile_origins)


def with_scripts(html: str) -> str:
    """Add our own scripts behind folium's; modules run once the page is complete."""
    preload = "".join(
        f'<link rel="modulepreload" href="{ORIGIN}/map/{name}.js">' for name in MODULES
    )
    own = f'<script src="{ORIGIN}/qwebchannel.js"></script>' + "".join(
        f'<script type="module" src="{ORIGIN}/{name}"></script>' for name in SCRIPTS
    )
    base = f'<base href="{ORIGIN}/">'
    return html.replace("<head>", f"<head>{base}", 1).replace("</html>", f"{preload}{own}</html>")


def with_policy(html: str, tile_origins: Sequence[str] = ()) -> str:
    """Add the content policy: only our own origin, and the inline parts by their hash."""
    scripts = _hashes(re.findall(r"<script>(.*?)</script>", html, re.DOTALL))
    styles = _hashes(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {ORIGIN}/ {scripts}",
            f"style-src {ORIGIN}/ {styles}",
            f"img-src {' '.join((f'{ORIGIN}/', 'data:', *tile_origins))}",
            f"connect-src {ORIGIN}/",
            f"base-uri {ORIGIN}/",
            "form-action 'none'",
        )
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return html.replace("<head>", f"<head>{meta}", 1)


def _hashes(parts: Iterable[str]) -> str:
    digests = (hashlib.sha256(part.encode()).digest() for part in parts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def cached_page_path(cache_dir: Path, tile_origins: Sequence[str] = ()) -> Path:
    """Return where the page of this version of ours, folium's and these tiles is kept."""
    key = json.dumps([REVISION, version("folium"), MODULES, list(tile_origins)])
    return cache_dir / f"map-{hashlib.sha256(key.encode()).hexdigest()[:16]}.html"


def cached_page(cache_dir: Path, tile_origins: Sequence[str] = ()) -> bytes:
    """Return the page, writing it with folium only when the cache folder does not have it."""
    path = cached_page_path(cache_dir, tile_origins)
    try:
        return path.read_bytes()
    except OSError:
        html = page_html(tile_origins).encode()
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(html)
        part.replace(path)
    except OSError:
        pass  # a full or read-only cache folder costs half a second at each start, no more
    return html
