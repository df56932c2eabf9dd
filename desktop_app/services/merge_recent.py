"""What was decided about double edits lately, in words, and taking one of these decisions back."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from db.changes import now
from db.entities import ENTITIES
from db.local.decided import decided_since
from db.local.store import LocalStore
from desktop_app.i18n import _, format_moment
from desktop_app.services.titles import Titles

SHOWN, SHOWN_DAYS = 5, 7
"""How many decisions are shown with the way back, and of how many days."""


@dataclass(frozen=True, slots=True)
class Recent:
    """One decision: about which record, when, and the questions to open again."""

    record_id: UUID
    title: str
    when: str
    ids: tuple[UUID, ...]


def recent_decisions(store: LocalStore, titles: Titles) -> tuple[Recent, ...]:
    """Return the last decisions that can be taken back, newest first."""
    found = decided_since(store.engine, now() - timedelta(days=SHOWN_DAYS), SHOWN)
    titles.prepare({one.record_id for one in found})
    return tuple(
        Recent(
            one.record_id,
            titles(one.entity, one.record_id) or _(ENTITIES[one.entity].LABEL),
            format_moment(one.at),
            one.ids,
        )
        for one in found
    )
