"""What follows when all answers about one record were heard: merge, ask, or offer again.

The row on the screen keeps the user's own values; a value saved while the answers were on their way
is never overwritten by an older one.
"""

from dataclasses import replace

from sqlalchemy import Connection

from db.changes import Change, ChangeKind, Json, Values
from db.local import conflicts, journal, meta
from db.local.conflicts import DELETED_THERE, EDITED_THERE, FIELDS
from db.local.edits import Editor, create_change, make_edit, rebased
from db.local.journal import OutboxEntry, OutboxState
from db.local.records import declared_part, read, write_changed
from db.merge import Conflict, groups, merge
from db.sync.hearing import Dispute, Hearing

_WHOLE = (ChangeKind.DELETE, ChangeKind.RESTORE)


def settle(connection: Connection, editor: Editor, hearing: Hearing) -> int:
    """Write what follows; return how many changes are offered again."""
    stored = read(connection, hearing.entity, hearing.record_id)
    if stored is None:
        return 0
    waiting = journal.entries(
        connection, [OutboxState.WAITING], record_ids=[str(hearing.record_id)]
    )
    verdict = _Verdict(connection, editor, hearing, stored, list(waiting))
    verdict.reach()
    return len(verdict.offers)


class _Verdict:
    """The decision on one record, in the caller's transaction."""

    def __init__(
        self,
        connection: Connection,
        editor: Editor,
        hearing: Hearing,
        stored: dict[str, Json],
        waiting: list[OutboxEntry],
    ) -> None:
        self.connection, self.editor, self.hearing = connection, editor, hearing
        self.stored, self.waiting = stored, waiting
        self.shown: dict[str, Json] = {}
        self.offers: list[tuple[Change, str]] = []

    def reach(self) -> None:
        """Decide on everything that was heard, and write it."""
        if self.hearing.is_unknown:
            self._offer_whole()
        for change in self.hearing.remade.values():
            self._offer_remade(change)
        for dispute in self.hearing.disputes.values():
            if not self._hand_over(dispute):
                self._merge_or_ask(dispute)
        self._decide_on_deletion()
        for question, answer in self.hearing.closed.items():
            conflicts.close(self.connection, question, answer)
        self._write()

    def _decide_on_deletion(self) -> None:
        hearing = self.hearing
        if hearing.brought_back is not None:
            self._offer_back(hearing.brought_back)
        if hearing.deleted_there is not None:
            self._ask_deleted(hearing.deleted_there)
        if hearing.edited_there is not None:
            self._ask_edited(hearing.edited_there)
        if hearing.buried is not None:  # deleted on both sides: its own values go, too
            meta.pull_covered_again(self.connection, str(hearing.record_id))

    def _hand_over(self, dispute: Dispute) -> bool:
        """Put a dispute into the user's next change of the same fields, which was never sent."""
        names = set(dispute.ours)
        for number, entry in enumerate(self.waiting):
            change = entry.change
            if change.kind is not ChangeKind.EDIT or not names & set(change.base):
                continue
            whole = replace(
                change,
                base={**change.base, **dispute.base},
                values={**dispute.ours, **change.values},
            )
            self.waiting[number] = journal.rewrite(self.connection, entry, whole)
            self.hearing.move(dispute.changes, OutboxState.REPLACED)
            return True
        return False

    def _offer_remade(self, change: Change) -> None:
        """Offer what takes the place of a refused change, or let the user's next change carry it."""
        for number, entry in enumerate(self.waiting):
            if entry.change.kind is ChangeKind.EDIT and change.values.keys() & entry.change.base:
                whole = rebased(entry.change, change.base, change.values)
                whole = replace(whole, id=entry.change.id)
                self.waiting[number] = journal.rewrite(self.connection, entry, whole)
                return
        self.offers.append((change, "edit"))

    def _merge_or_ask(self, dispute: Dispute) -> None:
        hearing = self.hearing
        result = merge(hearing.kind, dispute.base, dispute.ours, dispute.theirs)
        if result.conflicts:
            self._ask(FIELDS, dispute, result.conflicts[0])
            return
        self.shown |= result.values
        if result.values != dispute.theirs:
            base = {**declared_part(self.stored), **dispute.theirs}
            self._offer(base, result.values, "merged")
        for item in hearing.asked(FIELDS):
            if set(item.conflict.fields) == set(dispute.ours):
                hearing.closed[item.id] = result.values

    def _ask_deleted(self, dispute: Dispute) -> None:
        if not any(entry.change.kind in _WHOLE for entry in self.waiting):
            self.shown["deleted"] = False
        question = Conflict(tuple(dispute.ours), dispute.base, dispute.ours, dispute.theirs)
        self._ask(DELETED_THERE, dispute, question)

    def _ask_edited(self, dispute: Dispute) -> None:
        if not self.stored["deleted"]:  # restored meanwhile: nothing to ask
            self.hearing.move(dispute.changes, OutboxState.REPLACED)
            return
        base = {name: dispute.base.get(name) for name in dispute.theirs}
        question = Conflict(tuple(dispute.theirs), base, dispute.ours, dispute.theirs)
        self._ask(EDITED_THERE, dispute, question)

    def _ask(self, kind: str, dispute: Dispute, question: Conflict) -> None:
        self.hearing.move(dispute.changes, OutboxState.CONFLICT)
        change = dispute.changes[-1]
        conflicts.put(self.connection, change, kind, question, dispute.by, dispute.at)

    def _offer_back(self, dispute: Dispute) -> None:
        """Offer edits again that met a deletion which this user undid."""
        values: dict[str, Json] = {}
        for names in groups(self.hearing.kind, dispute.ours):
            base = {name: dispute.base.get(name) for name in names}
            ours = {name: dispute.ours.get(name, base[name]) for name in names}
            if not self._hand_over(Dispute(base, ours, {}, None, None)):
                values |= ours
        if values:
            self._offer({**declared_part(self.stored), **dispute.base}, values, "edit")

    def _offer(self, base: Values, values: Values, kind: str) -> None:
        change = make_edit(self.hearing.kind, self.editor, self.hearing.record_id, base, values)
        self.offers.append((change, kind))

    def _offer_whole(self) -> None:
        """The shared database does not have the record: offer it as it is shown, or let it rest."""
        hearing = self.hearing
        parked = [*hearing.parked.values(), *(entry.change for entry in self.waiting)]
        hearing.remade.clear()
        if self.stored["deleted"]:
            hearing.move(parked, OutboxState.TAKEN_BACK)
            return
        values = declared_part(self.stored)
        whole = create_change(hearing.kind, self.editor, hearing.record_id, values)
        same = [c for c in parked if c.kind is ChangeKind.CREATE and c.values == whole.values]
        hearing.move((change for change in parked if change not in same), OutboxState.REPLACED)
        if not same:
            self.offers.append((whole, "create"))

    def _write(self) -> None:
        for change, kind in self.offers:
            journal.put_change(self.connection, change)
            journal.put_history(self.connection, [journal.history_row(change, kind)])
        names = [name for name, value in self.shown.items() if self.stored.get(name) != value]
        if names:
            value = {**self.stored, **self.shown}
            write_changed(self.connection, self.hearing.entity, value, names)
