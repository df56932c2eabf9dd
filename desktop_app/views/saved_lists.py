"""What each place shows when one first comes there."""

from datetime import UTC, datetime, timedelta

from db.entities import ENTITIES
from desktop_app.i18n import local_time
from desktop_app.services.listing import Chosen, Listing, Range
from desktop_app.views.nav import OPEN
from desktop_app.views.places import Place

_BY_NAME = frozenset({"organisation", "contact_person", "team", "kern"})


def first_listing(place: Place) -> Listing:
    """Return the listing of a place before anyone filtered it: newest first, or by name."""
    if place.key == "to_check":
        yesterday = local_time(datetime.now(UTC)).date() - timedelta(days=1)
        chosen: dict[str, Chosen] = {"next_check": Range(None, yesterday), "availability": OPEN}
        return Listing(entity="premises", chosen=chosen, sort="next_check", descending=False)
    if place.entity in _BY_NAME:
        return Listing(entity=place.entity, sort=ENTITIES[place.entity].TITLE, descending=False)
    return Listing(entity=place.entity)
