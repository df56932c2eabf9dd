"""The page My day: what is due, and what was left half typed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from db.entities import ENTITIES
from db.local.journal import DraftRow
from desktop_app.i18n import _, format_day, format_moment
from desktop_app.services.my_day import Due, Task, my_day
from desktop_app.services.row_words import key_of
from desktop_app.services.symbols import symbol
from desktop_app.tokens import SMALL, TITLE, Tone
from desktop_app.views.cards import Card, card_row
from desktop_app.views.session import Session
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.empty_state import EmptyState
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px


class DayPage(QScrollArea):
    """What asks for attention today.

    Signals:
        record_asked(str, object): open a record.
        draft_asked(object): go on with this `DraftRow`.
    """

    record_asked = Signal(str, object)
    draft_asked = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def refresh(self) -> None:
        """Show everything anew."""
        tasks, drafts = my_day(self._session.store), self._session.store.drafts()
        body = QWidget()
        body.setProperty("kind", "page")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(body)
        column.setContentsMargins(px(24), px(16), px(24), px(24))
        column.setSpacing(px(12))
        column.addWidget(text(_("My day"), TITLE))
        if drafts:
            column.addWidget(self._card(_("Not saved yet"), [self._draft(one) for one in drafts]))
        for due, title in (
            (Due.LATE, _("Should have been done")),
            (Due.TODAY, _("Today")),
            (Due.SOON, _("This week")),
        ):
            rows = [self._task(task) for task in tasks if task.due is due]
            if rows:
                column.addWidget(self._card(title, rows, is_warning=due is Due.LATE))
        if not tasks and not drafts:
            words = _("Next actions and new search requests come here by themselves.")
            title = _("Nothing asks for your attention today.")
            column.addWidget(EmptyState("calendar-check-outline", title, words), 1)
        column.addStretch(1)
        self.setWidget(body)

    def _card(self, title: str, rows: list[QWidget], *, is_warning: bool = False) -> Card:
        card = Card(title, is_warning=is_warning)
        card.set_rows(rows)
        card.set_note(str(len(rows)))
        card.setMaximumWidth(px(860))
        return card

    def _task(self, task: Task) -> QWidget:
        record = task.record
        open_it = Button(_("Open"), Kind.FLAT, icon="arrow-right")
        open_it.setAccessibleDescription(record.title_text)
        open_it.clicked.connect(lambda: self.record_asked.emit(record.ENTITY, record.id))
        when = text(format_day(task.day) if task.day else "", SMALL, Tone.MUTED)
        what = task.what or self._session.words.row(record).subtitle
        shown = symbol(key_of(record))
        return card_row(shown.icon, shown.tone, record.title_text, what, (when, open_it))

    def _draft(self, row: DraftRow) -> QWidget:
        entity = ENTITIES[row.entity]
        title = str(row.ours.get(entity.TITLE) or _(entity.LABEL))
        go_on = Button(_("Go on"), icon="pencil-outline")
        go_on.clicked.connect(lambda: self.draft_asked.emit(row))
        words = _("Half typed, kept %(when)s.") % {"when": format_moment(row.updated_at)}
        return card_row("pencil-outline", Tone.ACCENT, title, words, (go_on,))
