"""What the sheets share: a titled card, and a thing with a caption below it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.tokens import CAPTION, HEADING, SMALL, TITLE, Tone
from desktop_app.widgets.kit.text import text

TOP = Qt.AlignmentFlag.AlignTop


def card(title: str) -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setProperty("kind", "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(24, 16, 24, 20)
    column.setSpacing(12)
    column.addWidget(text(title, HEADING))
    return frame, column


def captioned(widget: QWidget, words: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
    column.addWidget(text(words, CAPTION, Tone.MUTED))
    return column


def page(title: str, words: str, width: int) -> tuple[QWidget, QVBoxLayout]:
    sheet = QWidget()
    sheet.setFixedWidth(width)
    column = QVBoxLayout(sheet)
    column.setContentsMargins(24, 20, 24, 24)
    column.setSpacing(16)
    head = QHBoxLayout()
    head.setSpacing(16)
    head.addWidget(text(title, TITLE))
    head.addWidget(text(words, SMALL, Tone.MUTED), 0, Qt.AlignmentFlag.AlignBottom)
    head.addStretch(1)
    column.addLayout(head)
    return sheet, column


def muted(words: str, width: int = 0) -> QLabel:
    label = text(words, SMALL, Tone.MUTED, wrap=bool(width))
    if width:
        label.setFixedWidth(width)
    return label
