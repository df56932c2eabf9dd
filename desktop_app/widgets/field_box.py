"""A field in a form: label above, editor, and below it what is wrong or what to know."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.fields import FieldSpec, Kind
from db.rules import Level
from desktop_app.i18n import _
from desktop_app.widgets.editor import Editor
from desktop_app.widgets.kit.field_note import FieldNote
from desktop_app.widgets.kit.text import FieldLabel
from desktop_app.widgets.theme import px


class FieldBox(QWidget):
    """One field; `set_problem` shows an error or a warning in its place."""

    def __init__(
        self,
        spec: FieldSpec,
        editor: Editor,
        words: tuple[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`words` are label and hint (message ids) where the form asks in other words."""
        super().__init__(parent)
        self._words = words or (spec.meta.label, "")
        self.spec, self.editor = spec, editor
        self._note = FieldNote()
        self._extra: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(4))
        if spec.kind is not Kind.BOOLEAN:
            self._column.addWidget(FieldLabel(_(self._words[0]), self._hint(), editor.field()))
        self._column.addWidget(editor)
        self._column.addWidget(self._note)
        self._column.addStretch(1)

    def _hint(self) -> str:
        if self._words[1]:
            return _(self._words[1])
        if self.spec.meta.required:
            return _("(required)")
        if self.spec.meta.hint:
            return f"({_(self.spec.meta.hint)})"
        form = self.spec.meta.text_format
        return f"({form.example})" if form is not None else ""

    def set_problem(self, level: Level | None, sentence: str = "") -> None:
        """Show an error or a warning below the field; None: all is well."""
        state = "" if level is None else level.value
        self.editor.set_state(state)
        self._note.set_note(state, sentence)
        self.editor.field().setAccessibleDescription(sentence or self._hint())

    def set_extra(self, widget: QWidget | None) -> None:
        """Put a bar below the field, such as a question about a double edit; None takes it away."""
        if self._extra is not None:
            self._extra.hide()
            self._extra.deleteLater()
        self._extra = widget
        if widget is not None:
            self._column.insertWidget(self._column.count() - 1, widget)
            widget.show()

    @property
    def extra(self) -> QWidget | None:
        """Return the bar below the field."""
        return self._extra
