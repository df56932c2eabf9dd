"""Who has which record open in a form: what the window tells the sync worker, and hears of it."""

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from db.shared.live import Editing
from desktop_app.background.heartbeat import Opened, Others


class Presence(QObject):
    """The hints of one window; empty without a connection.

    Signals:
        others_changed(object): the ids of records that someone began or ceased to edit elsewhere.
        mine_changed(Opened): what is open in forms here.
    """

    others_changed = Signal(object)
    mine_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.mine: Opened = frozenset()
        self.everyone: Others = {}

    def set_mine(self, mine: Opened) -> None:
        """Have these records open, by entity and id."""
        if mine != self.mine:
            self.mine = mine
            self.mine_changed.emit(mine)

    def show_others(self, others: Mapping[UUID, tuple[Editing, ...]]) -> None:
        """Take who edits what elsewhere, all of it."""
        before, self.everyone = self.everyone, others
        changed = {key for key in {*before, *others} if before.get(key) != others.get(key)}
        if changed:
            self.others_changed.emit(frozenset(changed))

    def others(self, record_id: UUID) -> tuple[Editing, ...]:
        """Return who has a record open elsewhere, the first one first."""
        return self.everyone.get(record_id, ())
