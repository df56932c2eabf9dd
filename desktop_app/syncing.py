"""Sync as the program has it: a worker when there is a shared database, and what it says, in words."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from db.errors import Refused
from db.local.store import LocalStore
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.jobs import Jobs
from desktop_app.background.presence import Presence
from desktop_app.background.sync_state import SyncPhase, SyncState
from desktop_app.background.sync_worker import SyncWorker
from desktop_app.background.watch import Watch
from desktop_app.profile import Profile, address_of, forget_server, keep_server
from desktop_app.services.problem_text import error_text
from desktop_app.services.sync_text import SyncNow
from desktop_app.starting import greet, tell

TICK_MS = 1_000
"""How often "next try in 20 seconds" is counted down while there is no connection."""
UNNOTICED_MS = 300
"""A cycle that takes no longer is not shown as work: a window that lives must not flicker."""


class Syncing(QObject):
    """Starts and stops the worker of one open store.

    Signals:
        told(SyncNow): how sync stands.
    """

    told = Signal(object)

    def __init__(
        self,
        profile: Profile,
        store: LocalStore,
        bus: ChangeBus,
        jobs: Jobs,
        presence: Presence | None = None,
    ) -> None:
        super().__init__()
        self._profile, self._store, self._bus, self._jobs = profile, store, bus, jobs
        self._presence = presence or Presence()
        self.worker: SyncWorker | None = None
        self._turn = threading.Lock()
        self._watch: Watch | None = None
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._tell_now)
        self._busy = QTimer(self, interval=UNNOTICED_MS, singleShot=True)
        self._busy.timeout.connect(self._tell_now)
        self._is_busy_told = False

    @property
    def address(self) -> Address | None:
        """Return the shared database this profile is connected with."""
        return address_of(self._profile, self._store)

    def begin(self, *, by_itself: bool) -> None:
        """Sync when there is something to sync with, and the person wants it to go by itself."""
        address = self.address
        if address is None:
            self.told.emit(SyncNow("alone"))
        elif by_itself:
            self.start(address)

    def start(self, address: Address) -> None:
        """Sync with this database from now on."""
        self.stop()
        self.worker = worker = SyncWorker(
            self._store, lambda: PostgresDatabase(address), turn=self._turn
        )
        worker.state_changed.connect(self._on_state)
        worker.who_changed.connect(self._presence.show_others)
        worker.set_editing(self._presence.mine)
        self._presence.mine_changed.connect(worker.set_editing)
        self._bus.committed.connect(worker.on_committed)
        self._watch = Watch()
        self._watch.renewed.connect(worker.sync_afresh)
        self._watch.ticked.connect(worker.look)
        self._watch.start()
        worker.start()

    def stop(self) -> None:
        """Stop syncing, and wait until it has; two seconds at most."""
        self._tick.stop()
        self._busy.stop()
        if self._watch is not None:
            self._watch.stop()
            self._watch.deleteLater()
            self._watch = None
        if self.worker is not None:
            worker, self.worker = self.worker, None
            self._bus.committed.disconnect(worker.on_committed)
            self._presence.mine_changed.disconnect(worker.set_editing)
            worker.stop()
            worker.deleteLater()
            self._presence.show_others({})

    def sync_now(self) -> bool:
        """Start a cycle; False when there is nothing to sync with."""
        if self.worker is not None:
            self._is_busy_told = True  # who asks for it sees that it is done
            self.worker.sync_now()
            return True
        address = self.address
        if address is not None:
            self.start(address)
        return address is not None

    def connect_to(self, address: Address, done: Callable[[str], None]) -> None:
        """Try a shared database and keep it; `done` gets "" or what went wrong, in words."""

        def connected(_nothing: None) -> None:
            keep_server(self._profile, self._store, address)
            self.start(address)
            done("")

        self._jobs.run(lambda: greet(address), connected, lambda error: tell(error, done))

    def forget(self) -> None:
        """Work alone from now on; what waits is kept."""
        self.stop()
        forget_server(self._profile, self._store)
        self.told.emit(SyncNow("alone"))

    def accept_emptied(self) -> None:
        """Take the shared database for what it is now: all that is here is offered to it again."""
        self._store.set_meta("accept_emptied", "1")
        self.sync_now()

    def _on_state(self, state: SyncState) -> None:
        if self.worker is None:
            return
        is_working = state.phase is SyncPhase.WORKING
        if is_working and not self._is_busy_told and state.stalled_since is None:
            if not self._busy.isActive():
                self._busy.start()
            return
        self._busy.stop()
        self._is_busy_told = is_working
        self.told.emit(sync_now_of(state))
        if state.phase is not SyncPhase.OFFLINE and state.stalled_since is None:
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()

    def _tell_now(self) -> None:
        """Tell again: a count-down goes on, or a cycle turns out to take a while."""
        if self.worker is not None:
            state = self.worker.state
            self._is_busy_told = state.phase is SyncPhase.WORKING
            self.told.emit(sync_now_of(state))


def sync_now_of(state: SyncState) -> SyncNow:
    """Return the worker's state as the words need it."""
    step = state.step
    return SyncNow(
        state.phase.value,
        step.done if step else 0,
        step.total if step else 0,
        state.next_try,
        error_text(state.error) if state.error else "",
        step.phase if step else "",
        state.error.reason if isinstance(state.error, Refused) else "",
        state.stalled_since,
        {step.file.sha256: step.file.done} if step and step.file else {},
    )
