"""The tab Relations: connected records by kind; a row opens in place, with a way back."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListView, QMenu, QScrollArea, QVBoxLayout, QWidget

from db.entities import ENTITIES
from db.fields import Record
from desktop_app.i18n import _
from desktop_app.models.row_list import RowList
from desktop_app.services.relations import RelationGroup
from desktop_app.tokens import BODY, HEADING, HEIGHT_ROW, Tone
from desktop_app.views.empty_words import NEW_WORDS
from desktop_app.views.session import Session
from desktop_app.widgets.delegates import RecordRowDelegate
from desktop_app.widgets.kit.button import Button
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px

NEW_HERE: dict[str, tuple[str, ...]] = {
    "initiative": ("contact_moment",),
    "premises": ("contact_moment", "search_match"),
    "plot": ("contact_moment", "search_match"),
    "search_request": ("contact_moment", "search_match"),
    "organisation": ("contact_person", "contact_moment"),
    "contact_person": ("contact_moment",),
}
"""What can be added to a record from its relations."""


class ShortList(QListView):
    """All rows of a few records, as high as they need.

    Signals:
        row_opened(object): the key of the row clicked, or chosen with Enter.
    """

    row_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowList()
        self.setModel(self.rows)
        self.setItemDelegate(RecordRowDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: self.row_opened.emit(self.rows.key(index.row())))
        self.activated.connect(lambda index: self.row_opened.emit(self.rows.key(index.row())))
        self.rows.modelReset.connect(self._fit)

    def _fit(self) -> None:
        self.setFixedHeight(self.rows.rowCount() * px(HEIGHT_ROW) + 2)

    def minimumSizeHint(self) -> QSize:
        """Be as narrow as the panel wants."""
        return QSize(px(120), px(HEIGHT_ROW))


class RelationsTab(QScrollArea):
    """The relations of one record.

    Signals:
        record_asked(str, object): entity and id of the row to open.
        new_asked(str): the entity of which to make one that is connected.
    """

    record_asked = Signal(str, object)
    new_asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_relations(self, record: Record, groups: Sequence[RelationGroup]) -> None:
        """Show these groups."""
        body = QWidget()
        body.setProperty("kind", "surface")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, px(16), 0, px(16))
        column.setSpacing(px(4))
        if not groups:
            none = text(_("Not connected with anything yet."), BODY, Tone.MUTED, wrap=True)
            none.setContentsMargins(px(16), 0, px(16), px(8))
            column.addWidget(none)
        for group in groups:
            column.addWidget(self._heading(group))
            column.addWidget(self._list(group))
            column.addSpacing(px(12))
        self._add_new(column, record)
        column.addStretch(1)
        self.setWidget(body)

    def _heading(self, group: RelationGroup) -> QWidget:
        label = text(f"{_(ENTITIES[group.entity].PLURAL)}  {len(group.records)}", HEADING)
        label.setContentsMargins(px(16), 0, px(16), px(4))
        return label

    def _list(self, group: RelationGroup) -> ShortList:
        view = ShortList()
        view.setAccessibleName(_(ENTITIES[group.entity].PLURAL))
        words = self._session.words
        view.rows.set_rows((record.id, words.row(record)) for record in group.records)
        view.row_opened.connect(lambda key: self.record_asked.emit(group.entity, key))
        return view

    def _add_new(self, column: QVBoxLayout, record: Record) -> None:
        entities = NEW_HERE.get(record.ENTITY, ())
        if not entities or record.deleted:
            return
        menu = QMenu(self)
        for entity in entities:
            words = _(NEW_WORDS.get(entity, ENTITIES[entity].LABEL))
            act = menu.addAction(words)
            act.triggered.connect(lambda _on=False, entity=entity: self.new_asked.emit(entity))
        button = Button(_("Add"), icon="plus")
        button.setMenu(menu)
        holder = QVBoxLayout()
        holder.setContentsMargins(px(16), px(4), px(16), 0)
        holder.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(holder)
