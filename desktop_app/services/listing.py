"""What a list shows: its choices, as a value, and the query they make for list and map alike.

Filters, columns and sort orders come from the declarations (`in_filter`, `in_list`), so a new field
is listed and filtered without a line here. List and map ask the store the same `Query`; that is
what keeps their selections equal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum, auto
from typing import Any
from uuid import UUID

from db.entities import ENTITIES
from db.fields import FieldSpec, Kind, Record, fields_of
from db.local.query import MINE_FIELDS, Filter, MapRow, Op, Page, Query
from db.local.store import LocalStore
from desktop_app.i18n import _
from desktop_app.services.typed_text import Names, no_names, text_of
from desktop_app.services.words import fold

ON_MAP = ("initiative", "premises", "plot")
"""The entities that have pins."""

PAGE_SIZE = 100

_WHOLE_PAGE = 5_000
"""Records read at once when all are wanted: each page sorts the whole selection anew."""

_FEW, _SHOWN = 2, 24


class FilterKind(Enum):
    """How a filter is chosen."""

    CODES = auto()
    REFERENCE = auto()
    RANGE = auto()
    SWITCH = auto()


@dataclass(frozen=True, slots=True)
class Range:
    """From and until, both included; None leaves an end open."""

    low: int | float | date | None = None
    high: int | float | date | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing is chosen."""
        return self.low is None and self.high is None


Chosen = frozenset[Any] | Range | bool


@dataclass(frozen=True, slots=True)
class FilterSpec:
    """One filter button: the field, how it is chosen, and the codes to choose from."""

    field: FieldSpec
    kind: FilterKind

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field.name

    @property
    def label(self) -> str:
        """The word on the button when nothing is chosen."""
        return _(self.field.meta.label)

    @property
    def codes(self) -> tuple[Any, ...]:
        """The codes to choose from, in the order of the declaration; empty for other kinds."""
        return tuple(self.field.type) if self.kind is FilterKind.CODES else ()

    @property
    def refers_to(self) -> str:
        """The entity to choose from; "" for other kinds."""
        return self.field.meta.refers_to if self.kind is FilterKind.REFERENCE else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """The choices of one list: what is searched and filtered, and the order."""

    entity: str
    text: str = ""
    chosen: Mapping[str, Chosen] = field(default_factory=dict)
    is_mine: bool = False
    sort: str = "changed_at"
    descending: bool = True
    deleted: bool = False

    def choose(self, name: str, chosen: Chosen | None) -> "Listing":
        """Return the listing with one filter set, or taken away (None or nothing chosen)."""
        others = {key: value for key, value in self.chosen.items() if key != name}
        if chosen is not None and not _is_empty(chosen):
            others[name] = chosen
        return replace(self, chosen=others)

    def cleared(self) -> "Listing":
        """Return the listing without text and filters, in the same order."""
        return replace(self, text="", chosen={}, is_mine=False)

    @property
    def is_filtered(self) -> bool:
        """Whether it shows less than everything."""
        return bool(self.text.strip() or self.chosen or self.is_mine)

    def sorted_by(self, name: str) -> "Listing":
        """Return it sorted by a column: by the same column again, the other way round."""
        if name == self.sort:
            return replace(self, descending=not self.descending)
        return replace(self, sort=name, descending=name in {"changed_at", "created_at"})


def query_of(listing: Listing, me: UUID | None = None, offset: int = 0) -> Query:
    """Return the query of a listing; without `me` "mine" selects nothing."""
    specs = fields_of(ENTITIES[listing.entity])
    filters = tuple(
        condition
        for name, chosen in listing.chosen.items()
        if name in specs
        for condition in _conditions(name, chosen)
    )
    return Query(
        entity=listing.entity,
        text=listing.text,
        filters=filters,
        mine=(me or UUID(int=0)) if listing.is_mine else None,
        sort=listing.sort,
        descending=listing.descending,
        offset=offset,
        limit=PAGE_SIZE,
        deleted=listing.deleted,
    )


def page_of(store: LocalStore, listing: Listing, offset: int = 0) -> Page:
    """Return one page of the listing."""
    return store.find(query_of(listing, store.me, offset))


def selection_of(store: LocalStore, listing: Listing) -> list[MapRow]:
    """Return the pins of the whole listing; empty for entities without a place."""
    return store.map_rows(query_of(listing, store.me)) if listing.entity in ON_MAP else []


def records_of(store: LocalStore, listing: Listing) -> Iterator[Record]:
    """Yield every record of the listing, in large pages (for export)."""
    offset = 0
    while True:
        query = replace(query_of(listing, store.me, offset), limit=_WHOLE_PAGE)
        page = store.find(query)
        yield from page.records
        offset += len(page.records)
        if not page.records or offset >= page.total:
            return


def _conditions(name: str, chosen: Chosen) -> Iterator[Filter]:
    if isinstance(chosen, Range):
        if chosen.low is not None:
            yield Filter(name, Op.FROM, chosen.low)
        if chosen.high is not None:
            yield Filter(name, Op.UNTIL, chosen.high)
    elif isinstance(chosen, bool):
        yield Filter(name, Op.IS, chosen)
    else:
        yield Filter(name, Op.IN, chosen)


def _is_empty(chosen: Chosen) -> bool:
    return chosen.is_open if isinstance(chosen, Range) else chosen == frozenset()


_FILTER_KINDS = {
    Kind.CODE: FilterKind.CODES,
    Kind.CODES: FilterKind.CODES,
    Kind.REFERENCE: FilterKind.REFERENCE,
    Kind.REFERENCES: FilterKind.REFERENCE,
    Kind.INTEGER: FilterKind.RANGE,
    Kind.DECIMAL: FilterKind.RANGE,
    Kind.DATE: FilterKind.RANGE,
    Kind.MOMENT: FilterKind.RANGE,
    Kind.BOOLEAN: FilterKind.SWITCH,
}


def filters_of(entity: str) -> tuple[FilterSpec, ...]:
    """Return the filters of an entity, in order of declaration."""
    return tuple(
        FilterSpec(spec, _FILTER_KINDS[spec.kind])
        for spec in fields_of(ENTITIES[entity]).values()
        if spec.meta.in_filter and spec.kind in _FILTER_KINDS
    )


def has_mine(entity: str) -> bool:
    """Whether the records of an entity can be someone's own."""
    return any(name in fields_of(ENTITIES[entity]) for name in MINE_FIELDS)


def columns_of(entity: str) -> tuple[FieldSpec, ...]:
    """Return the fields shown as columns of the table."""
    return tuple(spec for spec in fields_of(ENTITIES[entity]).values() if spec.meta.in_list)


def sort_choices(entity: str) -> tuple[tuple[str, str], ...]:
    """Return (name, label) of what a list can be sorted by: newest first, then the columns."""
    fixed = (("changed_at", _("Last changed")), ("code", _("Number")))
    return (
        *fixed,
        *((spec.name, _(spec.meta.label)) for spec in columns_of(entity) if can_sort(spec)),
    )


def can_sort(spec: FieldSpec) -> bool:
    """Whether values of a field have an order that people expect."""
    return not spec.kind.is_collection and spec.kind is not Kind.GEOMETRY


def chosen_text(filter_spec: FilterSpec, chosen: Chosen, names: Names = no_names) -> str:
    """Return what stands on a filter button: "Rekken, Haarlo", "vanaf € 500", "3 gekozen"."""
    if isinstance(chosen, Range):
        return _range_text(filter_spec.field, chosen)
    if isinstance(chosen, bool):
        return filter_spec.label if chosen else _("not: %(label)s") % {"label": filter_spec.label}
    texts = sorted((_one(filter_spec, item, names) for item in chosen), key=fold)
    joined = ", ".join(texts)
    if len(texts) > _FEW or (len(texts) > 1 and len(joined) > _SHOWN):
        return _("%(label)s: %(count)d chosen") % {"label": filter_spec.label, "count": len(texts)}
    return joined


def _one(filter_spec: FilterSpec, item: Any, names: Names) -> str:
    if filter_spec.kind is FilterKind.CODES:
        return _(item.label)
    return names(filter_spec.refers_to, item) or _("unknown record")


def _range_text(spec: FieldSpec, chosen: Range) -> str:
    low, high = text_of(spec, chosen.low), text_of(spec, chosen.high)
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return _("from %(low)s") % {"low": low} if low else _("up to %(high)s") % {"high": high}
