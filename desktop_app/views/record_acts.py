"""What is done to records at once, each with its way back: delete, restore, steps, undo and redo."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from db.codec import with_values
from db.entities.premises import Premises
from db.errors import AppError, UserProblem
from db.fields import Record
from db.rules import errors
from desktop_app.i18n import _, format_time
from desktop_app.services.editing import Draft, from_row
from desktop_app.services.history_text import HistoryText
from desktop_app.services.problem_text import error_text
from desktop_app.services.relations import connecting
from desktop_app.services.steps import (
    Step,
    asks_reason,
    checked,
    obstacles,
    step_done_text,
    taken,
    with_reason,
)
from desktop_app.services.undo import Undone
from desktop_app.views.session import Session

T = TypeVar("T")

if TYPE_CHECKING:
    from desktop_app.views.workspace import Workspace


class RecordActs(QObject):
    """Acts on the record that the workspace shows.

    Signals:
        told(str, str): what was taken back or done again; Ctrl+Z and Ctrl+Y go on from there.
        done(str, str): what was done, in words, with the icon for the undo bar.
        failed(str): why it could not be done.
    """

    done = Signal(str, str)
    told = Signal(str, str)
    failed = Signal(str)

    def __init__(self, session: Session, workspace: "Workspace") -> None:
        super().__init__(workspace)
        self._session, self._workspace = session, workspace
        detail, form = workspace.panel.detail, workspace.panel.form
        detail.edit_asked.connect(self.edit)
        detail.delete_asked.connect(self.delete)
        detail.restore_asked.connect(self.restore)
        detail.step_asked.connect(self.take_step)
        detail.reason_given.connect(self._on_reason)
        detail.checked_asked.connect(self._on_checked)
        detail.back_asked.connect(self._on_put_back)
        detail.new_asked.connect(self._on_new_related)
        form.saved.connect(self._on_saved)
        form.cancelled.connect(self._on_cancelled)
        form.next_asked.connect(self._on_next)
        form.record_asked.connect(lambda entity, key: workspace.area.map.select(str(key)))
        form.edit_asked.connect(self._on_edit_other)
        self._cancelled: Draft | None = None

    def _record(self) -> Record | None:
        panel = self._workspace.panel
        return panel.detail.record if panel.mode == "detail" else None

    def edit(self, at: str = "") -> None:
        """Edit the record that is shown; a draft of it that was kept is taken up again."""
        record = self._record()
        if record is None or record.deleted or record.IS_SERVER_ONLY:
            return
        kept = [row for row in self._session.store.drafts() if row.record_id == record.id]
        draft = from_row(kept[0]) if kept else Draft.of(record)
        if kept:
            draft.rebase(record)
        self._workspace.panel.edit(draft, at=at)

    def delete(self) -> None:
        """Delete at once; the undo bar brings it back."""
        record = self._record()
        if record is None or record.deleted or record.IS_SERVER_ONLY:
            return
        saved = self._try(lambda: self._session.store.delete(record))
        if saved is not None:
            self._session.undo.push(record, saved.record)
            self._workspace.panel.close_detail()
            words = _("%(title)s was deleted.") % {"title": record.title_text}
            self.done.emit(words, "trash-can-outline")

    def restore(self) -> None:
        """Bring a deleted record back."""
        record = self._record()
        if record is None or not record.deleted:
            return
        saved = self._try(lambda: self._session.store.restore(record))
        if saved is not None:
            self._session.undo.push(record, saved.record)
            self._workspace.panel.show_record(saved.record)
            words = _("%(title)s was brought back.") % {"title": record.title_text}
            self.done.emit(words, "restore")

    def take_step(self, step: Step) -> None:
        """Take a step at once when nothing else is needed, else ask for what is."""
        record = self._record()
        if record is None:
            return
        if asks_reason(record, step) and obstacles(record, step):
            question = step.words
            self._workspace.panel.detail.ask_reason(step, question)
        elif obstacles(record, step):
            draft = Draft.of(record)
            draft.set(step.field, step.code)
            first = errors(draft.problems())[0].field
            self._workspace.panel.edit(draft, shows_all=True, at=first)
        else:
            self._save(record, taken(record, step), step_done_text(record, step))

    def _on_reason(self, step: Step, reason: str) -> None:
        record = self._record()
        if record is not None:
            self._save(record, with_reason(record, step, reason), step_done_text(record, step))

    def _on_checked(self) -> None:
        record = self._record()
        if isinstance(record, Premises):
            words = _("%(title)s was checked today.") % {"title": record.title_text}
            self._save(record, checked(record), words)

    def _on_put_back(self, line: HistoryText) -> None:
        record = self._record()
        if record is None:
            return
        try:
            fresh = with_values(record, line.values)
        except UserProblem as problem:
            self.failed.emit(error_text(problem))
            return
        draft = Draft.of(record)
        draft.put_back(line.values)
        if draft.can_save:
            self._save(record, fresh, _("%(title)s was put back.") % {"title": record.title_text})
        else:
            self._workspace.panel.edit(draft, shows_all=True)

    def _save(self, before: Record, after: Record, words: str) -> None:
        saved = self._try(lambda: self._session.store.save(after, before))
        if saved is None or saved.change is None:
            return
        self._session.undo.push(before, saved.record)
        self.done.emit(words, "check")

    def _try(self, act: Callable[[], T]) -> T | None:
        """Do it, and say in plain words when it could not be done."""
        try:
            return act()
        except AppError as error:
            self.failed.emit(error_text(error))
            return None

    def _on_new_related(self, entity: str) -> None:
        """Start a record that is connected with the one shown."""
        record = self._record()
        if record is not None:
            values = connecting(record, entity, self._session.store.me)
            self._workspace.placing.new(entity, **values)

    # The form

    def _on_saved(self, before: Record | None, record: Record) -> None:
        self._session.undo.push(before, record)
        self._workspace.panel.end_form(record)
        self._workspace.show_part("panel")
        if self._workspace.list.view.isVisible():
            self._workspace.list.view.setFocus()
        when = {"time": format_time(record.changed_at)} if record.changed_at else {"time": ""}
        self.done.emit(_("Saved on this laptop at %(time)s.") % when, "check")

    def _on_next(self, entity: str) -> None:
        self._workspace.placing.new(entity)

    def _on_cancelled(self, kept: Draft | None) -> None:
        self._cancelled = kept
        base = kept.base if kept else self._workspace.panel.form.last_base
        self._workspace.panel.end_form(base)
        if kept is not None:
            self.done.emit(_("Your changes were taken back."), "undo")

    def _on_edit_other(self, entity: str, record_id: object) -> None:
        record = self._session.store.get(entity, record_id)  # type: ignore[arg-type]
        if record is not None:
            self._workspace.panel.show_record(record)
            self.edit()

    # Undo

    def undo(self) -> None:
        """Take the last act back: the cancelled form first, then what was saved."""
        if self._cancelled is not None:
            draft, self._cancelled = self._cancelled, None
            self._workspace.panel.edit(draft)
            return
        self._tell(self._try(self._session.undo.undo), _("Undone: %(what)s."))

    def redo(self) -> None:
        """Do again what was taken back."""
        self._tell(self._try(self._session.undo.redo), _("Done again: %(what)s."))

    def forget_cancelled(self) -> None:
        """Stop offering the cancelled form: something else was done since."""
        self._cancelled = None

    @property
    def has_cancelled(self) -> bool:
        """Whether a cancelled form can be taken up again."""
        return self._cancelled is not None

    def _tell(self, undone: Undone | None, words: str) -> None:
        if undone is None:
            return
        if undone.conflicts:
            message = _("Someone changed this since. Look at it before you change it back.")
            self.failed.emit(message)
        else:
            self.told.emit(words % {"what": undone.step.text}, "undo")
            if undone.record.ENTITY == self._workspace.list.listing.entity:
                if undone.record.deleted:
                    self._workspace.panel.close_detail()
                else:
                    self._workspace.open(undone.record.ENTITY, undone.record.id)
