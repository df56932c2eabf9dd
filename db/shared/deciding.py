"""What becomes of one change: the decision of the shared database as a pure function.

The table of `db.merge` without its last row: where two people changed one merge group differently the
server keeps what is stored and asks. Used by the memory side; `decide` in PostgreSQL is its twin.
"""

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from db.changes import Change, ChangeKind, Json, Values
from db.codec import dumps
from db.entities import ENTITIES
from db.fields import Record
from db.geometry import Geometry
from db.merge import groups
from db.shared.checks import fallbacks, problem, violation
from db.shared.overlap import ALLOWED_M2, overlap_m2

Pair = tuple[Json, Json]

NOT_ACTIVE = ("issued", "withdrawn")
"""Plots that are no longer on offer may lie under another."""


@dataclass
class Row:
    """A stored record: its system fields and every value, unknown ones of newer clients included."""

    entity: str
    id: UUID
    values: dict[str, Json] = field(default_factory=dict)
    deleted: bool = False
    seq: int = 0
    revision: int = 0
    code: str | None = None
    created_at: str | None = None
    created_by: UUID | None = None
    changed_at: str | None = None
    changed_by: UUID | None = None

    def with_values(self, values: Values) -> "Row":
        """Return a copy with `values` put in; what is missing stands for its fallback."""
        complete = fallbacks(ENTITIES[self.entity]) | {
            name: value for name, value in {**self.values, **values}.items() if value is not None
        }
        return dataclasses.replace(self, values=complete)

    @property
    def digest(self) -> int:
        """Return 40 bits that differ when anything in the row does."""
        return int(hashlib.md5(dumps(self.to_json()).encode()).hexdigest()[:10], 16)

    def to_json(self) -> dict[str, Any]:
        """Return the flat row that a pull gives, but for its digest."""
        system = {
            "entity": self.entity, "id": str(self.id), "seq": self.seq, "revision": self.revision,
            "code": self.code, "deleted": self.deleted, "created_at": self.created_at,
            "created_by": str(self.created_by) if self.created_by else None,
            "changed_at": self.changed_at,
            "changed_by": str(self.changed_by) if self.changed_by else None,
        }  # fmt: skip
        return {name: v for name, v in {**system, **self.values}.items() if v is not None}


@dataclass(frozen=True)
class Verdict:
    """The row to write (None: nothing), the groups that conflict, and why."""

    row: Row | None = None
    kind: str = ""
    disputed: tuple[dict[str, Pair], ...] = ()
    reason: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the change can't be taken at all."""
        return bool(self.reason) and not self.disputed


def decide(change: Change, row: Row | None, others: Iterable[Row]) -> Verdict:
    """Return what becomes of `change` to `row` (None: unknown) among `others`."""
    if row is None:
        if change.kind is not ChangeKind.CREATE:
            return Verdict(reason="unknown_record")
        return _edited(change, Row(change.entity, change.record_id), others, is_known=False)
    if change.kind is ChangeKind.RESTORE:
        return _restored(row, others)
    if change.kind is ChangeKind.DELETE:
        return _deleted(change, row)
    if row.deleted:
        return Verdict(disputed=({"deleted": (True, False)},), reason="deleted")
    return _edited(change, row, others, is_known=True)


def _restored(row: Row, others: Iterable[Row]) -> Verdict:
    if not row.deleted:
        return Verdict()
    back = dataclasses.replace(row, deleted=False)
    entity = ENTITIES[row.entity]
    reason = violation(entity, back.values, {}, is_deleted=False) or _overlaps(back, others)
    return Verdict(reason=reason) if reason else Verdict(back, "restore")


def _deleted(change: Change, row: Row) -> Verdict:
    if row.deleted:
        return Verdict()
    entity = ENTITIES[row.entity]
    names = sorted(
        {*change.base, *row.values}
    )  # a field that an older program does not know counts
    base = _completed(entity, change.base, names)
    differing = tuple(
        {name: (row.values.get(name), base[name])}
        for name in names
        if base[name] != row.values.get(name)
    )
    if differing:
        return Verdict(disputed=differing, reason="edited")
    return Verdict(dataclasses.replace(row, deleted=True), "delete")


def _edited(change: Change, row: Row, others: Iterable[Row], *, is_known: bool) -> Verdict:
    entity = ENTITIES[row.entity]
    sides = _Sides.of(entity, change, row)
    given = {name: sides.ours[name] for name in change.values}
    patch, disputed = _split(entity, change, sides) if is_known else (given, ())
    problems = [
        problem(
            entity, name, sides.ours[name], sides.theirs[name], is_known=is_known and name in patch
        )
        for name in change.values
    ]
    reason = min((reason for reason in problems if reason), default="")
    if not reason and (patch or not is_known):
        new = row.with_values({}) if not is_known else row
        new = dataclasses.replace(new, values=_patched(new.values, patch))
        reason = violation(entity, new.values, patch, is_deleted=False)
        if not reason and (not is_known or {"geometry", "status"} & patch.keys()):
            reason = _overlaps(new, others)
        if not reason:
            kind = "edit" if is_known else "create"
            return Verdict(new, kind, disputed, "edited" if disputed else "")
    if reason:
        return Verdict(reason=reason)
    return Verdict(disputed=disputed, reason="edited" if disputed else "")


@dataclass(frozen=True)
class _Sides:
    """The three values of every field a change speaks of, what is missing filled in."""

    base: Mapping[str, Json]
    ours: Mapping[str, Json]
    theirs: Mapping[str, Json]

    @classmethod
    def of(cls, entity: type[Record], change: Change, row: Row) -> "_Sides":
        names = list(dict.fromkeys((*change.base, *change.values)))
        return cls(
            _completed(entity, change.base, names),
            _completed(entity, {**change.base, **change.values}, names),
            _completed(entity, row.values, names),
        )


def _completed(entity: type[Record], values: Values, names: Iterable[str]) -> dict[str, Json]:
    standing = fallbacks(entity)
    return {
        name: standing.get(name) if values.get(name) is None else values[name] for name in names
    }


def _split(
    entity: type[Record], change: Change, sides: _Sides
) -> tuple[dict[str, Json], tuple[dict[str, Pair], ...]]:
    """Return what to store, and the groups that someone else changed meanwhile."""
    patch: dict[str, Json] = {}
    disputed: list[dict[str, Pair]] = []
    for group in groups(entity, change.values):
        names = [name for name in group if name in sides.ours]
        base, ours, theirs = (
            {name: side[name] for name in names} for side in (sides.base, sides.ours, sides.theirs)
        )
        if ours in (theirs, base):
            continue
        if base == theirs:
            patch |= {name: ours[name] for name in names if name in change.values}
        else:
            disputed.append({name: (theirs[name], ours[name]) for name in sorted(names)})
    return patch, tuple(sorted(disputed, key=lambda pairs: sorted(pairs)))


def _patched(values: Values, patch: Values) -> dict[str, Json]:
    return {name: v for name, v in {**values, **patch}.items() if v is not None}


def _overlaps(row: Row, others: Iterable[Row]) -> str:
    """Return "overlap" when an active plot would share land with another."""
    mine = _active_area(row)
    if mine is None:
        return ""
    for other in others:
        theirs = _active_area(other) if other.id != row.id else None
        if theirs is not None and overlap_m2(mine, theirs) > ALLOWED_M2:
            return "overlap"
    return ""


def _active_area(row: Row) -> Geometry | None:
    shape = row.values.get("geometry")
    if (
        row.entity != "plot"
        or row.deleted
        or shape is None
        or row.values.get("status") in NOT_ACTIVE
    ):
        return None
    return Geometry.from_json(shape)
