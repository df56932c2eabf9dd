"""Brings a list up to date with what changed: own work at once, work of others gently.

Rows that are loaded get their new values in place and are tinted for a moment. What may stand anywhere in
the selection, such as a new record, needs the page anew: among 10,000 records that takes too long
for the window's thread, so a job does it, once a second at most.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from db.changes import SYNC, ChangeSet
from db.fields import Record
from db.local.query import Page
from db.local.state import RecordState
from desktop_app.services.listing import Listing, page_of
from desktop_app.views.session import Session

if TYPE_CHECKING:
    from desktop_app.views.list_pane import ListPane

FRESH_MS = 2_000
"""How long a row that someone else changed is tinted."""
AT_ONCE = 20
"""So many rows are read on the window's thread; more are read beside it."""
RENEW_MS = 1_000
"""The page is fetched anew no more often than this for what others do."""


class RowNews(QObject):
    """Follows the news for one list."""

    def __init__(self, pane: "ListPane", session: Session) -> None:
        super().__init__(pane)
        self._pane, self._session = pane, session
        self._calm = QTimer(self, interval=FRESH_MS, singleShot=True)
        self._calm.timeout.connect(self._on_calm)
        self._pause = QTimer(self, interval=RENEW_MS, singleShot=True)
        self._pause.timeout.connect(self._on_pause)
        self._is_wanted = False

    def on_committed(self, changes: ChangeSet) -> None:
        """Follow what changed: own work anew, work of others in place."""
        pane = self._pane
        ids = changes.ids.get(pane.listing.entity, frozenset())
        if changes.origin != SYNC and ids:
            pane.reload()
        elif ids:
            loaded = ids & {record.id for record in pane.model.loaded()}
            if loaded:
                self._refresh_rows(loaded)
            if loaded != ids:
                self._renew()
        self.take_states(record.id for record in pane.model.loaded())
        pane.view.viewport().update()
        if {"kern", "team", "staff"} & set(changes.ids):
            pane.header.refresh_choices(list(changes.ids))

    def take_states(self, ids: Iterable[UUID]) -> None:
        """Read anew where these records are on their way."""
        words = self._session.words
        found = self._session.store.record_states(ids)
        ordinary = RecordState.STORED, RecordState.LOCAL
        kept = {key: state for key, state in words.states.items() if key not in found}
        fresh = {key: state for key, state in found.items() if state not in ordinary}
        words.states = {**kept, **fresh}

    def _refresh_rows(self, loaded: frozenset[UUID]) -> None:
        pane, words = self._pane, self._session.words
        words.fresh = words.fresh | loaded
        self._calm.start()
        store, entity = self._session.store, pane.listing.entity

        def work() -> list[Record]:
            return list(store.get_many(entity, loaded).values())

        if len(loaded) <= AT_ONCE:
            pane.model.refresh(work())
        else:
            self._session.jobs.run(work, pane.model.refresh)

    def _on_calm(self) -> None:
        self._session.words.fresh = frozenset()
        self._pane.view.viewport().update()

    # The page anew

    def _renew(self) -> None:
        if self._pause.isActive():
            self._is_wanted = True
            return
        self._is_wanted = False
        self._pause.start()
        store, listing = self._session.store, self._pane.listing

        def work() -> tuple[Listing, Page]:
            return listing, page_of(store, listing)

        self._session.jobs.run(work, self._on_page)

    def _on_page(self, answer: tuple[Listing, Page]) -> None:
        listing, page = answer
        if listing is self._pane.listing:
            self._pane.show_page(page)

    def _on_pause(self) -> None:
        if self._is_wanted:
            self._renew()
