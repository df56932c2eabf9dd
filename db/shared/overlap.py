"""How much land two areas share; the same computation as `overlap_m2` of the shared database.

A sweep over the levels (y) at which an edge begins, ends or crosses one of the other area: between
two of them every shared piece is a trapezoid, whose middle width times its height is its area. So the
result is exact for simple polygons with holes, without a geometry library in the database.
"""

from collections.abc import Iterator
from itertools import pairwise

from db.geometry import Geometry

ALLOWED_M2 = 1.0
"""Land that two plots may share: borders are measured in decimetres."""

Edge = tuple[float, float, float, float]


def overlap_m2(one: Geometry, other: Geometry) -> float:
    """Return the square metres (RD) that two areas share; 0 for anything but areas."""
    if not _bounds_meet(one, other):
        return 0.0
    mine, theirs = list(_edges(one)), list(_edges(other))
    levels = {edge[1] for edge in (*mine, *theirs)}
    levels.update(y for a in mine for b in theirs for y in _crossing(a, b))
    return sum(
        (high - low) * _shared_width(_spans(mine, middle), _spans(theirs, middle))
        for low, high in pairwise(sorted(levels))
        for middle in ((low + high) / 2,)
    )


def _bounds_meet(one: Geometry, other: Geometry) -> bool:
    west, south, east, north = one.bounds
    left, bottom, right, top = other.bounds
    return west <= right and left <= east and south <= top and bottom <= north


def _edges(area: Geometry) -> Iterator[Edge]:
    if area.kind not in {"Polygon", "MultiPolygon"}:
        return
    for polygon in [area.coordinates] if area.kind == "Polygon" else area.coordinates:
        for ring in polygon:
            for (x1, y1), (x2, y2) in pairwise(ring):
                yield x1, y1, x2, y2


def _crossing(a: Edge, b: Edge) -> Iterator[float]:
    """Yield the y at which two edges cross, if they do."""
    (ax, ay), (bx, by) = (a[2] - a[0], a[3] - a[1]), (b[2] - b[0], b[3] - b[1])
    cross = ax * by - ay * bx
    if cross:
        dx, dy = b[0] - a[0], b[1] - a[1]
        along_a, along_b = (dx * by - dy * bx) / cross, (dx * ay - dy * ax) / cross
        if 0 <= along_a <= 1 and 0 <= along_b <= 1:
            yield a[1] + along_a * ay


def _spans(edges: list[Edge], y: float) -> list[tuple[float, float]]:
    """Return the (from, until) x of the area's inside on the line at `y`."""
    xs = sorted(
        x1 + (y - y1) / (y2 - y1) * (x2 - x1)
        for x1, y1, x2, y2 in edges
        if (y1 < y) is not (y2 < y)
    )
    return list(zip(xs[::2], xs[1::2], strict=False))


def _shared_width(mine: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> float:
    return sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a in mine for b in theirs)
