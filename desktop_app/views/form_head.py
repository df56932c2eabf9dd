"""The head of a form: whose form it is, close, and a question when the record was deleted elsewhere."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.i18n import _
from desktop_app.services.editing import Draft
from desktop_app.tokens import SMALL, TITLE, Tone
from desktop_app.views.empty_words import EDIT_WORDS, NEW_WORDS
from desktop_app.widgets.kit.button import Button, IconButton, Kind
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.kit.text import rule, text
from desktop_app.widgets.theme import px


class FormHead(QWidget):
    """Number, title and close.

    Signals:
        close_asked()
    """

    close_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = text("", SMALL, Tone.MUTED)
        self._title = text("", TITLE, wrap=True)
        close = IconButton("close", _("Close"), shortcut="Esc")
        close.clicked.connect(self.close_asked)
        top = QHBoxLayout()
        top.addWidget(self._number, 1)
        top.addWidget(close)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(px(16), px(8), px(12), px(12))
        self._column.setSpacing(0)
        self._column.addLayout(top)
        self._column.addWidget(self._title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._column)
        outer.addWidget(rule())
        self._question: MessageBar | None = None

    def show_draft(self, draft: Draft) -> None:
        """Show whose form this is."""
        entity, record = draft.entity.ENTITY, draft.ours
        self.end_question()
        if draft.base is None:
            words = _(NEW_WORDS.get(entity, draft.entity.LABEL))
            number = record.shown_code if record.CODE_PREFIX else ""
            intake = _("Who, what and where? The rest can wait.")
            self._title.setText(intake if entity == "initiative" else words)
        else:
            words = _(EDIT_WORDS.get(entity, draft.entity.LABEL))
            number = record.shown_code if record.CODE_PREFIX else ""
            self._title.setText((draft.base or record).title_text.partition("\n")[0])
        self._number.setText(" · ".join(part for part in (words, number) if part))

    def ask_deleted(self, words: str, keep: Callable[[], None], delete: Callable[[], None]) -> None:
        """Ask what to do with a record that was deleted elsewhere."""
        self.end_question()
        bar = MessageBar(Message.WARNING, words, icon="trash-can-outline")
        for word, act, kind in (
            (_("Keep"), keep, Kind.OUTLINED),
            (_("Delete"), delete, Kind.DANGER),
        ):
            button = Button(word, kind)
            button.clicked.connect(act)
            bar.add_button(button)
        self._question = bar
        self._column.addWidget(bar)

    def end_question(self) -> None:
        """Take the question away."""
        if self._question is not None:
            self._question.hide()
            self._question.deleteLater()
            self._question = None
