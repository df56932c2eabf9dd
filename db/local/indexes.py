"""What follows every record: its row in the listing, its words and its place.

`item` has one narrow row per record of any kind: lists, counts, the map and the search box read it
without touching the wide tables. Its `number` is the rowid of the full-text and R*Tree entries.
Two full-text tables: `search` finds words and beginnings everywhere, `infix` (trigrams) the middle
of Dutch compounds in titles ("plein" in "Dorpsplein"). Only what an edit touched is written again:
each page written costs its encryption.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from db.changes import Json, Values
from db.fields import Record, fields_of
from db.geometry import Geometry, lon_lats

_SPLIT = re.compile(r"[^0-9a-z]+")
_INITIALS = re.compile(r"(?<=\b\w)[.](?=\w\b)")
_DROPPED = str.maketrans("", "", "'\u2019`\u00b4")
_LETTERS = {
    number: None if chr(number) in "'`" else chr(number) if chr(number).isalnum() else " "
    for number in range(128)
}
"""Of folded text without accents: what each letter becomes, spaces apart from letters and digits."""
_ADDRESS = ("house_number", "house_letter")
_INSERT_ITEM = (
    "INSERT INTO item(record_id, entity, title, kern, state, deleted, changed_at, lon, lat, number,"
    " digest) VALUES (?,?,?,?,?,?,?,?,?,?,?)"
)
_UPDATE_ITEM = (
    "UPDATE item SET title = ?, kern = ?, state = ?, deleted = ?, changed_at = ?,"
    " digest = coalesce(?, digest) WHERE record_id = ?"
)
_MOVE_ITEM = "UPDATE item SET lon = ?, lat = ? WHERE number = ?"


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
    if "." in text:
        text = _INITIALS.sub("", text.translate(_DROPPED))
    letters = text.casefold()
    if letters.isascii():
        return " ".join(letters.translate(_LETTERS).split())
    plain = unicodedata.normalize("NFKD", letters.translate(_DROPPED))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _SPLIT.sub(" ", plain).strip()


def index_new(
    connection: Connection,
    kind: type[Record],
    values: list[dict[str, Json]],
    digests: Mapping[str, int | None],
) -> None:
    """Index records that the store did not have; `digests` are those of the shared database."""
    raw = driver(connection)
    first = raw.execute("SELECT coalesce(max(number), 0) + 1 FROM item").fetchone()[0]
    numbers = range(first, first + len(values))
    places = [_place(value) for value in values]
    raw.executemany(
        _INSERT_ITEM,
        [
            (*_item(kind, value), *where, number, digests.get(value["id"]))
            for value, where, number in zip(values, _lon_lats(places), numbers, strict=True)
        ],
    )
    _put_boxes(raw, numbers, places)
    words = _words(kind)
    titles = [_title(words, value) for value in values]
    raw.executemany(
        "INSERT INTO infix(rowid, title) VALUES (?,?)", zip(numbers, titles, strict=True)
    )
    bodies = [_body(words, value) for value in values]
    raw.executemany(
        "INSERT INTO search(rowid, title, body) VALUES (?,?,?)",
        zip(numbers, titles, bodies, strict=True),
    )


def index_changed(
    connection: Connection,
    kind: type[Record],
    values: list[dict[str, Json]],
    changed: frozenset[str],
    digests: Mapping[str, int | None] | None = None,
) -> None:
    """Bring the indexes up to date with records of which the fields `changed` have new values.

    `digests` are those of the shared database that came along.
    """
    raw = driver(connection)
    new = digests or {}
    raw.executemany(
        _UPDATE_ITEM,
        [(*_item(kind, value)[2:], new.get(value["id"]), value["id"]) for value in values],
    )
    words = _words(kind)
    is_moved, is_reworded = "geometry" in changed, bool(changed & words.all_fields)
    if not (is_moved or is_reworded):
        return
    numbers = _numbers(raw, values)
    if is_moved:
        _move(raw, numbers, [_place(value) for value in values])
    if is_reworded:
        _reword(raw, words, numbers, values, is_titled=bool(changed & words.title_fields))


def _numbers(raw: Any, values: list[dict[str, Json]]) -> list[int]:
    asked = json.dumps([value["id"] for value in values])
    found = dict(
        raw.execute(
            "SELECT record_id, number FROM item"
            " WHERE record_id IN (SELECT value FROM json_each(?))",
            (asked,),
        )
    )
    return [found[value["id"]] for value in values]


def _reword(
    raw: Any, words: _Words, numbers: list[int], values: list[dict[str, Json]], *, is_titled: bool
) -> None:
    titles = [_title(words, value) for value in values]
    if is_titled:
        raw.executemany(
            "INSERT OR REPLACE INTO infix(rowid, title) VALUES (?,?)",
            zip(numbers, titles, strict=True),
        )
    bodies = [_body(words, value) for value in values]
    raw.executemany(
        "INSERT OR REPLACE INTO search(rowid, title, body) VALUES (?,?,?)",
        zip(numbers, titles, bodies, strict=True),
    )


def _move(raw: Any, numbers: list[int], places: list[Geometry | None]) -> None:
    where = zip(_lon_lats(places), numbers, strict=True)
    raw.executemany(_MOVE_ITEM, [(*lon_lat, number) for lon_lat, number in where])
    gone = [(number,) for number, place in zip(numbers, places, strict=True) if place is None]
    raw.executemany("DELETE FROM place WHERE number = ?", gone)
    _put_boxes(raw, numbers, places)


def _put_boxes(raw: Any, numbers: Sequence[int], places: list[Geometry | None]) -> None:
    boxes = [(n, p.bounds) for n, p in zip(numbers, places, strict=True) if p is not None]
    raw.executemany(
        "INSERT OR REPLACE INTO place(number, west, east, south, north) VALUES (?,?,?,?,?)",
        [(number, box[0], box[2], box[1], box[3]) for number, box in boxes],
    )


def _place(value: Values) -> Geometry | None:
    return Geometry.from_json(value["geometry"]) if value.get("geometry") else None


def _lon_lats(places: list[Geometry | None]) -> list[tuple[float | None, float | None]]:
    """Return where the pins stand, all converted in one go: one by one costs four times as much."""
    found = iter(lon_lats([place.anchor for place in places if place is not None]))
    return [next(found) if place is not None else (None, None) for place in places]


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
