"""The page Merge: records that two people changed in the same field, and what stays of each.

Nothing is chosen beforehand. The keys 1 to 4 act on the question with the bar, and the bar goes on
to the next; saving is possible when every question has its answer.
"""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QScrollArea, QVBoxLayout, QWidget

from db.entities import ENTITIES
from db.errors import AppError
from desktop_app.i18n import _, format_moment, format_number, ngettext
from desktop_app.models.row_list import RowList
from desktop_app.services.listing_text import RowText
from desktop_app.services.merging import Merge, Take, decide, open_merges
from desktop_app.services.problem_text import error_text
from desktop_app.services.row_words import key_of
from desktop_app.services.symbols import SYMBOLS, symbol
from desktop_app.tokens import BODY, SMALL, TITLE, Tone
from desktop_app.views.merge_heads import MergeHeads
from desktop_app.views.question_view import QuestionView
from desktop_app.views.session import Session
from desktop_app.widgets.kit.button import Button, IconButton, Kind
from desktop_app.widgets.kit.empty_state import EmptyState
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.kit.text import note, text
from desktop_app.widgets.kit.views import dress_list
from desktop_app.widgets.theme import px

_LIST_WIDTH = 264
NARROW = 800
_KEYS = {
    Qt.Key.Key_1: Take.THEIRS,
    Qt.Key.Key_2: Take.MINE,
    Qt.Key.Key_3: Take.BOTH,
    Qt.Key.Key_4: Take.TYPED,
}


class ConflictView(QWidget):
    """Double edits, one record at a time.

    Signals:
        left(): the user decides later.
    """

    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._merges: list[Merge] = []
        self._merge: Merge | None = None
        self._views: list[QuestionView] = []
        self._current = 0
        self.list = QListView()
        self.rows = RowList()
        self.title, self.count = text(_("Merge"), TITLE), text("", BODY, Tone.MUTED)
        self._name = text("", TITLE, wrap=True)
        self._place = text("", SMALL, Tone.MUTED)
        self._heads = MergeHeads()
        self._notice = MessageBar(Message.ERROR)
        self._body = QScrollArea()
        self.save = Button(_("Save"), Kind.PRIMARY, icon="check", shortcut="Ctrl+Enter")
        self.later = Button(_("Decide later"), shortcut="Esc")
        self._up = IconButton("chevron-up", _("Previous field"), Kind.OUTLINED)
        self._down = IconButton("chevron-down", _("Next field"), Kind.OUTLINED)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._side = self._left_side()
        row.addWidget(self._side)
        none = _("Nothing to merge. All changes have found their place.")
        self._none = EmptyState("source-merge", _("No double edits"), none)
        row.addWidget(self._none, 1)
        self._right = QWidget()
        self._right.setProperty("kind", "page")
        self._right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(self._heads)
        column.addWidget(self._notice)
        self._notice.hide()
        self._body.setWidgetResizable(True)
        self._body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._body, 1)
        column.addWidget(self._foot())
        row.addWidget(self._right, 1)

    def _left_side(self) -> QWidget:
        side = QWidget()
        side.setProperty("kind", "surface")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(px(_LIST_WIDTH))
        head = QHBoxLayout()
        head.setContentsMargins(px(16), px(14), px(16), px(14))
        head.setSpacing(px(8))
        head.addWidget(self.title)
        head.addWidget(self.count)
        head.addStretch(1)
        dress_list(self.list)
        self.list.setModel(self.rows)
        self._merged = note("")
        self._merged.setContentsMargins(px(16), px(12), px(16), px(16))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self._merged)
        self._merged.setText(_("Everything else was merged by itself."))
        return side

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.setContentsMargins(px(24), px(14), px(24), px(8))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(
            note(_("Two people changed the same field. Choose what stays for each field."))
        )
        row.addLayout(words, 1)
        for widget in (self._place, self._up, self._down):
            row.addWidget(widget)
        return row

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setProperty("kind", "footer")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(24), px(14), px(24), px(14))
        row.addWidget(self.save)
        row.addWidget(self.later)
        row.addStretch(1)
        words = _("What you do not choose stays in the history. You can undo this.")
        self._kept = text(words, SMALL, Tone.MUTED)
        row.addWidget(self._kept)
        return foot

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the list out where one record fills the window."""
        super().resizeEvent(event)
        has_room = self.width() >= px(NARROW)
        self._side.setVisible(has_room or len(self._merges) > 1)
        self._kept.setVisible(has_room)

    def _connect(self) -> None:
        self.list.selectionModel().currentRowChanged.connect(self._on_row)
        self.save.clicked.connect(self.store)
        self.later.clicked.connect(self.left)
        self._up.clicked.connect(lambda: self._go(self._current - 1))
        self._down.clicked.connect(lambda: self._go(self._current + 1))

    # What is shown

    def refresh(self) -> None:
        """Show the open questions; what was chosen and still stands is kept."""
        kept = self._merge.record_id if self._merge else None
        fresh = open_merges(self._session.store, self._session.titles)
        self._keep_choices(fresh)
        is_same = self._same(fresh)
        self._merges = fresh if not is_same else self._merges
        self.rows.set_rows((one.record_id, self._row(one)) for one in self._merges)
        self.count.setText(format_number(len(self._merges)))
        self._none.setVisible(not self._merges)
        self._right.setVisible(bool(self._merges))
        if self._merges and not is_same:
            row = max(0, self.rows.row_of(kept)) if kept else 0
            self.list.setCurrentIndex(self.rows.index(row, 0))
            self._show(self._merges[row])
        elif not self._merges:
            self._merge = None

    def _same(self, fresh: list[Merge]) -> bool:
        def ids(merges: list[Merge]) -> list[object]:
            return [q.conflict for one in merges for q in one.questions]

        return bool(fresh) and ids(fresh) == ids(self._merges)

    def _keep_choices(self, fresh: list[Merge]) -> None:
        known = {q.conflict.id: q for one in self._merges for q in one.questions}
        for merge in fresh:
            for question in merge.questions:
                old = known.get(question.conflict.id)
                if old is not None and old.conflict == question.conflict:
                    question.take, question.typed = old.take, old.typed

    def _row(self, merge: Merge) -> RowText:
        record = self._session.store.get(merge.entity, merge.record_id)
        key = key_of(record) if record is not None else merge.entity
        count = len(merge.questions)
        words = ngettext("%(count)d field", "%(count)d fields", count) % {"count": count}
        is_pin = key in SYMBOLS and "." in key
        icon = "" if is_pin else symbol(key).icon
        return RowText(merge.title, words, symbol=key if is_pin else "", icon=icon)

    def _on_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if 0 <= current.row() < len(self._merges):
            self._show(self._merges[current.row()])

    def _show(self, merge: Merge) -> None:
        if merge is self._merge and self._views:
            return
        self._merge = merge
        self._name.setText(merge.title or _(ENTITIES[merge.entity].LABEL))
        who = self._session.titles.staff(merge.theirs_by) if merge.theirs_by else ""
        when = format_moment(merge.theirs_at) if merge.theirs_at else ""
        self._heads.show_sides(who or _("Someone else"), when, format_moment(merge.made_at))
        record = self._session.store.get(merge.entity, merge.record_id)
        key = key_of(record) if record is not None else merge.entity
        body = QWidget()
        body.setProperty("kind", "page")
        column = QVBoxLayout(body)
        column.setContentsMargins(px(12), px(4), px(24), px(24))
        column.setSpacing(px(24))
        self._views = []
        for number, question in enumerate(merge.questions):
            view = QuestionView(question, key, self._session.titles)
            if question.take is not None:
                view.choose(question.take)
            view.taken.connect(lambda _take, number=number: self._on_taken(number))
            self._views.append(view)
            column.addWidget(view)
        column.addStretch(1)
        self._body.setWidget(body)
        self._go(0)
        self._check()

    def _go(self, number: int) -> None:
        if not self._views:
            return
        self._current = min(max(number, 0), len(self._views) - 1)
        for place, view in enumerate(self._views):
            view.set_current(place == self._current)
        self._body.ensureWidgetVisible(self._views[self._current], 0, px(40))
        numbers = {"number": self._current + 1, "count": len(self._views)}
        self._place.setText(_("Field %(number)d of %(count)d") % numbers)
        self._up.setEnabled(self._current > 0)
        self._down.setEnabled(self._current < len(self._views) - 1)

    def _on_taken(self, number: int) -> None:
        question = self._views[number].question
        if question.take is not Take.TYPED:
            self._go(number + 1)
            self.setFocus()
        else:
            self._go(number)
        self._check()

    def _check(self) -> None:
        ready = self._merge is not None and self._merge.is_decided
        self.save.set_reason("" if ready else _("Choose for every field what stays."))

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with 1 to 4, go up and down, save with Ctrl+Enter, leave with Esc."""
        key = Qt.Key(event.key())
        with_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in _KEYS and self._views and not event.modifiers():
            self._views[self._current].choose(_KEYS[key])
        elif key == Qt.Key.Key_Up:
            self._go(self._current - 1)
        elif key == Qt.Key.Key_Down:
            self._go(self._current + 1)
        elif with_ctrl and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.store()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def store(self) -> None:
        """Store the answers of the record shown."""
        if self._merge is None or not self._merge.is_decided:
            return
        merge, self._merge = self._merge, None
        self._views = []
        self._notice.hide()
        try:
            decide(self._session.store, merge)
        except AppError as error:
            self._notice.set_message(Message.ERROR, error_text(error))
            self._notice.show()
            self._show(merge)
