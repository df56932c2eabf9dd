"""How two places or shapes differ, in words and figures, for the page of double edits."""

from itertools import pairwise
from math import hypot
from typing import Any

from db.geometry import Geometry
from desktop_app.i18n import _, format_area, format_distance
from desktop_app.services.place_text import move_text, place_text

_AREAS = ("Polygon", "MultiPolygon")


def difference_text(theirs: Geometry | None, mine: Geometry | None) -> str:
    """Return "86 m to the southeast", "120 m² more, 30 m² less" or what suits; "" for no difference."""
    if theirs is None or mine is None or theirs == mine:
        return ""
    if theirs.kind in _AREAS and mine.kind in _AREAS:
        return _areas_text(theirs, mine)
    if "Line" in theirs.kind and "Line" in mine.kind:
        return _lines_text(theirs, mine)
    return move_text(theirs, mine)


def size_text(geometry: Geometry) -> str:
    """Return what tells two shapes apart at a glance: where a point lies, how large an area is."""
    if geometry.area_m2:
        return format_area(round(geometry.area_m2))
    if "Line" in geometry.kind:
        return format_distance(length_m(geometry))
    return place_text(geometry)


def _areas_text(theirs: Geometry, mine: Geometry) -> str:
    added, taken = (round(area) for area in area_difference_m2(theirs, mine))
    parts = [_("%(area)s more") % {"area": format_area(added)}] if added else []
    parts += [_("%(area)s less") % {"area": format_area(taken)}] if taken else []
    return ", ".join(parts) or move_text(theirs, mine)


def area_difference_m2(theirs: Geometry, mine: Geometry) -> tuple[float, float]:
    """Return how many m² lie only in mine, and how many only in theirs."""
    one, other = _shapely(theirs), _shapely(mine)
    return other.difference(one).area, one.difference(other).area


def _shapely(geometry: Geometry) -> Any:
    # Imported where it is asked for: a double edit of an area is rare, a start of the program is not.
    from shapely.geometry import shape

    return shape(geometry.to_json()).buffer(0)


def _lines_text(theirs: Geometry, mine: Geometry) -> str:
    longer_m = length_m(mine) - length_m(theirs)
    if abs(longer_m) < 1:
        return move_text(theirs, mine)
    words = _("%(length)s longer") if longer_m > 0 else _("%(length)s shorter")
    return words % {"length": format_distance(abs(longer_m))}


def length_m(geometry: Geometry) -> float:
    """Return the length of a line, or of several."""
    lines: Any = geometry.coordinates
    lines = [lines] if geometry.kind == "LineString" else lines
    return sum(hypot(x1 - x0, y1 - y0) for line in lines for (x0, y0), (x1, y1) in pairwise(line))
