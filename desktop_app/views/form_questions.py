"""An open form and what others do to its record meanwhile: told in its place, never over the typing.

What was untouched follows, and a line above says so; what both changed gets a question under the
field. Nothing opens by itself and nothing takes the focus.
"""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal

from db.codec import from_json
from db.errors import UserProblem
from db.fields import FieldSpec, Kind, Record, fields_of
from db.merge import Conflict
from desktop_app.i18n import _, format_moment
from desktop_app.services.asked import Take
from desktop_app.services.editing import Draft
from desktop_app.services.text_join import joined_texts
from desktop_app.services.typed_text import text_of
from desktop_app.views.form_head import FormHead
from desktop_app.views.session import Session
from desktop_app.widgets.conflict_bar import ConflictBar, TakenBar
from desktop_app.widgets.kit.button import IconButton
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.record_form import RecordForm


class NewsBar(MessageBar):
    """Says which fields followed a colleague's change; below the form, so that nothing moves."""

    def __init__(self) -> None:
        super().__init__(Message.INFORMATION)
        close = IconButton("close", _("Close"))
        close.clicked.connect(self.hide)
        self.add_beside(close)
        self.hide()


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
        self._asked: dict[str, ConflictBar] = {}
        self.news = NewsBar()

    def begin(self, form: RecordForm) -> None:
        """Start with a form that was just made."""
        self._asked = {}
        self.news.hide()
        self.news.link_chosen.connect(form.focus_field)

    # Asking

    def show(self, draft: Draft, form: RecordForm) -> None:
        """Ask what is to be asked about this draft, and no more what is settled."""
        open_names = {self._place(draft, conflict) for conflict in draft.conflicts}
        for name in [name for name in self._asked if name not in open_names]:
            self._end(form, name)
        for conflict in draft.conflicts:
            name = self._place(draft, conflict)
            self._asked[name] = self._question(draft, form, conflict)
            form.box_of(name).set_extra(self._asked[name])
        if draft.is_deleted_there:
            self._ask_deleted(draft)

    @staticmethod
    def _place(draft: Draft, conflict: Conflict) -> str:
        """Return the field under which to ask: the first that differs."""
        mine, theirs = conflict.ours, conflict.theirs
        differing = [name for name in conflict.fields if mine.get(name) != theirs.get(name)]
        known = [name for name in (*differing, *conflict.fields) if name in fields_of(draft.entity)]
        return known[0]

    def _question(self, draft: Draft, form: RecordForm, conflict: Conflict) -> ConflictBar:
        who, when = self._who(draft)
        text = self._text_field(draft, conflict)
        base = str(conflict.base.get(text.name) or "") if text else ""
        joined = self._joined(text, conflict) if text else ""
        words = self._words(draft.entity, conflict)
        bar = ConflictBar(who, when, words, base=base, can_join=bool(joined))
        bar.decided.connect(lambda take: self._decide(draft, form, conflict, take))
        return bar

    def _who(self, draft: Draft) -> tuple[str, str]:
        theirs = draft.base or draft.ours
        who = self._session.titles.staff(theirs.changed_by) if theirs.changed_by else ""
        if theirs.changed_by is not None and theirs.changed_by == self._session.store.me:
            who = _("You, on another laptop")
        when = format_moment(theirs.changed_at) if theirs.changed_at else ""
        return who or _("Someone else"), when

    @staticmethod
    def _text_field(draft: Draft, conflict: Conflict) -> FieldSpec | None:
        """Return the field when it is one text, of which the changed words can be marked."""
        spec = fields_of(draft.entity).get(conflict.fields[0])
        is_text = spec is not None and spec.kind is Kind.TEXT and spec.meta.text_format is None
        return spec if is_text and len(conflict.fields) == 1 else None

    @staticmethod
    def _joined(spec: FieldSpec, conflict: Conflict) -> str:
        """Return both texts as one; "" where they can't stand together."""
        sides = (conflict.base, conflict.ours, conflict.theirs)
        base, ours, theirs = (str(side.get(spec.name) or "") for side in sides)
        if not spec.meta.multiline or not (ours and theirs):
            return ""
        joined = joined_texts(base, ours, theirs)
        return joined if len(joined) <= (spec.meta.max_length or len(joined)) else ""

    def _words(self, entity: type[Record], conflict: Conflict) -> str:
        specs, names = fields_of(entity), self._session.titles
        shown = []
        for name in conflict.fields:
            if name not in specs or conflict.theirs.get(name) == conflict.ours.get(name):
                continue
            try:
                value = from_json(specs[name], conflict.theirs.get(name))
            except UserProblem:
                value = None
            shown.append(text_of(specs[name], value, names))
        return ", ".join(words for words in shown if words)

    # Answering

    def _decide(self, draft: Draft, form: RecordForm, conflict: Conflict, take: Take) -> None:
        name = self._place(draft, conflict)
        kept = {known: draft.value(known) for known in conflict.fields if known in form.boxes}
        typed = {known: text for known, text in draft.typed.items() if known in kept}
        mine = self._own_words(draft, kept, typed)
        text = self._text_field(draft, conflict)
        draft.decide(conflict, theirs=take is Take.THEIRS)
        if take is Take.BOTH and text is not None:
            draft.put_back({text.name: self._joined(text, conflict)})
        self._end(form, name)
        if take is not Take.MINE:
            form.set_record(draft.ours, conflict.fields)
        if take is Take.THEIRS:
            back = TakenBar(mine)
            back.undone.connect(lambda: self._put_back(draft, form, name, kept, typed))
            form.boxes[name].set_extra(back)
        form.boxes[name].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.answered.emit()

    def _own_words(self, draft: Draft, kept: dict[str, object], typed: dict[str, str]) -> str:
        specs, names = fields_of(draft.entity), self._session.titles
        shown = [typed.get(name) or text_of(specs[name], kept[name], names) for name in kept]
        return ", ".join(words for words in shown if words)

    def _put_back(
        self,
        draft: Draft,
        form: RecordForm,
        name: str,
        kept: dict[str, object],
        typed: dict[str, str],
    ) -> None:
        """Give the user back what they had typed."""
        for known, value in kept.items():
            draft.set(known, value)
        form.set_record(draft.ours, kept)
        for known, words in typed.items():
            draft.set_text(known, words)
            form.editor(known).set_typed(words)
        self._end(form, name)
        form.boxes[name].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.answered.emit()

    def _end(self, form: RecordForm, name: str) -> None:
        self._asked.pop(name, None)
        if name in form.boxes:
            form.boxes[name].set_extra(None)

    def go_to_first(self, draft: Draft, form: RecordForm) -> bool:
        """Go to the first open question; whether there is one."""
        for conflict in draft.conflicts:
            name = self._place(draft, conflict)
            form.focus_field(name)
            self._asked[name].take.setFocus(Qt.FocusReason.OtherFocusReason)
            form.ensureWidgetVisible(self._asked[name])
            return True
        return False

    # Telling

    def tell(self, draft: Draft, names: Iterable[str]) -> None:
        """Say which fields followed what someone else did."""
        specs = fields_of(draft.entity)
        links = [(name, _(specs[name].meta.label)) for name in names if name in specs]
        if not links:
            return
        who, _when = self._who(draft)
        lead = _("%(who)s just changed this too:") % {"who": who}
        self.news.set_links(Message.INFORMATION, lead, links)
        self.news.show()

    def _ask_deleted(self, draft: Draft) -> None:
        who, _when = self._who(draft)
        words = _("%(who)s deleted this while you were changing it. What should happen?")
        self._head.ask_deleted(words % {"who": who}, lambda: self._keep(draft), self.given_up.emit)

    def _keep(self, draft: Draft) -> None:
        """Bring the record back and go on editing it."""
        assert draft.base is not None
        restored = self._session.store.restore(draft.base, draft.id)
        draft.rebase(restored.record)
        self._head.end_question()
        self.answered.emit()
