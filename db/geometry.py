"""A place on the map: a value in RD New (EPSG:28992), converted to WGS84 only at the borders.

RD is what Dutch registers and staff speak and what lengths and areas are computed in; Leaflet,
GeoJSON and the command line speak WGS84 (lon, lat). Stored coordinates have 3 decimals (mm), as in
the BAG. pyproj without grid files agrees with RDNAPTRANS within 0.25 m (shared/data/rd-points).
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

Coordinates = tuple[Any, ...]
_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_LEAST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}

BERKELLAND_BOUNDS = (224554.0, 448513.0, 248924.0, 466925.0)
"""West, south, east, north of the municipality in RD metres (domain.md section 4)."""

FARTHEST_M = 100_000_000
"""RD is a projection about Amersfoort: beyond this only the other side of the earth is left."""


class GeometryError(ValueError):
    """A geometry is not one this program can keep; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """A GeoJSON geometry (`kind`, nested tuples of (x_rd, y_rd) in metres, 3 decimals)."""

    kind: str
    coordinates: Coordinates

    @classmethod
    def point(cls, x_rd: float, y_rd: float) -> "Geometry":
        """Make a point from RD metres."""
        return cls("Point", (round(float(x_rd), 3), round(float(y_rd), 3)))

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Geometry":
        """Read a GeoJSON-shaped mapping in RD.

        Raises:
            GeometryError: the shape is unknown, too short, or a coordinate is not a finite number.
        """
        if value.get("type") == "Point":
            point = _plain_point(value.get("coordinates"))
            if point is not None:
                return cls("Point", point)
        return _read(value, lambda x, y: (x, y))

    @classmethod
    def from_wgs84(cls, value: Mapping[str, Any]) -> "Geometry":
        """Read a GeoJSON geometry in WGS84 (lon, lat; a height is dropped).

        Raises:
            GeometryError: as `from_json`, and for a position that is not on earth.
        """
        return _read(value, _to_rd)

    def to_json(self) -> dict[str, Any]:
        """Return the GeoJSON shape in RD, the stored and sent form."""
        return {"type": self.kind, "coordinates": _listed(self.coordinates)}

    def to_wgs84(self) -> dict[str, Any]:
        """Return a GeoJSON geometry in WGS84 (lon, lat; 8 decimals, about a millimetre)."""
        return {"type": self.kind, "coordinates": _mapped(self.coordinates, _to_lon_lat)}

    def positions(self) -> Iterator[tuple[float, float]]:
        """Yield every (x_rd, y_rd)."""
        yield from _positions(self.coordinates)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in RD metres."""
        xs, ys = zip(*self.positions(), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def anchor(self) -> tuple[float, float]:
        """Where a pin stands (x_rd, y_rd): a point, the middle corner of a line, a centroid."""
        if self.kind == "Point":
            return self.coordinates[0], self.coordinates[1]
        if self.kind == "LineString":
            x, y = self.coordinates[len(self.coordinates) // 2]
            return x, y
        if self.kind in {"Polygon", "MultiPolygon"}:
            rings = [self.coordinates] if self.kind == "Polygon" else self.coordinates
            return _centroid(max((rings[i][0] for i in range(len(rings))), key=_ring_area))
        west, south, east, north = self.bounds
        return (west + east) / 2, (south + north) / 2

    @property
    def area_m2(self) -> float:
        """The area in square metres, holes left out; 0 for points and lines."""
        if self.kind not in {"Polygon", "MultiPolygon"}:
            return 0.0
        polygons = [self.coordinates] if self.kind == "Polygon" else self.coordinates
        return sum(
            abs(_ring_area(rings[0])) - sum(abs(_ring_area(hole)) for hole in rings[1:])
            for rings in polygons
        )

    def is_within(self, bounds: tuple[float, float, float, float]) -> bool:
        """Whether every position lies in `bounds` (west, south, east, north, RD metres)."""
        west, south, east, north = self.bounds
        return west >= bounds[0] and south >= bounds[1] and east <= bounds[2] and north <= bounds[3]


@lru_cache(maxsize=2)
def transformer(*, inverse: bool = False) -> Any:
    """Return the pyproj transformer RD -> WGS84, or WGS84 -> RD when `inverse` (x before y)."""
    from pyproj import Transformer  # imported late: 60 ms that a start without a map can save

    codes = ("EPSG:4326", "EPSG:28992") if inverse else ("EPSG:28992", "EPSG:4326")
    return Transformer.from_crs(*codes, always_xy=True)


def lon_lat(x_rd: float, y_rd: float) -> tuple[float, float]:
    """Convert RD metres to WGS84 (lon, lat), 8 decimals."""
    return _to_lon_lat(x_rd, y_rd)


def lon_lats(positions: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Convert many RD positions to WGS84 in one go, as `lon_lat`."""
    if not positions:
        return []
    lons, lats = transformer().transform(*zip(*positions, strict=True))
    return [(round(lon, 8), round(lat, 8)) for lon, lat in zip(lons, lats, strict=True)]


def rd(lon: float, lat: float) -> tuple[float, float]:
    """Convert WGS84 to RD metres (x, y), 3 decimals. Raises GeometryError off the earth."""
    x, y = _to_rd(lon, lat)
    return round(x, 3), round(y, 3)


def _to_lon_lat(x_rd: float, y_rd: float) -> tuple[float, float]:
    lon, lat = transformer().transform(x_rd, y_rd)
    return round(lon, 8), round(lat, 8)


def _to_rd(lon: float, lat: float) -> tuple[float, float]:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise GeometryError(f"{lon}, {lat} is no position in degrees (lon, lat)")
    x, y = transformer(inverse=True).transform(lon, lat)
    return x, y


def _read(
    value: Mapping[str, Any], convert: Callable[[float, float], tuple[float, float]]
) -> Geometry:
    kind = value.get("type")
    if kind not in _DEPTH:
        raise GeometryError(f"{kind!r} is no kind of geometry that can be kept")
    return Geometry(kind, _read_nested(value.get("coordinates"), _DEPTH[kind], kind, convert))


def _plain_point(value: Any) -> tuple[float, float] | None:
    """Return a position written as two decimal numbers, which most are, in a fourth of the time."""
    if type(value) is list and len(value) == 2:
        x, y = value
        if type(x) is float and type(y) is float and abs(x) <= FARTHEST_M and abs(y) <= FARTHEST_M:
            return round(x, 3), round(y, 3)
    return None


def _read_nested(
    value: Any, depth: int, kind: str, convert: Callable[[float, float], tuple[float, float]]
) -> Coordinates:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise GeometryError(f"the coordinates of this {kind} are empty or no list")
    if depth == 0:
        return _read_position(value, convert)
    parts = tuple(_read_nested(part, depth - 1, kind, convert) for part in value)
    if depth == 1 and len(parts) < _LEAST.get(kind, 1):
        raise GeometryError(f"a {kind} needs at least {_LEAST[kind]} positions")
    if depth == 1 and "Polygon" in kind and parts[0] != parts[-1]:
        parts = (*parts, parts[0])
    return parts


def _read_position(
    value: Sequence[Any], convert: Callable[[float, float], tuple[float, float]]
) -> Coordinates:
    numbers = [part for part in value[:2] if type(part) in (int, float)]
    if len(numbers) < 2 or not all(math.isfinite(part) for part in numbers):
        raise GeometryError(f"{value!r} is no position")
    x, y = convert(float(numbers[0]), float(numbers[1]))
    if not (abs(x) <= FARTHEST_M and abs(y) <= FARTHEST_M):  # so for infinity and NaN
        raise GeometryError(f"{value!r} lies too far from the Netherlands")
    return round(x, 3), round(y, 3)


def _listed(value: Coordinates) -> list[Any]:
    return [_listed(part) if isinstance(part, tuple) else part for part in value]


def _mapped(
    value: Coordinates, convert: Callable[[float, float], tuple[float, float]]
) -> list[Any]:
    if isinstance(value[0], tuple):
        return [_mapped(part, convert) for part in value]
    return list(convert(value[0], value[1]))


def _positions(value: Coordinates) -> Iterator[tuple[float, float]]:
    if isinstance(value[0], tuple):
        for part in value:
            yield from _positions(part)
    else:
        yield value[0], value[1]


def _ring_area(ring: Coordinates) -> float:
    """Signed area of a closed ring (shoelace, relative to its first corner for precision)."""
    x0, y0 = ring[0]
    twice: float = sum(
        (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) for (x1, y1), (x2, y2) in pairwise(ring)
    )
    return twice / 2


def _centroid(ring: Coordinates) -> tuple[float, float]:
    x0, y0 = ring[0]
    area = _ring_area(ring)
    if abs(area) < 1e-6:
        return x0, y0
    cx = cy = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        cx += (x1 + x2 - 2 * x0) * cross
        cy += (y1 + y2 - 2 * y0) * cross
    return round(x0 + cx / (6 * area), 3), round(y0 + cy / (6 * area), 3)
