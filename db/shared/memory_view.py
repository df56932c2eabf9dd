"""What one person sees of the shared database in memory: rows and digests."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from db.shared.checks import is_personal
from db.shared.deciding import Row
from db.shared.memory_server import MemoryContents
from db.shared.protocol import Person
from db.shared.rights import Right, rights_of


class MemoryView:
    """The rights of one person, and what follows for what they see."""

    def __init__(self, server: MemoryContents, person: Person) -> None:
        self._server = server
        self._person = person

    @property
    def _rights(self) -> frozenset[str]:
        is_out = self._person.id in self._server.revoked
        return frozenset() if is_out else rights_of(self._person.roles)

    def _seen(self) -> list[Row]:
        if self._person.id in self._server.revoked:
            return []
        return [row for row in self._server.rows.values() if self._may_see_row(row)]

    def _may_see(self, line: dict[str, Any]) -> bool:
        return not line["is_personal"] or Right.CONTACTS.value in self._rights

    def _may_see_row(self, row: Row) -> bool:
        return not is_personal(row.entity, row.values) or Right.CONTACTS.value in self._rights


class MemoryComparison(MemoryView):
    """A `Comparison` of `db.shared.protocol`."""

    def unknown_changes(self, ids: Sequence[UUID]) -> set[UUID]:
        """Return which of these changes the database has never dealt with."""
        with self._server.lock:
            return {change_id for change_id in ids if change_id not in self._server.receipts}

    def digests(self, entity: str) -> dict[str, int]:
        """Return the digest of every row of `entity` that this person sees, by id."""
        with self._server.lock:
            return {str(row.id): row.digest for row in self._seen() if row.entity == entity}

    def rows(self, entity: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return these rows as they are now, flat as in a page; what is not seen is left out."""
        with self._server.lock:
            seen = [row for row in self._seen() if row.entity == entity and str(row.id) in ids]
            return [{**row.to_json(), "digest": row.digest} for row in seen]
