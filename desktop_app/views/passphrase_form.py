"""Asks for a passphrase, twice when it is a new one; used where the system keeps no keys."""

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop_app.i18n import _
from desktop_app.widgets.kit.field_note import FieldNote
from desktop_app.widgets.kit.text import FieldLabel
from desktop_app.widgets.kit_style import set_state
from desktop_app.widgets.theme import px

LEAST = 10
"""Letters of a new passphrase: with scrypt, what an office can be asked (a judgement)."""


class PassphraseForm(QWidget):
    """One or two lines."""

    def __init__(self, *, is_new: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_new = is_new
        self.first, self.again = QLineEdit(), QLineEdit()
        self.note = FieldNote()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        hint = _("(at least %(count)d letters)") % {"count": LEAST} if is_new else ""
        for line, words, more in (
            (self.first, _("Passphrase"), hint),
            (self.again, _("The same again"), ""),
        ):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            label = FieldLabel(words, more, line)
            column.addWidget(label)
            column.addWidget(line)
            column.addSpacing(px(6))
            if line is self.again:
                label.setVisible(is_new)
                line.setVisible(is_new)
        column.addWidget(self.note)
        self.setFocusProxy(self.first)

    def passphrase(self) -> str:
        """Return what was typed, "" while it is not good; what is wrong is then shown."""
        typed = self.first.text()
        problem = ""
        if not typed:
            problem = _("Fill in your passphrase.")
        elif self._is_new and len(typed) < LEAST:
            problem = _("Use at least %(count)d letters.") % {"count": LEAST}
        elif self._is_new and typed != self.again.text():
            problem = _("The two are not the same. Type them once more.")
        self.show_problem(problem)
        return "" if problem else typed

    def show_problem(self, words: str) -> None:
        """Say what is wrong."""
        set_state(self.first, "error" if words else "")
        self.note.set_note("error" if words else "", words)
