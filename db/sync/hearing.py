"""Hearing the answers to the changes of one record, oldest first: what of it is not stored, and why.

Only notes; what follows from them is decided in `db.sync.verdict`, when all have been heard.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from db.changes import Change, ChangeKind, Json, Values
from db.entities import ENTITIES
from db.fields import Record
from db.local.conflicts import DELETED_THERE, EDITED_THERE, FIELDS, OpenConflict
from db.local.edits import rebased
from db.local.journal import OutboxState
from db.merge import groups
from db.shared.protocol import FieldConflict, Outcome, Receipt

Move = tuple[Change, OutboxState, int | None, str | None]


@dataclass
class Dispute:
    """What the user wants and a colleague's change is in the way of; `changes` met it, in order."""

    base: Mapping[str, Json]
    ours: Mapping[str, Json]
    theirs: Mapping[str, Json]
    by: str | None
    at: str | None
    changes: list[Change] = field(default_factory=list)

    def joined(self, later: "Dispute") -> "Dispute":
        """Return this with a later one on top: the base stays, the last word counts."""
        return Dispute(
            {**later.base, **self.base}, {**self.ours, **later.ours}, later.theirs,
            later.by, later.at, [*self.changes, *later.changes],
        )  # fmt: skip


@dataclass
class Hearing:
    """One record's answers: `disputes` by merge group, and what stands in the way of the whole record."""

    entity: str
    record_id: UUID
    questions: list[OpenConflict]
    me: UUID | None = None
    parked: dict[UUID, Change] = field(default_factory=dict)
    """Refused changes, earlier ones and what takes their place included."""
    remade: dict[UUID, Change] = field(default_factory=dict)
    """Changes that take the place of refused ones, to be offered."""
    disputes: dict[frozenset[str], Dispute] = field(default_factory=dict)
    deleted_there: Dispute | None = None
    edited_there: Dispute | None = None
    buried: Dispute | None = None
    """Values that were not stored when the record was deleted by this user."""
    brought_back: Dispute | None = None
    """Values that met a deletion, before the record was restored by this user."""
    is_unknown: bool = False
    closed: dict[UUID, Values] = field(default_factory=dict)
    """Questions that are answered by what is stored now, with the answer."""
    moves: dict[UUID, Move] = field(default_factory=dict)

    @property
    def kind(self) -> type[Record]:
        """The declaration of the record."""
        return ENTITIES[self.entity]

    def hear(self, change: Change, receipt: Receipt) -> None:
        """Note one answer."""
        if receipt.outcome is Outcome.REFUSED:
            self.moves[change.id] = (change, OutboxState.REFUSED, receipt.number, receipt.reason)
            self.parked[change.id] = change
            self.is_unknown |= receipt.reason == "unknown_record"
            return
        self.moves[change.id] = (change, OutboxState.STORED, receipt.number, None)
        if change.kind is ChangeKind.DELETE:
            self._hear_delete(change, receipt)
        elif change.kind is ChangeKind.RESTORE:
            self._hear_restore()
        elif receipt.reason == "deleted":
            self._note_deleted_there(change, receipt)
        else:
            self._hear_edit(change, receipt)

    def move(self, changes: Iterable[Change], state: OutboxState) -> None:
        """Move changes elsewhere than their own answers say."""
        for change in changes:
            number = self.moves[change.id][2] if change.id in self.moves else None
            self.moves[change.id] = (change, state, number, None)

    def asked(self, kind: str) -> list[OpenConflict]:
        """Return the questions of one kind that are still open."""
        return [item for item in self.questions if item.kind == kind and item.id not in self.closed]

    def _hear_delete(self, change: Change, receipt: Receipt) -> None:
        if receipt.outcome is not Outcome.APPLIED:
            theirs = {name: v for item in receipt.conflicts for name, v in item.theirs.items()}
            self.edited_there = Dispute(
                change.base, {"deleted": True}, theirs, *_who(receipt.conflicts), [change]
            )
            return
        if change.author not in (None, self.me):
            return  # a colleague's, that a restored database had lost: it answers no question here
        self.buried = self._undecided()
        self.disputes, self.deleted_there, self.edited_there = {}, None, None
        self.brought_back = None
        self._close(FIELDS, DELETED_THERE, EDITED_THERE, answer={"deleted": True})

    def _hear_restore(self) -> None:
        self.brought_back = self._met_deletion() or self.buried or self.brought_back
        self.deleted_there = self.edited_there = self.buried = None
        self._close(DELETED_THERE, EDITED_THERE, answer={"deleted": False})

    def _undecided(self) -> Dispute | None:
        """Return all of the user's values that are not stored, as one."""
        parts = [*map(_of_question, self.asked(FIELDS)), *self.disputes.values()]
        met = [part for part in (self.brought_back, self._met_deletion()) if part]
        return _joined([*met, *parts])

    def _met_deletion(self) -> Dispute | None:
        met = [*map(_of_question, self.asked(DELETED_THERE))]
        return _joined([*met, self.deleted_there] if self.deleted_there else met)

    def _note_deleted_there(self, change: Change, receipt: Receipt) -> None:
        base = {name: change.base.get(name) for name in (*change.base, *change.values)}
        ours = {**base, **change.values}  # with all of a merge group: they stand together
        new = Dispute(base, ours, {"deleted": True}, *_who(receipt.conflicts), [change])
        earlier = self.deleted_there or _joined(map(_of_question, self.asked(DELETED_THERE)))
        self.deleted_there = earlier.joined(new) if earlier else new

    def _hear_edit(self, change: Change, receipt: Receipt) -> None:
        self.is_unknown &= change.kind is not ChangeKind.CREATE
        theirs = {name: v for item in receipt.conflicts for name, v in item.theirs.items()}
        if theirs and self._is_on_refused(change, theirs):
            return
        disputed = groups(self.kind, theirs)
        for names in disputed:
            self._note_dispute(change, names, theirs, receipt.conflicts)
        for names in groups(self.kind, change.values):
            if names not in disputed:
                self._note_stored(change, frozenset(names))

    def _is_on_refused(self, change: Change, theirs: Values) -> bool:
        """Whether it only met that an earlier change was refused: then both are offered as one."""
        under = [
            old
            for old in self.parked.values()
            if old.kind is ChangeKind.EDIT and theirs.keys() & {*old.base, *old.values}
        ]
        if not under:
            return False
        whole = change
        for old in reversed(under):  # one made on the other: the last of them is undone first
            whole = rebased(whole, old.base, old.values)
            self.parked.pop(old.id)
        kept = [old for old in under if self.remade.pop(old.id, None) is None]
        self.move([*kept, change], OutboxState.REPLACED)
        self.parked[whole.id] = self.remade[whole.id] = whole
        return True

    def _note_dispute(
        self, change: Change, names: tuple[str, ...], theirs: Values, found: Iterable[FieldConflict]
    ) -> None:
        ours = {name: change.values.get(name, change.base.get(name)) for name in names}
        new = Dispute(
            {name: change.base.get(name) for name in names},
            ours,
            {name: theirs.get(name, ours[name]) for name in names},
            *_who(item for item in found if set(item.fields) & set(names)),
            [change],
        )
        key = frozenset(names)
        open_ones = [q for q in self.asked(FIELDS) if frozenset(q.conflict.fields) == key]
        earlier = (
            self.disputes.get(key)
            or self._taken_from_brought_back(key)
            or _joined(map(_of_question, open_ones))
        )
        self.disputes[key] = earlier.joined(new) if earlier else new

    def _note_stored(self, change: Change, key: frozenset[str]) -> None:
        """The user's later word on these fields stands: what was asked about them is over."""
        self.disputes.pop(key, None)
        self._taken_from_brought_back(key)
        for item in self.asked(FIELDS):
            if key >= set(item.conflict.fields):
                self.closed[item.id] = {n: change.values.get(n) for n in item.conflict.fields}

    def _taken_from_brought_back(self, key: frozenset[str]) -> Dispute | None:
        """Take the values of `key` out of what was brought back: a later change speaks of them."""
        back = self.brought_back
        if back is None or not key & back.ours.keys():
            return None
        rest = {name: value for name, value in back.ours.items() if name not in key}
        self.brought_back = replace(back, ours=rest)
        ours = {name: value for name, value in back.ours.items() if name in key}
        return replace(back, base={n: back.base.get(n) for n in key}, ours=ours, changes=[])

    def _close(self, *kinds: str, answer: Values) -> None:
        self.closed |= {item.id: answer for kind in kinds for item in self.asked(kind)}


def _joined(parts: Iterable[Dispute]) -> Dispute | None:
    whole: Dispute | None = None
    for part in parts:
        whole = whole.joined(part) if whole else part
    return whole


def _of_question(item: OpenConflict) -> Dispute:
    by, at = item.theirs_by, item.theirs_at
    return Dispute(
        item.conflict.base, item.conflict.ours, item.conflict.theirs,
        str(by) if by else None, at.isoformat() if at else None,
    )  # fmt: skip


def _who(found: Iterable[FieldConflict]) -> tuple[str | None, str | None]:
    for item in found:
        return str(item.by) if item.by else None, item.at
    return None, None
