"""One run of the program: from the first start to a window on an open store, and its end.

Made by `app.main`, which has the application; tests make it with jobs that run at once.
"""

import dataclasses
import logging
from types import TracebackType
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

from db.geometry import lon_lat
from db.local.attaching import fetch_everything
from db.local.store import LocalStore
from desktop_app import i18n
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.jobs import Jobs
from desktop_app.i18n import _
from desktop_app.profile import Profile
from desktop_app.settings import Language, Settings
from desktop_app.starting import Starting, set_aside
from desktop_app.syncing import Syncing
from desktop_app.tokens import Appearance
from desktop_app.views.main_window import MainWindow
from desktop_app.views.pages import offer_drafts
from desktop_app.views.program_commands import ProgramCommands
from desktop_app.views.remembered import recall, remember
from desktop_app.views.session import Session
from desktop_app.widgets.style import Look

log = logging.getLogger(__name__)


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
        self.syncing: Syncing | None = None
        self.commands: ProgramCommands | None = None

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
        self.syncing = Syncing(self.profile, store, self.bus, self.jobs, session.presence)
        self.syncing.told.connect(window.show_sync)
        self.commands = ProgramCommands(self, window)
        window.command.connect(self.commands.run)
        window.closing.connect(lambda: remember(window))
        window.go(recall(window))
        window.show()
        self.starting.end()
        QTimer.singleShot(0, self, self._after_show)

    def _after_show(self) -> None:
        """Do what the window need not wait for."""
        if self.syncing is not None and self.window is not None:
            self._follow_settings()
            self.syncing.begin(by_itself=self.settings.syncs_by_itself)
            offer_drafts(self.window)
        self.jobs.run(warm_up, lambda _nothing: None)

    # Settings and the end

    def save_settings(self, settings: Settings) -> None:
        """Keep what the person chose, and follow it."""
        self.settings = settings
        self.profile.save_settings(settings)
        self.look.set_appearance(Appearance(settings.appearance.value))
        self._follow_settings()

    def _follow_settings(self) -> None:
        """Let the store know what it does by itself."""
        if self.store is not None:
            fetch_everything(self.store, is_on=self.settings.fetches_everything)

    def _on_language(self, code: str) -> None:
        self.save_settings(dataclasses.replace(self.settings, language=from_code(code)))
        i18n.use(code)
        self.starting.end()
        self.begin()

    def reopen_window(self) -> None:
        """Make the window anew, in another language; a half-typed form is kept as a draft."""
        store = self.store
        assert store is not None
        self._end_window()
        self.open(store)

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
        self._end_window()
        if self.store is not None:
            self.store.close()
            self.store = None

    def _end_window(self) -> None:
        """Close the window first: the worker may take a moment to stop."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
        if self.syncing is not None:
            self.syncing.stop()
            self.syncing.deleteLater()
            self.syncing = None
        if self.bus is not None:
            self.bus.close()
            self.bus = None
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def warm_up() -> None:
    """Load what the first record shown would wait for: the tables of the projection."""
    lon_lat(240_000, 455_000)


def from_code(code: str) -> Language:
    """Return the language of a code."""
    return next(one for one in Language if one.value == code)
