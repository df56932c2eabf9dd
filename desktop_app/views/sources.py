"""Fills `widgets.editor.Sources` from the store: titles, hits, short lists, places, new records."""

from collections.abc import Sequence
from uuid import UUID

from db.codec import new_record
from db.entities import ENTITIES
from db.errors import AppError
from db.fields import Record, fields_of
from db.local.query import Query
from desktop_app.i18n import _
from desktop_app.services.symbols import entity_icon
from desktop_app.services.typed_text import text_of
from desktop_app.views.session import Session
from desktop_app.widgets.editor import Choice, Sources

_HITS, _SHORT_LIST = 8, 500


def sources_of(session: Session) -> Sources:
    """Return the sources of an opened store."""
    store = session.store

    def search(entity: str, typed: str) -> Sequence[Choice]:
        page = store.find(Query(entity=entity, text=typed, limit=_HITS))
        icon = entity_icon(entity)
        return [
            Choice(one.id, one.title_text, session.words.row(one).subtitle, icon)
            for one in page.records
        ]

    def choices(entity: str) -> Sequence[Choice]:
        title = ENTITIES[entity].TITLE
        query = Query(entity=entity, sort=title, descending=False, limit=_SHORT_LIST)
        return [Choice(one.id, one.title_text) for one in store.find(query).records]

    def places(typed: str) -> Sequence[Choice]:
        found = []
        for hit in store.search(typed, limit=_HITS * 2):
            record = store.get(hit.entity, hit.record_id)
            geometry = getattr(record, "geometry", None)
            if record is None or geometry is None:
                continue
            detail = address_text(record) or _(ENTITIES[hit.entity].LABEL)
            found.append(Choice(geometry, hit.title, detail, "map-marker-outline"))
        return found[:_HITS]

    def create(entity: str, name: str) -> UUID | None:
        try:
            saved = store.save(new_record(ENTITIES[entity], values={"name": name}), None)
        except AppError:
            return None
        session.undo.push(None, saved.record)
        return saved.record.id

    return Sources(
        title=session.titles, search=search, choices=choices, places=places, create=create
    )


def address_text(record: Record) -> str:
    """Return "Industrieweg 14, 7151 AB Eibergen", or "" without a street."""
    street = getattr(record, "street", None)
    if not street:
        return ""
    number = getattr(record, "house_number", None) or ""
    letter = getattr(record, "house_letter", None) or ""
    addition = getattr(record, "house_addition", None)
    first = f"{street} {number}{letter}".strip() + (f"-{addition}" if addition else "")
    postcode = text_of(fields_of(type(record))["postcode"], getattr(record, "postcode", None))
    second = " ".join(part for part in (postcode, getattr(record, "town", None)) if part)
    return f"{first}, {second}" if second else first
