"""Taking unsent work along on a USB stick: the words that open it, the file, and how it ended."""

from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.errors import AppError
from db.sync.bundle import Carried, make_bundle, to_carry
from db.sync.bundle_file import SUFFIX
from db.sync.bundled import About
from db.sync.progress import Cancelled, Step
from desktop_app.i18n import _, format_size, ngettext
from desktop_app.services.bundle_text import file_name, made_text
from desktop_app.services.bundle_words import new_passphrase
from desktop_app.services.problem_text import error_text
from desktop_app.services.typed_dates import today
from desktop_app.tokens import BODY, LABEL, TITLE
from desktop_app.views.bundle_folder import last_folder, remember_folder
from desktop_app.views.dialogs import Dialog
from desktop_app.views.messages import file_to_save, print_text
from desktop_app.views.session import Session
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.kit.small import ThinProgress
from desktop_app.widgets.kit.text import note, text


class CarryDialog(Dialog):
    """Puts all unsent work in one sealed file; nothing leaves this laptop by it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(_("Take work along on a USB stick"), parent)
        self._session = session
        self._words = new_passphrase()
        self._cancel = Event()
        self._fill(to_carry(session.store))
        self.go.clicked.connect(self._on_go)
        self.stop.clicked.connect(self.reject)
        self.rejected.connect(self._cancel.set)

    def _fill(self, carried: Carried) -> None:
        for words in (carried_text(carried), _("It goes in one sealed file. It also stays here.")):
            self.column.addWidget(text(words, BODY, wrap=True))
        self.column.addWidget(text(_("These six words open the file"), LABEL))
        self.words = text(self._words, TITLE, wrap=True)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.words.setAccessibleName(self._words)
        self.column.addWidget(self.words)
        self._add_ways_to_keep()
        self.column.addWidget(
            note(
                _("Write them on paper, never on the stick. Tell them by phone to who delivers it.")
            )
        )
        self.message = MessageBar(Message.INFORMATION, "")
        self._bar = ThinProgress(_("Writing"))
        for widget in (self.message, self._bar):
            self.column.addWidget(widget)
            widget.hide()
        self.column.addStretch(1)
        self.go = Button(_("Choose the file"), Kind.PRIMARY, icon="export-variant")
        self.stop = Button(_("Cancel"), shortcut="Esc")
        self.foot.addWidget(self.go)
        self.foot.addWidget(self.stop)
        self.foot.addStretch(1)
        if not carried.changes and not carried.blobs:
            self.go.set_reason(_("Nothing is waiting to be sent."))

    def _add_ways_to_keep(self) -> None:
        self.copy = Button(_("Copy the words"), Kind.OUTLINED, icon="content-copy")
        self.print = Button(_("Print"), Kind.OUTLINED, icon="printer-outline")
        self.copy.clicked.connect(self._on_copy)
        self.print.clicked.connect(self._on_print)
        row = QHBoxLayout()
        for button in (self.copy, self.print):
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)

    def _on_go(self) -> None:
        session = self._session
        maker = session.titles.staff(session.store.me) if session.store.me else ""
        kinds = f"Naoberkaart (*{SUFFIX})"
        name = str(Path(last_folder(session.store), file_name(maker, today())))
        path = file_to_save(self, self.windowTitle(), name, kinds)
        if path is not None:
            remember_folder(session.store, path)
            self._write(path if path.suffix else path.with_suffix(SUFFIX))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._words)
        self.copy.set_text(_("Copied"))

    def _on_print(self) -> None:
        print_text(self, f"{self.windowTitle()}\n\n{self._words}\n")

    def _write(self, path: Path) -> None:
        self.go.set_reason(_("Busy…"))
        self.message.hide()
        self._bar.show()
        store, words, cancel = self._session.store, self._words, self._cancel
        tell = self._session.jobs.on_main_thread(self._on_step)
        self._session.jobs.run(
            lambda: make_bundle(store, path, words, tell, cancel),
            lambda about: self._on_made(about, path),
            self._on_failed,
        )

    def _on_step(self, step: Step) -> None:
        self._bar.set_amount(step.done, step.total)

    def _on_made(self, about: About, path: Path) -> None:
        self._bar.hide()
        self.go.hide()
        self.stop.set_text(_("Close"))
        self.stop.setFocus()
        told = f"{made_text(about, path)} {_('Have you written down the six words?')}"
        self._say(Message.DONE, told)

    def _on_failed(self, error: Exception) -> None:
        self._bar.hide()
        self.go.set_reason("")
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, AppError):
            raise error
        self._say(Message.ERROR, error_text(error))

    def _say(self, kind: Message, words: str) -> None:
        self.message.set_message(kind, words)
        self.message.show()
        self.fit()


def carried_text(carried: Carried) -> str:
    """Return "3 changes and 1 attachment (4,8 MB) wait to be sent."."""
    changes = ngettext("%(count)d change", "%(count)d changes", carried.changes)
    told = changes % {"count": carried.changes}
    if carried.blobs:
        files = ngettext("%(count)d attachment", "%(count)d attachments", carried.blobs)
        shown = {
            "changes": told,
            "photos": files % {"count": carried.blobs},
            "size": format_size(carried.size_bytes),
        }
        told = _("%(changes)s and %(photos)s (%(size)s)") % shown
    return _("To take along: %(amount)s.") % {"amount": told}
