"""The pages that take the room of list and map, made when first asked for."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

from db.local.journal import DraftRow
from desktop_app.services.editing import from_row
from desktop_app.views.conflict_view import ConflictView
from desktop_app.views.day_page import DayPage
from desktop_app.views.sync_acts import SyncActs
from desktop_app.views.sync_page import SyncPage

if TYPE_CHECKING:
    from desktop_app.views.main_window import MainWindow


class Page(Protocol):
    """What the window asks of a page."""

    def refresh(self) -> None:
        """Show what is the case now."""


def make_page(key: str, window: "MainWindow") -> QWidget:
    """Return a page, connected with the window."""
    if key == "my_day":
        return _day_page(window)
    return _merge_page(window) if key == "merge" else _sync_page(window)


def _day_page(window: "MainWindow") -> DayPage:
    page = DayPage(window.session)
    page.record_asked.connect(lambda entity, key: window.open_record(entity, key))
    page.draft_asked.connect(lambda row: open_draft(window, row))
    return page


def _merge_page(window: "MainWindow") -> ConflictView:
    page = ConflictView(window.session)
    page.left.connect(lambda: window.go("initiative"))
    page.undo_asked.connect(window.acts.undo)
    page.decided.connect(window.update_situation)
    return page


def _sync_page(window: "MainWindow") -> SyncPage:
    page = SyncPage(window.session)
    page.show_sync(window.sync_now)
    SyncActs(page, window.session, window.status, window.command)
    page.merge_asked.connect(lambda: window.go("merge"))
    page.edit_asked.connect(lambda entity, key: window.open_record(entity, key, edit=True))
    page.record_asked.connect(lambda entity, key: window.open_record(entity, key))
    return page


def show_receipts(window: "MainWindow") -> None:
    """Go to the receipts of 90 days."""
    window.go("sync")
    page = window.pages["sync"]
    assert isinstance(page, SyncPage)
    page.show_receipts()


def open_draft(window: "MainWindow", row: DraftRow) -> None:
    """Go on with a half-typed form: in its place, on what is stored now."""
    if row.base is not None:
        window.open_record(row.entity, row.record_id, edit=True)
        return
    window.go_for(row.entity)
    window.workspace.panel.edit(from_row(row))


def offer_drafts(window: "MainWindow") -> None:
    """Say that something was left half typed, with the way to go on."""
    window.workspace.list.drafts.offer(window.session.store.drafts())
