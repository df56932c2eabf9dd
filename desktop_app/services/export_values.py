"""What leaves the program in an export: which records, which fields, and each value as it is written.

Personal data leaves only when it is asked for, and then for one export only; a public export holds
nothing but what was meant to be published. Example data is marked in every row. Amounts are euros
(cents stay inside), so that a spreadsheet and our own import read them alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.codec import to_json
from db.entities import ENTITIES
from db.entities.initiative import Initiative
from db.entities.people import LegalForm, Organisation
from db.entities.place import KernKind
from db.entities.premises import Availability, PlotStatus
from db.fields import FieldSpec, Kind, Record, fields_of
from db.local.store import LocalStore
from desktop_app.i18n import _
from desktop_app.services.listing import Listing, records_of
from desktop_app.services.references import References
from desktop_app.services.typed_dates import today
from desktop_app.services.typed_text import text_of

_NOT_PUBLIC = {Availability.WITHDRAWN, PlotStatus.WITHDRAWN, KernKind.OUTSIDE}
_PUBLIC_ENTITIES = ("initiative", "premises", "plot", "kern", "business_park")
EXAMPLE = "example"
"""The name of the mark of example data."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportChoice:
    """What to export: a listing per entity, and how much of each record."""

    listings: tuple[Listing, ...]
    is_public: bool = False
    with_personal: bool = False

    @property
    def entities(self) -> tuple[type[Record], ...]:
        """The kinds of record that this export may hold."""
        kinds = [ENTITIES[listing.entity] for listing in self.listings]
        if self.is_public:
            return tuple(kind for kind in kinds if kind.ENTITY in _PUBLIC_ENTITIES)
        return tuple(kind for kind in kinds if self.with_personal or not kind.IS_PERSONAL)

    def fields(self, entity: type[Record]) -> tuple[FieldSpec, ...]:
        """Return the fields of an entity that may leave, the place left out."""
        return tuple(
            spec
            for spec in fields_of(entity).values()
            if spec.kind is not Kind.GEOMETRY
            and (self.with_personal or not spec.meta.personal)
            and (spec.meta.public or not self.is_public)
            and not (self.is_public and spec.meta.personal)
        )


def records_for(store: LocalStore, choice: ExportChoice, entity: type[Record]) -> Iterator[Record]:
    """Yield the records of one entity that may leave."""
    day = today()
    for listing in choice.listings:
        if listing.entity == entity.ENTITY:
            for record in records_of(store, listing):
                if may_leave(record, choice, day):
                    yield record


def may_leave(record: Record, choice: ExportChoice, day: date) -> bool:
    """Whether a record may be in this export; a sole trader is a person."""
    if isinstance(record, Organisation) and record.legal_form is LegalForm.SOLE_TRADER:
        return choice.with_personal
    return not choice.is_public or is_public(record, day)


def is_public(record: Record, day: date) -> bool:
    """Whether a record is published on `day`."""
    if isinstance(record, Initiative):
        has_begun = record.publish_from is None or record.publish_from <= day
        has_ended = record.publish_until is not None and record.publish_until < day
        return record.publish and bool(record.summary) and has_begun and not has_ended
    states = (getattr(record, name, None) for name in ("availability", "status", "kind"))
    return not any(state in _NOT_PUBLIC for state in states if state is not None)


def plain_value(spec: FieldSpec, value: Any) -> Any:
    """Return a value for a program: codes and ids as they are stored, amounts in euros."""
    if spec.is_money and value is not None:
        return value / 100 if value % 100 else value // 100
    return to_json(spec, value)


def cell_value(spec: FieldSpec, value: Any, references: References) -> Any:
    """Return a value for a spreadsheet: labels and names; numbers and dates keep their type."""
    if value is None or value == frozenset():
        return None
    if spec.is_money:
        return value / 100 if value % 100 else value // 100
    if spec.kind in {Kind.INTEGER, Kind.DECIMAL, Kind.DATE}:
        return value
    if spec.kind is Kind.BOOLEAN:
        return _("yes") if value else _("no")
    if spec.kind.is_collection:
        single = (text_of(spec, frozenset({item}), references.title) for item in value)
        return "; ".join(sorted(single))
    if spec.kind is Kind.TEXT:
        return value
    return text_of(spec, value, references.title)


def is_example(store: LocalStore) -> bool:
    """Whether the records are examples and must say so wherever they go."""
    return store.meta("example") is not None
