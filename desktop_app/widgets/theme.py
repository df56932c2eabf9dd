"""The colours and sizes in force, read from the application itself.

The application palette and font already are global, follow the system live, and tell every
widget when they change; so the tokens in force are a pure function of them and nothing has
to be handed round. A palette that is neither ours is the system's high contrast one: its
colours are kept, soft grounds are dropped, edges and icons stay.
"""

from dataclasses import fields

from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette

from desktop_app.tokens import BODY, DARK, LIGHT, TextSize, Tokens

_GROUNDS = (
    *("surface", "raised", "hover", "nav", "disabled_bg", "pin_edge", "accent_soft"),
    *("red_soft", "amber_soft", "green_soft", "blue_soft", "grey_soft"),
)
_LINES = ("text", "muted", "line", "edge", "grey", "pin_grey")

_derived: dict[int, Tokens] = {}


def tokens() -> Tokens:
    """Return the tokens of the colour scheme in force."""
    return tokens_of(QGuiApplication.palette())


def tokens_of(palette: QPalette) -> Tokens:
    """Return the tokens that ``palette`` was made from, or those derived from a foreign one."""
    window = palette.color(QPalette.ColorRole.Window).name().upper()
    for ours in (LIGHT, DARK):
        if window == ours.window:
            return ours
    key = palette.cacheKey()
    if key not in _derived:
        _derived.clear()
        _derived[key] = _derive(palette)
    return _derived[key]


def _derive(palette: QPalette) -> Tokens:
    """Return tokens that say everything with the colours of the system's own palette."""

    def colour(role: QPalette.ColorRole) -> str:
        return palette.color(role).name().upper()

    role = QPalette.ColorRole
    ground, text, link = colour(role.Base), colour(role.Text), colour(role.Link)
    is_dark = palette.color(role.Window).lightness() < 128
    changes = dict.fromkeys(_GROUNDS, ground) | dict.fromkeys(_LINES, text)
    changes |= {"window": colour(role.Window), "sel": colour(role.Highlight), "on_accent": ground}
    changes |= {"accent": link, "accent_hover": link}
    disabled = palette.color(QPalette.ColorGroup.Disabled, role.Text).name().upper()
    own = DARK if is_dark else LIGHT
    kept = {field.name: getattr(own, field.name) for field in fields(own)}
    return Tokens(**(kept | changes | {"disabled": disabled}))


def is_high_contrast() -> bool:
    """Tell whether the system's own palette is in force instead of ours."""
    return tokens() not in (LIGHT, DARK)


def scale() -> float:
    """Return how much larger than the guide's sizes the user wants text (1.0 = 100 %)."""
    return max(1.0, QFontInfo(QGuiApplication.font()).pixelSize() / BODY.px)


def px(length: float) -> int:
    """Return ``length`` logical pixels of the guide, grown with the user's text size."""
    return round(length * scale())


def font(size: TextSize, *, italic: bool = False) -> QFont:
    """Return the application's font in one of the guide's sizes."""
    made = QFont(QGuiApplication.font())
    made.setPointSizeF(made.pointSizeF() * size.px / BODY.px)
    made.setWeight(QFont.Weight(size.weight))
    made.setItalic(italic)
    return made


def qcolor(name: str) -> QColor:
    """Return the token called ``name`` as a colour to paint with."""
    return QColor(tokens().colour(name))
