"""All receipts of 90 days: searched by title, field or number, opened with Enter."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.i18n import _, format_number, ngettext
from desktop_app.models.receipt_list import ReceiptList
from desktop_app.services.receipts_text import ReceiptKey, ReceiptText, receipt_rows
from desktop_app.tokens import SMALL, TITLE, Tone
from desktop_app.widgets.day_rows import DayRowDelegate
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.empty_state import EmptyState
from desktop_app.widgets.kit.search_box import SearchBox
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.kit.views import dress_list
from desktop_app.widgets.theme import px


class ReceiptsPage(QWidget):
    """The proofs of arrival, newest first, under their days.

    Signals:
        left(): back to the overview. record_asked(str, object): open a record.
    """

    left = Signal()
    record_asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: Sequence[ReceiptText] = ()
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back = Button(_("Back"), Kind.FLAT, icon="arrow-left", shortcut="Esc")
        self._title = text(_("Receipts of the last 90 days"), TITLE, wrap=True)
        self._count = text("", SMALL, Tone.MUTED)
        self.search = SearchBox(_("Search title, field or receipt"))
        self.list = ReceiptList()
        self.view = QListView()
        dress_list(self.view, DayRowDelegate(self.view))
        self.view.setUniformItemSizes(False)
        self.view.setModel(self.list)
        self.view.setAccessibleName(self._title.text())
        self._empty = EmptyState("cloud-check-outline", "", "")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(self.back)
        head.addWidget(self._title, 1)
        head.addWidget(self._count)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(16), px(24), px(16))
        column.setSpacing(px(12))
        column.addLayout(head)
        column.addWidget(self.search)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.search)

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.search.searched.connect(lambda _words: self._fill())
        self.search.left_down.connect(self._enter_list)
        self.view.activated.connect(self._on_opened)

    def show_receipts(self, texts: Sequence[ReceiptText]) -> None:
        """Show these, as far as they fit what is looked for."""
        self._texts = texts
        self._fill()

    def _fill(self) -> None:
        chosen = self.list.key(self.view.currentIndex().row())
        self.list.set_rows(receipt_rows(self._texts, self.search.text()))
        words = ngettext("%(count)s receipt", "%(count)s receipts", self.list.count)
        self._count.setText(words % {"count": format_number(self.list.count)})
        self._stack.setCurrentIndex(0 if self.list.count else 1)
        if self._texts:
            self._empty.set_words(_("Nothing found."), _("Look for other words or a number."))
        else:
            self._empty.set_words(
                _("Nothing has arrived yet."), _("What arrives is shown here for 90 days.")
            )
        row = self.list.row_of(chosen) if chosen is not None else -1
        if row >= 0:
            self.view.setCurrentIndex(self.list.index(row, 0))

    def _enter_list(self) -> None:
        if self.list.first < 0:
            return
        if not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.list.index(self.list.first, 0))
        self.view.setFocus()

    def _on_opened(self, index: QModelIndex) -> None:
        key = self.list.key(index.row())
        if isinstance(key, ReceiptKey):
            self.record_asked.emit(key.entity, key.record_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
