"""What the sync page shows below its head, as cards in two columns, or one where two do not fit.

A card is only built anew when its words changed, and the focus stays on the button it was on, or
goes to the next one where that row is gone.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QApplication, QBoxLayout, QVBoxLayout, QWidget

from desktop_app.i18n import _, format_number
from desktop_app.services.sync_overview import FileText, Overview
from desktop_app.views.cards import Card
from desktop_app.views.sync_rows import (
    CheckCard,
    act_button,
    choice_row,
    file_row,
    link_row,
    nothing_row,
    others_row,
    receipt_row,
    refused_row,
    waiting_row,
)
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.reading_order import stops
from desktop_app.widgets.theme import px

Rows = Callable[[], Sequence[QWidget]]


class SyncCards(QWidget):
    """The cards of the sync page.

    Signals:
        merge_asked(), receipts_asked(), export_asked(), bundle_asked()
        edit_asked(str, object): open the form of a record.
        backs_asked(object): the ids of changes to take back, the last one first.
        again_asked(object): the id of a refused change to send again; None: all of them.
    """

    merge_asked = Signal()
    receipts_asked = Signal()
    export_asked = Signal()
    bundle_asked = Signal()
    edit_asked = Signal(str, object)
    backs_asked = Signal(object)
    again_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[str, object] = {}
        self._attention = Card(_("Asks for your attention"), is_warning=True)
        self._waiting = Card(_("Waits to be sent"))
        self._files = Card(_("Photos on their way"))
        self._arrived = Card(_("Arrived"))
        self._check = CheckCard()
        self._fill_heads()
        self._lay_out()

    def _fill_heads(self) -> None:
        self._all_again = act_button(
            _("Send all again"), "sync", "again:all", lambda: self.again_asked.emit(None),
            kind=Kind.LINK,
        )  # fmt: skip
        self._export = act_button(
            _("Save as a list"), "table-arrow-right", "export", self.export_asked.emit,
            kind=Kind.LINK,
        )  # fmt: skip
        self._bundle = act_button(
            _("Save on USB stick"), "export-variant", "bundle", self.bundle_asked.emit,
            kind=Kind.LINK,
        )  # fmt: skip
        self._attention.head.addWidget(self._all_again)
        self._waiting.head.addWidget(self._export)
        self._waiting.head.addWidget(self._bundle)

    def _lay_out(self) -> None:
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for side, cards in (
            (self._left, (self._attention, self._waiting, self._files)),
            (self._right, (self._arrived, self._check)),
        ):
            side.setSpacing(px(12))
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)
            side.setContentsMargins(0, 0, 0, 0)
        left, right = QWidget(), QWidget()  # so that the keys walk one column after the other
        left.setLayout(self._left)
        right.setLayout(self._right)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(px(16))
        self._columns.addWidget(left, 58)
        self._columns.addWidget(right, 42)

    def set_narrow(self, narrow: bool) -> None:
        """Put the columns below one another, or beside each other."""
        way = QBoxLayout.Direction
        self._columns.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    def minimumSizeHint(self) -> QSize:
        """Ask for no width: the page decides whether two columns fit."""
        return QSize(0, super().minimumSizeHint().height())

    # What is shown

    def show_overview(self, told: Overview) -> None:
        """Show this; only what differs from before is drawn anew."""
        focus = self._focused()
        self._show_attention(told)
        self._show_waiting(told)
        self.show_files(told.files, told.files_count)
        self._show_arrived(told)
        self._check.show_check(told.check)
        self._place_check(left=not (told.asks or told.waiting_count or told.files_count))
        self._give_focus(focus)

    def _show_attention(self, told: Overview) -> None:
        self._fill(
            self._attention, "attention", (told.refused, told.choices),
            lambda: self._attention_rows(told),
        )  # fmt: skip
        self._attention.count(told.asks)
        self._all_again.setVisible(len(told.refused) > 1)

    def _attention_rows(self, told: Overview) -> list[QWidget]:
        rows = [
            refused_row(
                one,
                lambda one=one: self.edit_asked.emit(one.entity, one.record_id),  # type: ignore[misc]
                lambda one=one: self.again_asked.emit(one.key),  # type: ignore[misc]
                lambda one=one: self.backs_asked.emit(one.change_ids[::-1]),  # type: ignore[misc]
            )
            for one in told.refused
        ]
        return rows + [choice_row(one, self.merge_asked.emit) for one in told.choices]

    def _show_waiting(self, told: Overview) -> None:
        value = (told.waiting, told.waiting_count, told.is_connected, bool(told.files))
        self._fill(self._waiting, "waiting", value, lambda: self._waiting_rows(told))
        self._waiting.set_note(format_number(told.waiting_count) if told.waiting_count else "")
        has_work = bool(told.waiting_count or told.files_count or told.refused)
        self._export.setVisible(bool(told.waiting_count))
        self._bundle.setVisible(has_work and not told.is_example)
        self._waiting.setVisible(bool(told.waiting_count) or not told.files_count)

    def _waiting_rows(self, told: Overview) -> list[QWidget]:
        if not told.waiting:
            return [nothing_row(is_connected=told.is_connected)]
        rows = [
            waiting_row(one, lambda one=one: self.backs_asked.emit((one.change_id,)))  # type: ignore[misc]
            for one in told.waiting
        ]
        left = told.waiting_count - len(rows)
        return [*rows, others_row(left)] if left > 0 else rows

    def show_files(self, files: Sequence[FileText], count: int) -> None:
        """Show the files on their way, of which there are `count`."""
        value = (tuple(files), count)
        self._fill(self._files, "files", value, lambda: _file_rows(files, count))
        self._files.count(count)

    def _show_arrived(self, told: Overview) -> None:
        value = (told.arrived, told.arrived_note)
        self._fill(self._arrived, "arrived", value, lambda: self._arrived_rows(told))
        self._arrived.set_note(told.arrived_note)
        self._arrived.setVisible(bool(told.arrived))

    def _arrived_rows(self, told: Overview) -> list[QWidget]:
        more = act_button(
            _("All receipts of 90 days"), "", "receipts", self.receipts_asked.emit, kind=Kind.LINK
        )
        return [*(receipt_row(one) for one in told.arrived), link_row(more)]

    def _place_check(self, *, left: bool) -> None:
        """Put the last check where there is room: at the left when nothing else stands there."""
        side = self._left if left else self._right
        if side.indexOf(self._check) < 0:
            side.insertWidget(side.count() - 1, self._check)

    def _fill(self, card: Card, name: str, value: object, rows: Rows) -> None:
        if self._shown.get(name) == value and name in self._shown:
            return
        self._shown[name] = value
        made = rows()
        card.set_rows(made)
        for row in made:
            row.show()  # at once, so that one of its buttons can have the focus

    # The focus

    def _focused(self) -> list[str]:
        """Return the names of the buttons from the one with the focus on, then those before it."""
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            return []
        found = list(stops(self))
        place = found.index(focus) if focus in found else 0
        return [one.objectName() for one in (*found[place:], *found[:place][::-1])]

    def _give_focus(self, wanted: list[str]) -> None:
        """Focus the same button again, or the one that took its place."""
        if not wanted:
            return
        now = {one.objectName(): one for one in self.findChildren(Button) if _is_there(one, self)}
        for name in wanted:
            if name in now:
                now[name].setFocus()
                return


def _file_rows(files: Sequence[FileText], count: int) -> list[QWidget]:
    left = count - len(files)
    rows = [file_row(one) for one in files]
    return [*rows, others_row(left)] if left > 0 else rows


def _is_there(button: Button, page: QWidget) -> bool:
    return button.isVisibleTo(page) and button.isEnabled()
