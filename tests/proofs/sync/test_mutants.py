"""The proof finds what it is for: the program is spoilt on purpose, one promise at a time."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from db.changes import Change
from db.local import journal
from db.local.journal import OutboxState
from db.shared import deciding
from db.shared.deciding import Verdict
from db.shared.memory import MemoryDatabase
from db.sync import checking, replica
from tests.proofs.sync import laptop
from tests.proofs.sync.actions import plan_of
from tests.proofs.sync.ledger import check
from tests.proofs.sync.simulation import run

SEEDS = range(1, 31)
Spoil = Callable[[pytest.MonkeyPatch], None]


def sent_is_stored(patch: pytest.MonkeyPatch) -> None:
    """The laptop takes sending for arriving."""

    def mark(connection: Any, changes: Sequence[Change]) -> None:
        moves = [(change, OutboxState.STORED, None, None) for change in changes]
        journal.set_states(connection, moves)

    patch.setattr(journal, "mark_sent", mark)


def receipts_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    """The server does again what it did before."""
    take = MemoryDatabase._take

    def again(self: MemoryDatabase, change: Change, maker: Any) -> Any:
        self._server.receipts.pop(change.id, None)
        return take(self, change, maker)

    patch.setattr(MemoryDatabase, "_take", again)


def a_row_is_skipped(patch: pytest.MonkeyPatch) -> None:
    """A pull passes over a row, and nobody compares."""
    apply_rows = replica.apply_rows

    def skip(connection: Any, editor: Any, rows: Sequence[Any], cursor: int = 0) -> Any:
        return apply_rows(connection, editor, rows[:-1] if len(rows) > 3 else rows, cursor)

    patch.setattr(replica, "apply_rows", skip)
    patch.setattr(checking, "check", lambda *given: None)
    nothing_is_mended(patch)


def the_last_one_wins(patch: pytest.MonkeyPatch) -> None:
    """The server takes every edit as it comes."""
    patch.setattr(
        deciding, "_split", lambda entity, change, sides: ({n: sides.ours[n] for n in change.values}, ())
    )  # fmt: skip


def a_deletion_always_wins(patch: pytest.MonkeyPatch) -> None:
    """The server deletes whatever was edited meanwhile."""
    gone = deciding.dataclasses.replace
    patch.setattr(
        deciding, "_deleted",
        lambda change, row: Verdict() if row.deleted else Verdict(gone(row, deleted=True), "delete"),
    )  # fmt: skip


def own_work_is_overlaid(patch: pytest.MonkeyPatch) -> None:
    """What is pulled covers what was typed."""
    patch.setattr(replica, "_under_changes", lambda entity, theirs, changes: theirs)


def a_refusal_stops_the_queue(patch: pytest.MonkeyPatch) -> None:
    """Nothing is sent while something is refused."""
    unsent = replica.unsent

    def stop(connection: Any, limit: int) -> list[Change]:
        refused = journal.entries(connection, [OutboxState.REFUSED])
        return [] if refused else unsent(connection, limit)

    patch.setattr(replica, "unsent", stop)


def nothing_is_mended(patch: pytest.MonkeyPatch) -> None:
    """Comparing finds nothing."""
    patch.setattr(laptop, "check_contents", lambda *given: {"repaired": 0})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "promise"),
    [
        (sent_is_stored, "S1"),
        (receipts_are_forgotten, "S2"),
        (a_row_is_skipped, "S3"),
        (the_last_one_wins, "S4"),
        (a_deletion_always_wins, "S5"),
        (own_work_is_overlaid, "S6"),
        (a_refusal_stops_the_queue, "S7"),
        (nothing_is_mended, "S8"),
    ],
)
def test_a_spoilt_program_is_found_out(
    spoil: Spoil, promise: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each promise has a fault that breaks it, and some seed shows it."""
    spoil(monkeypatch)
    for seed in SEEDS:
        if promise in {found.promise for found in check(run(plan_of(seed, 40)).to_json())}:
            return
    pytest.fail(f"{promise} was never found broken")
