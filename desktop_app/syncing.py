"""Sync as the program has it: a worker when there is a shared database, and what it says, in words."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from db.local.store import LocalStore
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.jobs import Jobs
from desktop_app.background.sync_worker import SyncPhase, SyncState, SyncWorker
from desktop_app.profile import Profile, address_of, forget_server, keep_server
from desktop_app.services.problem_text import error_text
from desktop_app.services.sync_text import SyncNow
from desktop_app.starting import greet, tell

TICK_MS = 1_000
"""How often "next try in 20 seconds" is counted down while there is no connection."""


class Syncing(QObject):
    """Starts and stops the worker of one open store.

    Signals:
        told(SyncNow): how sync stands.
    """

    told = Signal(object)

    def __init__(self, profile: Profile, store: LocalStore, bus: ChangeBus, jobs: Jobs) -> None:
        super().__init__()
        self._profile, self._store, self._bus, self._jobs = profile, store, bus, jobs
        self.worker: SyncWorker | None = None
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._count_down)

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
        self.worker = SyncWorker(self._store, lambda: PostgresDatabase(address))
        self.worker.state_changed.connect(self._on_state)
        self._bus.committed.connect(self.worker.on_committed)
        self.worker.start()

    def stop(self) -> None:
        """Stop syncing, and wait until it has."""
        self._tick.stop()
        if self.worker is not None:
            worker, self.worker = self.worker, None
            self._bus.committed.disconnect(worker.on_committed)
            worker.stop()
            worker.deleteLater()

    def sync_now(self) -> bool:
        """Start a cycle; False when there is nothing to sync with."""
        if self.worker is not None:
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

    def _on_state(self, state: SyncState) -> None:
        if self.worker is None:
            return
        self.told.emit(sync_now_of(state))
        if state.phase is not SyncPhase.OFFLINE:
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()

    def _count_down(self) -> None:
        if self.worker is not None:
            self.told.emit(sync_now_of(self.worker.state))


def sync_now_of(state: SyncState) -> SyncNow:
    """Return the worker's state as the words need it."""
    step = state.step
    return SyncNow(
        state.phase.value,
        step.done if step else 0,
        step.total if step else 0,
        state.next_try,
        error_text(state.error) if state.error else "",
    )
