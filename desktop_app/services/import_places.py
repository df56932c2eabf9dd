"""Where an imported row lies: coordinates, a geometry, or honestly only about where.

Some deliveries name a district and nothing more (the 15,373 city plots of Chicago). A plot without
an area can't be kept (domain.md 2.3), and an area that looks surveyed would be a lie. So a mapping
may give the middle of each district: the row gets a small square mark (10 m, whatever its real
size) on a grid, in a spiral around that middle, and the record says in words, or by its accuracy,
that the place is approximate. Marks never overlap, and an update never moves a place that is there.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from db.errors import UserProblem
from db.fields import N_
from db.geometry import Geometry, GeometryError, rd
from desktop_app.services.import_sources import SourceRow, is_blank
from desktop_app.services.words import key_of

MARK_M = 10.0
"""The side of the mark of an approximate area."""


@dataclass(frozen=True, slots=True)
class Approximate:
    """The middles (lon, lat) of districts by the value of a column, and how far marks stand apart."""

    column: str
    places: Mapping[str, tuple[float, float]]
    spacing_m: float = 60.0
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceRule:
    """Which columns say where a row lies; `crs` is that of x and y."""

    x: str = ""
    y: str = ""
    crs: str = "EPSG:28992"
    geojson: str = ""
    approximate: Approximate | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        about = self.approximate.column if self.approximate else ""
        return tuple(name for name in (self.x, self.y, self.geojson, about) if name)


@dataclass(slots=True)
class Placer:
    """Gives rows their place; counts per district, so that marks stand beside each other."""

    rule: PlaceRule | None
    is_area: bool
    is_rd: bool = False
    _turns: dict[str, int] = field(default_factory=dict)
    _taken: set[tuple[int, int]] = field(default_factory=set)

    def place(self, row: SourceRow) -> tuple[Geometry | None, str]:
        """Return the place of a row, and "" or what the place is only about.

        Raises:
            UserProblem: what is there can't be read as a place.
        """
        if row.geometry is not None:
            return _geometry(row.geometry, is_rd=self.is_rd), ""
        if self.rule is None:
            return None, ""
        found = self._exact(row, self.rule)
        if found is not None or self.rule.approximate is None:
            return found, ""
        return self._about(row, self.rule.approximate)

    def _exact(self, row: SourceRow, rule: PlaceRule) -> Geometry | None:
        if rule.geojson and not is_blank(row.values.get(rule.geojson)):
            return _geometry(_json(row.values[rule.geojson]), is_rd=False)
        x, y = row.values.get(rule.x), row.values.get(rule.y)
        if not rule.x or is_blank(x) or is_blank(y):
            return None
        return point_of(coordinate(x), coordinate(y), rule.crs)

    def _about(self, row: SourceRow, rule: Approximate) -> tuple[Geometry | None, str]:
        name = row.values.get(rule.column)
        middle = rule.places.get(key_of(name)) if not is_blank(name) else None
        if middle is None:
            return None, ""
        x_rd, y_rd = self._free_spot(key_of(name), middle, rule.spacing_m)
        return (_mark(x_rd, y_rd) if self.is_area else Geometry.point(x_rd, y_rd)), str(name)

    def _free_spot(
        self, key: str, middle: tuple[float, float], spacing_m: float
    ) -> tuple[float, float]:
        """Return the next free crossing of one grid, going round the middle of the district."""
        column, line = (round(metres / spacing_m) for metres in rd(*middle))
        turn = self._turns.get(key, 0)
        while True:
            across, up = spiral(turn)
            turn += 1
            spot = (column + across, line + up)
            if spot not in self._taken:
                self._taken.add(spot)
                self._turns[key] = turn
                return spot[0] * spacing_m, spot[1] * spacing_m


def coordinate(value: Any) -> float:
    """Read a coordinate: its last dot or comma is the decimal mark, as nobody groups degrees.

    >>> coordinate("52,094"), coordinate(" 6.725 "), coordinate("246.673,5")
    (52.094, 6.725, 246673.5)

    Raises:
        UserProblem: it is no number.
    """
    if isinstance(value, (int, float)):
        return float(value)
    whole, _mark, fraction = str(value).strip().replace(",", ".").rpartition(".")
    figures = f"{whole.replace('.', '')}.{fraction}" if whole else fraction
    try:
        return float(figures)
    except ValueError:
        raise UserProblem(N_("“%(value)s” is not a number."), value=value) from None


def _json(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    try:
        found = json.loads(str(value))
    except (ValueError, RecursionError) as exc:
        raise UserProblem(N_("This is not JSON: %(reason)s."), reason=exc) from exc
    if isinstance(found, dict):
        return found
    raise UserProblem(N_("This is no place on the map: %(reason)s."), reason=str(value)[:40])


def _geometry(value: Mapping[str, Any], *, is_rd: bool) -> Geometry:
    try:
        return Geometry.from_json(value) if is_rd else Geometry.from_wgs84(value)
    except (GeometryError, TypeError, ValueError, AttributeError, RecursionError) as exc:
        raise UserProblem(N_("This is no place on the map: %(reason)s."), reason=exc) from exc


def point_of(x: float, y: float, crs: str) -> Geometry:
    """Make a point of coordinates in any projection with an EPSG code (x before y).

    Raises:
        UserProblem: there is no such projection, or the point does not exist in it.
    """
    try:
        if crs == "EPSG:28992":
            return Geometry.from_json({"type": "Point", "coordinates": [x, y]})
        lon, lat = (x, y) if crs == "EPSG:4326" else _to_degrees(crs).transform(x, y)
        return Geometry.point(*rd(lon, lat))
    except (GeometryError, OverflowError) as exc:
        raise UserProblem(N_("This is no place on the map: %(reason)s."), reason=exc) from exc


@lru_cache(maxsize=8)
def _to_degrees(crs: str) -> Any:
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    try:
        return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except CRSError as exc:
        raise UserProblem(N_("There is no projection “%(name)s”."), name=crs) from exc


def spiral(turn: int) -> tuple[int, int]:
    """Return the place of the `turn`-th mark (from 0) in a square spiral around (0, 0).

    >>> [spiral(n) for n in range(5)]
    [(0, 0), (1, 0), (1, 1), (0, 1), (-1, 1)]
    """
    if turn == 0:
        return 0, 0
    ring = math.ceil((math.sqrt(turn + 1) - 1) / 2)
    side = 2 * ring
    step = turn - (side - 1) ** 2
    corner, along = divmod(step, side)
    match corner:
        case 0:
            return ring, along - ring + 1
        case 1:
            return ring - 1 - along, ring
        case 2:
            return -ring, ring - 1 - along
    return along - ring + 1, -ring


def _mark(x_rd: float, y_rd: float) -> Geometry:
    half = MARK_M / 2
    west, south, east, north = x_rd - half, y_rd - half, x_rd + half, y_rd + half
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return Geometry.from_json({"type": "Polygon", "coordinates": [ring]})
