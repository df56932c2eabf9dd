"""Which symbol stands for which record: shape says what, colour how far, icon the rest.

One table for list, legend, print and map, after section 6 of the design guide. A key is
``entity.state`` in the lower-case values of the code lists, such as ``premises.available``;
entities without a place on the map have their bare name as key and a plain icon.
"""

from dataclasses import dataclass
from enum import Enum

from desktop_app.tokens import Tone

OVERDUE = "overdue"
"""State of premises whose offer was not checked in time, over whatever they are."""


class Shape(Enum):
    """Outline of a symbol; PLAIN is an icon without outline, never on the map."""

    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Symbol:
    """What to paint.

    ``dashed`` is the edge of an open symbol and of the area it stands for.
    """

    shape: Shape
    tone: Tone
    filled: bool
    icon: str
    dashed: bool = False

    @property
    def colour(self) -> str:
        """Return the name of the colour token, such as ``pin_amber``."""
        is_pin = self.tone in (Tone.AMBER, Tone.BLUE, Tone.GREEN, Tone.GREY)
        return f"pin_{self.tone.value}" if is_pin else self.tone.value


def _initiative(tone: Tone, filled: bool, icon: str) -> Symbol:
    return Symbol(Shape.CIRCLE, tone, filled, icon)


def _premises(tone: Tone, filled: bool, icon: str, *, dashed: bool = False) -> Symbol:
    return Symbol(Shape.SQUARE, tone, filled, icon, dashed)


def _plot(tone: Tone, filled: bool, icon: str, *, dashed: bool = False) -> Symbol:
    return Symbol(Shape.DIAMOND, tone, filled, icon, dashed)


def _plain(icon: str) -> Symbol:
    return Symbol(Shape.PLAIN, Tone.MUTED, False, icon)


SYMBOLS: dict[str, Symbol] = {
    "initiative.idea": _initiative(Tone.AMBER, False, "lightbulb-on-outline"),
    "initiative.exploration": _initiative(Tone.AMBER, True, "compass-outline"),
    "initiative.plan": _initiative(Tone.BLUE, False, "pencil-ruler"),
    "initiative.review": _initiative(Tone.BLUE, True, "scale-balance"),
    "initiative.execution": _initiative(Tone.GREEN, True, "hammer-wrench"),
    "initiative.maintenance": _initiative(Tone.GREEN, False, "hand-heart-outline"),
    "initiative.completed": _initiative(Tone.GREY, True, "check"),
    "initiative.stopped": _initiative(Tone.GREY, False, "close"),
    "premises.expected": _premises(Tone.GREEN, False, "calendar-clock"),
    "premises.available": _premises(Tone.GREEN, True, "door-open"),
    "premises.under_option": _premises(Tone.AMBER, True, "timer-sand"),
    "premises.under_offer": _premises(Tone.AMBER, False, "handshake-outline"),
    "premises.let": _premises(Tone.GREY, True, "key"),
    "premises.sold": _premises(Tone.GREY, True, "key"),
    "premises.withdrawn": _premises(Tone.GREY, False, "close"),
    "premises.overdue": _premises(Tone.GREY, False, "calendar-clock", dashed=True),
    "plot.in_preparation": _plot(Tone.GREEN, False, "calendar-clock"),
    "plot.available": _plot(Tone.GREEN, True, "sign-direction"),
    "plot.in_option": _plot(Tone.AMBER, True, "timer-sand", dashed=True),
    "plot.reserved": _plot(Tone.AMBER, False, "handshake-outline"),
    "plot.issued": _plot(Tone.GREY, True, "key"),
    "plot.withdrawn": _plot(Tone.GREY, False, "close"),
    "search_request": _plain("map-search-outline"),
    "search_match": _plain("handshake-outline"),
    "organisation": _plain("domain"),
    "contact_person": _plain("account-box-outline"),
    "contact_moment": _plain("message-text-outline"),
    "team": _plain("account-group-outline"),
    "kern": _plain("home-group"),
    "business_park": _plain("office-building-outline"),
    "staff": _plain("account-outline"),
    "attachment": _plain("paperclip"),
}

UNKNOWN = _plain("help-circle-outline")

_ENTITY_ICONS = {
    "initiative": "lightbulb-on-outline",
    "premises": "office-building-outline",
    "plot": "vector-square",
}


def symbol_key(entity: str, state: object = None, *, overdue: bool = False) -> str:
    """Return the key in `SYMBOLS` for a record of ``entity`` in ``state``.

    ``state`` is an Enum member of a code list, its value, or None; a state without a symbol
    (of a newer program) falls back to the first of its entity, so a list is never without one.
    """
    value = state.value if isinstance(state, Enum) else state
    if overdue and f"{entity}.{OVERDUE}" in SYMBOLS:
        return f"{entity}.{OVERDUE}"
    key = f"{entity}.{value}"
    if key in SYMBOLS:
        return key
    return next((known for known in SYMBOLS if known.split(".")[0] == entity), entity)


def symbol(key: str) -> Symbol:
    """Return the symbol of ``key``, a question mark when nobody knows it."""
    return SYMBOLS.get(key, UNKNOWN)


def entity_icon(entity: str) -> str:
    """Return the icon of an entity as such, whatever state its records are in."""
    return _ENTITY_ICONS.get(entity) or symbol(entity).icon


def map_keys() -> list[str]:
    """Return the keys of everything that can stand on the map, in legend order."""
    return [key for key, value in SYMBOLS.items() if value.shape is not Shape.PLAIN]


def legend_groups(entity: str) -> list[tuple[str, ...]]:
    """Return the keys of ``entity`` in legend order, those that look alike together."""
    groups: dict[Symbol, list[str]] = {}
    for key in map_keys():
        if key.split(".")[0] == entity:
            groups.setdefault(SYMBOLS[key], []).append(key)
    return [tuple(keys) for keys in groups.values()]
