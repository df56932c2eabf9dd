"""The outlines under the small maps, read and turned into RD once."""

from functools import cache

from db.geometry import Geometry
from desktop_app.services.map_document import outlines

Bounds = tuple[float, float, float, float]
Outline = tuple[str, Geometry, Bounds]


@cache
def load_ground() -> dict[str, list[Outline]]:
    """Return the outlines (name, shape, bounds) by layer, in RD; the first time takes a while."""
    found: dict[str, list[Outline]] = {}
    for feature in outlines()["features"]:
        properties = feature["properties"]
        geometry = Geometry.from_wgs84(feature["geometry"])
        name = str(properties.get("name") or "")
        kind = f"{properties['layer']}:{properties.get('kind') or ''}"
        outline = name, geometry, geometry.bounds
        found.setdefault(kind.removesuffix(":"), []).append(outline)
    return found


def is_ground_loaded() -> bool:
    """Whether pictures have their ground at once."""
    return bool(load_ground.cache_info().currsize)
