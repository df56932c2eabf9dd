"""Copies of attachments that are opened in other programs: looked into first, and gone at the end."""

import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

from db.entities.place import Attachment
from db.errors import AppError
from desktop_app.i18n import _
from desktop_app.platform import open_file
from desktop_app.services.attachments import copy_to_open
from desktop_app.services.problem_text import error_text
from desktop_app.views.session import Session


class OpenedCopies:
    """A folder for this person alone, that goes when the program does."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._folder: Path | None = None

    def open(self, attachment: Attachment, refused: Callable[[str], None]) -> None:
        """Open a copy; `refused` hears in words why not."""
        store, folder = self._session.store, self._made()

        def work() -> Path:
            return copy_to_open(attachment, store.blob(attachment.sha256) or b"", folder)

        def done(path: Path) -> None:
            open_file(path)

        def failed(error: Exception) -> None:
            if not isinstance(error, (AppError, OSError)):
                raise error
            reason = error_text(error) if isinstance(error, AppError) else str(error)
            refused(_("This was not opened, to be safe. {reason}").format(reason=reason))

        self._session.jobs.run(work, done, failed)

    def _made(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="naoberkaart-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder
