"""The one way for news to travel: what the store tells its listeners, as a Qt signal.

The store may call from the sync worker's thread; every screen hears the news on the main thread and
reacts by itself, which may take tens of milliseconds. So what sync brings in quick succession is
gathered for a tenth of a second and told in one stroke; own saves, made on the main thread, are told
at once.
"""

import threading
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from db.changes import SYNC, ChangeSet

GATHER_MS = 100
"""Not noticed by who waits for another's save; long enough for all that one cycle tells."""


class NewsSource(Protocol):
    """What the bus needs of a store: someone to be told by."""

    def listen(self, callback: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Call `callback` after every commit; the returned function ends it."""


class ChangeBus(QObject):
    """Turns the store's listener calls into a signal.

    Signals:
        committed: A ChangeSet; emitted after the transaction that made it.
        arrived: Internal; there is something to gather.
    """

    committed = Signal(object)
    arrived = Signal()

    def __init__(self, source: NewsSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = threading.get_ident()
        self._lock = threading.Lock()
        self._gathered: ChangeSet | None = None
        self._timer = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._timer.timeout.connect(self._tell)
        self.arrived.connect(self._timer.start)
        self._stop = source.listen(self._on_news)

    def close(self) -> None:
        """Hear nothing more; called before the store is closed."""
        self._stop()
        self._timer.stop()

    def _on_news(self, changes: ChangeSet) -> None:
        """Hand news on; called on the thread that committed."""
        if changes.origin != SYNC or threading.get_ident() == self._home:
            self.committed.emit(changes)
            return
        with self._lock:
            is_first = self._gathered is None
            self._gathered = _joined(self._gathered or ChangeSet(SYNC, {}), changes)
        if is_first:
            self.arrived.emit()

    def _tell(self) -> None:
        with self._lock:
            gathered, self._gathered = self._gathered, None
        if gathered is not None:
            self.committed.emit(gathered)


def _joined(one: ChangeSet, other: ChangeSet) -> ChangeSet:
    nothing: frozenset[UUID] = frozenset()
    ids = {
        entity: one.ids.get(entity, nothing) | other.ids.get(entity, nothing)
        for entity in (*one.ids, *other.ids)
    }
    return ChangeSet(one.origin, ids)
