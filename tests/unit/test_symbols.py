"""Shape says what, colour how far, open or filled the step, icon the rest."""

from enum import Enum

import pytest

from db.entities import ENTITIES
from db.entities.initiative import Phase
from db.entities.premises import Availability, PlotStatus
from desktop_app.services.symbols import (
    SYMBOLS,
    Shape,
    legend_groups,
    map_keys,
    symbol,
    symbol_key,
)


def test_every_entity_has_a_symbol() -> None:
    for entity in ENTITIES:
        assert symbol(symbol_key(entity)).icon != symbol("nobody").icon, entity


def test_what_differs_looks_different_without_colour() -> None:
    """In black and white shape, fill and icon must be enough, but for let and sold."""
    seen: dict[object, str] = {}
    for key in map_keys():
        shown = SYMBOLS[key]
        looks = (shown.shape, shown.filled, shown.icon, shown.dashed and not shown.filled)
        if looks in seen:
            assert {key, seen[looks]} == {"premises.let", "premises.sold"}
        seen[looks] = key


STATES = [
    (entity, state)
    for entity, states in (("initiative", Phase), ("premises", Availability), ("plot", PlotStatus))
    for state in states
]


@pytest.mark.parametrize(("entity", "state"), STATES)
def test_every_state_has_its_own_symbol(entity: str, state: Enum) -> None:
    assert symbol_key(entity, state) == f"{entity}.{state.value}"


def test_an_offer_not_checked_in_time_shows_that_first() -> None:
    assert symbol_key("premises", "available", overdue=True) == "premises.overdue"
    assert symbol_key("plot", "available", overdue=True) == "plot.available"


def test_a_state_of_a_newer_program_still_gets_a_symbol() -> None:
    class Newer(Enum):
        FLYING = "flying"

    assert symbol(symbol_key("plot", Newer.FLYING)).shape is Shape.DIAMOND


def test_the_legend_shows_what_looks_alike_once() -> None:
    groups = legend_groups("premises")
    assert ("premises.let", "premises.sold") in groups
    assert len(groups) == 7
