"""Buttons: icon, a verb, and the shortcut in small letters."""

from enum import Enum

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from desktop_app.i18n import _
from desktop_app.tokens import (
    BUTTON,
    CAPTION,
    HEIGHT_BUTTON,
    HEIGHT_TOOLBAR_BUTTON,
    ICON_BUTTON,
    RADIUS_CONTROL,
    Tokens,
)
from desktop_app.widgets.icons import icon, paint_icon
from desktop_app.widgets.painting import draw_text, fill_round, text_width
from desktop_app.widgets.theme import font, px, tokens

_PAD = 13
_GAP = 9
_ARROW = 18


class Kind(Enum):
    """How much a button asks for attention; one PRIMARY an area."""

    PRIMARY = "primary"
    OUTLINED = "outlined"
    FLAT = "flat"
    LINK = "link"
    DANGER = "danger"


def _colours(scheme: Tokens, kind: Kind, *, hover: bool, on: bool) -> tuple[str, str, str]:
    """Return ground, edge and text colour; an empty text means nothing is painted."""
    if on:
        return scheme.accent_soft, scheme.accent, scheme.accent
    match kind:
        case Kind.PRIMARY:
            ground = scheme.accent_hover if hover else scheme.accent
            return ground, ground, scheme.on_accent
        case Kind.DANGER:
            return scheme.red_soft if hover else scheme.surface, scheme.red, scheme.red
        case Kind.FLAT:
            return scheme.hover if hover else "", "", scheme.text
        case Kind.LINK:
            return scheme.accent_soft if hover else "", "", scheme.accent
    return scheme.hover if hover else scheme.surface, scheme.edge, scheme.text


class Button(QPushButton):
    """A button with a verb of at most three words.

    While disabled it says why: `set_reason` also feeds a `ReasonLabel`.

    Signals:
        reason_changed(str): why it is disabled now; empty when it is not.
    """

    reason_changed = Signal(str)

    def __init__(
        self,
        text: str,
        kind: Kind = Kind.OUTLINED,
        *,
        icon: str = "",
        shortcut: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._kind, self._icon, self._shortcut, self._reason = kind, icon, shortcut, ""
        self._height = HEIGHT_BUTTON
        self.setProperty("kind", kind.value)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(self.text().replace("&", ""))
        self.setAccessibleDescription(self._reason or self._shortcut)

    def set_toolbar(self) -> "Button":
        """Make it as high as a toolbar wants; return it, to chain."""
        self._height = HEIGHT_TOOLBAR_BUTTON
        self.updateGeometry()
        return self

    def set_low(self, low: bool) -> None:
        """Be as low as any button where a low window has little room, else as the toolbar wants."""
        self._height = HEIGHT_BUTTON if low else HEIGHT_TOOLBAR_BUTTON
        self.updateGeometry()

    def set_text(self, text: str) -> None:
        """Change word and accessible name together."""
        self.setText(text)
        self._name()
        self.updateGeometry()

    def set_icon(self, name: str) -> None:
        """Change the icon to glyph ``name``."""
        self._icon = name
        self.updateGeometry()
        self.update()

    def set_shortcut(self, keys: str) -> None:
        """Show other keys in small letters; "" for none."""
        if keys != self._shortcut:
            self._shortcut = keys
            self._name()
            self.updateGeometry()
            self.update()

    def set_kind(self, kind: Kind) -> None:
        """Change how much it asks for attention."""
        self._kind = kind
        self.setProperty("kind", kind.value)
        self.update()

    def set_reason(self, reason: str) -> None:
        """Disable it because of ``reason``; an empty reason enables it."""
        self._reason = reason
        self.setEnabled(not reason)
        self.setToolTip(reason)
        self._name()
        self.reason_changed.emit(reason)

    def sizeHint(self) -> QSize:
        """Return room for icon, word, shortcut and arrow."""
        width = text_width(self.text().replace("&", ""), BUTTON) + 2 * px(_PAD)
        if self._icon:
            width += px(ICON_BUTTON) + (px(_GAP) if self.text() else 0)
        if self._shortcut:
            width += text_width(self._shortcut, CAPTION) + px(8)
        if self.menu():
            width += px(_ARROW + 6)
        return QSize(width, px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Return the same: a button is never cut off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, edge, icon, word and shortcut."""
        painter = QPainter(self)
        colour = self._paint_ground(painter)
        left = max((self.width() - self.sizeHint().width()) // 2, 0) + px(_PAD)
        if self._icon:
            side = px(ICON_BUTTON)
            place = QRectF(left, (self.height() - side) / 2, side, side)
            paint_icon(painter, place, self._icon, colour)
            left += side + px(_GAP)
        word = self.text().replace("&", "")
        width = text_width(word, BUTTON)
        draw_text(painter, QRect(left, 0, width + 1, self.height()), word, BUTTON, colour)
        left += width + px(8)
        if self._shortcut:
            rest = QRect(left, 0, self.width() - left, self.height())
            draw_text(painter, rest, self._shortcut, CAPTION, self._shortcut_colour(colour))
        if self.menu():
            side = px(_ARROW)
            box = QRectF(self.width() - side - px(_PAD) + 3, (self.height() - side) / 2, side, side)
            paint_icon(painter, box, "chevron-down", colour)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> QColor:
        """Paint ground and edge; return the colour of what stands on it."""
        scheme = tokens()
        hover = self.underMouse() or self.isDown()
        ground, edge, text = _colours(scheme, self._kind, hover=hover, on=self.isChecked())
        if not self.isEnabled():
            has_box = self._kind not in (Kind.FLAT, Kind.LINK)
            ground, edge, text = scheme.disabled_bg, scheme.line, scheme.disabled
            ground, edge = (ground, edge) if has_box else ("", "")
        if ground or edge:
            fill = QColor(ground) if ground else None
            box = QRectF(self.rect())
            fill_round(painter, box, RADIUS_CONTROL, fill, QColor(edge) if edge else None)
        return QColor(text)

    def _shortcut_colour(self, colour: QColor) -> QColor:
        if not self.isEnabled() or self._kind in (Kind.PRIMARY, Kind.LINK, Kind.DANGER):
            return colour
        return QColor(tokens().muted)


def menu_button(text: str, menu: QMenu, kind: Kind = Kind.PRIMARY, *, icon: str = "") -> Button:
    """Return a button that opens ``menu``, with an arrow."""
    made = Button(text, kind, icon=icon)
    made.setMenu(menu)
    return made


class IconButton(QToolButton):
    """A button without a word, only for what everybody knows; named for tooltip and reader.

    ``kind`` is FLAT, or OUTLINED for what stands on the map.
    """

    def __init__(
        self,
        glyph: str,
        name: str,
        kind: Kind = Kind.FLAT,
        *,
        shortcut: str = "",
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._glyph, self._kind = glyph, kind
        self.setIcon(icon(glyph, "text", "accent"))
        self.setProperty("kind", kind.value)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(f"{name} ({shortcut})" if shortcut else name)
        self.setAccessibleName(name)
        self.setFixedSize(px(HEIGHT_BUTTON), px(HEIGHT_BUTTON))

    def set_glyph(self, glyph: str, name: str) -> None:
        """Change icon and name together, as pin and unpin do."""
        self._glyph = glyph
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, edge and icon."""
        scheme = tokens()
        painter = QPainter(self)
        hover = self.underMouse() or self.isDown()
        ground, edge, text = _colours(scheme, self._kind, hover=hover, on=self.isChecked())
        if not self.isEnabled():
            text = scheme.disabled
        if ground or edge:
            fill = QColor(ground) if ground else None
            box = QRectF(self.rect())
            fill_round(painter, box, RADIUS_CONTROL, fill, QColor(edge) if edge else None)
        side = px(ICON_BUTTON)
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint_icon(painter, box, self._glyph, QColor(text))
        painter.end()


class ReasonLabel(QLabel):
    """Says below or beside a button why it is disabled; takes no room while it is not."""

    def __init__(self, button: Button, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font(CAPTION))
        self.setProperty("tone", "muted")
        self.setWordWrap(True)
        self.setVisible(False)
        button.reason_changed.connect(self._show_reason)

    def _show_reason(self, reason: str) -> None:
        self.setText(_("Not possible yet: {reason}").format(reason=reason) if reason else "")
        self.setVisible(bool(reason))
