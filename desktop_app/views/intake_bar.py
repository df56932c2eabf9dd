"""Asks at a new record whether this has been said before: look-alikes near by or by name."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from db.fields import Record
from desktop_app.i18n import _, format_distance
from desktop_app.services.intake import Lookalike, lookalikes
from desktop_app.services.row_words import state_word, when_text
from desktop_app.views.session import Session
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.message_bar import Message, MessageBar

LOOK_AFTER_MS = 400


class IntakeBar(MessageBar):
    """A warning that names the likeliest look-alike.

    Signals:
        look_asked(str, object): show that record.
        go_on_asked(str, object): go on with that record instead.
    """

    look_asked = Signal(str, object)
    go_on_asked = Signal(str, object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(Message.WARNING, "", "", icon="content-copy", parent=parent)
        self._session = session
        self._record: Record | None = None
        self._found: Lookalike | None = None
        self._dismissed: set[object] = set()
        self._round = 0
        self._timer = QTimer(self, interval=LOOK_AFTER_MS, singleShot=True)
        self._timer.timeout.connect(self._start)
        look = Button(_("Look"), icon="eye-outline")
        on = Button(_("Go on here"))
        new = Button(_("New all the same"), Kind.FLAT)
        look.clicked.connect(lambda: self._emit(self.look_asked))
        on.clicked.connect(lambda: self._emit(self.go_on_asked))
        new.clicked.connect(self._on_dismissed)
        for button in (look, on, new):
            self.add_button(button)

    def look(self, record: Record) -> None:
        """Look for records that may be the same, after a pause in typing."""
        self._record = record
        self._timer.start()

    def _start(self) -> None:
        record, store = self._record, self._session.store
        if record is None or len(record.title_text) < 3:
            self.hide()
            return
        self._round += 1
        number = self._round
        self._session.jobs.run(lambda: (number, lookalikes(store, record)), self._on_found)

    def _on_found(self, answer: tuple[int, tuple[Lookalike, ...]]) -> None:
        number, found = answer
        fresh = [one for one in found if one.hit.record_id not in self._dismissed]
        if number != self._round:
            return
        self._found = fresh[0] if fresh else None
        self.setVisible(self._found is not None)
        if self._found is None:
            return
        hit = self._found.hit
        stored = self._session.store.get(hit.entity, hit.record_id)
        parts = [state_word(stored) if stored else "", when_text(hit.changed_at)]
        words = _("%(state)s of %(when)s") % {"state": parts[0], "when": parts[1]}
        if self._found.distance_m is not None:
            distance = format_distance(self._found.distance_m)
            words += ", " + _("%(distance)s from here") % {"distance": distance}
        title = _("Looks like: %(title)s") % {"title": hit.title}
        self.set_message(Message.WARNING, words + ".", title, icon="content-copy")

    def _emit(self, signal: object) -> None:
        if self._found is not None:
            signal.emit(self._found.hit.entity, self._found.hit.record_id)  # type: ignore[attr-defined]

    def _on_dismissed(self) -> None:
        if self._found is not None:
            self._dismissed.add(self._found.hit.record_id)
        self.hide()
