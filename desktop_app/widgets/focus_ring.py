"""The focus ring: 2 px in the accent colour, 1 px outside the control, on every control.

A stylesheet has no outline offset, so one frame follows the focus through the application.
It shows after keys always, after a click only on what takes text: a button that was just
clicked needs no pointing at. Lists and tables draw the ring inside their row; a widget with
the property ``focusRing`` set to False draws its own.
"""

from typing import cast

from PySide6.QtCore import QObject, QRectF, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QTextEdit,
    QWidget,
)

from desktop_app.tokens import RADIUS_CONTROL
from desktop_app.widgets.theme import qcolor

_MARGIN = 3
_WIDTH = 2.0
_TEXT_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)
_OWN_FOCUS = (QAbstractItemView, QMenu, QMenuBar)


class _FrameStyle(QProxyStyle):
    """Tells the frame how far outside its widget it stands."""

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric in (
            QStyle.PixelMetric.PM_FocusFrameHMargin,
            QStyle.PixelMetric.PM_FocusFrameVMargin,
        ):
            return _MARGIN
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        if hint == QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            return 1
        if hint == QStyle.StyleHint.SH_FocusFrame_Mask:
            return 0
        return super().styleHint(hint, option, widget, returned)


class _Frame(QFocusFrame):
    """Draws the ring round the widget it was set on."""

    def paintEvent(self, event: QPaintEvent) -> None:
        widget = self.widget()
        radius = widget.property("focusRadius") if widget else None
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(qcolor("accent"), _WIDTH))
        box = QRectF(self.rect()).adjusted(_WIDTH / 2, _WIDTH / 2, -_WIDTH / 2, -_WIDTH / 2)
        round_by = (RADIUS_CONTROL if radius is None else float(radius)) + _MARGIN - 1
        painter.drawRoundedRect(box, round_by, round_by)
        painter.end()


class FocusRing(QObject):
    """Moves the ring to the widget that has the focus."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._style = _FrameStyle("Fusion")
        self._style.setParent(self)
        self._frame: _Frame | None = None
        app.focusChanged.connect(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not wants_ring(new):
            self._drop()
            return
        if self._frame is None:
            self._frame = _Frame(new.window())
            self._frame.setStyle(self._style)
            self._frame.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._frame.destroyed.connect(self._forget)
        self._frame.setWidget(_owner(new))

    def _drop(self) -> None:
        if self._frame is not None:
            self._frame.setWidget(cast(QWidget, None))

    @Slot()
    def _forget(self) -> None:
        """The window that held the frame has gone; the next focus makes a new one."""
        self._frame = None


def _owner(widget: QWidget) -> QWidget:
    """Return the control a user sees: the spin or combo box round an edit."""
    parent = widget.parentWidget()
    if isinstance(widget, QLineEdit) and isinstance(parent, QAbstractSpinBox | QComboBox):
        return parent
    return widget


def wants_ring(widget: QWidget) -> bool:
    """Tell whether the ring belongs round ``widget``, which just got the focus."""
    if widget.isWindow() or isinstance(widget, _OWN_FOCUS):
        return False
    if widget.property("focusRing") is False or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
        return False
    if isinstance(widget, _TEXT_FIELDS):
        return True
    return QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton
