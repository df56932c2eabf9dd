"""The page Merge: records that two people changed in the same field, and what stays of each.

Nothing is chosen beforehand; saving is possible when every question has its answer, and can be
undone. What is chosen is kept when deciding later.
"""

from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.errors import AppError
from desktop_app.i18n import _
from desktop_app.services.merge_records import (
    Merge,
    decide,
    keep_choices,
    open_merges,
    settled_today,
    tell_sides,
    unless_changed,
)
from desktop_app.views.merge_done import MergeDone
from desktop_app.views.merge_foot import MergeFoot
from desktop_app.views.merge_ground import load_ground_for
from desktop_app.views.merge_list import MergeList
from desktop_app.views.merge_record import MergeRecord
from desktop_app.views.merge_undo import MergeUndo
from desktop_app.views.session import Session
from desktop_app.views.sources import sources_of
from desktop_app.widgets.reading_order import step
from desktop_app.widgets.theme import px

NARROW = 800
"""Below this width the list makes room, and two buttons go from record to record."""

LOW = 420
"""Below this height headings and margins make room for the cards."""

KEEP_MS = 800
"""How long after a key what was chosen and typed is kept in the store."""


class ConflictView(QWidget):
    """Double edits, one record at a time.

    Signals:
        left(): the user decides later.
        decided(): a record was decided; undo can take it back.
        undo_asked(): take the last decision back.
    """

    left = Signal()
    decided = Signal()
    undo_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._merges: list[Merge] = []
        self._has_looked = self._is_storing = False
        self._last: UUID | None = None
        self.list = MergeList()
        self.record = MergeRecord(session.titles, sources_of(session))
        self.foot = MergeFoot()
        self._keep_soon = QTimer(self, interval=KEEP_MS, singleShot=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRing", False)
        self.empty = MergeDone()
        self.undoing = MergeUndo(self._session, (self.list.recent, self.empty.recent))
        self.undo_bar = self.undoing.bar
        self._right = QWidget()
        self._right.setProperty("kind", "page")
        self._right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.record, 1)
        right.addWidget(self.foot)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(self.empty, 1)
        row.addWidget(self._right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self.undoing)

    def _connect(self) -> None:
        self.list.chosen.connect(self._show)
        self.list.view.installEventFilter(self)
        self.record.chosen.connect(self._on_chosen)
        self.foot.save.clicked.connect(self.store)
        self.foot.later.clicked.connect(self.left)
        self.record.record_asked.connect(self.go_record)
        self.undo_bar.undone.connect(self.undo_asked)
        self.undoing.asked.connect(self._on_back_asked)
        self.undoing.taken_back.connect(self._on_taken_back)
        self._keep_soon.timeout.connect(self.keep)

    # What is shown

    @property
    def merge(self) -> Merge | None:
        """The record that is shown."""
        return self.record.merge

    def refresh(self, row: int = 0) -> None:
        """Show the open questions, with the record in sight or that in `row`; choices are kept."""
        if self._is_storing:
            return
        self.record.flush()
        self.keep()
        self._has_looked = True
        before = {one.record_id: one for one in self._merges}
        fresh = open_merges(self._session.store, self._session.titles)
        self.undoing.refresh()
        self._merges = [unless_changed(before.get(one.record_id), one) for one in fresh]
        if self._last in {one.record_id for one in fresh} - set(before):
            self.undo_bar.hide()
            self._show(self._row_of(self._last))
        elif self._merges:
            shown = self._row_of(self.merge.record_id) if self.merge else row
            self._show(min(shown, len(self._merges) - 1))
        else:
            self.record.clear()
            self.setFocusProxy(None)  # type: ignore[arg-type]
        self._arrange()
        if fresh and [one.record_id for one in fresh] != list(before):
            self._look_further(fresh)

    def _look_further(self, fresh: list[Merge]) -> None:
        """Have what takes longer done beside the window: the count of all else, the maps' ground."""
        store, jobs = self._session.store, self._session.jobs
        jobs.run(lambda: settled_today(store, fresh), self.list.show_rest)
        load_ground_for(self, jobs)

    def _row_of(self, record_id: UUID | None) -> int:
        rows = (row for row, one in enumerate(self._merges) if one.record_id == record_id)
        return next(rows, 0)

    def _show(self, row: int) -> None:
        """Show a record; the one in sight is left alone while its questions are the same."""
        merge = self._merges[row]
        self._list_rows(row)
        if merge is not self.merge:
            is_renewed = self.merge is not None and self.merge.record_id == merge.record_id
            had_focus = self._has_focus()
            tell_sides(self._session.store, self._session.titles, merge)
            self.record.show_merge(merge, self.record.current if is_renewed else 0)
            if is_renewed:
                self.record.tell_renewed()
            if had_focus and not self.list.view.hasFocus():
                self.record.go(self.record.current)
        self.setFocusProxy(self.record)
        self._check()

    def _has_focus(self) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def _list_rows(self, row: int) -> None:
        self.list.show_merges(self._merges, row)
        narrow = self.width() < px(NARROW)
        self.record.show_number(row + 1, len(self._merges), shows=narrow)

    def go_record(self, step: int) -> None:
        """Go to the next or the previous record."""
        row = self._row_of(self.merge.record_id if self.merge else None) + step
        if 0 <= row < len(self._merges):
            self._show(row)
            self.record.go(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the list out where one record fills the window."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        has_room, count = self.width() >= px(NARROW), len(self._merges)
        self.list.setVisible(has_room and count > 0)
        if self.merge is not None:
            self._list_rows(self._row_of(self.merge.record_id))
        self.record.set_room(wide=has_room, high=self.height() >= px(LOW))
        self.foot.set_high(self.height() >= px(LOW))
        self.empty.setVisible(not count)
        self._right.setVisible(bool(count))
        self._check()

    # Answers

    def _on_chosen(self) -> None:
        self._list_rows(self._row_of(self.merge.record_id if self.merge else None))
        self._check()
        self._keep_soon.start()

    def _check(self) -> None:
        left = self.merge.left if self.merge else 0
        self.foot.show_left(left, has_room=self.width() >= px(NARROW))

    def store(self) -> None:
        """Store the answers of the record shown, and go on with the next."""
        self.record.flush()
        merge = self.merge
        if merge is None or not merge.is_decided:
            return
        store, row = self._session.store, self._row_of(merge.record_id)
        before = store.get(merge.entity, merge.record_id)
        self._is_storing, refused = True, None
        try:
            answers = decide(store, merge)
        except AppError as error:
            refused = error
        finally:
            self._is_storing = False
        if refused is not None:
            self.record.show_problem(refused)
            self.refresh()
            return
        after = store.get(merge.entity, merge.record_id)
        if before is not None and after is not None:
            self._session.undo.push_decision(before, after, answers)
        self._after(merge, row)

    def _after(self, merge: Merge, row: int) -> None:
        self._last = merge.record_id
        self._merges = [one for one in self._merges if one.record_id != merge.record_id]
        self.record.clear()
        self.refresh(row)
        if self._merges:
            self.record.go(self.record.current)
        else:
            self.setFocus()
        self.undo_bar.show_done(_("%(title)s was merged.") % {"title": merge.title}, "source-merge")
        self.decided.emit()

    def _on_back_asked(self, record_id: UUID) -> None:
        self._last = record_id

    def _on_taken_back(self) -> None:
        self.refresh()
        self.record.go(self.record.current)
        self.decided.emit()

    def keep(self) -> None:
        """Keep what was chosen, so that deciding later, or a crash, loses nothing."""
        self._keep_soon.stop()
        if self._has_looked:
            keep_choices(self._session.store, self._merges)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was chosen when the user goes elsewhere."""
        super().hideEvent(event)
        self.record.flush()
        self.keep()

    # Keys

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go through the questions as one reads them; they are made anew for each record."""
        there = step(self, forward=forward)
        if there is None:
            return super().focusNextPrevChild(forward)
        there.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save with Ctrl+Enter, decide later with Esc, and pass keys on to the questions."""
        if not self._press(event):
            super().keyPressEvent(event)

    def _press(self, event: QKeyEvent) -> bool:
        key, with_ctrl = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if with_ctrl and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.store()
        elif key == Qt.Key.Key_Escape:
            if not self.record.leave_typing():
                self.left.emit()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.go_record(-1 if key == Qt.Key.Key_PageUp else 1)
        else:
            return self.record.press(event)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the list keep only its arrows: all other keys mean the same everywhere here."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            arrows = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Right) and not event.modifiers():
                self.record.go(self.record.current)
                return True
            return event.key() not in arrows and self._press(event)
        return False
