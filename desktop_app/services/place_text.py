"""Places in words and figures: what is typed as coordinates, and how far and where something moved.

People paste coordinates from Dutch registers (RD, metres) and from web maps (WGS84, mostly latitude
first). The ranges of the two systems and of the Netherlands do not overlap, so the text itself says
which it is; only outside the Netherlands the order lon, lat of GeoJSON is assumed.
"""

import math
import re

from db.errors import UserProblem
from db.fields import N_
from db.geometry import Geometry, GeometryError, rd
from desktop_app.i18n import _, format_area, format_distance, format_rd

_NUMBER = re.compile(r"[-+−]?[0-9]+(?:[.,][0-9]+)?")
_GROUPED_RD = re.compile(r"(?<![0-9.,])([0-9]{1,3})[ \N{NO-BREAK SPACE}]([0-9]{3})(?![0-9])")
_NETHERLANDS_LON, _NETHERLANDS_LAT = (3.0, 7.5), (50.5, 54.0)
_RD_X, _RD_Y = (-7_000.0, 300_000.0), (289_000.0, 629_000.0)

_WINDS = (
    N_("to the north"), N_("to the northeast"), N_("to the east"), N_("to the southeast"),
    N_("to the south"), N_("to the southwest"), N_("to the west"), N_("to the northwest"),
)  # fmt: skip
_KINDS = {
    "Point": N_("a point"),
    "MultiPoint": N_("several points"),
    "LineString": N_("a line"),
    "MultiLineString": N_("several lines"),
    "Polygon": N_("an area"),
    "MultiPolygon": N_("several areas"),
}


def parse_place(text: str) -> Geometry:
    """Read a point: "233412, 459007" or "RD 233 412, 459 007" in RD, "52,1158 6,5222" in degrees.

    Raises:
        UserProblem: there are no two coordinates in it, or they lie nowhere.
    """
    found = _NUMBER.findall(_GROUPED_RD.sub(r"\1\2", text))
    if len(found) == 1 and text.count(",") == 1:
        found = text.split(",")
    if len(found) != 2:
        raise UserProblem(N_("Write two coordinates, such as 233412, 459007 or 52.1158, 6.5222."))
    try:
        first, second = (float(part.replace(",", ".").replace("−", "-")) for part in found)
        return _point(first, second)
    except (ValueError, GeometryError) as exc:
        raise UserProblem(N_("These coordinates do not lie on the map.")) from exc


def _point(first: float, second: float) -> Geometry:
    if _is_in(first * 1000, _RD_X) and _is_in(second * 1000, _RD_Y):
        first, second = first * 1000, second * 1000  # "233.412, 459.007": dots between thousands
    if _is_in(first, _RD_X) and _is_in(second, _RD_Y):
        return Geometry.point(first, second)
    if _is_in(first, _NETHERLANDS_LAT) and _is_in(second, _NETHERLANDS_LON):
        first, second = second, first
    return Geometry.point(*rd(first, second))


def _is_in(number: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= number <= bounds[1]


def place_text(geometry: Geometry) -> str:
    """Return "RD 233 412, 459 007", with the kind and size of an area in front."""
    spot = format_rd(*geometry.anchor)
    if geometry.kind == "Point":
        return spot
    if geometry.area_m2:
        return _("%(kind)s of %(area)s at %(place)s") % {
            "kind": _(_KINDS[geometry.kind]),
            "area": format_area(round(geometry.area_m2)),
            "place": spot,
        }
    return _("%(kind)s at %(place)s") % {"kind": _(_KINDS[geometry.kind]), "place": spot}


def move_text(old: Geometry, new: Geometry) -> str:
    """Return "86 m to the southeast", or "" when the middle stayed within a metre."""
    (x_old, y_old), (x_new, y_new) = old.anchor, new.anchor
    distance_m = math.hypot(x_new - x_old, y_new - y_old)
    if distance_m < 1:
        return ""
    compass = math.degrees(math.atan2(x_new - x_old, y_new - y_old)) % 360
    wind = _WINDS[round(compass / 45) % 8]
    return f"{format_distance(distance_m)} {_(wind)}"


def change_of_place_text(old: Geometry | None, new: Geometry | None) -> str:
    """Say in words what happened to a place, such as "moved, 86 m to the southeast"."""
    if new is None:
        return _("taken off the map")
    if old is None:
        return _("put on the map")
    moved = move_text(old, new)
    if old.kind != new.kind:
        return _("changed into %(kind)s") % {"kind": _(_KINDS[new.kind])}
    if _shape(old) == _shape(new):
        return _("moved, %(how_far)s") % {"how_far": moved or _("less than a metre")}
    if old.area_m2 and new.area_m2:
        sizes = {
            "old": format_area(round(old.area_m2)),
            "new": format_area(round(new.area_m2)),
        }
        return _("redrawn, from %(old)s to %(new)s") % sizes
    return _("redrawn")


def _shape(geometry: Geometry) -> list[tuple[int, int]]:
    """Return every position relative to the first, in decimetres: equal for what only moved."""
    spots = list(geometry.positions())
    x0, y0 = spots[0]
    return [(round((x - x0) * 10), round((y - y0) * 10)) for x, y in spots]
