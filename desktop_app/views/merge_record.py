"""One record of the page of double edits: its questions below one another, one of them current.

The keys 1 to 4 act on the question with the bar; after a choice the bar goes on to the next.
"""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from db.errors import AppError, UserProblem
from desktop_app.i18n import _
from desktop_app.services.asked import Take
from desktop_app.services.merge_records import Merge
from desktop_app.services.merging import UNREADABLE
from desktop_app.services.problem_text import error_text, problem_text
from desktop_app.services.typed_text import Names
from desktop_app.tokens import SMALL, TITLE, Tone
from desktop_app.views.merge_heads import MergeHeads
from desktop_app.views.question_view import QuestionView
from desktop_app.widgets.editor import Sources
from desktop_app.widgets.kit.button import IconButton, Kind
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.kit.text import note, text
from desktop_app.widgets.theme import px

KEYS = {
    Qt.Key.Key_1: Take.THEIRS,
    Qt.Key.Key_2: Take.MINE,
    Qt.Key.Key_3: Take.BOTH,
    Qt.Key.Key_4: Take.TYPED,
}
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class _Questions(QScrollArea):
    """The questions; arrows and Page Down are for going to another field or record, not to scroll."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave every key to the page."""
        event.ignore()


class MergeRecord(QWidget):
    """Shows the questions about one record.

    Signals:
        chosen(): an answer was given or changed.
        record_asked(int): the user goes so many records on (or back).
    """

    chosen = Signal()
    record_asked = Signal(int)

    def __init__(self, names: Names, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names, self._sources = names, sources
        self.merge: Merge | None = None
        self.views: list[QuestionView] = []
        self.current = 0
        self._is_high = True
        self.name = text("", TITLE, wrap=True)
        self._words = note("")
        self.place = text("", SMALL, Tone.MUTED)
        self.heads = MergeHeads()
        self.notice = MessageBar(Message.ERROR)
        self._scroll = _Questions()
        self.up = IconButton("chevron-up", _("Previous field"), Kind.OUTLINED, shortcut="↑")
        self.down = IconButton("chevron-down", _("Next field"), Kind.OUTLINED, shortcut="↓")
        self.previous = IconButton("chevron-left", _("Previous record"), shortcut="Page Up")
        self.next = IconButton("chevron-right", _("Next record"), shortcut="Page Down")
        self._number = text("", SMALL, Tone.MUTED)
        self._lay_out()
        self.previous.clicked.connect(lambda: self.record_asked.emit(-1))
        self.next.clicked.connect(lambda: self.record_asked.emit(1))
        self.up.clicked.connect(lambda: self.go(self.current - 1))
        self.down.clicked.connect(lambda: self.go(self.current + 1))

    def _lay_out(self) -> None:
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar = QHBoxLayout()
        bar.setContentsMargins(px(24), 0, px(24), 0)
        bar.addWidget(self.notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addLayout(bar)
        column.addWidget(self.heads)
        column.addWidget(self._scroll, 1)
        self.notice.hide()

    def _head(self) -> QHBoxLayout:
        self._top = QHBoxLayout()
        self._top.setSpacing(px(12))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self._words)
        self._switch = QWidget()
        switch = QHBoxLayout(self._switch)
        switch.setContentsMargins(0, 0, 0, 0)
        switch.setSpacing(0)
        for widget in (self.previous, self._number, self.next):
            switch.addWidget(widget)
        self._switch.hide()
        self._top.addWidget(self._switch)
        self._top.addLayout(words, 1)
        for widget in (self.place, self.up, self.down):
            self._top.addWidget(widget)
        self.set_room(wide=True, high=True)
        return self._top

    def set_room(self, *, wide: bool, high: bool) -> None:
        """Leave out in a low window what the cards say too, so that the cards keep their room."""
        left = 8 if self._switch.isVisibleTo(self) else 24
        right, above, below = (24 if wide else 16), (14 if high else 4), (8 if high else 4)
        self._top.setContentsMargins(px(left), px(above), px(right), px(below))
        self._words.setVisible(high)
        self.heads.set_high(high)
        self._is_high = high
        for view in self.views:
            view.set_high(high)

    def show_number(self, number: int, count: int, *, shows: bool) -> None:
        """Show the way to the other records, where there is no list of them."""
        self._switch.setVisible(shows and count > 1)
        self._number.setText(f"{number}/{count}")
        words = _("Record %(number)d of %(count)d") % {"number": number, "count": count}
        self._number.setAccessibleName(words)
        self._number.setToolTip(words)
        self.previous.setEnabled(number > 1)
        self.next.setEnabled(number < count)

    # What is shown

    def show_merge(self, merge: Merge, current: int = 0) -> None:
        """Show a record's questions, with the bar at one of them."""
        self.merge = merge
        self.notice.hide()
        self.name.setText(merge.title)
        words = _("Two people changed the same field. Choose what stays for each field.")
        if merge.about_deletion is not None:
            words = _("One of you deleted this, the other changed it.")
        self._words.setText(words)
        body = QWidget()
        body.setProperty("kind", "page")
        column = QVBoxLayout(body)
        column.setContentsMargins(px(12), px(4), px(24), px(24))
        column.setSpacing(px(24))
        self.views = [self._view(number) for number in range(len(merge.questions))]
        for view in self.views:
            column.addWidget(view)
        column.addStretch(1)
        self._scroll.setWidget(body)
        self._mark(min(current, len(self.views) - 1))

    def _view(self, number: int) -> QuestionView:
        assert self.merge is not None
        question = self.merge.questions[number]
        view = QuestionView(question, self.merge.key, self._names, self._sources)
        view.set_high(self._is_high)
        view.taken.connect(lambda take: self._on_taken(number, take))
        view.entered.connect(lambda: self._mark(number))
        view.typed.connect(self.chosen)
        view.stepped.connect(lambda step: self.go(self.current + step))
        return view

    def tell_renewed(self) -> None:
        """Say that someone changed it once more while it was in sight."""
        asked = self.merge.questions if self.merge else []
        who = next((one.theirs.who for one in asked if one.theirs.who), _("Someone else"))
        words = _("%(who)s changed this again meanwhile. Look at your choice.") % {"who": who}
        self.notice.set_message(Message.INFORMATION, words)
        self.notice.show()

    def clear(self) -> None:
        """Show nothing."""
        self.merge, self.views = None, []
        self.notice.hide()
        self._scroll.setWidget(QWidget())

    def _mark(self, number: int) -> None:
        """Put the bar at a question, and show all of it."""
        if not 0 <= number < len(self.views):
            return
        self.current = number
        for place, view in enumerate(self.views):
            view.set_current(place == number)
        question = self.views[number].question
        self.heads.show_sides(question.theirs, question.mine)
        self.setFocusProxy(self.views[number])
        numbers = {"number": number + 1, "count": len(self.views)}
        self.place.setText(_("Field %(number)d of %(count)d") % numbers)
        self.up.setEnabled(number > 0)
        self.down.setEnabled(number < len(self.views) - 1)
        QTimer.singleShot(0, self, self._show_current)

    def _show_current(self) -> None:
        if self.current < len(self.views):
            view = self.views[self.current]
            bottom, top = view.geometry().bottomLeft(), view.geometry().topLeft()
            self._scroll.ensureVisible(bottom.x(), bottom.y(), 0, px(16))
            self._scroll.ensureVisible(top.x(), top.y(), 0, px(8))

    def go(self, number: int) -> None:
        """Go to a question, with the focus."""
        if self.views:
            number = min(max(number, 0), len(self.views) - 1)
            self._mark(number)
            self.views[number].setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, take: Take) -> None:
        """Answer the question with the bar."""
        if self.views:
            self.views[self.current].choose(take)

    def _on_taken(self, number: int, take: Take) -> None:
        self.notice.hide()
        if take is Take.TYPED:
            self._mark(number)
            self.views[number].result.start_typing()
        else:
            self.go(self._next(number))
        self.chosen.emit()

    def _next(self, number: int) -> int:
        """Return the question after this one; after the last, the first without an answer."""
        if number + 1 < len(self.views):
            return number + 1
        left = [n for n, view in enumerate(self.views) if view.question.take is None]
        return left[0] if left else number

    def leave_typing(self) -> bool:
        """Go from what is being typed back to the question; whether there was something to leave."""
        typing = [n for n, view in enumerate(self.views) if view.result.is_typing()]
        for number in typing:
            self.go(number)
        return bool(typing)

    def flush(self) -> None:
        """Read at once what is being typed."""
        for view in self.views:
            view.result.flush()

    def show_problem(self, problem: AppError) -> None:
        """Say what is wrong, at the field where it is, and go there."""
        self.notice.set_message(Message.ERROR, error_text(problem))
        self.notice.show()
        if not isinstance(problem, UserProblem):
            return
        places = {
            name: number
            for number, view in enumerate(self.views)
            for name in view.question.conflict.conflict.fields
        }
        for found in problem.problems:
            if found.field in places:
                self.views[places[found.field]].result.show_problem(
                    found.field, problem_text(found)
                )
        wrong = [places[p.field] for p in problem.problems if p.field in places]
        if problem.message == UNREADABLE:
            wrong = [n for n, view in enumerate(self.views) if view.question.unread]
        if wrong:
            self.go(wrong[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with 1 to 4, go up and down."""
        if not self.press(event):
            super().keyPressEvent(event)

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key says; whether it says something here."""
        key = Qt.Key(event.key())
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain or not self.views:
            return False
        if key in KEYS:
            self._choose(KEYS[key])
        elif key in _STEPS:
            self.go(self.current + _STEPS[key])
        else:
            return False
        return True
