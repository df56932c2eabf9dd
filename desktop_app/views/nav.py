"""The navigation filled with our places and their counts."""

from datetime import UTC, datetime, timedelta

from db.entities.premises import Availability
from db.local.query import Filter, Op, Query
from desktop_app.i18n import _, local_time
from desktop_app.services.my_day import my_day
from desktop_app.views.places import BOTTOM, LISTS, PEOPLE, WORK, Place
from desktop_app.views.session import Session
from desktop_app.widgets.kit.nav_list import NavEntry, NavList, NavSection

COUNTED = ("initiative", "premises", "plot", "search_request")


def make_nav() -> NavList:
    """Return the navigation, without counts yet."""
    return NavList(
        (
            NavSection(_entries(WORK)),
            NavSection(_entries(PEOPLE)),
            NavSection(_entries(LISTS), heading=_("My lists")),
            NavSection(_entries(BOTTOM), at_bottom=True),
        )
    )


def _entries(places: tuple[Place, ...]) -> tuple[NavEntry, ...]:
    return tuple(NavEntry(one.key, _(one.word), one.icon, None, one.tone) for one in places)


def show_counts(nav: NavList, session: Session) -> None:
    """Show how many records each place holds, counted beside the window's thread."""
    store = session.store

    def work() -> dict[str, int]:
        counts = store.counts()
        shown = {entity: counts[entity] for entity in COUNTED}
        overdue = store.find(overdue_query()).total
        return {**shown, "to_check": overdue, "my_day": len(my_day(store))}

    def done(counts: dict[str, int]) -> None:
        for key, count in counts.items():
            nav.set_count(key, count)

    session.jobs.run(work, done)


def overdue_query(limit: int = 1) -> Query:
    """Return the offers that should have been checked before today."""
    yesterday = local_time(datetime.now(UTC)).date() - timedelta(days=1)
    return Query(
        entity="premises",
        filters=(
            Filter("next_check", Op.UNTIL, yesterday),
            Filter("availability", Op.IN, OPEN),
        ),
        sort="next_check",
        descending=False,
        limit=limit,
    )


OPEN = frozenset(Availability) - {Availability.LET, Availability.SOLD, Availability.WITHDRAWN}
