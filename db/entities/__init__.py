"""THE declarations: every entity, by the name that tables, JSON and the command line use."""

from db.entities.demand import SearchMatch, SearchRequest
from db.entities.initiative import Initiative
from db.entities.people import ContactMoment, ContactPerson, Organisation, Staff, Team
from db.entities.place import Attachment, Kern
from db.entities.premises import BusinessPark, Plot, Premises
from db.fields import Record

ENTITIES: dict[str, type[Record]] = {
    entity.ENTITY: entity
    for entity in (
        Kern,
        Staff,
        Team,
        Organisation,
        ContactPerson,
        BusinessPark,
        Initiative,
        Premises,
        Plot,
        SearchRequest,
        SearchMatch,
        ContactMoment,
        Attachment,
    )
}
"""In an order in which what is referred to comes first."""
