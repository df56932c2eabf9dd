"""The panel at the right: the detail of a record, or its form, never both."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from db.changes import ChangeSet
from db.entities import ENTITIES
from db.fields import Record, fields_of
from db.geometry import Geometry
from desktop_app.services.editing import Draft
from desktop_app.services.intake import kernen_of, put_at
from desktop_app.views.detail_panel import DetailPanel
from desktop_app.views.form_panel import FormPanel
from desktop_app.views.session import Session
from desktop_app.widgets.editor import Sources


class SidePanel(QWidget):
    """Shows one record, to read or to edit.

    Signals:
        mode_changed(str): "", "detail" or "form".
        closed(): the user is done with it.
        record_shown(object): the record in the detail changed.
        pin_toggled(bool)
    """

    mode_changed = Signal(str)
    closed = Signal()
    record_shown = Signal(object)
    pin_toggled = Signal(bool)

    def __init__(self, session: Session, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.mode = ""
        self.detail = DetailPanel(session)
        self.form = FormPanel(session, sources)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.detail)
        self._stack.addWidget(self.form)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("kind", "surface")
        self.detail.close_asked.connect(self.close_detail)
        self.detail.pin_toggled.connect(self.pin_toggled)
        self.detail.record_asked.connect(self._on_followed)

    @property
    def record(self) -> Record | None:
        """Return the record that is read or edited."""
        if self.mode == "form" and self.form.draft is not None:
            return self.form.draft.base
        return self.detail.record if self.mode else None

    def show_record(self, record: Record) -> None:
        """Show the detail of a record."""
        self.detail.show_record(record)
        self._set_mode("detail")
        self.record_shown.emit(record)

    def _on_followed(self, _entity: str, _record_id: object) -> None:
        if self.detail.record is not None:
            self.record_shown.emit(self.detail.record)

    def edit(self, draft: Draft, *, shows_all: bool = False, at: str = "") -> None:
        """Open the form for a draft."""
        self._set_mode("form")
        self.form.open(draft, shows_all=shows_all, at=at)
        self.mode_changed.emit("form")

    def new(self, entity: str, *, place: Geometry | None = None, **values: Any) -> None:
        """Open the form for a new record, at a place when there is one."""
        draft = Draft.new(ENTITIES[entity], **values)
        if place is not None and "geometry" in fields_of(draft.entity):
            put_at(draft, place, kernen_of(self._session.store))
        self.edit(draft)

    def close_detail(self) -> None:
        """Close the detail; a form stays, it has its own way out."""
        if self.mode == "detail":
            self._set_mode("")
            self.closed.emit()

    def end_form(self, record: Record | None) -> None:
        """Leave the form, for the detail of a record or for nothing."""
        if record is not None:
            self.show_record(record)
            self.mode_changed.emit("detail")
        else:
            self._set_mode("")
            self.closed.emit()

    def _set_mode(self, mode: str) -> None:
        is_other = mode != self.mode
        self.mode = mode
        if mode:
            self._stack.setCurrentWidget(self.form if mode == "form" else self.detail)
        if is_other:
            self.mode_changed.emit(mode)

    def on_committed(self, changes: ChangeSet) -> None:
        """Hand news to what is shown."""
        if self.mode == "form":
            self.form.on_committed(changes)
        elif self.mode == "detail":
            self.detail.on_committed(changes)

    def focus_widget(self) -> QWidget:
        """Return what gets the focus when one goes to the panel."""
        if self.mode == "form" and self.form.form is not None:
            return self.form.form.start()
        return self.detail.tabs

    def focus(self) -> None:
        """Put the focus in the panel."""
        self.focus_widget().setFocus(Qt.FocusReason.ShortcutFocusReason)
