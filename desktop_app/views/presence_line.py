"""The line that says who edits a record elsewhere: calm, in its place, and gone by itself."""

from db.fields import Record
from desktop_app.services.presence_text import ICON, editing_line
from desktop_app.views.session import Session
from desktop_app.widgets.kit.message_bar import Message, MessageBar


class PresenceLine(MessageBar):
    """Stands in a form (`in_form`) or a detail; shown only while somebody else edits the record."""

    def __init__(self, session: Session, *, in_form: bool = False) -> None:
        super().__init__(Message.INFORMATION, icon=ICON)
        self._session, self._in_form = session, in_form
        self._record: Record | None = None
        self.hide()
        session.presence.others_changed.connect(self._on_others)

    def show_for(self, record: Record | None) -> None:
        """Say it of this record from now on; None: of nothing."""
        self._record = record
        words = ""
        if record is not None:
            others = self._session.presence.others(record.id)
            me = self._session.store.me
            words = editing_line(record.ENTITY, others, me, also_here=self._in_form)
        if words:
            self.set_message(Message.INFORMATION, words, icon=ICON)
        self.setVisible(bool(words))

    def _on_others(self, ids: frozenset[object]) -> None:
        if self._record is not None and self._record.id in ids:
            self.show_for(self._record)
