"""Hypothesis strategies made from the declarations: valid values, valid records and edits.

Texts include what breaks careless programs: markup, quotes, right-to-left letters, combining marks,
emoji of many code points, very long words. Left out is only what no database keeps (NUL and halves
of surrogate pairs), which the rules refuse.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from hypothesis import strategies as st

from db.fields import FieldSpec, Kind, Record, fields_of
from db.formats import EMAIL, RSIN, URL
from db.geometry import BERKELLAND_BOUNDS, Geometry
from db.rule_kinds import AtMost, Needed, OneOf
from db.rules import RULES, errors, problems
from tests.factories import FACTORIES, square

NASTY = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert('x')</script>",
    "'; DROP TABLE initiative; --",
    '=HYPERLINK("http://x")',
    "{title} %(title)s %s \\n \\u0000",
    "ÀÉÎÕÜ çßøþ ij",
    "e\u0301e\u0308 a\u0308",
    "\u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627 \u202eabc\u202c",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308",
    "a" * 70,
    "tab\there",
    "- \u2013 \u2014 \u00a0 \u200b",
)
_LETTERS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t")
_INSIDE = (
    st.floats(BERKELLAND_BOUNDS[0] + 200, BERKELLAND_BOUNDS[2] - 200),
    st.floats(BERKELLAND_BOUNDS[1] + 200, BERKELLAND_BOUNDS[3] - 200),
)


def texts(min_length: int = 0, max_length: int = 200) -> st.SearchStrategy[str]:
    """Texts of any letters, with something nasty now and then; never only blanks."""
    anything = st.text(_LETTERS, min_size=min_length, max_size=min(max_length, 200))
    nasty = st.sampled_from(NASTY).map(lambda text: text[:max_length])
    return st.one_of(anything, nasty).filter(lambda text: len(text.strip()) >= min_length)


def positions() -> st.SearchStrategy[tuple[float, float]]:
    """Places in Berkelland in RD metres."""
    return st.tuples(*_INSIDE)


def points() -> st.SearchStrategy[Geometry]:
    """Points in Berkelland."""
    return positions().map(lambda place: Geometry.point(*place))


def lines() -> st.SearchStrategy[Geometry]:
    """Lines of two to five corners."""
    path = st.lists(positions(), min_size=2, max_size=5)
    return path.map(lambda p: Geometry.from_json({"type": "LineString", "coordinates": p}))


def areas() -> st.SearchStrategy[Geometry]:
    """Squares of 5 to 150 m."""
    return st.tuples(*_INSIDE, st.floats(5, 150)).map(lambda parts: square(*parts))


def _rsin(eight: str) -> str:
    rest = sum(int(d) * w for d, w in zip(eight, range(9, 1, -1), strict=True)) % 11
    return eight + str(rest) if rest < 10 else "123456782"


_FORMATS: dict[str, st.SearchStrategy[str]] = {
    RSIN.name: st.from_regex("[0-9]{8}", fullmatch=True).map(_rsin),
    EMAIL.name: st.from_regex(r"[a-z]{1,9}[.][a-z]{1,9}@[a-z]{1,9}[.]example", fullmatch=True),
    URL.name: st.from_regex(r"https?://[a-z]{1,9}[.]example/[a-z0-9/-]{0,20}", fullmatch=True),
}


def _text(spec: FieldSpec) -> st.SearchStrategy[str]:
    meta = spec.meta
    if meta.text_format is None:
        return texts(meta.min_length or 1, meta.max_length or 200)
    by_pattern = st.from_regex(meta.text_format.pattern, fullmatch=True)
    return _FORMATS.get(meta.text_format.name, by_pattern)


def _integer(spec: FieldSpec) -> st.SearchStrategy[int]:
    low = 0 if spec.meta.minimum is None else int(spec.meta.minimum)
    high = 1_000_000 if spec.meta.maximum is None else int(spec.meta.maximum)
    return st.integers(low, high)


def _decimal(spec: FieldSpec) -> st.SearchStrategy[float]:
    return st.floats(spec.meta.minimum or 0, spec.meta.maximum or 1e6).map(lambda n: round(n, 3))


def _moments() -> st.SearchStrategy[datetime]:
    return st.integers(600_000_000, 3_800_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


_SCALARS: dict[Kind, Callable[[FieldSpec], st.SearchStrategy[Any]]] = {
    Kind.TEXT: _text,
    Kind.TEXTS: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.BOOLEAN: lambda _: st.booleans(),
    Kind.DATE: lambda _: st.dates(date(1950, 1, 1), date(2090, 1, 1)),
    Kind.MOMENT: lambda _: _moments(),
    Kind.CODE: lambda spec: st.sampled_from(spec.type),
    Kind.CODES: lambda spec: st.sampled_from(spec.type),
    Kind.REFERENCE: lambda _: st.uuids(version=4),
    Kind.REFERENCES: lambda _: st.uuids(version=4),
    Kind.GEOMETRY: lambda _: st.one_of(points(), lines(), areas()),
    Kind.LINKS: lambda spec: _links(spec),
}


def _links(spec: FieldSpec) -> st.SearchStrategy[Any]:
    return st.builds(spec.type, **{name: values(s) for name, s in fields_of(spec.type).items()})


@cache
def values(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Values that keep the field's own declaration; None too where it may be empty."""
    one = _SCALARS[spec.kind](spec)
    if spec.kind.is_collection:
        return st.frozensets(one, max_size=4)
    may_be_empty = spec.optional and not spec.meta.required
    return st.one_of(st.none(), one) if may_be_empty else one


@st.composite
def records(draw: st.DrawFn, entity: str) -> Record:
    """Valid records of `entity`: any fields filled in any way that the rules allow."""
    sound = FACTORIES[entity](id=draw(st.uuids(version=4)))
    return _changed(draw, sound, most=len(fields_of(type(sound))))


@st.composite
def edits(draw: st.DrawFn, record: Record, most: int = 4) -> Record:
    """Records that follow on `record` by one allowed edit of up to `most` fields."""
    return _changed(draw, record, most, before=record)


def _changed(draw: st.DrawFn, sound: Record, most: int, before: Record | None = None) -> Record:
    specs = fields_of(type(sound))
    names = draw(st.lists(st.sampled_from(list(specs)), unique=True, max_size=most))
    drawn = {name: draw(values(specs[name])) for name in names}
    return _mended(replace(sound, **drawn), sound, before)


def _mended(record: Record, sound: Record, before: Record | None) -> Record:
    """Take fields back to those of `sound`, which is valid, until no rule is broken."""
    while wrong := errors(problems(record, before)):
        names = set().union(*(_involved(record, problem.field) for problem in wrong))
        again = replace(record, **{name: getattr(sound, name) for name in names})
        record = sound if again == record else again
    return record


def _involved(record: Record, field: str) -> set[str]:
    names = {field}
    for rule in RULES.get(record.ENTITY, ()):
        match rule:
            case AtMost(low, high) if field in (low, high):
                names |= {low, high}
            case Needed(fields, when) if field in fields:
                names |= {*fields, when}
            case OneOf(of, _, when) if field == of:
                names |= {of, when}
    return names
