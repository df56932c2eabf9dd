"""Comparing with the shared PostgreSQL; a `Comparison` of `db.shared.protocol`."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from db.shared.link import Link


class PostgresComparison(Link):
    """What is asked when both sides turn out to differ; only servers of version 2 answer."""

    def unknown_changes(self, ids: Sequence[UUID]) -> set[UUID]:
        """Return which of these changes the database has never dealt with."""
        return set(self._call("SELECT naoberkaart.unknown_changes(%s)", (list(ids),)))

    def digests(self, entity: str) -> dict[str, int]:
        """Return the digest of every row of `entity` that this person sees, by id."""
        found: dict[str, int] = json.loads(self._call("SELECT naoberkaart.digests(%s)", (entity,)))
        return found

    def rows(self, entity: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return these rows as they are now, flat as in a page; what is not seen is left out."""
        said = self._call("SELECT naoberkaart.rows_of(%s, %s::uuid[])", (entity, list(ids)))
        return [{**row, "entity": entity} for row in json.loads(said)]
