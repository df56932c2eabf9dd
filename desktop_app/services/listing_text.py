"""The words of one list row or table cell, as values that a delegate paints.

The role numbers stand here, below Qt, so that models and delegates share them without
knowing each other; they lie just above ``Qt.ItemDataRole.UserRole``.
"""

from dataclasses import dataclass

from desktop_app.tokens import Tone

ID_ROLE = 0x0100
"""The record's id, as UUID."""
ROW_ROLE = 0x0101
"""A `RowText`."""
CELL_ROLE = 0x0102
"""A `CellText`."""


@dataclass(frozen=True, slots=True)
class RowText:
    """One row of a list: symbol, title, second line, right side, mark.

    ``mark`` is empty when all is ordinary. ``symbol`` is a key of
    `desktop_app.services.symbols`; without one ``icon`` stands in its place.
    """

    title: str
    subtitle: str = ""
    right: str = ""
    mark: str = ""
    mark_icon: str = ""
    mark_kind: Tone = Tone.MUTED
    symbol: str = ""
    icon: str = ""
    icon_kind: Tone = Tone.MUTED
    spoken: str = ""
    """What a screen reader says; the visible words where this is empty."""

    is_fresh: bool = False
    """Just changed by someone else: the row is tinted for a moment."""

    @property
    def accessible(self) -> str:
        """Return the row as one sentence."""
        parts = [self.title, *self.subtitle.split(" · "), self.mark]
        return self.spoken or ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class CellText:
    """One cell of a table; ``kind`` colours icon and words, as a chip when ``is_chip``."""

    text: str
    icon: str = ""
    kind: Tone | None = None
    is_chip: bool = False
    symbol: str = ""
    is_strong: bool = False
    is_muted: bool = False
