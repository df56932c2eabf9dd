"""Lets colleagues see which record is open in the form, and shows in the list which are open there."""

from PySide6.QtCore import QObject

from desktop_app.background.presence import Presence
from desktop_app.services.presence_text import editing_mark
from desktop_app.views.list_pane import ListPane
from desktop_app.views.session import Session
from desktop_app.views.side_panel import SidePanel


class EditingHints(QObject):
    """Connects one list and one panel with the hints."""

    def __init__(self, session: Session, panel: SidePanel, rows: ListPane) -> None:
        super().__init__(rows)
        self._session, self._panel, self._rows = session, panel, rows
        panel.mode_changed.connect(self._on_mode)
        session.presence.others_changed.connect(self._on_others)
        self._on_others()

    @property
    def _presence(self) -> Presence:
        return self._session.presence

    def _on_mode(self, mode: str) -> None:
        """Tell what is open; a new record is nobody else's yet."""
        draft = self._panel.form.draft if mode == "form" else None
        is_known = draft is not None and draft.base is not None
        mine = {(draft.entity.ENTITY, draft.ours.id)} if draft is not None and is_known else set()
        self._presence.set_mine(frozenset(mine))

    def _on_others(self) -> None:
        me = self._session.store.me
        self._session.words.editing = {
            record_id: editing_mark(some, me) for record_id, some in self._presence.everyone.items()
        }
        self._rows.view.viewport().update()
