"""The third card of a question: what will be saved, both together, or another value altogether."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from db.codec import to_json
from db.errors import UserProblem
from db.fields import FieldSpec
from desktop_app.i18n import _
from desktop_app.services.asked import Take, value_on
from desktop_app.services.merging import Question
from desktop_app.services.problem_text import error_text
from desktop_app.services.typed_text import Names, value_of
from desktop_app.tokens import BODY, BUTTON, CAPTION, SMALL, Tone
from desktop_app.views.question_side import SideView
from desktop_app.widgets.editor import Editor, Sources
from desktop_app.widgets.editors import make_editor
from desktop_app.widgets.kit.choice_card import emphasise
from desktop_app.widgets.kit.field_note import FieldNote
from desktop_app.widgets.kit.flow import FlowLayout
from desktop_app.widgets.kit.small import KeyHint
from desktop_app.widgets.kit.text import Paragraph, text
from desktop_app.widgets.theme import font, px


class QuestionResult(QFrame):
    """Shows what a choice comes to, with the choices "together" and "type it myself".

    Signals:
        asked(object): the `Take` the user wants.
        typed(): what the user wrote changed.
    """

    asked = Signal(object)
    typed = Signal()

    def __init__(
        self, question: Question, key: str, names: Names, sources: Sources, group: QButtonGroup
    ) -> None:
        super().__init__()
        self.question, self._key, self._names, self._sources = question, key, names, sources
        self.setProperty("kind", "card-pale")
        self.heading = text(_("Result"), CAPTION, Tone.MUTED)
        self.buttons: dict[Take, QRadioButton] = {}
        self._hints: list[KeyHint] = []
        self._body: QWidget | None = None
        self._editors: dict[str, Editor] = {}
        self._notes: dict[str, FieldNote] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(14), px(12), px(14), px(12))
        self._column.setSpacing(px(8))
        self._column.addWidget(self.heading)
        self._column.addStretch(1)
        self._whose = text("", SMALL, Tone.MUTED)
        self._column.addWidget(self._whose)
        self._add_choices(group)
        self.heading.hide()
        self.show_result()

    def _add_choices(self, group: QButtonGroup) -> None:
        if reason := self.question.why_not_both:
            self._column.addWidget(text(reason, SMALL, Tone.MUTED, wrap=True))
        own = _("Type it myself") if self.question.is_written else _("Choose it myself")
        holder = QWidget()
        flow = FlowLayout(holder, spacing=6)
        for take, word, is_there in (
            (Take.BOTH, _("Together"), self.question.can_join),
            (Take.TYPED, own, self.question.can_type),
        ):
            if is_there:
                flow.addWidget(self._choice(take, word, group))
        self._column.addWidget(holder)

    def _choice(self, take: Take, word: str, group: QButtonGroup) -> QWidget:
        button, hint, holder = QRadioButton(word), KeyHint(str(take.value)), QWidget()
        button.setFont(font(BUTTON))
        button.setAccessibleDescription(self.question.title)
        group.addButton(button)
        button.clicked.connect(lambda: self.asked.emit(take))
        self.buttons[take] = button
        self._hints.append(hint)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(4))
        row.addWidget(button)
        row.addWidget(hint)
        return holder

    def show_keys(self, shows: bool) -> None:
        """Show which keys choose here, or not."""
        for hint in self._hints:
            hint.setVisible(shows)

    # The result

    def show_result(self) -> None:
        """Show what the choice made so far comes to."""
        question, take = self.question, self.question.take
        for known, button in self.buttons.items():
            button.setChecked(known is take)
            emphasise(button, known is take)
        self._editors, self._notes = {}, {}
        self._put(self._editing() if take is Take.TYPED else self._words(take))
        whose = _("From you") if take is Take.MINE else ""
        if take is Take.THEIRS:
            whose = _("From %(who)s") % {"who": question.theirs.who}
        self._whose.setText(whose)
        self._whose.setVisible(bool(whose) and question.is_about_fields)

    def _words(self, take: Take | None) -> QWidget:
        question = self.question
        if take is None:
            holder = Paragraph(_("Choose what stays."), BODY)
            holder.setProperty("tone", "muted")
            return holder
        if not question.is_about_fields:
            return Paragraph(_("Is deleted.") if question.deletes(take) else _("Stays."), BODY)
        return SideView(question, question.result(), self._key, self._names)

    def _put(self, body: QWidget) -> None:
        if self._body is not None:
            self._body.hide()
            self._column.removeWidget(self._body)
            self._body.deleteLater()
        self._body = body
        self._column.insertWidget(1, body)
        body.show()

    # Another value

    def _editing(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        specs = self.question.differing
        for spec in specs:
            if len(specs) > 1:
                column.addWidget(text(_(spec.meta.label), CAPTION, Tone.MUTED))
            column.addWidget(self._editor(spec))
            self._notes[spec.name] = FieldNote()
            column.addWidget(self._notes[spec.name])
        for name, typed in self.question.unread.items():
            self._show_unread(name, typed)
        return holder

    def _editor(self, spec: FieldSpec) -> Editor:
        editor = make_editor(spec, self._sources)
        editor.set_value(value_on(spec, self.question.own))
        field = editor.field()
        if isinstance(field, QPlainTextEdit):
            field.textChanged.connect(lambda: _fit(field))
            field.document().documentLayout().documentSizeChanged.connect(lambda: _fit(field))
        if spec.name in self.question.unread:
            editor.set_typed(self.question.unread[spec.name])
        label = _(spec.meta.label)
        editor.field().setAccessibleName(_("%(field)s, my own") % {"field": label})
        editor.edited.connect(lambda value: self._on_edited(spec, value))
        editor.unreadable.connect(lambda typed: self._on_unreadable(spec, typed))
        self._editors[spec.name] = editor
        return editor

    def _on_edited(self, spec: FieldSpec, value: Any) -> None:
        self.question.own[spec.name] = to_json(spec, value)
        self.question.unread.pop(spec.name, None)
        self.show_problem(spec.name, "")
        self.typed.emit()

    def _on_unreadable(self, spec: FieldSpec, typed: str) -> None:
        self.question.unread[spec.name] = typed
        self._show_unread(spec.name, typed)
        self.typed.emit()

    def _show_unread(self, name: str, typed: str) -> None:
        spec = next(one for one in self.question.differing if one.name == name)
        try:
            value_of(spec, typed)
        except UserProblem as problem:
            self.show_problem(name, error_text(problem))

    def show_problem(self, name: str, words: str) -> None:
        """Show what is wrong with a value; "" when it is right."""
        if name in self._notes:
            self._notes[name].set_note("error" if words else "", words)
            self._editors[name].set_state("error" if words else "")

    def flush(self) -> None:
        """Read at once what is being typed."""
        for editor in self._editors.values():
            editor.flush()

    def start_typing(self) -> None:
        """Put the caret where one goes on: behind a text, over a short value."""
        editor = next(iter(self._editors.values()), None)
        if editor is None:
            return
        field = editor.field()
        editor.setFocus() if editor.focusProxy() else field.setFocus()
        if isinstance(field, QPlainTextEdit):
            field.moveCursor(QTextCursor.MoveOperation.End)
        elif isinstance(field, QLineEdit):
            field.selectAll()

    def is_typing(self) -> bool:
        """Whether the focus is in what the user writes."""
        focus = self.window().focusWidget()
        return focus is not None and any(
            editor is focus or editor.isAncestorOf(focus) for editor in self._editors.values()
        )


def _fit(field: QPlainTextEdit) -> None:
    """Let a text box on a narrow card be as high as its text, up to a dozen lines."""
    lines = min(max(round(field.document().size().height()), 3), 12)
    room = field.document().documentMargin() * 2 + field.frameWidth() * 2 + px(6)
    field.setFixedHeight(round(field.fontMetrics().lineSpacing() * lines + room))
