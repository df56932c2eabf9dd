"""A part of a form that folds under its heading."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.tokens import HEIGHT_FOLD, SMALL, STRONG, Tone
from desktop_app.widgets.icons import paint_icon
from desktop_app.widgets.painting import draw_text, text_width
from desktop_app.widgets.theme import px, tokens

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Heading(QAbstractButton):
    """The clickable heading: arrow, title, and at the right what is inside."""

    def __init__(self, title: str, margin: int) -> None:
        super().__init__()
        self._margin, self.summary, self.tone = margin, "", Tone.MUTED
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRing", False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        width = text_width(self.text(), STRONG) + text_width(self.summary, SMALL) + px(64)
        return QSize(width, px(HEIGHT_FOLD) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme, painter = tokens(), QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), QColor(scheme.hover))
        painter.fillRect(QRect(0, 0, self.width(), 1), QColor(scheme.line))
        side, margin = px(18), px(self._margin)
        arrow = "chevron-down" if self.isChecked() else "chevron-right"
        box = QRectF(margin, (self.height() - side) / 2, side, side)
        paint_icon(painter, box, arrow, QColor(scheme.text))
        words = self.rect().adjusted(margin + px(28), 0, -margin, 0)
        draw_text(painter, words, self.text(), STRONG, QColor(scheme.text))
        draw_text(painter, words, self.summary, SMALL, QColor(scheme.fore(self.tone)), _RIGHT)
        if self.hasFocus():
            inner = self.rect().adjusted(2, 3, -2, -2)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(scheme.accent))
            painter.drawRoundedRect(QRectF(inner).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.drawRoundedRect(QRectF(inner).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
        painter.end()

    def enterEvent(self, event: object) -> None:
        self.update()

    def leaveEvent(self, event: object) -> None:
        self.update()


class FoldGroup(QWidget):
    """Heading and body; lay the fields out in ``body``.

    Signals:
        unfolded(bool): whether the body shows now.
    """

    unfolded = Signal(bool)

    def __init__(self, title: str, *, margin: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = _Heading(title, margin)
        self.body = QWidget()
        self.body.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(self.body)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._heading.toggled.connect(self._on_toggled)
        self._name()

    @property
    def is_unfolded(self) -> bool:
        """Tell whether the body shows."""
        return self._heading.isChecked()

    def set_unfolded(self, unfolded: bool) -> None:
        """Show or hide the body; a group with an error unfolds itself."""
        self._heading.setChecked(unfolded)

    def set_summary(self, summary: str, tone: Tone = Tone.MUTED) -> None:
        """Say at the right what is inside: "4 van 9 ingevuld", "1 waarschuwing", "leeg"."""
        self._heading.summary, self._heading.tone = summary, tone
        self._heading.update()
        self._name()

    def _on_toggled(self, unfolded: bool) -> None:
        self.body.setVisible(unfolded)
        self._name()
        self.unfolded.emit(unfolded)

    def _name(self) -> None:
        parts = (self._heading.text(), self._heading.summary)
        self._heading.setAccessibleName(", ".join(part for part in parts if part))
