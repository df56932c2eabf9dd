"""What every editor of a field has in common, and where editors get what they offer to choose.

An editor works with Python values of its field's kind and never calls the store: titles, hits and
new records come through `Sources`, which the composition root fills.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from db.fields import FieldSpec
from db.geometry import Geometry
from desktop_app.widgets.kit_style import set_state


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its value, its words, and what stands muted at the right."""

    value: Any
    title: str
    detail: str = ""
    icon: str = ""


def _no_title(_entity: str, _record_id: UUID) -> str:
    return ""


def _no_hits(_entity: str, _text: str) -> Sequence[Choice]:
    return ()


def _no_choices(_entity: str) -> Sequence[Choice]:
    return ()


def _no_places(_text: str) -> Sequence[Choice]:
    return ()


def _no_record(_entity: str, _text: str) -> UUID | None:
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """What editors ask: the title of a record, hits while typing, all of a short list, a place."""

    title: Callable[[str, UUID], str] = _no_title
    search: Callable[[str, str], Sequence[Choice]] = _no_hits
    choices: Callable[[str], Sequence[Choice]] = _no_choices
    places: Callable[[str], Sequence[Choice]] = _no_places
    """Places by name or address; the values are `Geometry`."""
    create: Callable[[str, str], UUID | None] = _no_record
    """Makes a record of an entity with this name and returns its id; None when it could not."""


class Editor(QWidget):
    """One field's editor.

    While what was typed can't be read, `value` still is the last value that could be.

    Signals:
        edited(object): the user made this the value.
        left(): focus left the editor.
        asked(str): the user wants help from outside: "draw_point", "draw_line", "draw_polygon",
            "move", "show".
        unreadable(str): what was typed can't be read as the field's kind.
    """

    edited = Signal(object)
    left = Signal()
    asked = Signal(str)
    unreadable = Signal(str)

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec

    def value(self) -> Any:
        """Return the value as it stands."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show `value`; nothing is emitted."""
        raise NotImplementedError

    def set_state(self, state: str) -> None:
        """Show the edge as "error", "warning" or ordinary ("")."""
        set_state(self.field(), state)

    def field(self) -> QWidget:
        """Return the widget that has edge, focus and accessible name."""
        return self

    def flush(self) -> None:
        """Read at once what is being typed; only typed editors wait."""

    def set_typed(self, text: str) -> None:
        """Show a text that could not be read, as a draft kept it; only typed editors do."""

    def set_place(self, geometry: Geometry | None) -> None:
        """Take a place that was drawn on the map; only geometry editors do."""


class FocusWatch(QObject):
    """Tells an editor that focus left one of its widgets for something outside it."""

    def __init__(self, editor: Editor, *watched: QWidget) -> None:
        super().__init__(editor)
        self._editor = editor
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Emit `left` when the new focus lies outside the editor."""
        if event.type() == QEvent.Type.FocusOut:
            now = QApplication.focusWidget()
            inside = now is not None and (now is self._editor or self._editor.isAncestorOf(now))
            if not inside and QApplication.activePopupWidget() is None:
                self._editor.left.emit()
        return False


class CalmComboBox(QComboBox):
    """A combo box that a turning mouse wheel changes only while it has focus."""

    def wheelEvent(self, event: Any) -> None:
        """Leave the wheel to the form that scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
