"""Records out to a file, by its extension: .geojson, .gpkg, .csv or .xlsx.

The file is written beside its name and put in place when it is whole, so a failure never leaves
half a file, nor destroys an older one.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any

from db.errors import StorageFull, UserProblem
from db.fields import N_, Record
from db.geometry import Geometry
from db.local.store import LocalStore
from desktop_app.i18n import _
from desktop_app.services.export_gpkg import write_gpkg
from desktop_app.services.export_tables import write_csv, write_xlsx
from desktop_app.services.export_values import (
    EXAMPLE,
    ExportChoice,
    is_example,
    plain_value,
    records_for,
)
from desktop_app.services.listing import ON_MAP, Listing
from desktop_app.services.references import References

_NO_SPACE = 28
_AHEAD = 500


@dataclass(frozen=True, slots=True)
class Exported:
    """Where it went and how many records it holds."""

    path: Path
    records: int


class ExportStopped(Exception):
    """The person stopped the export; nothing was written."""


Counted = Callable[[type[Record]], Iterator[Record]]


def export(
    store: LocalStore,
    path: Path,
    choice: ExportChoice | None = None,
    *,
    progress: Callable[[int], None] = lambda done: None,
    cancel: Event | None = None,
) -> Exported:
    """Write the chosen records (by default all with a place on the map) to `path`.

    Raises:
        UserProblem: the extension is not known, or the file can't be written. StorageFull.
        ExportStopped: on request; `path` is as it was.
    """
    chosen = choice or ExportChoice(listings=tuple(listing_of(name) for name in ON_MAP))
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UserProblem(
            N_("“%(name)s” is no kind of file to export. Choose %(kinds)s."),
            name=path.suffix or path.name,
            kinds=", ".join(_WRITERS),
        )
    references = References(store)
    count = 0

    def records(entity: type[Record]) -> Iterator[Record]:
        nonlocal count
        for batch in _batches(records_for(store, chosen, entity)):
            if cancel is not None and cancel.is_set():
                raise ExportStopped
            references.prepare(batch)
            yield from batch
            count += len(batch)
            progress(count)

    with _in_place_of(path) as unfinished:
        writer(unfinished, chosen, records, references, is_example(store))
    return Exported(path, count)


@contextmanager
def _in_place_of(path: Path) -> Iterator[Path]:
    """Give a path to write to, which takes the place of `path` when all went well."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        unfinished.unlink(missing_ok=True)
        yield unfinished
        os.replace(unfinished, path)  # noqa: PTH105 - atomic on every platform
    except OSError as exc:
        raise _converted(exc, path) from exc
    finally:
        unfinished.unlink(missing_ok=True)


def listing_of(entity: str) -> Listing:
    """Return the listing of every live record of an entity, oldest first: a stable order."""
    return Listing(entity=entity, sort="created_at", descending=False)


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == _AHEAD:
            yield batch
            batch = []
    if batch:
        yield batch


def _converted(exc: OSError, path: Path) -> Exception:
    if exc.errno == _NO_SPACE:
        return StorageFull(N_("The disk is full. The file was not written."))
    message = N_("%(name)s can't be written: %(reason)s.")
    return UserProblem(message, name=path.name, reason=exc.strerror or exc)


def write_geojson(
    path: Path, choice: ExportChoice, records: Counted, references: References, example: bool
) -> None:
    """Write a feature collection of RFC 7946: WGS84, outer rings anticlockwise, one a line."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"type": "FeatureCollection",\n')
        if example:
            stream.write(f'"note": {json.dumps(_("Example data"), ensure_ascii=False)},\n')
        stream.write('"features": [')
        mark = "\n"
        for entity in choice.entities:
            for record in records(entity):
                feature = _feature(record, choice, references, example)
                stream.write(mark + json.dumps(feature, ensure_ascii=False))
                mark = ",\n"
        stream.write("\n]}\n")


def _feature(
    record: Record, choice: ExportChoice, references: References, example: bool
) -> dict[str, Any]:
    place: Geometry | None = getattr(record, "geometry", None)
    properties: dict[str, Any] = {"entity": record.ENTITY, "code": record.code}
    for spec in choice.fields(type(record)):
        value = getattr(record, spec.name)
        properties[spec.name] = plain_value(spec, value)
        if spec.meta.refers_to and not spec.kind.is_collection:
            title = references.title(spec.meta.refers_to, value) if value else None
            properties[f"{spec.name}_title"] = title
    if example:
        properties[EXAMPLE] = True
    return {
        "type": "Feature",
        "id": str(record.id),
        "geometry": None if place is None else wound(place.to_wgs84()),
        "properties": properties,
    }


def wound(geometry: dict[str, Any]) -> dict[str, Any]:
    """Return a GeoJSON geometry with outer rings anticlockwise and holes clockwise (RFC 7946 3.1.6)."""
    match geometry["type"]:
        case "Polygon":
            return {**geometry, "coordinates": _wound_rings(geometry["coordinates"])}
        case "MultiPolygon":
            rings = [_wound_rings(polygon) for polygon in geometry["coordinates"]]
            return {**geometry, "coordinates": rings}
    return geometry


def _wound_rings(rings: list[Any]) -> list[Any]:
    return [
        ring if (_turn(ring) > 0) == (index == 0) else ring[::-1]
        for index, ring in enumerate(rings)
    ]


def _turn(ring: list[Any]) -> float:
    """Return twice the signed area of a ring: positive when it runs anticlockwise."""
    x0, y0 = ring[0]
    return float(
        sum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in pairwise(ring))
    )


_WRITERS: dict[str, Callable[[Path, ExportChoice, Counted, References, bool], None]] = {
    ".geojson": write_geojson,
    ".gpkg": write_gpkg,
    ".csv": write_csv,
    ".xlsx": write_xlsx,
}
EXTENSIONS = tuple(_WRITERS)
"""What can be written."""
