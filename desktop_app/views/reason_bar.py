"""Asks for the reason of a step where the step was asked, instead of in a dialog."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.i18n import _
from desktop_app.services.steps import Step
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.field_note import FieldNote
from desktop_app.widgets.kit.text import FieldLabel
from desktop_app.widgets.kit_style import set_state
from desktop_app.widgets.theme import px


class ReasonBar(QFrame):
    """One line for a reason.

    Signals:
        given(Step, str): the step with its reason.
    """

    given = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "accent")
        self._step: Step | None = None
        self.line = QLineEdit()
        self._label = FieldLabel(_("Reason"), _("(required)"), self.line)
        self._note = FieldNote()
        self._go = Button(_("Go on"), Kind.PRIMARY, icon="check")
        cancel = Button(_("Cancel"), shortcut="Esc")
        row = QHBoxLayout()
        row.addWidget(self._go)
        row.addWidget(cancel)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(10), px(16), px(10))
        for widget in (self._label, self.line, self._note):
            column.addWidget(widget)
        column.addLayout(row)
        self._go.clicked.connect(self._on_go)
        self.line.returnPressed.connect(self._on_go)
        cancel.clicked.connect(self.hide)

    def ask(self, step: Step, question: str) -> None:
        """Ask why this step is taken."""
        self._step = step
        self._label.set_hint(f"({question})")
        self.line.clear()
        self._note.set_note("", "")
        set_state(self.line, "")
        self.show()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _on_go(self) -> None:
        reason = self.line.text().strip()
        if len(reason) < 3:
            set_state(self.line, "error")
            self._note.set_note("error", _("Write the reason in a few words."))
            return
        assert self._step is not None
        self.hide()
        self.given.emit(self._step, reason)
