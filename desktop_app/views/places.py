"""The places of the navigation, in order: Alt+1 goes to the first."""

from dataclasses import dataclass

from db.entities import ENTITIES
from db.fields import N_
from desktop_app.services.symbols import entity_icon
from desktop_app.tokens import Tone


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go: a list of one entity's records (perhaps only some), or a page."""

    key: str
    word: str
    icon: str
    entity: str = ""
    tone: Tone = Tone.MUTED


def _list(key: str, icon: str = "", word: str = "") -> Place:
    return Place(key, word or ENTITIES[key].PLURAL, icon or entity_icon(key), key)


WORK = (
    Place("my_day", N_("My day"), "calendar-check-outline"),
    _list("initiative"),
    _list("premises"),
    _list("plot"),
    _list("search_request"),
)
PEOPLE = (
    _list("organisation"),
    _list("contact_person"),
    _list("team"),
    _list("kern"),
)
LISTS = (Place("to_check", N_("To check"), "calendar-clock", "premises"),)
BOTTOM = (Place("merge", N_("Merge"), "source-merge", tone=Tone.AMBER),)
SYNC_PAGE = Place("sync", N_("Synchronise"), "cloud-clock-outline")
PLACES = {place.key: place for place in (*WORK, *PEOPLE, *LISTS, *BOTTOM, SYNC_PAGE)}

NEW_ENTITIES = (
    "initiative",
    "premises",
    "plot",
    "search_request",
    "organisation",
    "contact_person",
    "contact_moment",
    "team",
    "kern",
    "business_park",
)
"""What the button New offers, in order; the first four with their place in the municipality."""

PAGES = frozenset({"my_day", "merge", "sync"})
"""Places that take the room of list and map."""
