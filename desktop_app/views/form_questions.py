"""The questions of an open form when others changed or deleted its record meanwhile."""

from PySide6.QtCore import QObject, Signal

from db.codec import from_json
from db.fields import Record, fields_of
from db.merge import Conflict
from desktop_app.i18n import _, format_moment
from desktop_app.services.editing import Draft
from desktop_app.services.typed_text import text_of
from desktop_app.views.form_head import FormHead
from desktop_app.views.session import Session
from desktop_app.widgets.conflict_bar import ConflictBar
from desktop_app.widgets.record_form import RecordForm


class FormQuestions(QObject):
    """Puts a bar under each field that both sides changed, and one on top after a deletion.

    Signals:
        answered(): the draft changed by an answer.
        given_up(): the user lets the deletion stand.
    """

    answered = Signal()
    given_up = Signal()

    def __init__(self, session: Session, head: FormHead, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._head = session, head

    def show(self, draft: Draft, form: RecordForm) -> None:
        """Ask what is to be asked about this draft."""
        for conflict in draft.conflicts:
            bar = self._question(draft, form, conflict)
            form.box_of(conflict.fields[0]).set_extra(bar)
        if draft.is_deleted_there:
            self._ask_deleted(draft)

    def _question(self, draft: Draft, form: RecordForm, conflict: Conflict) -> ConflictBar:
        theirs = draft.base or draft.ours
        who = self._session.titles.staff(theirs.changed_by) if theirs.changed_by else ""
        when = format_moment(theirs.changed_at) if theirs.changed_at else ""
        bar = ConflictBar(who or _("Someone else"), when, self._words(draft.ours, conflict))
        bar.decided.connect(lambda takes: self._decide(draft, form, conflict, takes))
        return bar

    def _words(self, record: Record, conflict: Conflict) -> str:
        specs, names = fields_of(type(record)), self._session.titles
        shown = (
            text_of(specs[name], from_json(specs[name], conflict.theirs.get(name)), names)
            for name in conflict.fields
            if name in specs
        )
        return ", ".join(words for words in shown if words)

    def _decide(
        self, draft: Draft, form: RecordForm, conflict: Conflict, takes_theirs: bool
    ) -> None:
        draft.decide(conflict, theirs=takes_theirs)
        for name in conflict.fields:
            if name in form.boxes:
                form.boxes[name].set_extra(None)
        form.set_record(draft.ours, conflict.fields)
        self.answered.emit()

    def _ask_deleted(self, draft: Draft) -> None:
        who = draft.base and draft.base.changed_by
        name = (self._session.titles.staff(who) if who else "") or _("Someone else")
        words = _("%(who)s deleted this while you were changing it. What should happen?")
        self._head.ask_deleted(words % {"who": name}, lambda: self._keep(draft), self.given_up.emit)

    def _keep(self, draft: Draft) -> None:
        """Bring the record back and go on editing it."""
        assert draft.base is not None
        restored = self._session.store.restore(draft.base, draft.id)
        draft.rebase(restored.record)
        self._head.end_question()
        self.answered.emit()
