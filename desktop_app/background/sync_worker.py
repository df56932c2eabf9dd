"""The thread round `db.sync.engine`: it syncs by itself, and tells how it goes.

One thread of its own, with its own connection to both databases. It listens, so that what others
save is here at once; a save here, the network that is back, or a laptop that wakes make it start at
once, too. After a failure it tries later and later, up to five minutes, so that a broken network
costs nothing; after a refusal only when asked, as trying again does not help until a person acts. A
cycle that hangs is ended from outside, by breaking its line: nothing is lost by that, as every
change has its own id. There is never more than one cycle at a time.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic

from PySide6.QtCore import QObject, Signal

from db.changes import SYNC, ChangeSet
from db.errors import AppError, Refused, Unreachable
from db.local.store import LocalStore
from db.shared.live import News, Waker
from db.shared.protocol import SharedDatabase
from db.sync.engine import Cancelled, CycleResult, Engine, Step
from db.sync.progress import stopped
from desktop_app.background.backoff import Backoff
from desktop_app.background.heartbeat import Heartbeat, Opened, Others
from desktop_app.background.sync_state import BURST, BUSY_S, TELL_S, Pace, SyncPhase, SyncState

_log = logging.getLogger(__name__)

PACE = Pace()


class SyncWorker(QObject):
    """Runs cycles until it is stopped.

    Signals:
        state_changed(SyncState): emitted from the worker's thread; Qt brings it to the receiver's.
        finished(CycleResult): a cycle ended well.
        who_changed(Others): who else has which record open in a form.
    """

    state_changed = Signal(object)
    finished = Signal(object)
    who_changed = Signal(object)

    def __init__(
        self,
        store: LocalStore,
        connect: Callable[[], SharedDatabase],
        pace: Pace = PACE,
        turn: AbstractContextManager[object] | None = None,
    ) -> None:
        """Sync `store` with what `connect` gives; `turn` is shared with other workers of the store."""
        super().__init__()
        self._store, self._connect, self._pace = store, connect, pace
        self._turn = turn or nullcontext()
        self._shared: SharedDatabase | None = None
        self._waker = Waker()
        self._wake, self._stop, self._cancel, self._is_stale = (threading.Event() for _ in range(4))
        self._thread: threading.Thread | None = None
        self._telling = threading.Lock()
        self._heartbeat = Heartbeat(store.device_id, pace.beat_s, self._on_others)
        self._backoff = Backoff(pace.first_delay_s, pace.longest_delay_s)
        self._moved_at = self._told_at = self._rested_at = monotonic()
        self.state = SyncState(SyncPhase.QUIET)

    # From any thread

    def start(self) -> None:
        """Begin, with a cycle at once."""
        # A daemon: looking up a name can't be broken off, and must not keep the program open.
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._thread.start()

    def sync_now(self) -> None:
        """Start a cycle as soon as possible."""
        self._wake.set()
        self._waker.wake()

    def sync_afresh(self) -> None:
        """Start a cycle on a new line: the network is another one, or the laptop has slept."""
        self._backoff.forget()
        self._is_stale.set()
        self.look()
        self.sync_now()

    def cancel(self) -> None:
        """End the cycle that runs after its present step; one that has stalled at once."""
        self._cancel.set()
        if self.state.stalled_since is not None:
            self._sever()

    def on_committed(self, changes: ChangeSet) -> None:
        """Start when something was saved here, unless the last try failed: that waits its turn."""
        if changes.origin != SYNC and self.state.phase in (SyncPhase.QUIET, SyncPhase.WORKING):
            self.sync_now()

    def set_editing(self, records: Opened) -> None:
        """Let colleagues know what is open in forms here."""
        self._heartbeat.set_mine(records)
        self._waker.wake()

    def look(self) -> None:
        """See whether the cycle gets on; the owner calls this every few seconds."""
        still_s = self._still_s()
        self._tell_stalled(still_s)
        patience_s = self._pace.first_delay_s if self._is_stale.is_set() else self._pace.hung_s
        if still_s >= patience_s:
            _log.warning("a sync cycle hung for %d seconds; its line is broken off", still_s)
            self._moved_at = monotonic()
            self._sever()

    def _tell_stalled(self, still_s: float) -> None:
        is_stalled = still_s >= self._pace.stalled_s
        with self._telling:
            state = self.state
            if state.phase is not SyncPhase.WORKING or is_stalled == bool(state.stalled_since):
                return
            since = datetime.now(UTC) - timedelta(seconds=still_s) if is_stalled else None
            self.state = replace(state, stalled_since=since)
        self.state_changed.emit(self.state)

    def stop(self) -> None:
        """End the thread, in two seconds at most; nothing is lost by stopping at any moment."""
        self._stop.set()
        self._cancel.set()
        self._waker.wake()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(self._pace.stop_s / 3)
            if thread.is_alive():
                self._sever()
                thread.join(self._pace.stop_s * 2 / 3)
            if thread.is_alive():
                _log.warning("sync is left behind; it ends by itself")
                return
        self._waker.close()

    def _still_s(self) -> float:
        """Return for how long the cycle that runs has got no further; 0 when none runs."""
        shared = self._shared
        if self.state.phase is not SyncPhase.WORKING:
            return 0.0
        moved_at = max(self._moved_at, shared.moved_at if shared is not None else 0.0)
        return monotonic() - moved_at

    def _sever(self) -> None:
        shared = self._shared
        if shared is not None:
            shared.sever()

    # On the worker's thread: a cycle

    def _run(self) -> None:
        while not self._stop.is_set():
            with self._turn:
                delay_s = self._cycle()
            self._wait(delay_s)
        self._leave()

    def _cycle(self) -> float:
        """Run one cycle; return how long to wait for the next."""
        self._begin()
        try:
            result = self._attempt()
        except Cancelled:
            return self._rest(SyncPhase.QUIET, self._pace.poll_s)
        except Refused as error:
            return self._rest(SyncPhase.REFUSED, self._pace.refused_delay_s, error)
        except AppError as error:
            if not isinstance(error, Unreachable):
                _log.exception("a sync cycle stopped")
            return self._rest(SyncPhase.OFFLINE, self._backoff.next_s(), error)
        except Exception:
            _log.exception("a sync cycle met a bug")
            return self._rest(SyncPhase.OFFLINE, self._backoff.next_s())
        self._backoff.forget()
        if not self._stop.is_set():
            self.finished.emit(result)
        return self._rest(SyncPhase.QUIET, self._pace.poll_s)

    def _begin(self) -> None:
        self._cancel.clear()
        self._wake.clear()
        if self._stop.is_set():
            self._cancel.set()
        if self._is_stale.is_set():
            self._close()
        self._moved_at = monotonic()
        self._tell(SyncState(SyncPhase.WORKING))

    def _attempt(self) -> CycleResult:
        """Run the cycle; on a line that was kept and turns out to be dead, once more on a new one."""
        was_kept = self._shared is not None
        try:
            return self._once()
        except Unreachable as error:
            if isinstance(error, Refused) or not was_kept or self._stop.is_set():
                raise
        self._close()
        return self._once()

    def _once(self) -> CycleResult:
        stopped(self._cancel)
        if self._shared is None:
            self._is_stale.clear()
            self._shared = self._connect()
            # Before anything is asked, so that nothing is committed in between unheard.
            self._shared.listen()
            stopped(self._cancel)
        return Engine(self._store, self._shared).run_cycle(self._on_step, self._cancel)

    def _on_step(self, step: Step) -> None:
        self._moved_at = monotonic()
        known = self.state.step
        is_other = known is None or known.phase != step.phase
        if is_other or self._moved_at - self._told_at >= TELL_S:
            self._tell(SyncState(SyncPhase.WORKING, step))
        if self._shared is not None:
            self._heartbeat.beat(self._shared)

    def _rest(self, phase: SyncPhase, delay_s: float, error: AppError | None = None) -> float:
        if phase is not SyncPhase.QUIET:
            self._close()
        next_try = None
        if phase is SyncPhase.OFFLINE:
            next_try = datetime.now(UTC) + timedelta(seconds=delay_s)
        self._rested_at = monotonic()
        self._tell(SyncState(phase, error=error, next_try=next_try))
        return delay_s

    # On the worker's thread: between cycles

    def _wait(self, delay_s: float) -> None:
        """Wait for a wake-up, for news of the shared database, or for the time to pass."""
        until = monotonic() + delay_s
        while not self._wake.is_set() and not self._stop.is_set():
            left_s = until - monotonic()
            if left_s <= 0:
                return
            try:
                if self._hears_of_changes(left_s):
                    return
            except AppError:
                # A line that broke is made anew at once, but not over and over.
                self._close()
                until = min(until, self._rested_at + self._pace.first_delay_s)
        if monotonic() - self._rested_at < BUSY_S:
            self._settle()

    def _hears_of_changes(self, left_s: float) -> bool:
        shared = self._shared
        if shared is None:
            self._waker.wait(left_s)
            return False
        self._heartbeat.beat(shared)
        heard = shared.hear(min(left_s, self._heartbeat.due_in()), self._waker)
        if News.EDITING in heard:
            self._heartbeat.ask()
        return News.CHANGES in heard

    def _settle(self) -> None:
        """Let a burst of saves end, a quarter of a second at most."""
        for _turn in range(BURST):
            self._wake.clear()
            self._waker.wait(self._pace.settle_s)
            if self._stop.is_set() or not self._wake.is_set():
                return

    def _tell(self, state: SyncState) -> None:
        self._told_at = monotonic()
        with self._telling:
            self.state = state
        if not self._stop.is_set():
            self.state_changed.emit(state)

    def _on_others(self, others: Others) -> None:
        if not self._stop.is_set():
            self.who_changed.emit(others)

    def _close(self) -> None:
        self._heartbeat.lose()
        if self._shared is not None:
            shared, self._shared = self._shared, None
            with suppress(AppError):  # it was closed already
                shared.close()

    def _leave(self) -> None:
        """Say goodbye, when somebody listens."""
        if self._shared is not None:
            with suppress(AppError):
                self._heartbeat.leave(self._shared)
        self._close()
