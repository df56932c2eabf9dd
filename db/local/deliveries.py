"""Which of one's own changes a colleague brought to the shared database, and who that was."""

import json
from collections.abc import Iterable
from uuid import UUID

from db.changes import Change
from db.local.engine import reading
from db.local.store import LocalStore


def deliverers(store: LocalStore, changes: Iterable[Change]) -> dict[UUID, UUID]:
    """Return who delivered each of these changes, by change id; most have nobody."""
    found = list(changes)
    if not found:
        return {}
    ids = (json.dumps([str(change.record_id) for change in found]),)
    with reading(store.engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT change_id, delivered_by FROM history WHERE delivered_by IS NOT NULL"
            " AND record_id IN (SELECT value FROM json_each(?))",
            ids,
        )
        brought = {UUID(row[0]): UUID(row[1]) for row in rows}
    return {change.id: brought[change.id] for change in found if change.id in brought}
