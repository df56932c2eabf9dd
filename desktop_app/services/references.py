"""Which record a name means, and what a record is called: for forms, imports and commands."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from db.entities import ENTITIES
from db.fields import Kind, Record, fields_of
from db.local.query import Query
from db.local.store import LocalStore
from desktop_app.services.words import fold

_ALIASES = {"kern": ("kern_code",), "plot": ("plot_code",), "organisation": ("kvk",)}
"""Fields besides title and number by which a record is called."""

_PAGE = 2_000


class References:
    """Titles by id and ids by title, read once from a store and kept until `forget`.

    Two records with the same name make that name mean neither: a reference is never guessed.
    """

    def __init__(self, store: LocalStore) -> None:
        """Read from `store` when first asked."""
        self._store = store
        self._titles: dict[UUID, str] = {}
        self._ids: dict[str, dict[str, UUID | None]] = {}

    def forget(self) -> None:
        """Read again when next asked; to be called when records changed."""
        self._titles.clear()
        self._ids.clear()

    def prepare(self, records: Iterable[Record]) -> None:
        """Read the titles of all records that these refer to, in one question."""
        wanted = {found for record in records for found in referred(record)} - self._titles.keys()
        if wanted:
            self._titles.update(self._store.titles(wanted))

    def title(self, _entity: str, record_id: UUID) -> str:
        """Return the title of a record; "" when it is not on this laptop."""
        if record_id not in self._titles:
            self._titles[record_id] = self._store.titles([record_id]).get(record_id, "")
        return self._titles[record_id]

    def find(self, entity: str, text: str) -> UUID | None:
        """Return the live record with this UUID, title, number or code; None when not just one."""
        try:
            return UUID(text.strip())
        except ValueError:
            pass
        if entity not in ENTITIES:
            return None  # a reference to a record of any kind is by id only
        if entity not in self._ids:
            self._ids[entity] = self._index(entity)
        return self._ids[entity].get(fold(text))

    def add(self, record: Record) -> None:
        """Let a record that was just made be found as well."""
        self._titles[record.id] = record.title_text
        if record.ENTITY in self._ids:
            _enter(self._ids[record.ENTITY], record)

    def _index(self, entity: str) -> dict[str, UUID | None]:
        index: dict[str, UUID | None] = {}
        offset = 0
        while True:
            title = ENTITIES[entity].TITLE
            page = self._store.find(
                Query(entity=entity, sort=title, descending=False, offset=offset, limit=_PAGE)
            )
            for record in page.records:
                _enter(index, record)
            offset += len(page.records)
            if not page.records or offset >= page.total:
                return index


def _enter(index: dict[str, UUID | None], record: Record) -> None:
    names = [record.title_text, record.code, *(getattr(record, a) for a in _aliases(record))]
    for key in {fold(name) for name in names if name}:
        index[key] = record.id if index.get(key, record.id) == record.id else None


def _aliases(record: Record) -> tuple[str, ...]:
    return _ALIASES.get(record.ENTITY, ())


def referred(record: Record) -> set[UUID]:
    """Return the ids of every record that `record` refers to."""
    found: set[UUID] = set()
    for spec in fields_of(type(record)).values():
        value: Any = getattr(record, spec.name)
        if value is None:
            continue
        if spec.kind is Kind.REFERENCE:
            found.add(value)
        elif spec.kind is Kind.REFERENCES:
            found |= value
        elif spec.kind is Kind.LINKS:
            found |= {getattr(link, name) for link in value for name in _link_references(spec.type)}
    return found


def _link_references(link: Any) -> tuple[str, ...]:
    return tuple(name for name, spec in fields_of(link).items() if spec.kind is Kind.REFERENCE)
