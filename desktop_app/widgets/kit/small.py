"""Small signs: a key on the keyboard, steps in a bar, a thin bar for waiting."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from desktop_app.tokens import CAPTION, Tone
from desktop_app.widgets.painting import draw_text, fill_round, text_width
from desktop_app.widgets.theme import px, tokens

_CENTRE = Qt.AlignmentFlag.AlignCenter
_KEY_HEIGHT = 20


def key_size(keys: str) -> QSize:
    """Return how large the picture of a key is."""
    return QSize(max(text_width(keys, CAPTION) + px(14), px(22)), px(_KEY_HEIGHT))


def paint_keys(painter: QPainter, box: QRectF, keys: str) -> None:
    """Paint a key with its name, such as "Ctrl+K"."""
    scheme = tokens()
    fill_round(painter, box, 4, QColor(scheme.window), QColor(scheme.line))
    draw_text(painter, box.toRect(), keys, CAPTION, QColor(scheme.muted), _CENTRE)


class KeyHint(QWidget):
    """Shows which key does it."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setAccessibleName(keys)
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(bool(keys))
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Return room for the name of the key."""
        return key_size(self._keys)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the key."""
        painter = QPainter(self)
        paint_keys(painter, QRectF(self.rect()), self._keys)
        painter.end()


class SegmentBar(QWidget):
    """One segment for each step, coloured by how it stands; None is a step not yet taken."""

    def __init__(
        self, tones: Sequence[Tone | None], spoken: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(px(8))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_segments(tones, spoken)

    def set_segments(self, tones: Sequence[Tone | None], spoken: str) -> None:
        """Show other steps; ``spoken`` says the same in words."""
        self._tones = tuple(tones)
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a modest width."""
        return QSize(px(24) * max(len(self._tones), 1), px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the segments with gaps of 4 between them."""
        painter, scheme, gap = QPainter(self), tokens(), 4
        count = max(len(self._tones), 1)
        width = (self.width() - gap * (count - 1)) / count
        for number, tone in enumerate(self._tones):
            colour = scheme.fore(tone) if tone else scheme.line
            box = QRectF(number * (width + gap), 0, width, self.height())
            fill_round(painter, box, 3, QColor(colour))
        painter.end()


class ThinProgress(QProgressBar):
    """A thin bar in place, for waits over 0.3 s; busy until an amount is known."""

    def __init__(self, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("thin", True)
        self.setTextVisible(False)
        self.setRange(0, 0)
        self.setFixedHeight(4)
        self.setAccessibleName(spoken)

    def set_amount(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` is there; total 0 means nobody knows yet."""
        self.setRange(0, total)
        self.setValue(done)
