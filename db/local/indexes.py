"""What follows every record: its row in the listing, its words and its place.

`item` has one narrow row per record of any kind: lists, counts, the map and the search box read it
without touching the wide tables. Its `number` is the rowid of the full-text and R*Tree entries.
Two full-text tables: `search` finds words and beginnings everywhere, `infix` (trigrams) the middle
of Dutch compounds in titles ("plein" in "Dorpsplein"). Only what an edit touched is written again:
each page written costs its encryption.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from db.changes import Json, Values
from db.fields import Record, fields_of
from db.geometry import Geometry, lon_lat

_SPLIT = re.compile(r"[^0-9a-z]+")
_INITIALS = re.compile(r"(?<=\b\w)[.](?=\w\b)")
_DROPPED = str.maketrans("", "", "'\u2019`\u00b4")
_ADDRESS = ("house_number", "house_letter")
_UPSERT_ITEM = (
    "INSERT INTO item(record_id, entity, title, kern, state, deleted, changed_at, lon, lat)"
    " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT(record_id) DO UPDATE SET title = excluded.title,"
    " kern = excluded.kern, state = excluded.state, deleted = excluded.deleted,"
    " changed_at = excluded.changed_at, lon = excluded.lon, lat = excluded.lat RETURNING number"
)
_UPDATE_ITEM = (
    "UPDATE item SET title = ?, kern = ?, state = ?, deleted = ?, changed_at = ?"
    " WHERE record_id = ? RETURNING number"
)


@dataclass(frozen=True, slots=True)
class _Words:
    """Which fields of an entity feed the two full-text columns, in the order they are written."""

    title: tuple[str, ...]
    body: tuple[str, ...]
    title_fields: frozenset[str]
    all_fields: frozenset[str]


_WORDS: dict[type[Record], _Words] = {}


def _words(kind: type[Record]) -> _Words:
    if kind not in _WORDS:
        searched = {n: s.meta.multiline for n, s in fields_of(kind).items() if s.meta.searched}
        first = (kind.TITLE, "code")
        short = {n for n, is_long in searched.items() if not is_long} - {*first, *_ADDRESS}
        body = sorted(n for n, is_long in searched.items() if is_long)
        titled = frozenset((*first, *short, *_ADDRESS))
        _WORDS[kind] = _Words((*first, *sorted(short)), tuple(body), titled, titled.union(body))
    return _WORDS[kind]


def driver(connection: Connection) -> Any:
    """Return the driver's connection inside the same transaction, for statements run all the time."""
    return connection.connection.driver_connection


def fold(text: str) -> str:
    """Return `text` as it is searched: no accents or apostrophes, lower case, single spaces.

    Dots part words, but not the letters of an abbreviation.

    >>> fold("St. Jan's Café-Terras"), fold("K.v.K."), fold("st.jan")
    ('st jans cafe terras', 'kvk', 'st jan')
    """
    letters = _INITIALS.sub("", text.translate(_DROPPED)).casefold()
    if not letters.isascii():
        plain = unicodedata.normalize("NFKD", letters)
        letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _SPLIT.sub(" ", letters).strip()


def index(
    connection: Connection,
    kind: type[Record],
    values: list[dict[str, Json]],
    *,
    changed: frozenset[str] | None = None,
) -> None:
    """Bring the indexes up to date; `changed` names the fields an edit touched (None: all)."""
    raw = driver(connection)
    if changed is not None and "geometry" not in changed:
        kept = [(*_item(kind, value)[2:], value["id"]) for value in values]
        numbers = [raw.execute(_UPDATE_ITEM, item).fetchone()[0] for item in kept]
    else:
        places = [_place(value) for value in values]
        items = [
            (*_item(kind, value), *_lon_lat(place))
            for value, place in zip(values, places, strict=True)
        ]
        numbers = [raw.execute(_UPSERT_ITEM, item).fetchone()[0] for item in items]
        _index_places(raw, numbers, places)
    _index_words(raw, _words(kind), numbers, values, changed)


def _index_words(
    raw: Any,
    words: _Words,
    numbers: list[int],
    values: list[dict[str, Json]],
    changed: frozenset[str] | None,
) -> None:
    if changed is not None and not changed & words.all_fields:
        return
    titles = [_title(words, value) for value in values]
    if changed is None or changed & words.title_fields:
        raw.executemany(
            "INSERT OR REPLACE INTO infix(rowid, title) VALUES (?,?)",
            list(zip(numbers, titles, strict=True)),
        )
    texts = [
        (number, title, _body(words, value))
        for number, title, value in zip(numbers, titles, values, strict=True)
    ]
    raw.executemany("INSERT OR REPLACE INTO search(rowid, title, body) VALUES (?,?,?)", texts)


def _index_places(raw: Any, numbers: list[int], places: list[Geometry | None]) -> None:
    gone = [(number,) for number, place in zip(numbers, places, strict=True) if place is None]
    raw.executemany("DELETE FROM place WHERE number = ?", gone)
    boxes = [(n, p.bounds) for n, p in zip(numbers, places, strict=True) if p is not None]
    raw.executemany(
        "INSERT OR REPLACE INTO place(number, west, east, south, north) VALUES (?,?,?,?,?)",
        [(number, box[0], box[2], box[1], box[3]) for number, box in boxes],
    )


def _place(value: Values) -> Geometry | None:
    return Geometry.from_json(value["geometry"]) if value.get("geometry") else None


def _lon_lat(place: Geometry | None) -> tuple[float | None, float | None]:
    return lon_lat(*place.anchor) if place else (None, None)


def _item(kind: type[Record], value: Values) -> tuple[Any, ...]:
    return (
        value["id"],
        kind.ENTITY,
        str(value.get(kind.TITLE) or ""),
        value.get("kern"),
        value.get(kind.STATE) if kind.STATE else None,
        int(bool(value.get("deleted"))),
        value.get("changed_at"),
    )


def _title(words: _Words, value: Values) -> str:
    """Return the folded title with number, address and the other short texts."""
    parts = [str(value[name]) for name in words.title if value.get(name)]
    parts.append("".join(str(value[name]) for name in _ADDRESS if value.get(name)))
    return fold(" ".join(parts))


def _body(words: _Words, value: Values) -> str:
    return fold(" ".join(str(value[n]) for n in words.body if value.get(n)))
