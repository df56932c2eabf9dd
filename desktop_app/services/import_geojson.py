"""GeoJSON of RFC 7946, and the older form with a `crs` member when that says RD New or WGS84."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from db.errors import UserProblem
from db.fields import N_
from desktop_app.i18n import _
from desktop_app.services.import_sources import LARGEST_WHOLE_BYTES, Source, SourceRow

_WGS84 = ("4326", "CRS84", "OGC:1.3:CRS84")


def open_geojson(path: Path) -> Source:
    """Open a feature collection, one feature or a bare geometry.

    Raises:
        UserProblem: it is no GeoJSON, is too large, or in a projection that is not supported.
    """
    whole = _load(path)
    features = _features(whole, path)
    headers = dict.fromkeys(
        name for feature in features[:5_000] for name in _properties(feature) if name
    )
    if any(isinstance(feature, dict) and "id" in feature for feature in features):
        headers.setdefault("id")

    def rows() -> Iterator[SourceRow]:
        for number, feature in enumerate(features, start=1):
            yield _row(number, feature)

    is_rd = _is_rd(whole)
    notes = (_("The places are in RD New."),) if is_rd else ()
    return Source("geojson", tuple(headers), rows, len(features), ".", is_rd, notes)


def _load(path: Path) -> dict[str, Any]:
    if path.stat().st_size > LARGEST_WHOLE_BYTES:
        raise UserProblem(N_("%(name)s is too large."), name=path.name)
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise UserProblem(N_("This is not JSON: %(reason)s."), reason=exc) from exc
    if not isinstance(whole, dict):
        raise UserProblem(N_("%(name)s is no GeoJSON."), name=path.name)
    return whole


def _features(whole: dict[str, Any], path: Path) -> list[Any]:
    match whole.get("type"):
        case "FeatureCollection" if isinstance(whole.get("features"), list):
            return list(whole["features"])
        case "Feature":
            return [whole]
        case "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon":
            return [{"type": "Feature", "properties": None, "geometry": whole}]
    raise UserProblem(N_("%(name)s is no GeoJSON."), name=path.name)


def _properties(feature: Any) -> Mapping[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _row(number: int, feature: Any) -> SourceRow:
    if not isinstance(feature, dict):
        return SourceRow(number, {}, fault=N_("This is no feature."))
    values = dict(_properties(feature))
    if "id" in feature:
        values.setdefault("id", feature["id"])
    place = feature.get("geometry")
    fault = "" if place is None or isinstance(place, dict) else N_("This is no feature.")
    return SourceRow(number, values, place if not fault else None, fault)


def _is_rd(whole: Mapping[str, Any]) -> bool:
    """Read the `crs` member of before 2016; without it GeoJSON is WGS84."""
    crs = whole.get("crs")
    if not crs:
        return False
    name = str((crs.get("properties") or {}).get("name", "")) if isinstance(crs, dict) else ""
    if name.endswith("28992"):
        return True
    if name.endswith(_WGS84):
        return False
    raise UserProblem(
        N_("The places are in %(name)s. Only WGS84 and RD New can be read."), name=name or crs
    )
