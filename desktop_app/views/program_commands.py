"""The commands that reach beyond one window: sync, connect, settings, help, import and export."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from db.local.query import Query
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import SharedDatabase
from desktop_app import i18n
from desktop_app.i18n import _
from desktop_app.settings import Settings
from desktop_app.views.bundle_acts import BundleActs
from desktop_app.views.dialogs import AboutDialog, ConnectDialog, SettingsDialog, ShortcutHelp
from desktop_app.views.main_window import MainWindow
from desktop_app.views.transfer import Transfers
from desktop_app.widgets.editor import Choice

if TYPE_CHECKING:
    from desktop_app.program import Program
    from desktop_app.syncing import Syncing


class ProgramCommands(QObject):
    """Carries out what a window asks of the program."""

    def __init__(self, program: "Program", window: MainWindow) -> None:
        super().__init__(window)
        self._program, self._window = program, window
        self._transfers = Transfers(window.session, window)
        bar = window.workspace.list.undo_bar
        self._transfers.told.connect(lambda words: bar.show_done(words, "check", with_undo=False))
        self._transfers.failed.connect(window.status.show_problem)
        self._bundles = BundleActs(window.session, window, self._connection)
        self._bundles.delivered.connect(self._sync_now)
        self._bundles.failed.connect(window.status.show_problem)
        self._acts = {
            "sync_now": self._sync_now,
            "sync_stop": self._sync_stop,
            "connect": self.open_connect,
            "settings": self.open_settings,
            "me": self.open_settings,
            "shortcuts": self.open_help,
            "about": self._open_about,
            "import": self._read_in,
            "export": self._save_list,
            "clear_examples": self._clear_examples,
            "bundle_make": self._bundles.carry,
            "bundle_send": self._bundles.choose,
        }

    def run(self, name: str) -> None:
        """Carry out a command."""
        self._acts[name]()

    @property
    def _syncing(self) -> "Syncing":
        syncing = self._program.syncing
        assert syncing is not None
        return syncing

    def _sync_now(self) -> None:
        if not self._syncing.sync_now():
            self.open_connect()

    def _connection(self) -> Callable[[], SharedDatabase] | None:
        address = self._syncing.address
        return None if address is None else lambda: PostgresDatabase(address)

    def _sync_stop(self) -> None:
        worker = self._syncing.worker
        if worker is not None:
            worker.cancel()

    def open_connect(self) -> ConnectDialog:
        """Open the connect dialog."""
        dialog = ConnectDialog(self._syncing.address, self._window)

        def on_answer(problem: str) -> None:
            if problem:
                dialog.show_problem(problem)
            else:
                dialog.accept()

        dialog.asked.connect(lambda wanted: self._syncing.connect_to(wanted, on_answer))
        dialog.forgotten.connect(self._syncing.forget)
        dialog.forgotten.connect(dialog.accept)
        dialog.open()
        return dialog

    def open_settings(self) -> SettingsDialog:
        """Open the settings; a change holds at once."""
        session = self._window.session
        query = Query(entity="staff", sort="name", descending=False, limit=500)
        people = [Choice(one.id, one.title_text) for one in session.store.find(query).records]
        is_fixed = session.store.is_connected
        me = session.store.me
        dialog = SettingsDialog(
            self._program.settings, [] if is_fixed else people, me, parent=self._window
        )
        dialog.changed.connect(lambda wanted: self._on_settings(dialog, wanted))
        dialog.me_chosen.connect(self._on_me)
        dialog.open()
        return dialog

    def _on_settings(self, dialog: SettingsDialog, settings: Settings) -> None:
        is_other = settings.language is not self._program.settings.language
        self._program.save_settings(settings)
        if is_other:
            i18n.use(settings.language.value)
            dialog.accept()
            QTimer.singleShot(0, self._program, self._program.reopen_window)  # not under its hand

    def _on_me(self, staff: UUID | None) -> None:
        self._window.session.store.set_meta("me", str(staff) if staff else None)
        self._window.refresh_counts()

    def open_help(self) -> ShortcutHelp:
        """Open the list of keys."""
        dialog = ShortcutHelp(self._window)
        dialog.open()
        return dialog

    def _open_about(self) -> None:
        try:
            number = version("naoberkaart")
        except PackageNotFoundError:
            number = _("from source")
        AboutDialog(number, self._window).open()

    def _read_in(self) -> None:
        self._transfers.read_in(self._window.place.entity)

    def _save_list(self) -> None:
        self._transfers.save_list(self._window.workspace.list.listing)

    def _clear_examples(self) -> None:
        QTimer.singleShot(0, self._program, self._program.clear_examples)
