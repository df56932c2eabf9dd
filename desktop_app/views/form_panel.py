"""The form of one record: it keeps a Draft, tells what is wrong, and saves.

Whatever is typed is kept as a draft within a second, so a crash loses nothing. News from elsewhere
rebases the draft: untouched fields follow, and a field both changed gets a question below it.
"""

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from db.changes import ChangeSet
from db.errors import AppError, Forgotten, UserProblem
from db.fields import Record, fields_of
from db.geometry import Geometry
from desktop_app.services.editing import Draft, to_row
from desktop_app.services.intake import AREA_FIELD, kernen_of, put_at
from desktop_app.services.problem_text import anew_text, error_text
from desktop_app.views.form_footer import FormFooter
from desktop_app.views.form_head import FormHead
from desktop_app.views.form_questions import FormQuestions
from desktop_app.views.intake_bar import IntakeBar
from desktop_app.views.layouts import layout_for_form
from desktop_app.views.presence_line import PresenceLine
from desktop_app.views.session import Session
from desktop_app.widgets.editor import Sources
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.record_form import RecordForm

AUTOSAVE_MS = 800


class FormPanel(QFrame):
    """Edits one record, new or stored.

    Signals:
        changed(): something was typed or chosen.
        saved(object, object): record before (None: new) and as stored.
        next_asked(str): saved; one more of this entity.
        cancelled(object): the Draft as it was, to undo the cancelling; None when nothing was lost.
        shape_asked(str): "point", "line" or "polygon" is to be drawn on the map.
        place_changed(object): the Geometry the record has now.
        record_asked(str, object): look at another record that may be the same.
        edit_asked(str, object): go on with another record instead.
    """

    changed = Signal()
    saved = Signal(object, object)
    next_asked = Signal(str)
    cancelled = Signal(object)
    shape_asked = Signal(str)
    place_changed = Signal(object)
    record_asked = Signal(str, object)
    edit_asked = Signal(str, object)

    def __init__(self, session: Session, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._sources = session, sources
        self.draft: Draft | None = None
        self.form: RecordForm | None = None
        self.last_base: Record | None = None
        self.head = FormHead()
        self.notice = MessageBar(Message.ERROR)
        self.intake: IntakeBar | None = None
        self.footer = FormFooter()
        self.colleagues = PresenceLine(session, in_form=True)
        self.questions = FormQuestions(session, self.head, self)
        self._autosave = QTimer(self, interval=AUTOSAVE_MS, singleShot=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.setProperty("kind", "panel")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.head)
        self._column.addWidget(self.notice)
        self._column.addWidget(self.questions.news)
        self._column.addWidget(self.colleagues)  # below, so that no field moves under the hand
        self._column.addWidget(self.footer)
        self.notice.hide()

    def _connect(self) -> None:
        self._autosave.timeout.connect(self._keep)
        self.head.close_asked.connect(self.cancel)
        self.footer.save_asked.connect(self.save)
        self.footer.next_asked.connect(self.save_and_next)
        self.footer.cancel_asked.connect(self.cancel)
        self.questions.answered.connect(self._changed)
        self.questions.given_up.connect(self.cancel)

    # Opening

    def open(self, draft: Draft, *, shows_all: bool = False, at: str = "") -> None:
        """Edit a draft; `shows_all` shows everything that is wrong at once, `at` gets the focus."""
        self.draft = draft
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.deleteLater()
        layout = layout_for_form(draft.entity.ENTITY, is_new=draft.base is None)
        self.form = RecordForm(draft.entity, layout, self._sources)
        self.form.set_record(draft.ours)
        for name, typed in draft.typed.items():
            self.form.editor(name).set_typed(typed)
        self._column.insertWidget(2, self.form, 1)
        self._connect_form(self.form)
        self.questions.begin(self.form)
        self.head.show_draft(draft)
        self.colleagues.show_for(draft.base)
        self.footer.set_new(draft.base is None)
        self.footer.set_kept(None)
        self._place_intake()
        self._check(shows_all=shows_all)
        self.questions.show(draft, self.form)
        if at:
            self.form.focus_field(at)
        else:
            self.form.start().setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect_form(self, form: RecordForm) -> None:
        form.edited.connect(self._on_edited)
        form.unreadable.connect(self._on_unreadable)
        form.asked.connect(self._on_asked)
        form.left.connect(self._on_left)

    def _place_intake(self) -> None:
        """Put the bar about look-alikes below the title of a new record."""
        draft, form = self._both()
        self.intake = None
        name = draft.entity.TITLE
        if draft.base is None and name in form.boxes:
            self.intake = IntakeBar(self._session)
            self.intake.look_asked.connect(self.record_asked)
            self.intake.go_on_asked.connect(self._on_go_on)
            form.boxes[name].set_extra(self.intake)
            self.intake.hide()

    # Editing

    def _on_edited(self, name: str, value: Any) -> None:
        if self.draft is None:
            return
        draft, form = self._both()
        if name == "geometry":
            self._put_at(value)
        else:
            draft.set(name, value)
            if name == "kern" and "kern_chosen" in fields_of(draft.entity):
                draft.set("kern_chosen", value is not None)
                form.set_record(draft.ours, ["kern_chosen"])
        form.note(draft.ours)
        self._changed()
        if self.intake is not None and name in ("geometry", draft.entity.TITLE):
            self.intake.look(draft.ours)

    def _put_at(self, place: Geometry | None) -> None:
        draft, form = self._both()
        put_at(draft, place, kernen_of(self._session.store))
        form.set_record(draft.ours, ("kern", "outside_municipality", AREA_FIELD))
        self.place_changed.emit(place)

    def take_place(self, place: Geometry | None) -> None:
        """Take a place from the map."""
        if self.form is not None and "geometry" in fields_of(self._both()[0].entity):
            self.form.editor("geometry").set_place(place)

    def _on_unreadable(self, name: str, typed: str) -> None:
        if self.draft is not None:
            self.draft.set_text(name, typed)
            self._changed()

    def _on_left(self, _name: str) -> None:
        if self.draft is not None:
            self._check()

    def _on_asked(self, _name: str, what: str) -> None:
        if what.startswith("draw_"):
            self.shape_asked.emit(what.removeprefix("draw_"))

    def _changed(self) -> None:
        self._check()
        self._autosave.start()
        self.changed.emit()

    def _check(self, *, shows_all: bool = False) -> None:
        draft, form = self._both()
        form.show_problems(draft.problems(), all_of_them=shows_all)
        self.footer.set_errors(len(form.visible_errors()))

    def _keep(self) -> None:
        """Keep the draft, so that a crash loses nothing."""
        if self.draft is not None and self.draft.is_changed:
            self._session.store.put_draft(to_row(self.draft))
            self.footer.set_kept(datetime.now(UTC))

    def keep_now(self) -> None:
        """Keep what is typed without waiting, before the window closes."""
        if self.draft is not None:
            self._autosave.stop()
            self._keep()

    def _both(self) -> tuple[Draft, RecordForm]:
        assert self.draft is not None
        assert self.form is not None
        return self.draft, self.form

    # Ending

    def save(self) -> bool:
        """Store the record; False when something is not right, which the form then shows."""
        draft, form = self._both()
        form.flush()
        before = draft.base
        if not draft.can_save:
            return self._refuse()
        try:
            saved = draft.save(self._session.store)
        except Forgotten as error:
            return self._begin_anew(draft, error_text(error))
        except UserProblem:
            return self._refuse()
        except AppError as error:
            self.notice.set_message(Message.ERROR, error_text(error))
            self.notice.show()
            return False
        if saved.conflicts:
            form.set_record(draft.ours)
            self.questions.show(draft, form)
            return False
        self._end()
        self.saved.emit(before, saved.record)
        return True

    def _begin_anew(self, draft: Draft, why: str) -> bool:
        """Go on with what was typed as a new record, and say so."""
        self.open(draft, shows_all=True)
        self.notice.set_message(Message.WARNING, anew_text(), why)
        self.notice.show()
        self._keep()
        return False

    def save_and_next(self) -> None:
        """Store the record and start one more."""
        entity = self._both()[0].entity.ENTITY
        if self.save():
            self.next_asked.emit(entity)

    def _refuse(self) -> bool:
        self._check(shows_all=True)
        if not self.questions.go_to_first(*self._both()):
            self._both()[1].focus_first_error()
        return False

    def cancel(self) -> None:
        """Put the old values back at once; the draft is handed over for undo."""
        if self.draft is None:
            return
        if self.form is not None:
            self.form.flush()
        self.last_base = self.draft.base
        kept = self.draft.reset() if self.draft.is_changed else None
        self._end()
        self.cancelled.emit(kept)

    def leave(self) -> None:
        """Put the form away without losing anything: its draft is offered again."""
        self._autosave.stop()
        self.draft = None
        self.cancelled.emit(None)

    def _end(self) -> None:
        self._autosave.stop()
        self.notice.hide()
        if self.draft is not None:
            self._session.store.drop_draft(self.draft.id)
        self.draft = None

    def _on_go_on(self, entity: str, record_id: object) -> None:
        self._end()
        self.edit_asked.emit(entity, record_id)

    # News

    def on_committed(self, changes: ChangeSet) -> None:
        """Take in what others changed in this record; own saves are skipped."""
        draft = self.draft
        if draft is None or self.form is None or changes.origin == draft.id or draft.base is None:
            return
        key = draft.ours.id
        theirs = self._session.store.get(draft.entity.ENTITY, key) if changes.touches(key) else None
        if theirs is None:
            return
        self.form.flush()
        names = draft.rebase(theirs)
        self.form.set_record(draft.ours, names)
        self._check()
        self.questions.tell(draft, names)
        self.questions.show(draft, self.form)
