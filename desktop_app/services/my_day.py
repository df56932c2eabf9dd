"""My day: what asks for the attention of the person at this laptop, most urgent first."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from db.entities.demand import RequestStatus, SearchRequest
from db.entities.initiative import Initiative
from db.fields import Record
from db.local.query import Filter, Op, Query
from db.local.store import LocalStore
from desktop_app.services.typed_dates import today

AHEAD_DAYS = 7
MOST = 50
_ENDED = {RequestStatus.SUCCEEDED, RequestStatus.SUCCEEDED_ELSEWHERE, RequestStatus.LAPSED}


class Due(Enum):
    """When something is due."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Task:
    """A record with what is to be done with it; `day` None: as soon as possible."""

    record: Record
    what: str
    day: date | None
    due: Due


def my_day(store: LocalStore, on: date | None = None) -> list[Task]:
    """Return the next actions up to a week ahead and the search requests that were not taken up.

    With a known person only what is theirs; on a laptop without one, everybody's.
    """
    day = on or today()
    return [*_actions(store, day), *_requests(store, day)]


def _actions(store: LocalStore, day: date) -> list[Task]:
    until = Filter("action_date", Op.UNTIL, day + timedelta(days=AHEAD_DAYS))
    query = Query(
        entity="initiative", filters=(until,), mine=store.me, sort="action_date",
        descending=False, limit=MOST,
    )  # fmt: skip
    return [
        Task(record, record.next_action or "", record.action_date, _due(record.action_date, day))
        for record in store.find(query).records
        if isinstance(record, Initiative)
    ]


def _requests(store: LocalStore, day: date) -> list[Task]:
    new = Filter("status", Op.IN, frozenset({RequestStatus.NEW}))
    until = Filter("needed_by", Op.UNTIL, day + timedelta(days=AHEAD_DAYS))
    found: dict[object, Task] = {}
    for condition in (new, until):
        query = Query(entity="search_request", filters=(condition,), mine=store.me, limit=MOST)
        for record in store.find(query).records:
            if isinstance(record, SearchRequest) and record.status not in _ENDED:
                due = _due(record.needed_by, day) if record.needed_by else Due.TODAY
                found.setdefault(record.id, Task(record, "", record.needed_by, due))
    return list(found.values())


def _due(when: date | None, day: date) -> Due:
    if when is None or when == day:
        return Due.TODAY
    return Due.LATE if when < day else Due.SOON
