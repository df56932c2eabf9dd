"""Editors in which one chooses: a code, several codes as tags, yes or no."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from db.fields import CodeList, FieldSpec, Kind
from desktop_app.i18n import _
from desktop_app.widgets.editor import CalmComboBox, Choice, Editor, FocusWatch
from desktop_app.widgets.kit.button import IconButton
from desktop_app.widgets.kit.chip import Tag
from desktop_app.widgets.kit.filter_button import Popup
from desktop_app.widgets.kit.flow import FlowLayout
from desktop_app.widgets.kit_style import paint_field
from desktop_app.widgets.theme import px


def code_choices(spec: FieldSpec, codes: Iterable[CodeList] | None = None) -> list[Choice]:
    """Return the codes of a field, or only `codes`, in the order of the list."""
    wanted = set(codes) if codes is not None else set(spec.type)
    return [Choice(code, _(code.label)) for code in spec.type if code in wanted]


class ComboEditor(Editor):
    """One of a short list; the empty choice only where the field may be empty."""

    def __init__(
        self, spec: FieldSpec, choices: Iterable[Choice], parent: QWidget | None = None
    ) -> None:
        super().__init__(spec, parent)
        self.combo = CalmComboBox()
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.combo.setMinimumContentsLength(6)
        self.combo.setMaxVisibleItems(14)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.combo)
        self.setFocusProxy(self.combo)
        self.set_choices(choices)
        self.combo.activated.connect(lambda _index: self.edited.emit(self.value()))
        self._watch = FocusWatch(self, self.combo)

    def field(self) -> QWidget:
        """Return the combo box."""
        return self.combo

    def set_choices(self, choices: Iterable[Choice]) -> None:
        """Offer other choices; the value stays when it is still among them."""
        value = self.combo.currentData()
        self.combo.clear()
        if self.spec.optional or self.spec.kind is Kind.REFERENCE:
            self.combo.addItem("", None)
        for choice in choices:
            self.combo.addItem(choice.title, choice.value)
        self._choose(value)

    def value(self) -> Any:
        """Return the chosen value."""
        return self.combo.currentData()

    def set_value(self, value: Any) -> None:
        """Choose `value`; one that is not offered (of a newer program) is added."""
        self._choose(value)

    def _choose(self, value: Any) -> None:
        for index in range(self.combo.count()):
            if self.combo.itemData(index) == value:
                self.combo.setCurrentIndex(index)
                return
        if isinstance(value, CodeList):
            self.combo.addItem(_(value.label), value)
            self.combo.setCurrentIndex(self.combo.count() - 1)
        else:
            self.combo.setCurrentIndex(-1)


class YesNoEditor(Editor):
    """A tick box with the field's label behind it; three choices where it may be unknown."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.box = QCheckBox(_(spec.meta.label))
        self.box.setMinimumHeight(px(28))
        self.box.setTristate(spec.optional)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.clicked.connect(lambda: self.edited.emit(self.value()))
        self._watch = FocusWatch(self, self.box)

    def field(self) -> QWidget:
        """Return the box."""
        return self.box

    def value(self) -> bool | None:
        """Return True, False, or None for unknown."""
        state = self.box.checkState()
        return None if state is Qt.CheckState.PartiallyChecked else state is Qt.CheckState.Checked

    def set_value(self, value: Any) -> None:
        """Tick the box or not."""
        if value is None and self.spec.optional:
            self.box.setCheckState(Qt.CheckState.PartiallyChecked)
        else:
            self.box.setCheckState(Qt.CheckState.Checked if value else Qt.CheckState.Unchecked)


class TagField(QWidget):
    """The box in which tags stand; it looks like any other field."""

    def __init__(self, last: QWidget) -> None:
        super().__init__()
        self._last = last
        self._flow = FlowLayout(spacing=6)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addLayout(self._flow)
        self._flow.addWidget(last)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and edge."""
        painter = QPainter(self)
        paint_field(painter, self.rect(), self, enabled=self.isEnabled())
        painter.end()

    def show_tags(self, tags: Iterable[QWidget]) -> None:
        """Show these tags and, behind them, the widget that adds one."""
        while item := self._flow.takeAt(0):
            old = item.widget()
            if old is not None and old is not self._last:
                old.hide()
                old.deleteLater()
        for widget in (*tags, self._last):
            self._flow.addWidget(widget)
            widget.show()
        self.updateGeometry()


class TagsEditor(Editor):
    """Several of a short list: chosen ones as tags, the list behind the plus."""

    def __init__(
        self, spec: FieldSpec, choices: Iterable[Choice], parent: QWidget | None = None
    ) -> None:
        super().__init__(spec, parent)
        self._choices = list(choices)
        self._value: frozenset[Any] = frozenset()
        self.add = IconButton("plus", _("Choose"))
        self.add.setFixedSize(px(24), px(24))
        self.add.clicked.connect(self._open)
        self.box = TagField(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.box)
        self.setFocusProxy(self.add)
        self._watch = FocusWatch(self, self.add)

    def field(self) -> QWidget:
        """Return the box around the tags."""
        return self.box

    def set_choices(self, choices: Iterable[Choice]) -> None:
        """Offer other choices."""
        self._choices = list(choices)
        self.set_value(self._value)

    def value(self) -> frozenset[Any]:
        """Return what was chosen."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show the chosen ones in the order of the list."""
        self._value = frozenset(value or ())
        shown = [choice for choice in self._choices if choice.value in self._value]
        self.box.show_tags([self._tag(choice) for choice in shown])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the list by a click anywhere in the box."""
        self._open()

    def _tag(self, choice: Choice) -> Tag:
        tag = Tag(choice.title)
        tag.clicked.connect(lambda: self._toggle(choice.value, False))
        return tag

    def _toggle(self, value: Any, on: bool) -> None:
        self.set_value(self._value | {value} if on else self._value - {value})
        self.edited.emit(self._value)

    def _open(self) -> None:
        panel = Popup(self)
        panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, px(8), 0)
        column.setSpacing(0)
        boxes = []
        for choice in self._choices:
            box = QCheckBox(choice.title)
            box.setMinimumHeight(px(28))
            box.setChecked(choice.value in self._value)
            box.toggled.connect(lambda on, value=choice.value: self._toggle(value, on))
            column.addWidget(box)
            boxes.append(box)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFixedHeight(min(inside.sizeHint().height(), px(320)))
        area.setMinimumWidth(inside.sizeHint().width() + px(24))
        panel.column.addWidget(area)
        panel.open_below(self.box)
        if boxes:
            boxes[0].setFocus(Qt.FocusReason.PopupFocusReason)
