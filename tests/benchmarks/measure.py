"""One measured row: ours beside a reference, medians of runs taken in turn.

Taking turns (ours, reference, ours, ...) shares the noise of a busy machine fairly.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """`ratio` is ours / reference; both are medians of `runs` runs in `unit`."""

    name: str
    ours: float
    reference: float
    reference_name: str
    unit: str
    runs: int
    aim: str = ""

    @property
    def ratio(self) -> float:
        """How many times the reference we take."""
        return self.ours / self.reference if self.reference else float("inf")

    def as_row(self) -> dict[str, object]:
        """Return the row as it is printed in JSON."""
        return {**asdict(self), "ratio": round(self.ratio, 3)}


def side_by_side(
    name: str,
    ours: Callable[[], object],
    reference: Callable[[], object],
    reference_name: str,
    *,
    runs: int = 5,
    aim: str = "",
    warm_up: int = 1,
) -> Measure:
    """Time two callables in turn; seconds become milliseconds."""
    times: tuple[list[float], list[float]] = ([], [])
    for run in range(runs + warm_up):
        for place, work in enumerate((ours, reference)):
            taken = seconds(work)
            if run >= warm_up:
                times[place].append(taken * 1000)
    return medians(name, *times, reference_name, aim=aim)


def medians(
    name: str, ours: list[float], reference: list[float], reference_name: str, *, aim: str = ""
) -> Measure:
    """Return the row of two lists of times in milliseconds."""
    return Measure(
        name, statistics.median(ours), statistics.median(reference), reference_name, "ms", len(ours), aim
    )  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
