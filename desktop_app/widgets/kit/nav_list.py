"""The navigation: places with icon, word and count; narrow, the icon stands above the word."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_app.i18n import format_number
from desktop_app.tokens import (
    BODY,
    CAPTION,
    HEIGHT_NAV,
    ICON_NAV,
    RADIUS_CONTROL,
    STRONG,
    WIDTH_NAV,
    WIDTH_NAV_NARROW,
    TextSize,
    Tone,
)
from desktop_app.widgets.icons import paint_icon
from desktop_app.widgets.kit.small import paint_keys
from desktop_app.widgets.kit.text import rule, text
from desktop_app.widgets.painting import draw_text, fill_round, paint_ring, text_width
from desktop_app.widgets.theme import px, tokens

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
_NARROW_HEIGHT = 56
_HEADING = TextSize(12, 16, 600)


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A place to go to; ``count`` None shows no number."""

    key: str
    word: str
    icon: str
    count: int | None = None
    tone: Tone = Tone.MUTED


@dataclass(frozen=True, slots=True)
class NavSection:
    """Places that belong together, under an optional heading or below a line."""

    entries: tuple[NavEntry, ...]
    heading: str = ""
    at_bottom: bool = False


class NavItem(QAbstractButton):
    """One place; the chosen one stands on the raised colour with a bar at its left."""

    def __init__(self, entry: NavEntry) -> None:
        super().__init__()
        self.key, self._icon, self._tone = entry.key, entry.icon, entry.tone
        self.count, self.number = entry.count, 0
        self._is_narrow = self._shows_number = self._is_mouse_focus = False
        self.setText(entry.word)
        self.setCheckable(True)
        self.setProperty("focusRing", False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_count(entry.count)

    def set_count(self, count: int | None) -> None:
        """Show how many there are."""
        self.count = count
        shown = "" if count is None else f", {format_number(count)}"
        self.setAccessibleName(self.text() + shown)
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Put the icon above the word, or beside it."""
        self._is_narrow = narrow
        self.setToolTip(self.text() if narrow else "")
        self.updateGeometry()
        self.update()

    def set_shows_number(self, shows: bool) -> None:
        """Show the number that goes here with Alt instead of the count."""
        self._shows_number = shows and 0 < self.number < 10
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width of the column and the height of one place."""
        if self._is_narrow:
            return QSize(px(WIDTH_NAV_NARROW - 3), px(_NARROW_HEIGHT))
        return QSize(px(WIDTH_NAV - 17), px(HEIGHT_NAV))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, bar, icon, word and count."""
        scheme, painter = tokens(), QPainter(self)
        chosen = self.isChecked()
        box = QRectF(self.rect())
        if chosen:
            fill_round(painter, box, RADIUS_CONTROL, QColor(scheme.accent))
            inner = box.adjusted(3, 0, 0, 0)
            fill_round(painter, inner, RADIUS_CONTROL, QColor(scheme.raised))
            painter.fillRect(inner.adjusted(0, 4, -inner.width() + 6, -4), QColor(scheme.raised))
        elif self.underMouse():
            fill_round(painter, box, RADIUS_CONTROL, QColor(scheme.hover))
        colour = QColor(scheme.accent if chosen else scheme.text)
        self._paint_words(painter, colour, STRONG if chosen else BODY)
        if self.hasFocus() and not self._is_mouse_focus:
            paint_ring(painter, self.rect(), RADIUS_CONTROL)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember how the focus came: after a click no ring is needed."""
        self._is_mouse_focus = event.reason() == Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def _paint_words(self, painter: QPainter, colour: QColor, size: TextSize) -> None:
        side = px(ICON_NAV)
        if self._is_narrow:
            box = QRectF((self.width() - side) / 2, px(8), side, side)
            paint_icon(painter, box, self._icon, colour)
            words = QRect(1, px(32), self.width() - 2, px(20))
            draw_text(painter, words, self.text(), CAPTION, colour, _CENTRE)
        else:
            box = QRectF(px(8), (self.height() - side) / 2, side, side)
            paint_icon(painter, box, self._icon, colour)
            words = self.rect().adjusted(px(38), 0, -self._count_width(), 0)
            draw_text(painter, words, self.text(), size, colour)
        self._paint_count(painter)

    def _count_width(self) -> int:
        shown = "" if self.count is None else format_number(self.count)
        return px(38) if self._shows_number else text_width(shown, CAPTION) + px(12)

    def _paint_count(self, painter: QPainter) -> None:
        top = px(4) if self._is_narrow else (self.height() - px(20)) / 2
        if self._shows_number:
            box = QRectF(self.width() - px(30), top, px(22), px(20))
            paint_keys(painter, box, str(self.number))
        elif self.count is not None and not self._is_narrow:
            colour = QColor(tokens().fore(self._tone))
            words = self.rect().adjusted(0, 0, -px(8), 0)
            draw_text(painter, words, format_number(self.count), CAPTION, colour, _RIGHT)


class NavList(QScrollArea):
    """All places in a column; Up and Down go through them, Enter or Space goes there.

    Signals:
        place_chosen(str): the key of the place the user went to.
    """

    place_chosen = Signal(str)

    def __init__(self, sections: Sequence[NavSection], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: dict[str, NavItem] = {}
        self._headings: list[QWidget] = []
        self._group = QButtonGroup(self)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget()
        body.setProperty("kind", "nav")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(px(8), px(8), px(8), px(8))
        self._column.setSpacing(0)
        self.setWidget(body)
        self._build(sections)
        self._group.buttonClicked.connect(self._on_clicked)
        self.set_narrow(False)

    def _build(self, sections: Sequence[NavSection]) -> None:
        stretched = False
        for place, section in enumerate(sections):
            if section.at_bottom and not stretched:
                self._column.addStretch(1)
                stretched = True
            elif section.heading:
                heading = text(section.heading, _HEADING, Tone.MUTED)
                heading.setContentsMargins(px(8), px(12), 0, px(4))
                self._headings.append(heading)
                self._column.addWidget(heading)
            elif place:
                self._add_line()
            for entry in section.entries:
                self._add(entry)
        if not stretched:
            self._column.addStretch(1)

    def _add_line(self) -> None:
        self._column.addSpacing(px(8))
        line = rule()
        holder = QVBoxLayout()
        holder.setContentsMargins(px(8), 0, px(8), 0)
        holder.addWidget(line)
        self._column.addLayout(holder)
        self._column.addSpacing(px(8))

    def _add(self, entry: NavEntry) -> None:
        item = NavItem(entry)
        item.number = len(self._items) + 1
        item.installEventFilter(self)
        self._items[entry.key] = item
        self._group.addButton(item)
        self._column.addWidget(item)

    def keys(self) -> list[str]:
        """Return the places in order; the first nine are those of Alt+1 to Alt+9."""
        return list(self._items)

    def current(self) -> str:
        """Return the key of the place shown as chosen."""
        button = self._group.checkedButton()
        return button.key if isinstance(button, NavItem) else ""

    def set_current(self, key: str) -> None:
        """Show ``key`` as chosen, without emitting; a page that is not here chooses nothing."""
        if key in self._items:
            self._items[key].setChecked(True)
        elif (button := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            button.setChecked(False)
            self._group.setExclusive(True)

    def set_count(self, key: str, count: int | None) -> None:
        """Show how many records a place holds."""
        self._items[key].set_count(count)

    def set_item_visible(self, key: str, visible: bool) -> None:
        """Show or hide a place, such as double edits while there are none."""
        self._items[key].setVisible(visible)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons above words in a column of 96 instead of 200."""
        self.setFixedWidth(px(WIDTH_NAV_NARROW if narrow else WIDTH_NAV))
        side = px(1 if narrow else 8)
        self._column.setContentsMargins(side, px(8), side + 1, px(8))
        for item in self._items.values():
            item.set_narrow(narrow)
        for heading in self._headings:
            heading.setVisible(not narrow)

    def show_numbers(self, shows: bool) -> None:
        """Show the Alt numbers, for as long as Alt is down."""
        for item in self._items.values():
            item.set_shows_number(shows)

    def focus_current(self) -> None:
        """Put the focus on the chosen place, for F6."""
        item = self._items.get(self.current()) or next(iter(self._items.values()))
        item.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Let arrows move the focus without going anywhere yet."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}
            if isinstance(watched, NavItem) and event.key() in steps:
                self._move_focus(watched, steps[event.key()])
                return True
            if isinstance(watched, NavItem) and event.key() in (
                Qt.Key.Key_Return,
                Qt.Key.Key_Enter,
            ):
                watched.click()
                return True
        return False

    def _move_focus(self, item: NavItem, step: int) -> None:
        shown = [each for each in self._items.values() if not each.isHidden()]
        place = (shown.index(item) + step) % len(shown)
        shown[place].setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(shown[place])

    def _on_clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, NavItem):
            self.place_chosen.emit(button.key)
