"""From nothing to an open store: the first start, the passphrase, or a damaged file put aside."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from db.errors import AppError, LocalStoreDamaged, WrongKey
from db.local.store import LocalStore
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from desktop_app.background.jobs import Jobs
from desktop_app.i18n import _
from desktop_app.profile import Profile, keep_server, open_profile, start
from desktop_app.services.problem_text import error_text
from desktop_app.views.first_start import Beginning, FirstStart, UnlockPage
from desktop_app.views.start_window import StartWindow
from desktop_app.widgets.on_screen import fit


class Starting(QObject):
    """Shows what must be chosen or typed before a store is open.

    Signals:
        opened(LocalStore): there is an open store. language_chosen(str): a code.
    """

    opened = Signal(object)
    language_chosen = Signal(str)

    def __init__(self, profile: Profile, jobs: Jobs) -> None:
        super().__init__()
        self.profile, self.jobs = profile, jobs
        self.window: StartWindow | None = None

    def begin(self) -> None:
        """Show the window, or first what must be chosen or typed."""
        if self.profile.has_store and not self.profile.needs_passphrase:
            try:
                self.opened.emit(open_profile(self.profile))
                return
            except LocalStoreDamaged as error:
                self._show_unlock().show_problem(
                    error_text(error), is_damaged=not isinstance(error, WrongKey)
                )
            except AppError as error:
                self._show_unlock().show_problem(error_text(error))
        elif self.profile.has_store:
            self._show_unlock()
        else:
            self.show_welcome()

    def _start_window(self) -> StartWindow:
        if self.window is None:
            self.window = StartWindow()
            self.window.resize(1366, 728)
            fit(self.window)
        self.window.show()
        return self.window

    def show_welcome(self) -> FirstStart:
        """Show the first start."""
        needs = self.profile.needs_passphrase
        page = self._start_window().welcome(needs_passphrase=needs)
        page.begun.connect(lambda how, words: self._on_begun(page, how, words))
        page.language_chosen.connect(self.language_chosen)
        return page

    def _on_begun(self, page: FirstStart, how: Beginning, passphrase: str) -> None:
        page.set_busy(_("Busy setting up…"))
        address = page.connect_form.address() if how is Beginning.CONNECT else None

        def work() -> LocalStore:
            if address is not None:
                greet(address)
            made = start(
                self.profile, lambda _is_new: passphrase, examples=how is Beginning.EXAMPLES
            )
            if address is not None:
                keep_server(self.profile, made, address)
            return made

        self.jobs.run(work, self.opened.emit, lambda error: tell(error, page.show_problem))

    def _show_unlock(self) -> UnlockPage:
        page = self._start_window().unlock(needs_passphrase=self.profile.needs_passphrase)
        page.unlocked.connect(lambda words: self._on_unlocked(page, words))
        page.set_aside.connect(self._on_set_aside)
        return page

    def _on_unlocked(self, page: UnlockPage, passphrase: str) -> None:
        self.jobs.run(
            lambda: open_profile(self.profile, lambda _is_new: passphrase),
            self.opened.emit,
            lambda error: tell(error, page.show_problem),
        )

    def _on_set_aside(self) -> None:
        """Keep the damaged file under another name, and begin anew."""
        set_aside(self.profile.store_path, "damaged")
        self.begin()

    def end(self) -> None:
        """Close the window; a store is open, or the program ends."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None


def tell(error: Exception, show: Callable[[str], None]) -> None:
    """Show what went wrong in plain words; what nobody expected is raised as well."""
    if not isinstance(error, AppError):
        show(_("Something went wrong in the program. Nothing of your work is lost."))
        raise error
    show(error_text(error))


def set_aside(path: Path, why: str) -> None:
    """Give a file, and what SQLite keeps beside it, another name; nothing is thrown away."""
    number = 1
    while (aside := path.with_suffix(f".{why}-{number}")).exists():
        number += 1
    path.rename(aside)
    for ending in ("-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))


def greet(address: Address) -> None:
    """Ask a shared database who it is.

    Raises:
        AppError: it can't be reached, or does not let us in.
    """
    shared = PostgresDatabase(address)
    try:
        shared.hello()
    finally:
        shared.close()
