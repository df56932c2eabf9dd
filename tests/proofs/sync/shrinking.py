"""Making a failing list of actions small: leave parts out as long as it still fails (delta debugging).

After Zeller's ddmin: halves first, then ever smaller pieces; at last what hangs on single actions.
"""

from collections.abc import Callable, Sequence

from tests.proofs.sync.actions import Action

EXTRAS = ("meanwhile", "faults", "kill_at")


def smallest(
    actions: Sequence[Action], fails: Callable[[list[Action]], bool], tries: int = 400
) -> list[Action]:
    """Return a part of `actions` that still fails and of which no piece tried could be left out."""
    budget = _Budget(fails, tries)
    kept = list(actions)
    pieces = 2
    while len(kept) > 1:
        size = -(-len(kept) // pieces)
        for start in range(0, len(kept), size):
            rest = kept[:start] + kept[start + size :]
            if rest and budget.fails(rest):
                kept, pieces = rest, max(pieces - 1, 2)
                break
        else:
            if size == 1:
                break
            pieces = min(pieces * 2, len(kept))
    return _without_extras(kept, budget)


def _without_extras(actions: list[Action], budget: "_Budget") -> list[Action]:
    for place, action in enumerate(actions):
        for extra in EXTRAS:
            if extra in action:
                plain = {name: value for name, value in actions[place].items() if name != extra}
                simpler = [*actions[:place], plain, *actions[place + 1 :]]
                if budget.fails(simpler):
                    actions = simpler
    return actions


class _Budget:
    """Asks whether a list fails, so many times at most."""

    def __init__(self, fails: Callable[[list[Action]], bool], tries: int) -> None:
        self._fails, self._left = fails, tries

    def fails(self, actions: list[Action]) -> bool:
        self._left -= 1
        return self._left >= 0 and self._fails(actions)
