"""Windows that fit their screen: a laptop at 200 % has half the room of the layout kept at 100 %."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

TITLE_BAR = 32
"""Room for the title bar, which Qt does not know before the window shows."""


def fit(window: QWidget) -> None:
    """Make a window no larger than the free part of its screen, and put it inside."""
    screen = window.screen()
    if screen is None or window.isMaximized() or window.isFullScreen():
        return
    free = screen.availableGeometry()
    room = QSize(free.width(), free.height() - TITLE_BAR)
    if window.width() <= room.width() and window.height() <= room.height():
        return
    window.resize(window.size().boundedTo(room))
    if not free.contains(window.frameGeometry()):
        window.move(free.topLeft())
