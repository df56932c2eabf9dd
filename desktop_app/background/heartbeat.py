"""What is open in a form here, told to colleagues now and then; and what they have open.

Used by the sync worker between its calls, on its thread; only `set_mine` and `ask` may come from
another one.
"""

from collections.abc import Callable, Mapping
from time import monotonic
from uuid import UUID

from db.shared.live import Editing
from db.shared.protocol import SharedDatabase

Others = Mapping[UUID, tuple[Editing, ...]]
"""Who has a record open elsewhere, by record."""
Opened = frozenset[tuple[str, UUID]]
"""Records that are open here: entity and id."""

_MARGIN_S = 0.2
"""Asked so long after a hint ends, so that it has ended."""


class Heartbeat:
    """Knows when to tell and to ask; asks nothing as long as nobody edits anything."""

    def __init__(self, device_id: UUID, beat_s: float, changed: Callable[[Others], None]) -> None:
        """Call `changed` with who edits what, whenever that becomes different."""
        self._device_id, self._beat_s, self._changed = device_id, beat_s, changed
        self._mine: Opened = frozenset()
        self._others: Others = {}
        self._next_at = 0.0

    def set_mine(self, records: Opened) -> None:
        """Have these open from now on."""
        if records != self._mine:
            self._mine = records
            self.ask()

    def ask(self) -> None:
        """Tell and ask as soon as possible."""
        self._next_at = 0.0

    def due_in(self) -> float:
        """Return in how many seconds to tell and ask; 0 when it is time."""
        return max(0.0, self._next_at - monotonic())

    def beat(self, shared: SharedDatabase) -> None:
        """Tell and ask when it is time.

        Raises:
            Unreachable, Refused: the line is gone.
        """
        if self.due_in() > 0:
            return
        self._next_at = float("inf")  # unless something changes while we ask
        told = shared.share_editing(self._device_id, self._mine)
        by_record: dict[UUID, tuple[Editing, ...]] = {}
        for one in told:
            by_record[one.record_id] = (*by_record.get(one.record_id, ()), one)
        lasts_s = [one.left_s + _MARGIN_S for one in told]
        if self._mine or told:
            self._next_at = min(self._next_at, monotonic() + min([self._beat_s, *lasts_s]))
        self._show(by_record)

    def lose(self) -> None:
        """Know nothing of others any more: the line is gone, and with it the hint."""
        self.ask()
        self._show({})

    def leave(self, shared: SharedDatabase) -> None:
        """Tell that nothing is open here any more."""
        if self._mine:
            shared.share_editing(self._device_id, ())

    def _show(self, others: Others) -> None:
        if _people(others) != _people(self._others):
            self._others = others
            self._changed(others)


def _people(others: Others) -> dict[UUID, list[tuple[UUID, str]]]:
    return {key: [(one.person, one.name) for one in some] for key, some in others.items()}
