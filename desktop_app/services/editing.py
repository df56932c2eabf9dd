"""A record being edited: what it was, what it is now, what is wrong, and what others did meanwhile.

A Draft is the only thing a form talks to. It keeps values, not widgets' texts; a text that can't
be read is kept beside the last good value and counts as an error, so nothing typed is ever lost.
News from elsewhere comes in through `rebase`, which is the same merge that sync uses: untouched
fields follow, touched ones stay, and a field both changed becomes an open question.
"""

import dataclasses
from typing import Any, Self
from uuid import UUID, uuid4

from db.changes import Json, Values, changed_fields, now
from db.codec import from_json_record, new_record, system_values_of, values_of, with_values
from db.entities import ENTITIES
from db.errors import Forgotten, UserProblem
from db.fields import N_, FieldSpec, Record, fields_of
from db.local.edits import Saved
from db.local.journal import DraftRow
from db.local.store import LocalStore
from db.merge import Conflict, merge
from db.rules import Problem, errors, problems
from desktop_app.services.typed_text import Finder, typed_of, value_of

_TYPED = "~typed"
"""Where an autosaved draft keeps texts that could not be read; no field can have this name."""


class Entry:
    """The values of one record as they are typed, with what can't be read yet.

    Attributes:
        base: The stored record (None: new).
        ours: The record with everything that was understood.
        typed: Texts by field that could not be read.
    """

    def __init__(self, ours: Record, base: Record | None) -> None:
        """Begin with `ours`; steps between codes are checked from `base`."""
        self.base = base
        self.ours = ours
        self.typed: dict[str, str] = {}
        self._unread: dict[str, Problem] = {}

    @property
    def entity(self) -> type[Record]:
        """The kind of record."""
        return type(self.ours)

    def value(self, name: str) -> Any:
        """Return the present value of a field."""
        return getattr(self.ours, name)

    def text(self, name: str) -> str:
        """Return what stands in a field's input: what was typed, even when it can't be read."""
        return self.typed.get(name, typed_of(self._spec(name), self.value(name)))

    def set(self, name: str, value: Any) -> None:
        """Give a field a value of its own type."""
        self._forget(name)
        self.ours = dataclasses.replace(self.ours, **{name: value})

    def set_text(self, name: str, text: str, find: Finder | None = None) -> bool:
        """Read what was typed in a field; False when it can't be read (see `problems`)."""
        try:
            self.set(name, value_of(self._spec(name), text, find))
        except UserProblem as problem:
            self.typed[name] = text
            self._unread[name] = Problem(name, problem.message, problem.details)
            return False
        return True

    def put_back(self, values: Values) -> None:
        """Put in JSON values, as from the history; names this version does not know are kept."""
        for name in values:
            self._forget(name)
        self.ours = with_values(self.ours, values)

    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong, errors first; a field that can't be read has only that error."""
        found = [p for p in problems(self.ours, self.base) if p.field not in self._unread]
        return (*self._unread.values(), *found)

    def problems_at(self, name: str) -> tuple[Problem, ...]:
        """Return what is wrong with one field."""
        return tuple(problem for problem in self.problems() if problem.field == name)

    def _spec(self, name: str) -> FieldSpec:
        return fields_of(self.entity)[name]

    def _forget(self, name: str) -> None:
        self.typed.pop(name, None)
        self._unread.pop(name, None)


class Draft(Entry):
    """The edit of one record: from `base`, which follows what is stored, to `ours`.

    Attributes:
        id: Its own id; the origin of the ChangeSet when it is saved, so a form knows its own news.
        conflicts: Open questions: merge groups that both sides changed.
    """

    def __init__(
        self, ours: Record, base: Record | None = None, draft_id: UUID | None = None
    ) -> None:
        """Edit `base` (None: a new record) that now looks like `ours`."""
        super().__init__(ours, base)
        self.id = draft_id or uuid4()
        self.conflicts: tuple[Conflict, ...] = ()
        self._opened = base or ours

    @classmethod
    def new(cls, entity: type[Record], **values: Any) -> Self:
        """Start a new record with some values filled in."""
        return cls(dataclasses.replace(new_record(entity), **values))

    @classmethod
    def of(cls, record: Record) -> Self:
        """Start an edit of a stored record."""
        return cls(record, record)

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields that differ from what is stored (new: from what it began with)."""
        return changed_fields(values_of(self.base or self._opened), values_of(self.ours))

    @property
    def is_changed(self) -> bool:
        """Whether there is something to save or to lose."""
        return bool(self.changed or self.typed)

    @property
    def is_deleted_there(self) -> bool:
        """Whether someone deleted the record while it was open here."""
        return self.base is not None and self.base.deleted

    @property
    def can_save(self) -> bool:
        """Whether nothing blocks saving."""
        return not errors(self.problems()) and not self.conflicts and not self.is_deleted_there

    def reset(self) -> Self:
        """Take all edits back; return a draft that still has them, for undo."""
        kept = type(self)(self.ours, self.base)
        for name, text in self.typed.items():
            kept.set_text(name, text)
        self.ours = self.base or self._opened
        self.conflicts = ()
        for name in tuple(self.typed):
            self._forget(name)
        return kept

    def save(self, store: LocalStore) -> Saved:
        """Store the edit; afterwards the draft stands on the stored record.

        When the stored record moved meanwhile and both changed the same, nothing is written: the
        outcome has `conflicts`, which are open questions of this draft from then on.

        Raises:
            UserProblem: something blocks saving; nothing was written and nothing typed is lost.
            Forgotten: the record is gone for good; this is the draft of a new one from then on.
        """
        self._require_saveable()
        try:
            saved = store.save(self.ours, self.base, origin=self.id)
        except Forgotten:
            self._begin_anew()
            raise
        if saved.conflicts:
            self.rebase(saved.record)
        else:
            self.base = self.ours = self._opened = saved.record
        return saved

    def _begin_anew(self) -> None:
        """Be the draft of a new record with what was typed; what was removed for good stays away."""
        ours, changed = values_of(self.ours), self.changed
        self.base, self.conflicts = None, ()
        self._opened = new_record(self.entity)
        self.ours = with_values(self._opened, {name: ours[name] for name in changed})

    def _require_saveable(self) -> None:
        if self.conflicts:
            message = N_("Two people changed the same field. Choose what stays for each field.")
            raise UserProblem(message)
        if self._unread:
            message = N_("This can't be saved yet. Look at the fields marked in red.")
            raise UserProblem(message, errors(self.problems()))

    def rebase(self, theirs: Record) -> tuple[str, ...]:
        """Take in what is stored now; return the names whose value changed in this draft.

        A field that both sides changed keeps our value and becomes a conflict.
        """
        before = values_of(self.ours)
        stored = values_of(theirs)
        opened = values_of(self.base) if self.base is not None else stored
        merged = merge(self.entity, opened, before, stored)
        stuck = self._unreadable_conflicts(opened, stored)
        self.ours = with_values(theirs, merged.values)
        self.base = theirs
        self._note_conflicts((*merged.conflicts, *stuck), stored)
        changed = changed_fields(before, merged.values)
        return tuple(name for name in changed if name not in self.typed)

    def _unreadable_conflicts(self, opened: Values, stored: Values) -> tuple[Conflict, ...]:
        """Ask about fields in which a text stands that can't be read, and that changed there."""
        return tuple(
            Conflict((name,), *({name: side.get(name)} for side in (opened, opened, stored)))
            for name in self.typed
            if opened.get(name) != stored.get(name)
        )

    def _note_conflicts(self, fresh: tuple[Conflict, ...], stored: Values) -> None:
        """Keep older questions that still stand, with what is stored now as their other side."""
        ours = values_of(self.ours)
        asked = {conflict.fields: conflict for conflict in fresh}
        for old in self.conflicts:
            mine = {name: ours.get(name) for name in old.fields}
            other = {name: stored.get(name) for name in old.fields}
            if mine != other or self.typed.keys() & mine.keys():
                asked.setdefault(old.fields, Conflict(old.fields, old.base, mine, other))
        self.conflicts = tuple(asked.values())

    def decide(self, conflict: Conflict, *, theirs: bool) -> None:
        """Answer an open question: take their value, or keep ours (both stay in the history)."""
        if theirs:
            self.put_back(conflict.theirs)
        self.conflicts = tuple(c for c in self.conflicts if c.fields != conflict.fields)


def conflict_at(draft: Draft, name: str) -> Conflict | None:
    """Return the open question at a field, if any."""
    return next((conflict for conflict in draft.conflicts if name in conflict.fields), None)


def to_row(draft: Draft) -> DraftRow:
    """Return the draft as the row that survives a crash (`store.put_draft`).

    Open questions stand on what it was before both, so that they are asked again.
    """
    base = None if draft.base is None else _whole(draft.base)
    for conflict in draft.conflicts if base is not None else ():
        base = {**(base or {}), **conflict.base}
    ours = {**_whole(draft.ours), _TYPED: dict(draft.typed)}
    return DraftRow(draft.id, draft.entity.ENTITY, draft.ours.id, base, ours, now())


def from_row(row: DraftRow) -> Draft:
    """Return the draft that `to_row` kept."""
    entity = ENTITIES[row.entity]
    ours = {name: value for name, value in row.ours.items() if name != _TYPED}
    base = None if row.base is None else from_json_record(entity, row.base)
    draft = Draft(base or new_record(entity, row.record_id), base, row.id)
    draft.ours = from_json_record(entity, ours)
    for name, text in row.ours.get(_TYPED, {}).items():
        draft.set_text(name, text)
    return draft


def _whole(record: Record) -> dict[str, Json]:
    return {**system_values_of(record), **values_of(record)}
