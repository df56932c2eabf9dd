"""Editors in which one types: a line with its unit, a date with a calendar, a long text."""

from typing import Any

from PySide6.QtCore import QDate, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from db.errors import UserProblem
from db.fields import FieldSpec, Kind
from desktop_app.i18n import _, format_date, local_time
from desktop_app.services.typed_text import text_of, typed_of, value_of
from desktop_app.tokens import BODY, SMALL
from desktop_app.widgets.editor import Editor, FocusWatch
from desktop_app.widgets.icons import icon
from desktop_app.widgets.kit.calendar import Calendar
from desktop_app.widgets.painting import draw_text, text_width
from desktop_app.widgets.theme import px, qcolor

_READ_AFTER_MS = 120
"""How long to wait after a key before what was typed is read."""


class UnitLine(QLineEdit):
    """A line with its unit in muted letters at the right; "€" stands at the left."""

    def __init__(self, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit
        if unit:
            room = text_width(unit, BODY) + px(10)
            is_front = unit == "€"
            self.setTextMargins(room if is_front else 0, 0, 0 if is_front else room, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field and its unit."""
        super().paintEvent(event)
        if not self._unit:
            return
        painter = QPainter(self)
        rect = self.rect().adjusted(px(11), 0, -px(11), 0)
        is_front = self._unit == "€"
        side = Qt.AlignmentFlag.AlignLeft if is_front else Qt.AlignmentFlag.AlignRight
        colour = qcolor("text" if is_front else "muted")
        draw_text(painter, rect, self._unit, BODY, colour, side | Qt.AlignmentFlag.AlignVCenter)
        painter.end()


class LineEditor(Editor):
    """One line; what is typed is read by the field's kind, and written nicely on leaving."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.line = UnitLine("€" if spec.is_money else spec.meta.unit)
        self._value: Any = value_of(spec, "")
        self._is_readable = True
        self._timer = QTimer(self, interval=_READ_AFTER_MS, singleShot=True)
        self._timer.timeout.connect(self._read)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._on_edited)
        self._watch = FocusWatch(self, self.line)
        self.left.connect(self._on_left)

    def field(self) -> QWidget:
        """Return the line."""
        return self.line

    def value(self) -> Any:
        """Return the last value that could be read."""
        self.flush()
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a value; a caret stays where it is when the text does not change."""
        self._timer.stop()
        self._value = value
        self._is_readable = True
        shown = self._shown()
        if self.line.text() != shown:
            self.line.setText(shown)
            self.line.setCursorPosition(0)

    def set_typed(self, text: str) -> None:
        """Show a text that could not be read."""
        self.line.setText(text)
        self._is_readable = False

    def _shown(self) -> str:
        if self.spec.kind is Kind.DATE and self._value is not None:
            return format_date(self._value)
        if self.spec.kind is Kind.TEXT:
            return text_of(self.spec, self._value)
        return typed_of(self.spec, self._value)

    def _on_edited(self) -> None:
        self._timer.start()

    @Slot()
    def _read(self) -> None:
        try:
            value = value_of(self.spec, self.line.text())
        except UserProblem:
            self._is_readable = False
            self.unreadable.emit(self.line.text())
            return
        if value != self._value or not self._is_readable:
            self._value, self._is_readable = value, True
            self.edited.emit(value)

    def flush(self) -> None:
        """Read at once what is being typed."""
        if self._timer.isActive():
            self._timer.stop()
            self._read()

    def _on_left(self) -> None:
        self.flush()
        if self._is_readable:
            self.set_value(self._value)


class DateEditor(LineEditor):
    """A date, typed in any usual way or chosen from a calendar."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        action = QAction(icon("calendar-outline"), _("Choose a day"), self)
        action.triggered.connect(self._open_calendar)
        self.line.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
        self._calendar: Calendar | None = None

    def _open_calendar(self) -> None:
        if self._calendar is None:
            self._calendar = Calendar(self)
            self._calendar.setWindowFlag(Qt.WindowType.Popup)
            self._calendar.clicked.connect(self._on_day)
            self._calendar.activated.connect(self._on_day)
        day = self.value()
        if day is not None:
            shown = local_time(day).date() if self.spec.kind is Kind.MOMENT else day
            self._calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        self._calendar.move(self.line.mapToGlobal(QPoint(0, self.line.height() + 4)))
        self._calendar.show()
        self._calendar.setFocus()

    def _on_day(self, day: QDate) -> None:
        assert self._calendar is not None
        self._calendar.hide()
        typed = f"{day.day()}-{day.month()}-{day.year()}"
        if self.spec.kind is Kind.MOMENT and self._value is not None:
            typed += f" {local_time(self._value):%H:%M}"
        self.line.setText(typed)
        self._read()
        self.set_value(self._value)
        self.line.setFocus()


class LongTextEditor(Editor):
    """A text of more lines that grows with what is typed; says how many letters are left."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._value: str | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        self.setFocusProxy(self.text)
        self.text.textChanged.connect(self._on_changed)
        self._watch = FocusWatch(self, self.text)
        self._grow()

    def field(self) -> QWidget:
        """Return the text box."""
        return self.text

    def value(self) -> str | None:
        """Return the text, None or "" when it is empty as the field wants it."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a text; the caret keeps its place."""
        self._value = value
        if self.text.toPlainText() == (value or ""):
            return
        place = self.text.textCursor().position()
        self.text.blockSignals(True)
        self.text.setPlainText(value or "")
        self.text.blockSignals(False)
        cursor = self.text.textCursor()
        cursor.setPosition(min(place, len(value or "")))
        self.text.setTextCursor(cursor)
        self._grow()

    def _on_changed(self) -> None:
        self._grow()
        value = value_of(self.spec, self.text.toPlainText())
        if value != self._value:
            self._value = value
            self.edited.emit(value)

    def _grow(self) -> None:
        lines = min(max(self.text.blockCount(), 3), 10)
        chars = len(self.text.toPlainText())
        lines = min(max(lines, 1 + chars // 48), 10)
        self.text.setFixedHeight(px(SMALL.line_px + 1) * lines + px(16))
