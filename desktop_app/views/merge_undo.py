"""Taking a decision about a double edit back: at once after it, and later from the list of the last."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.errors import AppError
from desktop_app.services.merge_recent import Recent, recent_decisions
from desktop_app.services.problem_text import error_text
from desktop_app.views.merge_recent import MergeRecent
from desktop_app.views.session import Session
from desktop_app.widgets.kit.message_bar import Message, MessageBar, UndoBar
from desktop_app.widgets.theme import px


class MergeUndo(QWidget):
    """The undo bar, and why a decision can't be taken back; fills the lists of the last decisions.

    Signals:
        asked(object): the record (id) of a decision that is about to be taken back.
        taken_back(): its questions are open again.
    """

    asked = Signal(object)
    taken_back = Signal()

    def __init__(self, session: Session, lists: Sequence[MergeRecent]) -> None:
        super().__init__()
        self._session, self._lists = session, lists
        self.bar, self.problem = UndoBar(), MessageBar(Message.WARNING)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), 0, px(8), 0)
        column.setSpacing(0)
        column.addWidget(self.problem)
        column.addWidget(self.bar)
        self.problem.hide()
        for one in lists:
            one.undo_asked.connect(self._take_back)

    def refresh(self) -> None:
        """Show the last decisions."""
        found = recent_decisions(self._session.store, self._session.titles)
        for one in self._lists:
            one.show_recent(found)

    def _take_back(self, recent: Recent) -> None:
        """Open the questions of a decision again, unless the record was changed since."""
        self.asked.emit(recent.record_id)
        try:
            self._session.store.reopen(recent.ids)
        except AppError as error:
            self.problem.set_message(Message.WARNING, error_text(error), recent.title)
            self.problem.show()
            return
        self.problem.hide()
        self.bar.hide()
        self._session.undo.forget_decision(recent.ids)
        self.taken_back.emit()
