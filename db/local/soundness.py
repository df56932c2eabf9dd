"""What a record alone can't tell: whether it still fits with the others, and with what was merged.

A circle of initiatives is refused on the laptop that would close it. Two laptops that each close
half of one are not stopped: who walks along initiatives must remember where they have been.
"""

from sqlalchemy import Connection

from db.changes import Values
from db.codec import from_json_record
from db.entities.initiative import Initiative
from db.errors import UserProblem
from db.fields import N_, Record
from db.local.indexes import driver
from db.rules import Problem, errors, problems

_KIN = ("predecessor", "successor", "parent")


def refuse_circle(connection: Connection, record: Record) -> None:
    """Refuse an initiative that, over others, would follow on from itself or be part of itself.

    Raises:
        UserProblem: with the field whose choice closes the circle.
    """
    if not isinstance(record, Initiative):
        return
    closing = [name for name in _KIN if _leads_back(connection, record, name)]
    if closing:
        message = N_(
            "This makes a circle: the other initiative comes from this one. Choose another."
        )
        raise UserProblem(message, [Problem(name, message, {}) for name in closing])


def refuse_misfit(entity: type[Record], stored: Values, merged: Values) -> None:
    """Refuse values that keep the rules on each side, but no longer after the merge.

    Raises:
        UserProblem: with the fields where it shows.
    """
    before = from_json_record(entity, stored)
    found = errors(problems(from_json_record(entity, {**stored, **merged}), before))
    if found:
        message = N_(
            "A colleague changed this meanwhile, and together it does not fit. Look again."
        )
        raise UserProblem(message, found)


def _leads_back(connection: Connection, record: Initiative, field: str) -> bool:
    target = getattr(record, field)
    if target is None:
        return False
    statement = f"""
        WITH RECURSIVE chain (id) AS (
            SELECT ?
            UNION
            SELECT other.{field} FROM initiative other JOIN chain ON other.id = chain.id
            WHERE other.{field} IS NOT NULL AND other.deleted = 0
        )
        SELECT 1 FROM chain WHERE id = ?"""
    found = driver(connection).execute(statement, (str(target), str(record.id)))
    return found.fetchone() is not None
