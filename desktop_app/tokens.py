"""Colours, sizes and spaces of the window, the print and the map page.

The only module with hex values. Everything else asks for a token by name, so that light,
dark and high contrast are one decision. The values are those of the design guide;
``tests/unit/test_tokens.py`` recomputes their contrast on every ground they are used on.
"""

from dataclasses import dataclass, fields
from enum import Enum


class Tone(Enum):
    """What a coloured chip, mark or bar says; each tone is a text colour on a soft ground."""

    ACCENT = "accent"
    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"
    MUTED = "muted"


class Appearance(Enum):
    """Which scheme the user wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """One colour scheme; every field but ``is_dark`` is a ``#RRGGBB`` text."""

    is_dark: bool
    window: str
    surface: str
    raised: str
    nav: str
    hover: str
    sel: str
    text: str
    muted: str
    line: str
    edge: str
    accent: str
    on_accent: str
    accent_hover: str
    accent_soft: str
    red: str
    red_soft: str
    amber: str
    amber_soft: str
    green: str
    green_soft: str
    blue: str
    blue_soft: str
    grey: str
    grey_soft: str
    disabled: str
    disabled_bg: str
    pin_amber: str
    pin_blue: str
    pin_green: str
    pin_grey: str
    pin_edge: str
    pin_shadow: str
    map_paper: str
    map_outside: str
    map_built: str
    map_wood: str
    map_water: str
    map_road: str
    map_border: str
    map_name: str
    map_halo: str

    def colour(self, name: str) -> str:
        """Return the colour called ``name``; raises AttributeError for an unknown one."""
        return str(getattr(self, name))

    def fore(self, tone: Tone) -> str:
        """Return the text and icon colour of ``tone``."""
        return self.colour(tone.value)

    def soft(self, tone: Tone) -> str:
        """Return the ground that belongs under ``fore(tone)``."""
        return self.grey_soft if tone is Tone.MUTED else self.colour(f"{tone.value}_soft")

    def pin(self, tone: Tone) -> str:
        """Return the colour of a map symbol of ``tone``."""
        match tone:
            case Tone.AMBER | Tone.BLUE | Tone.GREEN | Tone.GREY:
                return self.colour(f"pin_{tone.value}")
        return self.fore(tone)

    def css_variables(self) -> str:
        """Return the scheme as CSS declarations, ``accent_soft`` as ``--accent-soft``."""
        names = [field.name for field in fields(self) if field.name != "is_dark"]
        return " ".join(f"--{name.replace('_', '-')}: {self.colour(name)};" for name in names)


LIGHT = Tokens(
    is_dark=False,
    window="#F4F5F6",
    surface="#FFFFFF",
    raised="#FFFFFF",
    nav="#EBEDEF",
    hover="#EEF1F3",
    sel="#D8EAEF",
    text="#1B2228",
    muted="#535E68",
    line="#DCE0E4",
    edge="#78838D",
    accent="#0B6178",
    on_accent="#FFFFFF",
    accent_hover="#094E61",
    accent_soft="#E1EFF3",
    red="#B3261E",
    red_soft="#FCEBE9",
    amber="#855300",
    amber_soft="#FDF1DA",
    green="#1F6E3C",
    green_soft="#E4F2E8",
    blue="#23599F",
    blue_soft="#E6EEF9",
    grey="#56616B",
    grey_soft="#E9ECEF",
    disabled="#616C76",
    disabled_bg="#EDEFF1",
    pin_amber="#8F5A00",
    pin_blue="#23599F",
    pin_green="#1F6E3C",
    pin_grey="#56616B",
    pin_edge="#FFFFFF",
    pin_shadow="#B9BAB6",
    map_paper="#F3F2EC",
    map_outside="#E7E7E3",
    map_built="#DFDAD0",
    map_wood="#D6E4CB",
    map_water="#B9D5E6",
    map_road="#FFFFFF",
    map_border="#5B6770",
    map_name="#2B343B",
    map_halo="#F3F2EC",
)

DARK = Tokens(
    is_dark=True,
    window="#1B1F22",
    surface="#23282C",
    raised="#2B3136",
    nav="#1F2327",
    hover="#2C3237",
    sel="#2A4650",
    text="#E9ECEE",
    muted="#AEB8C0",
    line="#363D43",
    edge="#8A959F",
    accent="#6CC3D9",
    on_accent="#0E2A33",
    accent_hover="#8AD1E3",
    accent_soft="#24414A",
    red="#FF9C92",
    red_soft="#47292A",
    amber="#F0B44C",
    amber_soft="#433618",
    green="#6CC38B",
    green_soft="#213C2B",
    blue="#82B4F0",
    blue_soft="#23364D",
    grey="#A7B1BA",
    grey_soft="#353C42",
    disabled="#9AA5AE",
    disabled_bg="#2A2F34",
    pin_amber="#F0B44C",
    pin_blue="#82B4F0",
    pin_green="#6CC38B",
    pin_grey="#A7B1BA",
    pin_edge="#1F2428",
    pin_shadow="#15181A",
    map_paper="#262B2E",
    map_outside="#1E2225",
    map_built="#363A3D",
    map_wood="#2B3A2E",
    map_water="#27435A",
    map_road="#4B5257",
    map_border="#9AA5AE",
    map_name="#E3E7EA",
    map_halo="#262B2E",
)


@dataclass(frozen=True, slots=True)
class TextSize:
    """A size of text in logical px at 100 %: letters, line, and weight (400, 500 or 600)."""

    px: int
    line_px: int
    weight: int = 400


CAPTION = TextSize(12, 16)
SMALL = TextSize(13, 20)
LABEL = TextSize(13, 20, 600)
BODY = TextSize(14, 20)
STRONG = TextSize(14, 20, 600)
BUTTON = TextSize(14, 20, 500)
CHIP = TextSize(13, 20, 500)
HEADING = TextSize(16, 24, 600)
TITLE = TextSize(20, 28, 600)
WELCOME = TextSize(28, 40, 600)

POINTS_PER_PX = 0.75
FONT_FAMILIES = ("Segoe UI Variable Text", "Segoe UI", "Inter", "Noto Sans")
"""Tried in this order where the system names no general font of its own."""

GRID = 8
HALF = 4
MARGIN_PANEL = 16
MARGIN_PAGE = 24

RADIUS_CONTROL = 6
RADIUS_CARD = 8
RADIUS_CHIP = 12

HEIGHT_MENU = 32
HEIGHT_TOOLBAR = 56
HEIGHT_STATUS = 32
HEIGHT_BUTTON = 32
HEIGHT_TOOLBAR_BUTTON = 40
HEIGHT_FIELD = 36
HEIGHT_ROW = 57
"""A list row of 56 and its line of 1."""
HEIGHT_TABLE_ROW = 40
HEIGHT_NAV = 36
HEIGHT_TAB = 40
HEIGHT_FOLD = 40
HEIGHT_CHIP = 24
TARGET_MIN = 24

ICON_NAV = 20
ICON_BUTTON = 18
ICON_SMALL = 16
ICON_EMPTY = 48
SYMBOL = 24
SYMBOL_TAIL = 6

WIDTH_NAV = 200
WIDTH_NAV_NARROW = 96
WIDTH_LIST = 400
WIDTH_DETAIL = 416
WIDTH_FORM = 480
