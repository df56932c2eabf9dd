"""One run of the program: from the first start to a window on an open store, and its end.

Made by `app.main`, which has the application; tests make it with jobs that run at once.
"""

import dataclasses
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

from db.geometry import lon_lat
from db.local.store import LocalStore
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from desktop_app import i18n
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.jobs import Jobs
from desktop_app.background.sync_worker import SyncPhase, SyncState, SyncWorker
from desktop_app.i18n import _
from desktop_app.profile import Profile, address_of, forget_server, keep_server
from desktop_app.services.problem_text import error_text
from desktop_app.services.sync_text import SyncNow
from desktop_app.settings import Language, Settings
from desktop_app.starting import Starting, greet, set_aside, tell
from desktop_app.tokens import Appearance
from desktop_app.views.main_window import MainWindow
from desktop_app.views.program_commands import ProgramCommands
from desktop_app.views.remembered import recall, remember
from desktop_app.views.session import Session
from desktop_app.widgets.style import Look

log = logging.getLogger(__name__)

TICK_MS = 1_000
"""How often "next try in 20 seconds" is counted down while there is no connection."""


class Program(QObject):
    """Holds what lives as long as the program: profile, store, window, sync worker."""

    def __init__(self, profile: Profile, look: Look, jobs: Jobs) -> None:
        super().__init__()
        self.profile, self.look, self.jobs = profile, look, jobs
        self.settings: Settings = profile.settings()
        self.store: LocalStore | None = None
        self.bus: ChangeBus | None = None
        self.window: MainWindow | None = None
        self.starting = Starting(profile, jobs)
        self.starting.opened.connect(self.open)
        self.starting.language_chosen.connect(self._on_language)
        self.worker: SyncWorker | None = None
        self.commands: ProgramCommands | None = None
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._count_down)

    # Starting

    def begin(self) -> None:
        """Show the window, or first what must be chosen or typed."""
        self.starting.begin()

    def clear_examples(self) -> None:
        """End practising: put the store with examples aside, and show the first start."""
        self._end_store()
        set_aside(self.profile.store_path, "examples")
        self.begin()

    def open(self, store: LocalStore) -> None:
        """Show the window on an open store."""
        self.store = store
        self.bus = ChangeBus(store)
        session = Session(store, self.bus, self.jobs)
        self.window = window = MainWindow(session)
        self.commands = ProgramCommands(self, window)
        window.command.connect(self.commands.run)
        window.closing.connect(lambda: remember(window))
        window.go(recall(window))
        window.show()
        self.starting.end()
        QTimer.singleShot(0, self, self._after_show)

    def _after_show(self) -> None:
        """Do what the window need not wait for."""
        assert self.store is not None
        address = address_of(self.profile, self.store)
        if address is None and self.window is not None:
            self.window.show_sync(SyncNow("alone"))
        elif address is not None and self.settings.syncs_by_itself:
            self.start_sync(address)
        self.jobs.run(warm_up, lambda _nothing: None)
        if self.window is not None:
            self.window.offer_drafts()

    # Sync

    def start_sync(self, address: Address) -> None:
        """Sync with this database from now on."""
        self.stop_sync()
        assert self.store is not None
        assert self.bus is not None
        self.worker = SyncWorker(self.store, lambda: PostgresDatabase(address))
        self.worker.state_changed.connect(self._on_sync_state)
        self.bus.committed.connect(self.worker.on_committed)
        self.worker.start()

    def stop_sync(self) -> None:
        """Stop syncing, and wait until it has."""
        self._tick.stop()
        if self.worker is not None:
            worker, self.worker = self.worker, None
            if self.bus is not None:
                self.bus.committed.disconnect(worker.on_committed)
            worker.stop()
            worker.deleteLater()

    def _on_sync_state(self, state: SyncState) -> None:
        if self.window is None or self.worker is None:
            return
        self.window.show_sync(sync_now_of(state))
        if state.phase is SyncPhase.OFFLINE and not self._tick.isActive():
            self._tick.start()
        elif state.phase is not SyncPhase.OFFLINE:
            self._tick.stop()

    def _count_down(self) -> None:
        if self.window is not None and self.worker is not None:
            self.window.show_sync(sync_now_of(self.worker.state))

    def connect_to(self, address: Address, done: Callable[[str], None]) -> None:
        """Try a shared database and keep it; `done` gets "" or what went wrong, in words."""

        def work() -> None:
            greet(address)

        def connected(_nothing: None) -> None:
            assert self.store is not None
            keep_server(self.profile, self.store, address)
            self.settings = self.profile.settings()
            self.start_sync(address)
            done("")

        self.jobs.run(work, connected, lambda error: tell(error, done))

    def disconnect_from_server(self) -> None:
        """Work alone from now on; what waits is kept."""
        assert self.store is not None
        self.stop_sync()
        forget_server(self.profile, self.store)
        self.settings = self.profile.settings()
        if self.window is not None:
            self.window.show_sync(SyncNow("alone"))

    # Settings and the end

    def save_settings(self, settings: Settings) -> None:
        """Keep what the person chose, and follow it."""
        self.settings = settings
        self.profile.save_settings(settings)
        self.look.set_appearance(Appearance(settings.appearance.value))

    def _on_language(self, code: str) -> None:
        self.save_settings(dataclasses.replace(self.settings, language=from_code(code)))
        i18n.use(code)
        self.starting.end()
        self.begin()

    def reopen_window(self) -> None:
        """Make the window anew, in another language; a half-typed form is kept as a draft."""
        assert self.window is not None
        old, self.window = self.window, None
        store, bus, worker = self.store, self.bus, self.worker
        old.close()
        if bus is not None:
            bus.close()
        old.deleteLater()
        assert store is not None
        address = address_of(self.profile, store) if worker is not None else None
        self.stop_sync()
        self.open(store)
        if address is not None and self.worker is None:
            self.start_sync(address)

    def on_bug(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> Any:
        """Log what nobody expected, say one calm sentence, and go on."""
        log.error("unexpected", exc_info=(kind, error, trace))
        if self.window is not None:
            words = _("Something went wrong in the program. Nothing of your work is lost.")
            self.window.status.show_problem(words)

    def close(self) -> None:
        """Stop the worker, close the window and the store; nothing is lost at any moment."""
        self.starting.end()
        self._end_store()

    def _end_store(self) -> None:
        self.stop_sync()
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if self.bus is not None:
            self.bus.close()
        if self.store is not None:
            self.store.close()
            self.store = None


def warm_up() -> None:
    """Load what the first record shown would wait for: the tables of the projection."""
    lon_lat(240_000, 455_000)


def from_code(code: str) -> Language:
    """Return the language of a code."""
    return next(one for one in Language if one.value == code)


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
