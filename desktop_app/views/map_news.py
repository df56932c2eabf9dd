"""Brings the map up to date with what changed; what it needs of the store is read by a job."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject

from db.changes import ChangeSet
from desktop_app.services.listing import ON_MAP, Listing
from desktop_app.services.map_document import MapFeature
from desktop_app.services.map_features import feature_of
from desktop_app.views.map_area import MapArea
from desktop_app.views.session import Session

FEW = 500
"""Up to so many pins are changed one by one; more are loaded anew with the rest."""

Answer = tuple[Listing, frozenset[UUID], list[MapFeature]]


class MapNews(QObject):
    """Follows the news for one map, one job at a time; news meanwhile waits and goes together."""

    def __init__(self, area: MapArea, session: Session, shown: Callable[[], Listing]) -> None:
        """Change `area`, which shows what `shown` says."""
        super().__init__(area)
        self._area, self._session, self._shown = area, session, shown
        self._waiting: frozenset[UUID] = frozenset()
        self._is_busy = False

    def on_committed(self, changes: ChangeSet) -> None:
        """Follow what changed in the selection that the map shows."""
        listing = self._shown()
        ids = changes.ids.get(listing.entity, frozenset())
        if not ids or listing.entity not in ON_MAP:
            return
        if listing.is_filtered or listing.deleted or len(ids) > FEW:
            self._area.show_listing(listing)
            return
        self._waiting |= ids
        if not self._is_busy:
            self._fetch(listing)

    def _fetch(self, listing: Listing) -> None:
        ids, self._waiting, self._is_busy = self._waiting, frozenset(), True
        session = self._session

        def work() -> Answer:
            records = session.store.get_many(listing.entity, ids)
            found = [feature_of(one, session.titles) for one in records.values()]
            return listing, ids, [feature for feature in found if feature is not None]

        session.jobs.run(work, self._on_features, self._on_failed)

    def _on_features(self, answer: Answer) -> None:
        listing, ids, features = answer
        self._is_busy = False
        if listing.entity != self._shown().entity:
            self._waiting = frozenset()  # another selection was loaded meanwhile, all of it
        else:
            gone = {str(one) for one in ids} - {feature.id for feature in features}
            self._area.update_features(features, gone)
        if self._waiting:
            self._fetch(self._shown())

    def _on_failed(self, error: Exception) -> None:
        self._is_busy = False
        raise error
