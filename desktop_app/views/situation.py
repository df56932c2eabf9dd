"""What is going on in the window, as the value that decides which commands are possible."""

from typing import TYPE_CHECKING

from desktop_app.services.listing import ON_MAP
from desktop_app.views.actions import Situation
from desktop_app.views.places import PAGES

if TYPE_CHECKING:
    from desktop_app.views.main_window import MainWindow


def situation_of(window: "MainWindow") -> Situation:
    """Look at the window."""
    panel, undo, place = window.workspace.panel, window.session.undo, window.place
    record = panel.record
    is_page = place.key in PAGES
    return Situation(
        entity="" if is_page else place.entity,
        is_chosen=record is not None and panel.mode == "detail" and not is_page,
        is_deleted=record is not None and record.deleted,
        is_editing=panel.mode == "form",
        may_write=record is None or not record.IS_SERVER_ONLY,
        can_undo=bool(undo.undo_text) or window.acts.has_cancelled,
        can_redo=bool(undo.redo_text),
        has_map=not is_page,
        has_place=not is_page and place.entity in ON_MAP,
        is_connected=window.session.store.is_connected,
        is_example=window.session.is_example,
    )
