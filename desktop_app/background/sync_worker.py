"""The thread and the timer round `db.sync.engine`: it syncs by itself, and tells how it goes.

One thread of its own, with its own connection to both databases. It tries again by itself: after a
failure later and later, up to five minutes, so that a broken network costs nothing; after a refusal
only when asked, as trying again does not help until a person acts. A save here, or news there, makes
it start at once.
"""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from PySide6.QtCore import QObject, Signal

from db.changes import SYNC, ChangeSet
from db.errors import AppError, Refused, Unreachable
from db.local.store import LocalStore
from db.shared.protocol import SharedDatabase
from db.sync.engine import Cancelled, CycleResult, Engine, Step

_log = logging.getLogger(__name__)

POLL_S = 30.0
"""How long a quiet connection waits before it asks for news; a listening one hears it at once."""
FIRST_DELAY_S, LONGEST_DELAY_S = 5.0, 300.0
REFUSED_DELAY_S = 600.0


class SyncPhase(Enum):
    """What the worker is doing."""

    ALONE = "alone"
    """There is no shared database to sync with."""
    QUIET = "quiet"
    WORKING = "working"
    OFFLINE = "offline"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SyncState:
    """How sync stands: what it does, how far, what is wrong, and when it tries again (aware UTC)."""

    phase: SyncPhase = SyncPhase.ALONE
    step: Step | None = None
    error: AppError | None = None
    next_try: datetime | None = None


class SyncWorker(QObject):
    """Runs cycles until it is stopped.

    Signals:
        state_changed(SyncState): emitted from the worker's thread; Qt brings it to the receiver's.
        finished(CycleResult): a cycle ended well.
    """

    state_changed = Signal(object)
    finished = Signal(object)

    def __init__(
        self,
        store: LocalStore,
        connect: Callable[[], SharedDatabase],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._connect = store, connect
        self._shared: SharedDatabase | None = None
        self._wake, self._stop, self._cancel = (threading.Event() for _ in range(3))
        self._thread: threading.Thread | None = None
        self._failures = 0
        self.state = SyncState(SyncPhase.QUIET)

    def start(self) -> None:
        """Begin, with a cycle at once."""
        self._thread = threading.Thread(target=self._run, name="sync")
        self._thread.start()

    def sync_now(self) -> None:
        """Start a cycle as soon as possible."""
        self._wake.set()

    def cancel(self) -> None:
        """End the cycle that runs after its present step."""
        self._cancel.set()

    def on_committed(self, changes: ChangeSet) -> None:
        """Start when something was saved here, unless the last try failed: that waits its turn."""
        if changes.origin != SYNC and self.state.phase is SyncPhase.QUIET:
            self._wake.set()

    def stop(self) -> None:
        """End the thread and wait for it; nothing is lost by stopping at any moment."""
        self._stop.set()
        self._cancel.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stop.is_set():
            delay_s = self._cycle()
            self._wait(delay_s)
        self._close()

    def _cycle(self) -> float:
        """Run one cycle; return how long to wait for the next."""
        self._cancel.clear()
        self._wake.clear()
        self._tell(SyncState(SyncPhase.WORKING))
        try:
            result = self._attempt()
        except Cancelled:
            return self._rest(SyncPhase.QUIET, POLL_S)
        except Refused as error:
            return self._rest(SyncPhase.REFUSED, REFUSED_DELAY_S, error)
        except Unreachable as error:
            return self._rest(SyncPhase.OFFLINE, self._backoff_s(), error)
        except AppError as error:
            _log.exception("a sync cycle stopped")
            return self._rest(SyncPhase.OFFLINE, self._backoff_s(), error)
        except Exception:
            _log.exception("a sync cycle met a bug")
            return self._rest(SyncPhase.OFFLINE, self._backoff_s())
        self._failures = 0
        self.finished.emit(result)
        return self._rest(SyncPhase.QUIET, POLL_S)

    def _attempt(self) -> CycleResult:
        if self._shared is None:
            self._shared = self._connect()
        engine = Engine(self._store, self._shared)
        return engine.run_cycle(self._on_step, self._cancel)

    def _on_step(self, step: Step) -> None:
        self._tell(SyncState(SyncPhase.WORKING, step))

    def _rest(self, phase: SyncPhase, delay_s: float, error: AppError | None = None) -> float:
        if phase is not SyncPhase.QUIET:
            self._close()
        next_try = None
        if phase is SyncPhase.OFFLINE:
            next_try = datetime.now(UTC) + timedelta(seconds=delay_s)
        self._tell(SyncState(phase, error=error, next_try=next_try))
        return delay_s

    def _backoff_s(self) -> float:
        """Return 5, 10, 20 … 300 seconds, a little apart for laptops that lost the same network."""
        delay_s: float = min(FIRST_DELAY_S * 2.0**self._failures, LONGEST_DELAY_S)
        self._failures = min(self._failures + 1, 10)
        return delay_s * random.uniform(0.9, 1.1)

    def _wait(self, delay_s: float) -> None:
        """Wait for a wake-up, for news of the shared database, or for the time to pass."""
        listen = getattr(self._shared, "wait_for_news", None)
        if listen is None:
            self._wake.wait(delay_s)
            return
        until = datetime.now(UTC) + timedelta(seconds=delay_s)
        while not self._wake.is_set() and datetime.now(UTC) < until:
            try:
                if listen(0.2):
                    return
            except AppError:
                self._close()
                return

    def _tell(self, state: SyncState) -> None:
        self.state = state
        self.state_changed.emit(state)

    def _close(self) -> None:
        if self._shared is not None:
            shared, self._shared = self._shared, None
            try:
                shared.close()
            except AppError:
                _log.debug("the connection was closed already")
