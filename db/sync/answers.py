"""What the shared database's answers mean for the laptop: it is stored, asked, or offered again.

A record may have several unsent changes, each made on top of the one before, and its user may save
another while the answers are on their way. So the answers are heard per record, oldest first, and
decided on afterwards: per merge group the user's last value counts, against what the *first* change
that met a colleague's was based on. A change that was never sent may still be put on another base.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Connection

from db.changes import Change
from db.entities import ENTITIES
from db.local import conflicts, forgetting, journal, meta, renewing
from db.local.edits import Editor
from db.local.journal import OutboxState
from db.shared.protocol import Outcome, Receipt
from db.shared.rights import Right
from db.sync.hearing import Hearing, Move
from db.sync.verdict import settle

PURGED = "purged"
"""The reason of a change to what was removed there for good: it goes here once that is taken back."""


def apply_receipts(
    connection: Connection,
    editor: Editor,
    changes: Mapping[UUID, Change],
    receipts: Iterable[Receipt],
) -> int:
    """Move changes to where their receipts say; return how many go out again by themselves."""
    answered: dict[UUID, list[tuple[Change, Receipt]]] = {}
    for receipt in receipts:
        change = changes[receipt.change_id]
        answered.setdefault(change.record_id, []).append((change, receipt))
        if receipt.reason == PURGED or (
            receipt.reason == "rights" and _is_hidden(connection, change)
        ):
            forgetting.leave(connection, change.entity, str(change.record_id))
    moves = _put_back_in_vain(connection, answered)
    hearings = _hearings(connection, answered, editor.author)
    again = 0
    for record_id, pairs in answered.items():
        if record_id not in hearings:
            moves += [
                (change, OutboxState.STORED, receipt.number, None) for change, receipt in pairs
            ]
            continue
        hearing = hearings[record_id]
        for change, receipt in pairs:
            hearing.hear(change, receipt)
        again += settle(connection, editor, hearing)
        moves += hearing.moves.values()
    journal.set_states(connection, moves)
    return again


def _put_back_in_vain(
    connection: Connection, answered: dict[UUID, list[tuple[Change, Receipt]]]
) -> list[Move]:
    """Hear that putting theirs back under a question that was opened again met a newer value.

    It was no wish of the user: the question is about that newer value now, and `ours` stays. Takes
    these answers out of `answered`; returns where their changes go.
    """
    back = conflicts.being_reopened(connection, map(str, answered))
    moves: list[Move] = []
    for record_id in tuple(answered) if back else ():
        kept = []
        for change, receipt in answered[record_id]:
            question = back.get(str(change.id))
            if (
                not question
                or receipt.outcome is not Outcome.CONFLICT
                or receipt.reason == "deleted"
            ):
                kept.append((change, receipt))
                continue
            for met in receipt.conflicts:
                by = str(met.by) if met.by else None
                renewing.set_theirs(connection, UUID(question), met.theirs, by, met.at)
            moves.append((change, OutboxState.CONFLICT, receipt.number, None))
        answered[record_id] = kept
        if not kept:
            del answered[record_id]
    return moves


def _is_hidden(connection: Connection, change: Change) -> bool:
    """Whether a change is of personal details that this person may not see (any more)."""
    rights = (meta.get(connection, "rights") or "").split()
    return ENTITIES[change.entity].IS_PERSONAL and Right.CONTACTS.value not in rights


def _hearings(
    connection: Connection, answered: Mapping[UUID, list[tuple[Change, Receipt]]], me: UUID | None
) -> dict[UUID, Hearing]:
    """Return a hearing for each record that needs one: an answer but “stored”, or an open question."""
    ids = [str(record_id) for record_id in answered]
    questions: dict[UUID, list[conflicts.OpenConflict]] = {}
    back = conflicts.being_reopened(connection, ids).values()
    for item in conflicts.open_conflicts(connection, ids):
        if str(item.id) in back:
            continue
        questions.setdefault(item.record_id, []).append(item)
    needed = [
        record_id
        for record_id, pairs in answered.items()
        if record_id in questions or any(r.outcome is not Outcome.APPLIED for _, r in pairs)
    ]
    found = {
        record_id: Hearing(
            answered[record_id][0][0].entity, record_id, questions.get(record_id, []), me
        )
        for record_id in needed
    }
    parked = journal.entries(connection, [OutboxState.REFUSED], record_ids=map(str, needed))
    for entry in parked:
        found[entry.change.record_id].parked[entry.change.id] = entry.change
    return found
