"""Titles of records by id, as lists, forms and histories ask for them over and over."""

from collections.abc import Iterable
from uuid import UUID

from db.local.store import LocalStore

KEPT = 20_000


class Titles:
    """Remembers titles until news says they changed; call it as `Names`."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._known: dict[UUID, str] = {}

    def __call__(self, _entity: str, record_id: UUID) -> str:
        """Return the title of a record, "" when it is not known here."""
        if record_id not in self._known:
            self.prepare([record_id])
        return self._known[record_id]

    def staff(self, record_id: UUID) -> str:
        """Return the name of a member of staff."""
        return self("staff", record_id)

    def prepare(self, ids: Iterable[UUID]) -> None:
        """Look up in one question what is not known yet."""
        wanted = [record_id for record_id in ids if record_id not in self._known]
        if not wanted:
            return
        if len(self._known) > KEPT:
            self._known.clear()
        found = self._store.titles(wanted)
        self._known.update((record_id, found.get(record_id, "")) for record_id in wanted)

    def forget(self, ids: Iterable[UUID]) -> None:
        """Ask anew for these: they changed."""
        for record_id in ids:
            self._known.pop(record_id, None)
