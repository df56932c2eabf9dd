"""Derive `outlines.geojson`, the ground of the map when there are no tiles.

Run by hand when the borders change; the program only reads the result:
`python resources/map/derive_outlines.py GEMEENTEGRENZEN.topojson BUURTEN.csv`

The municipality and its neighbours are CBS/Kadaster borders (CC BY 4.0), simplified. The area of a
kern is *indicative*: Voronoi cells of the CBS neighbourhood points, joined per kern and clipped to
the municipality. The built-up patches are circles round neighbourhood points. Neither is a legal
border, and every such feature says so (`indicative: true`).
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import shapely
from pyproj import Transformer
from shapely import voronoi_polygons
from shapely.geometry import MultiPoint, Point, Polygon, box, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import polylabel, unary_union

MUNICIPALITY = "GM1859"
NEIGHBOURS = {"GM0158", "GM0262", "GM1586", "GM1735", "GM1876"}
#: name, kind, BAG place code (Noordijk has none), lat, lon: GeoNames place points.
KERNEN = (
    ("Borculo", "hoofdkern", "1659", 52.11583, 6.52222),
    ("Eibergen", "hoofdkern", "1662", 52.10000, 6.64861),
    ("Neede", "hoofdkern", "1656", 52.13417, 6.61389),
    ("Ruurlo", "hoofdkern", "1658", 52.08833, 6.45000),
    ("Beltrum", "kleine kern", "1661", 52.06667, 6.56389),
    ("Geesteren", "kleine kern", "1655", 52.13917, 6.52639),
    ("Gelselaar", "kleine kern", "1654", 52.16833, 6.52639),
    ("Haarlo", "kleine kern", "1660", 52.11250, 6.58194),
    ("Noordijk", "kleine kern", None, 52.14667, 6.57361),
    ("Rekken", "kleine kern", "1663", 52.09417, 6.72500),
    ("Rietmolen", "kleine kern", "1657", 52.14083, 6.66250),
)
RURAL = "Verspreide huizen "
#: Hupsel is one neighbourhood in two parts, and belongs to Eibergen as a whole.
KERN_OF_BUURT = {"Hupsel-West": "Eibergen", "Hupsel-Oost": "Eibergen"}
SPELLING = {"Industerrein": "Industrieterrein", " eo": " e.o."}
BUILT_RADIUS_M = 330
MARGIN_M = 14_000  # of the neighbours' ground that is kept around the municipality
LABEL_REACH_M = 3_000
TOLERANCE_M = 25  # of borders and built-up patches: nothing one sees from zoom 14 outwards

TO_RD = Transformer.from_crs(4326, 28992, always_xy=True).transform
TO_WGS84 = Transformer.from_crs(28992, 4326, always_xy=True).transform


def project(geometry: BaseGeometry, to: Any) -> BaseGeometry:
    """Return the geometry with every x, y sent through the transformer."""
    return shapely.transform(geometry, to, interleaved=False)


def read_municipalities(path: Path) -> dict[str, tuple[str, BaseGeometry]]:
    """Decode the rings of our municipality and its neighbours, in RD metres, by CBS code."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    (scale_x, scale_y), (origin_x, origin_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )

    def arc(number: int) -> list[tuple[float, float]]:
        x = y = 0
        points = []
        for dx, dy in topology["arcs"][number if number >= 0 else ~number]:
            x, y = x + dx, y + dy
            points.append((origin_x + x * scale_x, origin_y + y * scale_y))
        return points if number >= 0 else points[::-1]

    def ring(numbers: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for number in numbers:
            points.extend(arc(number)[1 if points else 0 :])
        return points

    found = {}
    for item in topology["objects"]["Gemeentegrenzen"]["geometries"]:
        code = item["properties"]["GM_CODE"]
        if code == MUNICIPALITY or code in NEIGHBOURS:
            outer, *holes = [ring(numbers) for numbers in item["arcs"]]
            found[code] = (
                item["properties"]["GM_NAAM"],
                project(Polygon(outer, holes), TO_RD).buffer(0),
            )
    # As one coverage, so that neighbours keep sharing their borders; areas in m2.
    shapes = shapely.coverage_simplify([shape for _, shape in found.values()], TOLERANCE_M)
    names = [name for name, _ in found.values()]
    return dict(zip(found, zip(names, shapes, strict=True), strict=True))


def spelled(name: str) -> str:
    """Return a name without the slips of the source."""
    for wrong, right in SPELLING.items():
        name = name.replace(wrong, right)
    return name


def read_buurten(path: Path) -> list[tuple[str, bool, Point]]:
    """Return name, whether it is built-up, and RD point of every neighbourhood."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            (
                spelled(row["buurt"]).removeprefix(RURAL),
                not row["buurt"].startswith(RURAL),
                Point(TO_RD(float(row["lon"]), float(row["lat"]))),
            )
            for row in csv.DictReader(stream, delimiter=";")
        ]


def kern_of(name: str, point: Point) -> str:
    """Choose the kern of a neighbourhood: by the table, by its own name, else the nearest."""
    for kern, *_ in KERNEN:
        if KERN_OF_BUURT.get(name) == kern or (name not in KERN_OF_BUURT and kern in name):
            return kern
    return min(KERNEN, key=lambda kern: point.distance(Point(TO_RD(kern[4], kern[3]))))[0]


def kern_areas(
    municipality: BaseGeometry, buurten: list[tuple[str, bool, Point]]
) -> dict[str, BaseGeometry]:
    """Join the Voronoi cells of the neighbourhoods per kern and clip them to the municipality."""
    owners = [(point, kern_of(name, point)) for name, _, point in buurten]
    owners += [(Point(TO_RD(lon, lat)), name) for name, _, _, lat, lon in KERNEN]
    cells = voronoi_polygons(MultiPoint([point for point, _ in owners]), extend_to=municipality)
    parts: dict[str, list[BaseGeometry]] = {}
    for cell in cells.geoms:
        owner = next(kern for point, kern in owners if cell.covers(point))
        parts.setdefault(owner, []).append(cell)
    return {kern: unary_union(found).intersection(municipality) for kern, found in parts.items()}


def label_place(ground: BaseGeometry) -> list[float]:
    """Return where a name has most room, as lon, lat: near us, so that it is in view."""
    largest = max(getattr(ground, "geoms", [ground]), key=lambda part: part.area)
    return [round(value, 6) for value in project(polylabel(largest, 50), TO_WGS84).coords[0]]


def feature(layer: str, name: str, geometry: BaseGeometry, **properties: Any) -> dict[str, Any]:
    """Make one GeoJSON feature (WGS84, lon, lat, six decimals) of an RD geometry."""
    rounded = shapely.set_precision(project(geometry, TO_WGS84), 1e-6)
    return {
        "type": "Feature",
        "properties": {"layer": layer, "name": name, **properties},
        "geometry": mapping(rounded),
    }


def outlines(borders: Path, neighbourhoods: Path) -> list[dict[str, Any]]:
    """Build all features, in the order in which they are painted."""
    areas = read_municipalities(borders)
    buurten = read_buurten(neighbourhoods)
    name, municipality = areas[MUNICIPALITY]
    view = box(*municipality.buffer(MARGIN_M).bounds)
    features = []
    for code in sorted(NEIGHBOURS):
        neighbour, ground = areas[code]
        label = label_place(ground.intersection(municipality.buffer(LABEL_REACH_M)))
        features.append(
            feature("neighbour", neighbour, ground.intersection(view), code=code, label=label)
        )
    features.append(feature("municipality", name, municipality, code=MUNICIPALITY))
    kinds = {kern: (kind, code) for kern, kind, code, *_ in KERNEN}
    for kern, area in sorted(kern_areas(municipality, buurten).items()):
        features.append(feature("kern_area", kern, area, kind=kinds[kern][0], indicative=True))
    built = unary_union(
        [point.buffer(BUILT_RADIUS_M) for _, is_built, point in buurten if is_built]
    )
    smooth = built.buffer(120).buffer(-120).simplify(TOLERANCE_M).intersection(municipality)
    features.extend(
        feature("built", "", part, indicative=True) for part in getattr(smooth, "geoms", [smooth])
    )
    features.extend(
        feature("buurt", name, point, built=is_built) for name, is_built, point in buurten
    )
    for kern, kind, code, lat, lon in KERNEN:
        features.append(feature("kern", kern, Point(TO_RD(lon, lat)), kind=kind, woonplaats=code))
    return features


def main(borders: str, neighbourhoods: str) -> None:
    """Write the collection beside this file, one feature a line so that a change reads well."""
    features = outlines(Path(borders), Path(neighbourhoods))
    bounds = shape(
        next(f for f in features if f["properties"]["layer"] == "municipality")["geometry"]
    ).bounds
    head = {
        "type": "FeatureCollection",
        "attribution": "grenzen © CBS/Kadaster",
        "license": "CC-BY-4.0",
        "bbox": bounds,
    }
    lines = ",\n".join(
        json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in features
    )
    text = json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n' + lines + "\n]}\n"
    Path(__file__).with_name("outlines.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
