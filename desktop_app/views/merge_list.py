"""The left side of the page of double edits: the records, and that all else was merged by itself."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from desktop_app.i18n import _, format_number, ngettext
from desktop_app.models.row_list import RowList
from desktop_app.services.listing_text import RowText
from desktop_app.services.merge_records import Merge
from desktop_app.services.symbols import SYMBOLS, symbol
from desktop_app.tokens import BODY, TITLE, Tone
from desktop_app.views.merge_recent import MergeRecent
from desktop_app.widgets.kit.text import note, text
from desktop_app.widgets.kit.views import dress_list
from desktop_app.widgets.theme import px

_WIDTH = 264


class MergeList(QWidget):
    """The records about which something must be decided.

    Signals:
        chosen(int): the row that the user chose.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view, self.rows = QListView(), RowList()
        self.title, self.count = text(_("Merge"), TITLE), text("", BODY, Tone.MUTED)
        self._rest = note(_("Everything else was merged by itself."))
        self.recent = MergeRecent()
        self._lay_out()
        self.view.selectionModel().currentRowChanged.connect(self._on_row)

    def _lay_out(self) -> None:
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(px(_WIDTH))
        head = QHBoxLayout()
        head.setContentsMargins(px(16), px(14), px(16), px(14))
        head.setSpacing(px(8))
        head.addWidget(self.title)
        head.addWidget(self.count)
        head.addStretch(1)
        dress_list(self.view)
        self.view.setModel(self.rows)
        self.view.setAccessibleName(_("Merge"))
        self._rest.setContentsMargins(px(16), px(12), px(16), px(16))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view)
        column.addWidget(self._rest)
        column.addWidget(self.recent)
        column.addStretch(1)

    def show_merges(self, merges: Sequence[Merge], current: int) -> None:
        """Show these records, one of them chosen; nothing is emitted."""
        selection = self.view.selectionModel()
        selection.blockSignals(True)
        self.rows.set_rows((one.record_id, _row(one)) for one in merges)
        if merges:
            self.view.setCurrentIndex(self.rows.index(current, 0))
        selection.blockSignals(False)
        self.view.viewport().update()
        self.count.setText(format_number(len(merges)))
        self._fit()

    def _fit(self) -> None:
        """Let the list be as high as its rows, so that the sentence stands right below it."""
        self.view.setMaximumHeight(self.view.sizeHintForRow(0) * self.rows.rowCount() + 2)

    def row_of(self, record_id: UUID) -> int:
        """Return the row of a record, or -1."""
        return self.rows.row_of(record_id)

    def show_rest(self, count: int) -> None:
        """Say how many changes found their place by themselves."""
        words = ngettext(
            "Everything else was merged by itself: %(count)s change.",
            "Everything else was merged by itself: %(count)s changes.",
            count,
        )
        plain = _("Everything else was merged by itself.")
        self._rest.setText(words % {"count": format_number(count)} if count else plain)

    def _on_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(current.row())


def _row(merge: Merge) -> RowText:
    is_pin = merge.key in SYMBOLS and "." in merge.key
    icon = "" if is_pin else symbol(merge.key).icon
    return RowText(merge.title, _subtitle(merge), symbol=merge.key if is_pin else "", icon=icon)


def _subtitle(merge: Merge) -> str:
    if merge.about_deletion is not None:
        return _("keep or delete")
    count = len(merge.questions)
    words = ngettext("%(count)d field", "%(count)d fields", count) % {"count": count}
    done = count - merge.left
    return words + " · " + _("%(count)d chosen") % {"count": done} if done else words
