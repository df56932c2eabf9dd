"""What can be done on the sync page: take back, send again, save the outbox, go on."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, SignalInstance

from db.errors import AppError
from db.local.sending_again import send_again
from db.sync.restoring import OFFERED
from desktop_app.i18n import _, ngettext
from desktop_app.services.outbox_export import export_outbox
from desktop_app.services.problem_text import error_text
from desktop_app.views.messages import file_to_save
from desktop_app.views.session import Session
from desktop_app.views.status_bar import StatusLine
from desktop_app.views.sync_page import SyncPage

ACCEPTED = "accept_emptied"
"""The small setting by which a person goes on with a database that was emptied."""


class SyncActs(QObject):
    """Carries out what the sync page asks; `command` is the window's signal for the rest."""

    def __init__(
        self, page: SyncPage, session: Session, status: StatusLine, command: SignalInstance
    ) -> None:
        super().__init__(page)
        self._page, self._session, self._status, self._command = page, session, status, command
        page.sync_asked.connect(lambda: command.emit("sync_now"))
        page.stop_asked.connect(lambda: command.emit("sync_stop"))
        page.connect_asked.connect(lambda: command.emit("connect"))
        page.accept_asked.connect(self.accept)
        page.backs_asked.connect(self.take_back)
        page.again_asked.connect(self.send_again)
        page.export_asked.connect(self.export)
        page.seen.connect(self.note_seen)
        page.bundle_asked.connect(lambda: command.emit("bundle_make"))

    def take_back(self, change_ids: tuple[UUID, ...]) -> None:
        """Take changes back, the last one first."""

        def act() -> str:
            for change_id in change_ids:
                self._session.store.take_back(change_id)
            return _("Taken back. The record is as it was.")

        self._try(act)

    def send_again(self, change_id: UUID | None) -> None:
        """Send a refused record again, or all of them."""

        def act() -> str:
            count = len(send_again(self._session.store, change_id))
            words = ngettext(
                "%(count)d change is sent again.", "%(count)d changes are sent again.", count
            )
            return words % {"count": count}

        self._try(act)
        self._command.emit("sync_now")

    def accept(self) -> None:
        """Offer everything again to the shared database as it is now."""
        self._session.store.set_meta(ACCEPTED, "1")
        self._command.emit("sync_now")

    def note_seen(self) -> None:
        """Say no more that the shared database was put back."""
        self._session.store.set_meta(OFFERED, None)
        self._page.refresh()
        self._page.head.go.setFocus()

    def export(self) -> None:
        """Let the user choose a file, and write what is not sent yet to it."""
        kinds = "CSV (*.csv);;JSON (*.json)"
        name = _("not-sent-yet") + ".csv"
        path = file_to_save(self._page, _("Save what waits as"), name, kinds)
        if path is not None:
            self._export_to(path)

    def _export_to(self, path: Path) -> None:
        store, names = self._session.store, self._session.titles
        self._session.jobs.run(
            lambda: export_outbox(store, path, names),
            lambda count: self._on_exported(count, path),
            self._on_failed,
        )

    def _on_exported(self, count: int, path: Path) -> None:
        words = ngettext(
            "%(count)d change written to %(file)s.",
            "%(count)d changes written to %(file)s.",
            count,
        )
        self._status.show_done(words % {"count": count, "file": path.name})

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            raise error
        self._status.show_problem(error_text(error))

    def _try(self, act: Callable[[], str]) -> None:
        try:
            self._status.show_done(act())
        except AppError as error:
            self._status.show_problem(error_text(error))
