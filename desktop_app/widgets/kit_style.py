"""Draws fields, check boxes and radio buttons where a stylesheet cannot: Fusion for the rest.

A stylesheet wants pictures for arrows and marks; these are glyphs of the icon font. A field
says its ``state`` ("error", "warning") in a dynamic property; `set_state` changes it.
"""

from typing import cast

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionComplex,
    QWidget,
)

from desktop_app.tokens import HEIGHT_FIELD, RADIUS_CONTROL, Tokens
from desktop_app.widgets.icons import paint_icon
from desktop_app.widgets.theme import px, qcolor, tokens

_Primitive = QStyle.PrimitiveElement
_State = QStyle.StateFlag
_Metric = QStyle.PixelMetric
_Complex = QStyle.ComplexControl
_Sub = QStyle.SubControl

_ARROWS = {
    _Primitive.PE_IndicatorArrowDown: "chevron-down",
    _Primitive.PE_IndicatorArrowUp: "chevron-up",
    _Primitive.PE_IndicatorArrowLeft: "chevron-left",
    _Primitive.PE_IndicatorArrowRight: "chevron-right",
}
_METRICS = {
    _Metric.PM_IndicatorWidth: 20,
    _Metric.PM_IndicatorHeight: 20,
    _Metric.PM_ExclusiveIndicatorWidth: 20,
    _Metric.PM_ExclusiveIndicatorHeight: 20,
    _Metric.PM_CheckBoxLabelSpacing: 8,
    _Metric.PM_RadioButtonLabelSpacing: 8,
    _Metric.PM_ButtonIconSize: 18,
    _Metric.PM_SmallIconSize: 18,
    _Metric.PM_LineEditIconSize: 18,
    _Metric.PM_LineEditIconMargin: 8,
}
_HINTS_OFF = {
    QStyle.StyleHint.SH_EtchDisabledText,
    QStyle.StyleHint.SH_ComboBox_Popup,
    QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons,
}
_FIELD_CONTENTS = {
    QStyle.ContentsType.CT_LineEdit,
    QStyle.ContentsType.CT_ComboBox,
    QStyle.ContentsType.CT_SpinBox,
}
_TEXT_MARGIN = 10
_ARROW_WIDTH = 28


def set_state(field: QWidget, state: str) -> None:
    """Show ``field`` as "error", "warning" or, with an empty text, as ordinary."""
    if field.property("state") != state:
        field.setProperty("state", state)
        field.style().unpolish(field)
        field.style().polish(field)
        field.update()


def paint_field(painter: QPainter, rect: QRect, widget: QWidget | None, *, enabled: bool) -> None:
    """Paint the ground and edge of a field; the edge follows the field's ``state``."""
    scheme = tokens()
    state = _state_of(widget)
    colour, width = _edge(scheme, state, enabled=enabled)
    box = QRectF(rect).adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), width))
    painter.setBrush(QColor(scheme.surface if enabled else scheme.disabled_bg))
    painter.drawRoundedRect(box, RADIUS_CONTROL - width / 2, RADIUS_CONTROL - width / 2)
    painter.restore()


def _state_of(widget: QWidget | None) -> str:
    """Return the state of a field; the edit inside a combo or spin box asks its owner."""
    return str((widget.property("state") if widget else "") or "")


def _edge(scheme: Tokens, state: str, *, enabled: bool) -> tuple[str, float]:
    if not enabled:
        return scheme.line, 1.0
    return {"error": (scheme.red, 2.0), "warning": (scheme.amber, 2.0)}.get(
        state, (scheme.edge, 1.0)
    )


class KitStyle(QProxyStyle):
    """Fusion with our fields and marks."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw arrows, marks and line edits; no focus rectangle, the ring does that."""
        enabled = bool(option.state & _State.State_Enabled)
        if element in _ARROWS:
            colour = qcolor("text" if enabled else "disabled")
            paint_icon(painter, QRectF(option.rect), _ARROWS[element], colour)
        elif element in (_Primitive.PE_IndicatorCheckBox, _Primitive.PE_IndicatorItemViewItemCheck):
            _paint_mark(painter, option, "checkbox")
        elif element == _Primitive.PE_IndicatorRadioButton:
            _paint_mark(painter, option, "radiobox")
        elif element == _Primitive.PE_PanelLineEdit:
            self._draw_line_edit(option, painter, widget)
        elif element != _Primitive.PE_FrameFocusRect:
            super().drawPrimitive(element, option, painter, widget)

    def _draw_line_edit(
        self, option: QStyleOption, painter: QPainter, widget: QWidget | None
    ) -> None:
        if isinstance(widget, QLineEdit) and widget.hasFrame():
            usable = widget.isEnabled() and not widget.isReadOnly()
            paint_field(painter, option.rect, widget, enabled=usable)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw combo, spin and date boxes as fields."""
        if control not in (_Complex.CC_ComboBox, _Complex.CC_SpinBox):
            super().drawComplexControl(control, option, painter, widget)
            return
        enabled = bool(option.state & _State.State_Enabled)
        paint_field(painter, option.rect, widget, enabled=enabled)
        colour = qcolor("text" if enabled else "disabled")
        size = px(18)
        if control == _Complex.CC_ComboBox or _opens_calendar(widget):
            name = "calendar-outline" if _opens_calendar(widget) else "chevron-down"
            paint_icon(painter, _icon_box(option, size), name, colour)
            return
        for sub, name in ((_Sub.SC_SpinBoxUp, "chevron-up"), (_Sub.SC_SpinBoxDown, "chevron-down")):
            rect = self.subControlRect(control, option, sub, widget)
            paint_icon(painter, QRectF(rect), name, colour)

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        sub_control: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Place text and arrows inside combo, spin and date boxes."""
        rect = option.rect
        arrow = px(_ARROW_WIDTH)
        if control == _Complex.CC_ComboBox:
            if sub_control == _Sub.SC_ComboBoxEditField:
                is_list = isinstance(widget, QComboBox) and not widget.isEditable()
                left = _TEXT_MARGIN if is_list else _TEXT_MARGIN - 2
                return rect.adjusted(left, 2, -arrow, -2)
            if sub_control == _Sub.SC_ComboBoxArrow:
                return rect.adjusted(rect.width() - arrow, 0, 0, 0)
        if control == _Complex.CC_SpinBox:
            return _spin_rect(rect, sub_control, arrow)
        return super().subControlRect(control, option, sub_control, _given(widget))

    def subElementRect(
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None
    ) -> QRect:
        """Leave a margin beside the text of a line edit."""
        if element == QStyle.SubElement.SE_LineEditContents:
            framed = isinstance(widget, QLineEdit) and widget.hasFrame()
            side = _TEXT_MARGIN - 2 if framed else 0
            return option.rect.adjusted(side, 2 if framed else 0, -side, -2 if framed else 0)
        return super().subElementRect(element, option, _given(widget))

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        """Make every field as high as the guide says."""
        made = super().sizeFromContents(kind, option, size, _given(widget))
        if kind in _FIELD_CONTENTS:
            extra = 0 if kind == QStyle.ContentsType.CT_LineEdit else _TEXT_MARGIN + 6
            made = QSize(made.width() + extra, max(made.height(), px(HEIGHT_FIELD)))
        return made

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """Return sizes of marks and icons, grown with the text."""
        if metric in _METRICS:
            return px(_METRICS[metric])
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        """Drop effects that Fusion has and the guide has not."""
        match hint:
            case QStyle.StyleHint.SH_UnderlineShortcut:
                return int(_shows_letters())
            case QStyle.StyleHint.SH_Menu_Scrollable:
                return 1
        if hint in _HINTS_OFF:
            return 0
        return super().styleHint(hint, option, widget, returned)


def _given(widget: QWidget | None) -> QWidget:
    """Return ``widget`` as the stubs want it; Qt does pass None, and takes it back."""
    return cast(QWidget, widget)


def _shows_letters() -> bool:
    """Tell whether Alt is down: only then letters are underlined."""
    return bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier)


def _opens_calendar(widget: QWidget | None) -> bool:
    return bool(widget and widget.property("calendarPopup"))


def _icon_box(option: QStyleOption, size: int) -> QRectF:
    rect = option.rect
    return QRectF(
        rect.right() - size - px(_TEXT_MARGIN) + 2, rect.center().y() - size / 2 + 0.5, size, size
    )


def _spin_rect(rect: QRect, sub_control: QStyle.SubControl, arrow: int) -> QRect:
    half = rect.height() // 2
    match sub_control:
        case _Sub.SC_SpinBoxEditField:
            return rect.adjusted(_TEXT_MARGIN - 2, 2, -arrow, -2)
        case _Sub.SC_SpinBoxUp:
            return rect.adjusted(rect.width() - arrow, 2, -4, -half)
        case _Sub.SC_SpinBoxDown:
            return rect.adjusted(rect.width() - arrow, half, -4, -2)
    return rect


def _paint_mark(painter: QPainter, option: QStyleOption, name: str) -> None:
    """Paint a check box or radio button; a half chosen one shows a dash."""
    on, half = option.state & _State.State_On, option.state & _State.State_NoChange
    enabled = bool(option.state & _State.State_Enabled)
    suffix = "marked" if on else "blank-outline" if name == "checkbox" else "blank"
    glyph = "minus-box" if half and name == "checkbox" else f"{name}-{suffix}"
    colour = "accent" if on or half else "text"
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(option.rect)
    if (on or half) and name == "checkbox":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor("on_accent"))
        painter.drawRect(box.adjusted(4, 4, -4, -4))
    paint_icon(painter, box, glyph, qcolor(colour if enabled else "disabled"))
    painter.restore()
