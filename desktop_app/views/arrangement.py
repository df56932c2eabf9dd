"""Where list, map and panel stand at a given size: a pure function, so that it can be tested.

Wide windows have the panel beside the map, usual ones over its right, narrow ones show one thing at
a time. In table mode the table has the room of list and map.
"""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRect

WIDE, USUAL, COMPACT = 1600, 1200, 1000
"""Logical widths of the window: from WIDE the panel is pinned, below COMPACT one thing at a time."""

LIST_LEAST, LIST_MOST = 320, 560
MAP_LEAST, MAP_SEEN = 280, 160
"""What stays of the map beside a pinned panel, else the panel goes over it; and what stays in sight
left of a panel, else the list grows narrow."""


class Width(Enum):
    """The class of a window's width."""

    WIDE = "wide"
    USUAL = "usual"
    COMPACT = "compact"
    NARROW = "narrow"


def width_class(width: int) -> Width:
    """Return the class of a window of this logical width."""
    if width >= WIDE:
        return Width.WIDE
    if width >= USUAL:
        return Width.USUAL
    return Width.COMPACT if width >= COMPACT else Width.NARROW


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be shown: the body's size, the list's width, and the panel's (0: none)."""

    width: int
    height: int
    kind: Width
    list_width: int = 400
    panel_width: int = 0
    is_pinned: bool = False
    is_table: bool = False
    part: str = "list"
    """In a narrow window: list, map or panel."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Rectangles in the body; None is hidden. `cover` is how much of the map a panel hides."""

    list: QRect | None
    map: QRect | None
    panel: QRect | None
    cover: int = 0


def arrange(wish: Wish) -> Arrangement:
    """Return where everything stands."""
    whole = QRect(0, 0, wish.width, wish.height)
    if wish.kind is Width.NARROW:
        shown = wish.part if wish.panel_width or wish.part != "panel" else "list"
        return Arrangement(
            whole if shown == "list" else None,
            whole if shown == "map" else None,
            whole if shown == "panel" else None,
        )
    panel_width = min(wish.panel_width, wish.width)
    left = wish.width - panel_width
    panel = QRect(left, 0, panel_width, wish.height) if panel_width else None
    if wish.is_table:
        return Arrangement(QRect(0, 0, left, wish.height), None, panel)
    list_width = min(max(wish.list_width, LIST_LEAST), LIST_MOST)
    if panel is not None:
        list_width = max(min(list_width, left - MAP_SEEN), LIST_LEAST)
    pinned = wish.is_pinned and left - list_width >= MAP_LEAST
    map_right = left if pinned else wish.width
    return Arrangement(
        QRect(0, 0, list_width, wish.height),
        QRect(list_width, 0, map_right - list_width, wish.height),
        panel,
        0 if pinned else panel_width,
    )
