"""Delivering work of a colleague from a USB stick: the words, what is in it, and how it ended."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from db.changes import now
from db.errors import AppError
from db.shared.protocol import SharedDatabase
from db.sync.bundle_file import Bundle
from db.sync.bundled import BundleProblem
from db.sync.delivering import Delivery, deliver_bundle
from db.sync.progress import Cancelled, Step
from desktop_app.i18n import _
from desktop_app.services.bundle_text import (
    CHOICE_LATER,
    KEEP_FILE,
    about_text,
    delivery_text,
    report_path,
    write_report,
)
from desktop_app.services.bundle_words import opened
from desktop_app.services.problem_text import error_text
from desktop_app.tokens import BODY, LABEL
from desktop_app.views.dialogs import Dialog
from desktop_app.views.session import Session
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.kit.small import ThinProgress
from desktop_app.widgets.kit.text import FieldLabel, note, text
from desktop_app.widgets.theme import px

_SHOWN = 8
"""Lines of what needs a person that the dialog names; the report names them all."""


class DeliverDialog(Dialog):
    """Opens a bundle with the words that were told by phone, and hands it over.

    Signals:
        delivered(): the shared database may hold something new.
    """

    delivered = Signal()

    def __init__(
        self,
        session: Session,
        connect: Callable[[], SharedDatabase],
        path: Path,
        parent: QWidget | None = None,
    ) -> None:
        """Deliver the file at `path` over a connection that `connect` makes on another thread."""
        super().__init__(_("Deliver work from a USB stick"), parent, width=600)
        self._session, self._connect_shared, self._path = session, connect, path
        self._cancel = Event()
        self._bundle: Bundle | None = None
        self._accepts_revoked = False
        self._fill()
        self.go.clicked.connect(self._on_go)
        self.stop.clicked.connect(self.reject)
        self.finished.connect(self._on_closed)
        self.words.setFocus()

    def _fill(self) -> None:
        self.column.addWidget(text(self._path.name, LABEL))
        self.about = text(_("Ask the maker for the six words that open it."), BODY, wrap=True)
        self.words = QLineEdit()
        self.label = FieldLabel(_("The six words"), _("(with spaces between them)"), self.words)
        self.message = MessageBar(Message.INFORMATION, "")
        self._bar = ThinProgress(_("Delivering"))
        self.lines, self.what_to_do = text("", BODY, wrap=True), note("")
        for widget in (
            self.about, self.label, self.words, self.message, self._bar, self.lines, self.what_to_do,
        ):  # fmt: skip
            self.column.addWidget(widget)
        self.column.setSpacing(px(8))
        for widget in (self.message, self._bar, self.lines, self.what_to_do):
            widget.hide()
        self.column.addStretch(1)
        self.go = Button(_("Open"), Kind.PRIMARY, icon="lock-open-variant-outline")
        self.stop = Button(_("Cancel"), shortcut="Esc")
        self.go.setDefault(True)  # Enter in the line presses it
        self.foot.addWidget(self.go)
        self.foot.addWidget(self.stop)
        self.foot.addStretch(1)

    def _on_go(self) -> None:
        if self._bundle is None:
            self._open()
        else:
            self._deliver(self._bundle)

    # Opening

    def _open(self) -> None:
        typed, path = self.words.text(), self._path
        if not typed.strip():
            self._say(Message.WARNING, _("Type the six words first."))
            return
        self._begin()
        self._session.jobs.run(lambda: opened(path, typed), self._on_opened, self._on_failed)

    def _on_opened(self, bundle: Bundle) -> None:
        if self._cancel.is_set():
            bundle.close()
            return
        self._bundle = bundle
        self._end()
        for widget in (self.label, self.words):
            widget.hide()
        self.message.hide()
        words = _("It gets the name of its maker, and yours as the one who delivered it.")
        self.about.setText(f"{about_text(bundle.about)} {words}")
        self.go.set_text(_("Deliver"))
        self.go.set_icon("cloud-upload-outline")
        self.go.setFocus()
        self.fit()

    # Delivering

    def _deliver(self, bundle: Bundle) -> None:
        self._begin()
        cancel, connect, accepts = self._cancel, self._connect_shared, self._accepts_revoked
        tell = self._session.jobs.on_main_thread(self._on_step)

        def work() -> Delivery:
            shared = connect()
            try:
                return deliver_bundle(bundle, shared, tell, cancel, accepts_revoked=accepts)
            finally:
                shared.close()

        self._session.jobs.run(work, self._on_delivered, self._on_failed)

    def _on_step(self, step: Step) -> None:
        self._bar.set_amount(step.done, step.total)

    def _on_delivered(self, delivery: Delivery) -> None:
        told = delivery_text(delivery)
        kind = Message.WARNING if delivery.needs_person else Message.DONE
        self._end()
        self.about.hide()
        self.go.hide()
        self.stop.set_text(_("Close"))
        self.stop.setFocus()
        self._say(kind, " ".join([told.summary, *told.notes]))
        found = [*told.asks, *told.refused]
        more = [_("The others are in the report.")] if len(found) > _SHOWN else []
        self._show(self.lines, "\n".join([*(f"• {one}" for one in found[:_SHOWN]), *more]))
        what = [_(CHOICE_LATER)] if told.asks else []
        what += [_(KEEP_FILE)] if told.refused else []
        self._show(self.what_to_do, "\n".join([*what, self._report(delivery)]))
        self._close_bundle()
        self.fit()
        self.delivered.emit()

    def _report(self, delivery: Delivery) -> str:
        """Write the report beside the file; return where it is, or that it is not."""
        path = report_path(self._path)
        try:
            write_report(delivery, self._path, now(), path)
        except AppError as error:
            return error_text(error)
        return _("The report is beside the file: %(name)s.") % {"name": path.name}

    def _on_failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, Cancelled):
            self._close_bundle()
            return
        if not isinstance(error, AppError):
            raise error
        is_revoked = isinstance(error, BundleProblem) and error.reason == "revoked"
        if is_revoked:
            self._accepts_revoked = True
            self.go.set_text(_("Deliver all the same"))
        self._say(Message.WARNING if is_revoked else Message.ERROR, error_text(error))
        if self._bundle is None:
            self.words.setFocus()
            self.words.selectAll()
            return
        self.go.setFocus()
        if not is_revoked:
            self.delivered.emit()  # what was handed over before it failed is there

    # What is shown

    def _begin(self) -> None:
        self.go.set_reason(_("Busy…"))
        self.message.hide()
        self._bar.set_amount(0, 0)
        self._bar.show()

    def _end(self) -> None:
        self._bar.hide()
        self.go.set_reason("")

    def _say(self, kind: Message, words: str) -> None:
        self.message.set_message(kind, words)
        self.message.show()
        self.fit()

    def _show(self, label: QWidget, words: str) -> None:
        label.setText(words)  # type: ignore[attr-defined]
        label.setVisible(bool(words))

    def _on_closed(self, _result: int) -> None:
        self._cancel.set()
        if self.go.isEnabled() or self.go.isHidden():
            self._close_bundle()

    def _close_bundle(self) -> None:
        """Let go of the file, so that the stick can be taken out."""
        if self._bundle is not None:
            self._bundle.close()
