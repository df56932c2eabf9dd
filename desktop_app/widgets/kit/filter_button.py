"""Filter buttons: "Kern ▾", or with a choice "Rekken, Haarlo ×" in the style of what is on."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIntValidator, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_app.i18n import _, format_number
from desktop_app.tokens import HEIGHT_BUTTON, LABEL, RADIUS_CONTROL, TextSize
from desktop_app.widgets.icons import paint_icon
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.painting import draw_text, fill_round, text_width
from desktop_app.widgets.theme import font, px, tokens

_SIZE = TextSize(13, 20, 500)
_PAD, _ARROW, _MOST = 11, 16, 190


class Popup(QFrame):
    """A panel below a button; Esc or a click beside it closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "popup")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(px(8), px(8), px(8), px(8))
        self.column.setSpacing(px(4))

    def open_below(self, button: QWidget) -> None:
        """Show it below ``button``, inside its screen."""
        self.adjustSize()
        place = button.mapToGlobal(QPoint(0, button.height() + 4))
        screen = button.screen().availableGeometry()
        x = max(screen.left(), min(place.x(), screen.right() - self.width()))
        y = place.y()
        if y + self.height() > screen.bottom():
            y = max(screen.top(), button.mapToGlobal(QPoint(0, -4)).y() - self.height())
        self.move(x, y)
        self.show()


class FilterBase(QAbstractButton):
    """What all filters share: the button, its cross, and the panel below it.

    Signals:
        changed(object): the new choice; what it is, the filter says.
    """

    changed = Signal(object)

    def __init__(self, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word, self._summary = word, ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.panel = Popup(self)
        self.clicked.connect(self._on_clicked)
        self._show_summary("")

    def clear(self) -> None:
        """Take the choice away; every filter does it its own way."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        """Return room for the word or the choice, and the arrow or cross."""
        width = min(text_width(self._shown(), _SIZE), px(_MOST))
        return QSize(width + 2 * px(_PAD) + px(_ARROW + 4), px(HEIGHT_BUTTON))

    def _shown(self) -> str:
        return self._summary or self._word

    def _show_summary(self, summary: str) -> None:
        self._summary = summary
        name = f"{self._word}: {summary}" if summary else self._word
        self.setAccessibleName(name)
        self.setToolTip(name if summary else "")
        self.updateGeometry()
        self.update()

    def _on_clicked(self) -> None:
        self.panel.open_below(self)

    def _cross(self) -> QRect:
        return self.rect().adjusted(self.width() - px(_ARROW + _PAD + 3), 0, 0, 0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Clear the choice when the cross was clicked, else open the panel."""
        if self._summary and self._cross().contains(event.position().toPoint()):
            self.setDown(False)
            self.clear()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear with Delete or Backspace, open with Space, Enter or Down."""
        match event.key():
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.clear()
            case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._on_clicked()
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button."""
        scheme, painter = tokens(), QPainter(self)
        on, hover = bool(self._summary), self.underMouse() or self.panel.isVisible()
        ground = scheme.accent_soft if on else scheme.hover if hover else scheme.surface
        edge, colour = (scheme.accent, scheme.accent) if on else (scheme.edge, scheme.text)
        if not self.isEnabled():
            ground, edge, colour = scheme.disabled_bg, scheme.line, scheme.disabled
        fill_round(painter, QRectF(self.rect()), RADIUS_CONTROL, QColor(ground), QColor(edge))
        words = self.rect().adjusted(px(_PAD), 0, -px(_PAD + _ARROW + 2), 0)
        draw_text(painter, words, self._shown(), _SIZE, QColor(colour))
        side = px(_ARROW)
        box = QRectF(self.width() - px(_PAD - 1) - side, (self.height() - side) / 2, side, side)
        paint_icon(painter, box, "close" if on else "chevron-down", QColor(colour))
        painter.end()


class FilterButton(FilterBase):
    """A filter by one or more of some values; ``changed`` carries a tuple of those chosen."""

    def __init__(
        self, word: str, choices: Sequence[tuple[object, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(word, parent)
        self._boxes: list[tuple[object, QCheckBox]] = []
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(px(4), px(4), px(16), px(4))
        self._column.setSpacing(0)
        self._area = QScrollArea()
        self._area.setWidget(self._list)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.panel.column.addWidget(self._area)
        clear = Button(_("Clear"), Kind.LINK)
        clear.clicked.connect(self.clear)
        self.panel.column.addWidget(clear)
        self.set_choices(choices)

    def set_choices(self, choices: Iterable[tuple[object, str]]) -> None:
        """Offer other values, each with its word; what was chosen and still exists stays."""
        chosen = set(self.chosen())
        for _value, box in self._boxes:
            self._column.removeWidget(box)
            box.deleteLater()
        self._boxes = []
        for value, word in choices:
            box = QCheckBox(word)
            box.setMinimumHeight(px(28))
            box.setChecked(value in chosen)
            box.toggled.connect(self._on_toggled)
            self._column.addWidget(box)
            self._boxes.append((value, box))
        height = min(self._list.sizeHint().height(), px(320))
        self._area.setFixedHeight(height)
        self._area.setMinimumWidth(self._list.sizeHint().width() + px(8))
        self._show_summary(self._words())

    def chosen(self) -> tuple[object, ...]:
        """Return the chosen values in the order offered."""
        return tuple(value for value, box in self._boxes if box.isChecked())

    def set_chosen(self, values: Iterable[object]) -> None:
        """Choose ``values`` without emitting anything."""
        wanted = set(values)
        for value, box in self._boxes:
            box.blockSignals(True)
            box.setChecked(value in wanted)
            box.blockSignals(False)
        self._show_summary(self._words())

    def clear(self) -> None:
        """Choose nothing."""
        if self.chosen():
            self.set_chosen(())
            self.changed.emit(())

    def _words(self) -> str:
        return ", ".join(box.text() for _value, box in self._boxes if box.isChecked())

    def _on_toggled(self, _checked: bool) -> None:
        self._show_summary(self._words())
        self.changed.emit(self.chosen())

    def _on_clicked(self) -> None:
        super()._on_clicked()
        if self._boxes:
            self._boxes[0][1].setFocus(Qt.FocusReason.PopupFocusReason)


class RangeFilterButton(FilterBase):
    """A filter from one number up to another; ``changed`` carries (low, high), each or None."""

    def __init__(self, word: str, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(word, parent)
        self._unit = unit
        self._low, self._high = self._edit(_("From")), self._edit(_("Up to"))
        grid = QGridLayout()
        for row, (label, edit) in enumerate(((_("From"), self._low), (_("Up to"), self._high))):
            words = QLabel(label)
            words.setFont(font(LABEL))
            words.setBuddy(edit)
            grid.addWidget(words, row, 0)
            grid.addWidget(edit, row, 1)
            grid.addWidget(QLabel(unit), row, 2)
        self.panel.column.addLayout(grid)
        clear = Button(_("Clear"), Kind.LINK)
        clear.clicked.connect(self.clear)
        self.panel.column.addWidget(clear)

    def _edit(self, name: str) -> QLineEdit:
        edit = QLineEdit()
        edit.setValidator(QIntValidator(0, 99_999_999, edit))
        edit.setAccessibleName(name)
        edit.setFixedWidth(px(120))
        edit.editingFinished.connect(self._on_edited)
        edit.returnPressed.connect(self.panel.hide)
        return edit

    def chosen(self) -> tuple[int | None, int | None]:
        """Return the lowest and highest number wanted."""
        low, high = self._low.text(), self._high.text()
        return (int(low) if low else None, int(high) if high else None)

    def set_chosen(self, low: int | None, high: int | None) -> None:
        """Choose a range without emitting anything."""
        self._low.setText("" if low is None else str(low))
        self._high.setText("" if high is None else str(high))
        self._show_summary(self._words())

    def clear(self) -> None:
        """Choose every number."""
        if self.chosen() != (None, None):
            self.set_chosen(None, None)
            self.changed.emit((None, None))

    def _words(self) -> str:
        low, high = self.chosen()
        unit = f" {self._unit}" if self._unit else ""
        values = {"low": format_number(low or 0), "high": format_number(high or 0), "unit": unit}
        if low is not None and high is not None:
            return _("{low} to {high}{unit}").format(**values)
        if low is not None:
            return _("from {low}{unit}").format(**values)
        return _("up to {high}{unit}").format(**values) if high is not None else ""

    def _on_edited(self) -> None:
        words = self._words()
        if words != self._summary:
            self._show_summary(words)
            self.changed.emit(self.chosen())

    def _on_clicked(self) -> None:
        super()._on_clicked()
        self._low.setFocus(Qt.FocusReason.PopupFocusReason)
