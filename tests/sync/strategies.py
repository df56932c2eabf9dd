"""Edits that people make, drawn small enough that laptops meet on the same fields."""

from typing import Any

from hypothesis import strategies as st

from db.entities.initiative import Phase, Theme
from db.geometry import Geometry

LINES = (
    "Eerste alinea.\n",
    "Tweede alinea.\n",
    "Derde alinea.\n",
    "Nieuw van mij.\n",
    "Ander idee.\n",
)


def _place(number: int) -> Geometry:
    return Geometry.point(246_000 + number, 457_000)


def edits() -> st.SearchStrategy[dict[str, Any]]:
    """Draw values for an initiative: plain, grouped, a set, a long text, a place."""
    return st.one_of(
        st.fixed_dictionaries({"title": st.sampled_from(("Plan A", "Plan B", "Plan C"))}),
        st.fixed_dictionaries({"supporters": st.integers(0, 3)}),
        st.fixed_dictionaries({"phase": st.sampled_from((Phase.IDEA, Phase.EXPLORATION, Phase.PLAN))}),
        st.fixed_dictionaries({"themes": st.frozensets(st.sampled_from(list(Theme)[:4]))}),
        st.fixed_dictionaries({"budget_total": st.integers(5, 7), "budget_requested": st.integers(0, 5)}),
        st.fixed_dictionaries({"budget_requested": st.integers(0, 5)}),
        st.fixed_dictionaries({"title": st.integers(1, 10**6).map("Plan {}".format)}),
        st.fixed_dictionaries({"extra": st.fixed_dictionaries({"wind_turbines": st.integers(1, 3)})}),
        st.fixed_dictionaries({"next_action": st.sampled_from((None, "bellen", "schrijven"))}),
        st.fixed_dictionaries({"description": st.lists(st.sampled_from(LINES), max_size=4).map("".join)}),
        st.fixed_dictionaries({"geometry": st.integers(0, 2).map(_place)}),
    )  # fmt: skip
