"""The one way for news to travel: what the store tells its listeners, as a Qt signal.

The store may call from the sync worker's thread; Qt then delivers the signal on the thread of the
receiver, so every screen hears the news on the main thread and reacts by itself.
"""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from db.changes import ChangeSet


class NewsSource(Protocol):
    """What the bus needs of a store: someone to be told by."""

    def listen(self, callback: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Call `callback` after every commit; the returned function ends it."""


class ChangeBus(QObject):
    """Turns the store's listener calls into a signal.

    Signals:
        committed: A ChangeSet; emitted after the transaction that made it.
    """

    committed = Signal(object)

    def __init__(self, source: NewsSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = source.listen(self.committed.emit)

    def close(self) -> None:
        """Hear nothing more; called before the store is closed."""
        self._stop()
