"""Undo and redo of what was saved: edits, new records, deletions and restorations.

Undoing is an ordinary edit backwards, made on what is stored now. So it is synced like any other,
stands in the history, and never takes away what someone else changed in the meantime: where it
would, nothing happens and the outcome says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from db.changes import Values
from db.fields import N_, Record
from db.local.edits import Saved
from db.local.store import LocalStore
from db.merge import Conflict
from desktop_app.i18n import _

_DEPTH = 100
"""Steps kept: more than anyone takes back, and little memory."""

_NAMES = {
    "create": N_("making %(title)s"),
    "edit": N_("the change of %(title)s"),
    "delete": N_("the deletion of %(title)s"),
    "restore": N_("the restoration of %(title)s"),
    "decision": N_("the choice about %(title)s"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One saved act: the record before (None: it was new) and after.

    Of a decision about a double edit also the answers (question id, values).
    """

    before: Record | None
    after: Record
    answers: tuple[tuple[UUID, Values], ...] = ()

    @property
    def kind(self) -> str:
        """What was done: create, edit, delete, restore or decision."""
        if self.answers:
            return "decision"
        if self.before is None:
            return "create"
        if self.before.deleted == self.after.deleted:
            return "edit"
        return "delete" if self.after.deleted else "restore"

    @property
    def text(self) -> str:
        """Return what it was in words, such as "the change of Dorpsplein Rekken"."""
        return _(_NAMES[self.kind]) % {"title": self.after.title_text}


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of taking a step back or again; with `conflicts` nothing was written."""

    step: Step
    record: Record
    conflicts: tuple[Conflict, ...] = ()


class UndoStack:
    """The steps of one window, newest last."""

    def __init__(self, store: LocalStore):
        self._store = store
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def push(self, before: Record | None, after: Record) -> None:
        """Remember what was saved; what had been taken back can't be done again then."""
        self._done = [*self._done[-_DEPTH + 1 :], Step(before, after)]
        self._undone.clear()

    def push_decision(
        self, before: Record, after: Record, answers: Iterable[tuple[UUID, Values]]
    ) -> None:
        """Remember how a double edit was decided; undoing opens the questions again."""
        self._done = [*self._done[-_DEPTH + 1 :], Step(before, after, tuple(answers))]
        self._undone.clear()

    def forget_decision(self, question_ids: Iterable[UUID]) -> None:
        """Leave out a decision that was taken back elsewhere: it can't be taken back twice."""
        ids = set(question_ids)
        self._done = [s for s in self._done if not ids & {key for key, _values in s.answers}]
        self._undone.clear()

    @property
    def undo_text(self) -> str:
        """What `undo` would take back, in words; "" when there is nothing."""
        return self._done[-1].text if self._done else ""

    @property
    def redo_text(self) -> str:
        """What `redo` would do again, in words; "" when there is nothing."""
        return self._undone[-1].text if self._undone else ""

    def undo(self, origin: UUID | None = None) -> Undone | None:
        """Take the last step back; None when there is none.

        Raises:
            UserProblem: the rules do not allow the way back; the step is kept.
        """
        if not self._done:
            return None
        step = self._done[-1]
        done = self._go(step, step.after, step.before, origin)
        self._done.pop()
        if not done.conflicts:
            self._undone.append(step)
        return done

    def redo(self, origin: UUID | None = None) -> Undone | None:
        """Do again what was last taken back; None when there is nothing.

        Raises:
            UserProblem: the rules do not allow it any more; the step is kept.
        """
        if not self._undone:
            return None
        step = self._undone[-1]
        done = self._go(step, step.before, step.after, origin)
        self._undone.pop()
        if not done.conflicts:
            self._done.append(step)
        return done

    def _go(
        self, step: Step, start: Record | None, goal: Record | None, origin: UUID | None
    ) -> Undone:
        if step.answers:
            return self._decide(step, again=goal is step.after, origin=origin)
        saved = self._write(start, goal, origin)
        return Undone(step, saved.record, saved.conflicts)

    def _decide(self, step: Step, *, again: bool, origin: UUID | None) -> Undone:
        if again:
            self._store.decide(step.answers, origin)
        else:
            self._store.reopen([key for key, _values in step.answers], origin)
        record = self._store.get(step.after.ENTITY, step.after.id)
        return Undone(step, record or step.after)

    def _write(self, start: Record | None, goal: Record | None, origin: UUID | None) -> Saved:
        """Bring the stored record from `start` to `goal`; None stands for "not there"."""
        record = goal or start
        assert record is not None
        gone_before, gone_after = _is_gone(start), _is_gone(goal)
        if gone_before == gone_after:
            return self._store.save(record, start, origin=origin)
        if gone_after:
            return self._store.delete(record, origin)
        return self._store.restore(record, origin)


def _is_gone(record: Record | None) -> bool:
    return record is None or record.deleted
