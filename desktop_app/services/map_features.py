"""The selection of a list as features of the map: same query, same records.

Points come narrow, straight from the index of the store; the shapes of lines and areas are read
only for what the map shows from close by, as thousands of areas at once would help nobody.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from db.entities import ENTITIES
from db.entities.initiative import LocationAccuracy
from db.entities.premises import Availability
from db.fields import CodeList, Record, fields_of
from db.geometry import Geometry, lon_lat, rd
from db.local.query import Filter, MapRow, Op, Query
from db.local.store import LocalStore
from desktop_app.i18n import _, local_time
from desktop_app.services.listing import ON_MAP, Listing, selection_of
from desktop_app.services.map_document import MapBounds, MapFeature
from desktop_app.services.row_words import key_of, state_word
from desktop_app.services.symbols import symbol_key
from desktop_app.services.titles import Titles

SHAPES_FROM_ZOOM = 13.0
MOST_SHAPES = 600
"""More areas than this in sight stay pins: they would be too small to see."""

MOVE_ROOM_M = 250
"""Metres shown round a pin that is being moved; round corners less, to tell them apart."""

_OPEN = frozenset(Availability) - {Availability.LET, Availability.SOLD, Availability.WITHDRAWN}
_VAGUE = frozenset({LocationAccuracy.STREET, LocationAccuracy.KERN})


def features_of(store: LocalStore, listing: Listing, titles: Titles) -> list[MapFeature]:
    """Return every pin of a listing; safe on any thread."""
    rows = selection_of(store, listing)
    if not rows:
        return []
    return _features(store, listing.entity, rows, titles)


def _features(
    store: LocalStore, entity: str, rows: list[MapRow], titles: Titles
) -> list[MapFeature]:
    marks = {str(item.record_id): "choice" for item in store.conflicts()}
    overdue: set[str] = set()
    if entity == "premises":
        overdue = _ids(store, Query(entity=entity, filters=_overdue_filters()))
    elif entity == "initiative":
        vague = Query(entity=entity, filters=(Filter("location_accuracy", Op.IN, _VAGUE),))
        marks = {**dict.fromkeys(_ids(store, vague), "approximate"), **marks}
    kernen = {row.kern for row in rows if row.kern}
    titles.prepare(UUID(kern) for kern in kernen)
    words = {kern: titles("kern", UUID(kern)) for kern in kernen}
    labels = _state_labels(entity)
    return [
        MapFeature(
            row.record_id,
            entity,
            row.lon,
            row.lat,
            symbol_key(entity, row.state, overdue=row.record_id in overdue),
            row.title,
            " · ".join(
                part for part in (words.get(row.kern or ""), labels.get(row.state or "")) if part
            ),
            marks.get(row.record_id, ""),
        )
        for row in rows
    ]


def _ids(store: LocalStore, query: Query) -> set[str]:
    return {row.record_id for row in store.map_rows(query)}


def _overdue_filters() -> tuple[Filter, ...]:
    yesterday = _today() - timedelta(days=1)
    return (Filter("next_check", Op.UNTIL, yesterday), Filter("availability", Op.IN, _OPEN))


def _state_labels(entity: str) -> dict[str, str]:
    kind = ENTITIES[entity]
    if not kind.STATE:
        return {}
    codes: type[CodeList] = fields_of(kind)[kind.STATE].type
    return {code.value: _(code.label) for code in codes}


def feature_of(record: Record, titles: Titles, mark: str = "") -> MapFeature | None:
    """Return one record with its whole shape; None without a place or for other entities."""
    geometry = getattr(record, "geometry", None)
    if geometry is None or record.ENTITY not in ON_MAP or record.deleted:
        return None
    lon, lat = lon_lat(*geometry.anchor)
    kern = getattr(record, "kern", None)
    parts = (titles("kern", kern) if kern else "", state_word(record))
    return MapFeature(
        str(record.id),
        record.ENTITY,
        lon,
        lat,
        key_of(record),
        record.title_text,
        " · ".join(part for part in parts if part),
        mark,
        None if geometry.kind == "Point" else geometry.to_wgs84(),
    )


def shapes_in(
    store: LocalStore, bounds: MapBounds, shown: Iterable[str], entity: str, titles: Titles
) -> list[MapFeature]:
    """Return the shaped features of `entity` in sight, of those in `shown` (ids)."""
    if bounds.zoom < SHAPES_FROM_ZOOM or entity not in ON_MAP:
        return []
    west, south = rd(bounds.west, bounds.south)
    east, north = rd(bounds.east, bounds.north)
    radius = max(east - west, north - south) / 2 + 50
    hits = store.near((west + east) / 2, (south + north) / 2, radius, entity)
    wanted = set(shown)
    ids = [hit.record_id for hit in hits if str(hit.record_id) in wanted]
    if len(ids) > MOST_SHAPES:
        return []
    records = store.get_many(entity, ids).values()
    found = (feature_of(record, titles) for record in records)
    return [feature for feature in found if feature is not None and feature.shape is not None]


def room_around(geometry: Geometry) -> tuple[float, float, float, float]:
    """Return west, south, east, north (degrees) from so near that a place can be moved with care."""
    west, south, east, north = geometry.bounds
    size = max(east - west, north - south)
    room = max(MOVE_ROOM_M / 5, size) if size else MOVE_ROOM_M
    return (*lon_lat(west - room, south - room), *lon_lat(east + room, north + room))


def _today() -> date:
    return local_time(datetime.now(UTC)).date()
