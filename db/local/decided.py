"""The decisions about double edits that a person took here lately: each can be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from db.local.engine import reading

ONE_DECISION_S = 2
"""Questions of one record that were answered within so many seconds were answered together."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about one record at one moment (aware UTC), with the ids of the questions."""

    entity: str
    record_id: UUID
    at: datetime
    ids: tuple[UUID, ...]


def decided_since(engine: Engine, moment: datetime, most: int) -> list[Decided]:
    """Return the decisions that a person took since a moment and that stand, newest first.

    What sync closed by itself is none: that has neither a change nor a line in the history.
    """
    with reading(engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT c.id, c.entity, c.record_id, c.resolved_at, c.change_id <> '' OR EXISTS ("
            " SELECT 1 FROM history AS h WHERE h.record_id = c.record_id AND h.kind = 'took_theirs'"
            " AND abs(julianday(h.made_at) - julianday(c.resolved_at)) * 86400 < ?)"
            " FROM conflict AS c WHERE c.resolution IS NOT NULL AND c.resolved_at >= ?"
            " ORDER BY c.resolved_at DESC",
            (ONE_DECISION_S, moment.isoformat()),
        ).all()
    return [_decided(group) for group in _together(rows) if any(row[4] for row in group)][:most]


def _together(rows: Iterable[Any]) -> list[list[Any]]:
    """Return rows in groups that were answered together, in the order of their newest."""
    groups: list[list[Any]] = []
    newest: dict[str, list[Any]] = {}
    for row in rows:
        group = newest.get(row[2])
        if group is None or (_at(group[-1]) - _at(row)).total_seconds() > ONE_DECISION_S:
            group = newest[row[2]] = []
            groups.append(group)
        group.append(row)
    return groups


def _decided(group: list[Any]) -> Decided:
    _id, entity, record_id, _resolved_at, _is_own = group[0]
    return Decided(entity, UUID(record_id), _at(group[0]), tuple(UUID(row[0]) for row in group))


def _at(row: Any) -> datetime:
    return datetime.fromisoformat(row[3])
