"""The detail of one record: head, steps, and the tabs Details, Relations, Attachments, History."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QVBoxLayout, QWidget

from db.changes import ChangeSet
from db.entities.premises import Premises
from db.fields import Record
from desktop_app.i18n import _
from desktop_app.services.history_text import HistoryText, history_texts
from desktop_app.services.relations import RelationGroup, relations_of
from desktop_app.services.row_words import is_overdue, key_of, state_word
from desktop_app.services.steps import Step, next_step, other_steps
from desktop_app.views.attachments_tab import AttachmentsTab
from desktop_app.views.facts_tab import FactsTab
from desktop_app.views.history_tab import HistoryTab
from desktop_app.views.presence_line import PresenceLine
from desktop_app.views.reason_bar import ReasonBar
from desktop_app.views.relations_tab import RelationsTab
from desktop_app.views.session import Session
from desktop_app.views.state_chips import example_chip, handling_chip, sync_chip
from desktop_app.widgets.kit.button import Button, IconButton, Kind
from desktop_app.widgets.kit.chip import state_chip
from desktop_app.widgets.kit.detail import DetailHeader, Tabs
from desktop_app.widgets.kit.message_bar import Message, MessageBar

DETAILS, RELATIONS, ATTACHMENTS, HISTORY = range(4)


class DetailPanel(QFrame):
    """One record to read, with what can be done to it.

    Signals:
        close_asked(), pin_toggled(bool), edit_asked(), delete_asked(), restore_asked()
        step_asked(Step), checked_asked(): set a state; the offer was checked.
        reason_given(Step, str): a step with its reason.
        back_asked(object): put the values of a `HistoryText` back.
        record_asked(str, object): open another record here.
        new_asked(str): make one of this entity, connected with this record.
        show_asked(): show the place on the map.
    """

    close_asked = Signal()
    pin_toggled = Signal(bool)
    edit_asked = Signal()
    delete_asked = Signal()
    restore_asked = Signal()
    step_asked = Signal(object)
    checked_asked = Signal()
    reason_given = Signal(object, str)
    back_asked = Signal(object)
    record_asked = Signal(str, object)
    new_asked = Signal(str)
    show_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.record: Record | None = None
        self._trail: list[tuple[str, UUID]] = []
        self._round = 0
        self.header = DetailHeader()
        self.back = Button(_("back"), Kind.LINK, icon="arrow-left")
        self.reason = ReasonBar()
        self.notice = MessageBar(Message.WARNING)
        self.colleagues = PresenceLine(session)
        self.tabs = Tabs((_("Details"), _("Relations"), _("Attachments"), _("History")))
        self.pages = QStackedWidget()
        self.facts = FactsTab(session)
        self.relations = RelationsTab(session)
        self.attachments = AttachmentsTab(session)
        self.history = HistoryTab()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.setProperty("kind", "panel")
        for page in (self.facts, self.relations, self.attachments, self.history):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.header)
        for bar in (self.notice, self.reason):
            column.addWidget(bar)
            bar.hide()
        column.addWidget(self.colleagues)
        column.addWidget(self.tabs)
        column.addWidget(self.pages, 1)
        self.back.hide()

    def _connect(self) -> None:
        self.header.close_asked.connect(self.close_asked)
        self.header.pin_toggled.connect(self.pin_toggled)
        self.back.clicked.connect(self._on_back)
        self.tabs.currentChanged.connect(self._on_tab)
        self.reason.given.connect(self.reason_given)
        self.history.back_asked.connect(self.back_asked)
        self.relations.record_asked.connect(self._on_relation)
        self.relations.new_asked.connect(self.new_asked)
        self.attachments.count_changed.connect(lambda n: self.tabs.set_count(ATTACHMENTS, n))

    # What is shown

    def show_record(self, record: Record, *, is_followed: bool = False) -> None:
        """Show a record; `is_followed` keeps the way back to the one before."""
        if not is_followed:
            self._trail.clear()
        self.back.setVisible(bool(self._trail))
        is_other = self.record is None or self.record.id != record.id
        self.record = record
        if is_other:
            self.reason.hide()
        self._show_head(record)
        self._show_counts(record)
        self._on_tab(self.tabs.currentIndex())

    def _show_head(self, record: Record) -> None:
        kind = record.shown_code if record.CODE_PREFIX else _(record.LABEL)
        self.header.set_record(kind, record.title_text.partition("\n")[0] or kind)
        chips: list[QWidget] = []
        if record.STATE:
            chips.append(state_chip(key_of(record), state_word(record)))
        chips += handling_chip(record)
        state = self._session.store.record_states([record.id]).get(record.id)
        chips.append(sync_chip(state, is_connected=self._session.store.is_connected))
        if self._session.is_example:
            chips.append(example_chip())
        self.header.set_chips(chips)
        self.header.set_buttons(self._buttons(record))
        self.notice.setVisible(record.deleted)
        self.colleagues.show_for(record)
        if record.deleted:
            self.notice.set_message(
                Message.WARNING, _("This was deleted."), icon="trash-can-outline"
            )

    def _buttons(self, record: Record) -> list[QWidget]:
        if record.deleted:
            restore = Button(_("Restore"), Kind.PRIMARY, icon="restore")
            restore.clicked.connect(self.restore_asked)
            return [restore]
        edit = Button(_("Edit"), Kind.PRIMARY, icon="pencil-outline", shortcut="F2")
        edit.clicked.connect(self.edit_asked)
        if record.IS_SERVER_ONLY:
            edit.set_reason(_("Only the administrator can change this."))
        buttons: list[QWidget] = [edit]
        step = next_step(record)
        if is_overdue(record):
            checked = Button(_("Checked today"), icon="check")
            checked.clicked.connect(self.checked_asked)
            buttons.append(checked)
        elif step is not None:
            button = Button(step.words, icon="arrow-right")
            button.clicked.connect(lambda: self.step_asked.emit(step))
            buttons.append(button)
        more = IconButton("dots-horizontal", _("More"), Kind.OUTLINED)
        more.clicked.connect(
            lambda: self.menu(record).exec(more.mapToGlobal(more.rect().bottomLeft()))
        )
        buttons.append(more)
        return buttons

    def menu(self, record: Record) -> QMenu:
        """Return everything else that can be done to a record."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for label, steps in other_steps(record).items():
            under = menu.addMenu(label)
            for step in steps:
                act = under.addAction(step.words)
                act.triggered.connect(lambda _on=False, step=step: self.step_asked.emit(step))
        if isinstance(record, Premises):
            menu.addAction(_("Checked today"), self.checked_asked.emit)
        if getattr(record, "geometry", None) is not None:
            menu.addAction(_("Show on the map"), self.show_asked.emit)
        menu.addSeparator()
        delete = menu.addAction(_("Delete"), self.delete_asked.emit)
        delete.setShortcut(QKeySequence("Del"))
        return menu

    def _show_counts(self, record: Record) -> None:
        self._round += 1
        number, session = self._round, self._session

        def work() -> tuple[int, list[RelationGroup]]:
            return number, relations_of(session.store, record)

        session.jobs.run(work, self._on_relations)
        self.attachments.show_record(record)

    def _on_relations(self, answer: tuple[int, list[RelationGroup]]) -> None:
        number, groups = answer
        if number == self._round and self.record is not None:
            shown = [group for group in groups if group.entity != "attachment"]
            self.relations.show_relations(self.record, shown)
            self.tabs.set_count(RELATIONS, sum(len(group.records) for group in shown))

    def _on_tab(self, tab: int) -> None:
        self.pages.setCurrentIndex(tab)
        if self.record is None:
            return
        if tab == DETAILS:
            self.facts.show_record(self.record)
        elif tab == HISTORY:
            self.history.show_history(self._history(), may_write=not self.record.deleted)

    def _history(self) -> list[HistoryText]:
        assert self.record is not None
        lines = self._session.store.history(self.record.id)
        return history_texts(lines, self._session.titles, self._session.titles.staff)

    # What happens

    def ask_reason(self, step: Step, words: str) -> None:
        """Ask for the reason of a step, in place."""
        self.reason.ask(step, words)

    def on_committed(self, changes: ChangeSet) -> None:
        """Show the record anew when it, or what it is connected with, changed."""
        if self.record is None or self.isHidden():
            return
        if changes.touches(self.record.id):
            fresh = self._session.store.get(self.record.ENTITY, self.record.id)
            if fresh is not None:
                self.show_record(fresh, is_followed=bool(self._trail))
        else:
            self._show_head(self.record)
            if changes.ids:
                self._show_counts(self.record)

    def _on_relation(self, entity: str, record_id: UUID) -> None:
        if self.record is not None:
            self._trail.append((self.record.ENTITY, self.record.id))
        self._go(entity, record_id)

    def _on_back(self) -> None:
        if self._trail:
            self._go(*self._trail.pop())

    def _go(self, entity: str, record_id: UUID) -> None:
        record = self._session.store.get(entity, record_id)
        if record is not None:
            self.tabs.setCurrentIndex(DETAILS)
            self.show_record(record, is_followed=True)
            self.record_asked.emit(entity, record_id)
