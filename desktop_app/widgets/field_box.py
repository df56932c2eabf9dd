"""A field in a form: label above, editor, and below it what is wrong or what to know."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.fields import FieldSpec, Kind
from db.rules import Level
from desktop_app.i18n import _
from desktop_app.tokens import Tone
from desktop_app.widgets.editor import Editor
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.text import field_label, note
from desktop_app.widgets.theme import px

_SIGNS = {
    Level.ERROR: ("error", "alert-circle", Tone.RED),
    Level.WARNING: ("warning", "alert", Tone.AMBER),
}


class FieldBox(QWidget):
    """One field; `set_problem` shows an error or a warning in its place."""

    def __init__(self, spec: FieldSpec, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec, self.editor = spec, editor
        self._has_label = spec.kind is not Kind.BOOLEAN
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(4))
        if self._has_label:
            label = field_label(_(spec.meta.label), self._hint(), editor.field())
            label.setWordWrap(False)
            self._column.addWidget(label)
        self._column.addWidget(editor)
        self._glyph = Glyph("alert-circle", Tone.RED, 16)
        self._words = note("", Tone.RED)
        self._message = QWidget()
        row = QHBoxLayout(self._message)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self._message.hide()
        self._column.addWidget(self._message)
        self._column.addStretch(1)
        self._extra: QWidget | None = None

    def _hint(self) -> str:
        if self.spec.meta.required:
            return _("(required)")
        if self.spec.meta.hint:
            return f"({_(self.spec.meta.hint)})"
        form = self.spec.meta.text_format
        return f"({form.example})" if form is not None else ""

    def set_problem(self, level: Level | None, sentence: str = "") -> None:
        """Show an error or a warning below the field; None: all is well."""
        if level is None:
            self.editor.set_state("")
            self._message.hide()
            self.editor.field().setAccessibleDescription(self._hint())
            return
        state, glyph, tone = _SIGNS[level]
        self.editor.set_state(state)
        self._glyph.set_glyph(glyph, tone)
        self._words.setText(sentence)
        self._words.setProperty("tone", tone.value)
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)
        self._message.show()
        self.editor.field().setAccessibleDescription(sentence)

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
