"""Running cases and counting: one line for each kind of case, and how to repeat what went wrong."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.proofs.faults.judge import Verdict, judge, left_by
from tests.proofs.faults.laptop import Orders, Told, run
from tests.proofs.faults.scene import Case, Scene

_COLUMNS = ("cases", 7), ("struck", 8), ("acknowledged", 14), ("lost", 6), ("doubled", 9), ("s", 8)
HEAD = f"{'kind of case':<34}" + "".join(f"{name:>{width}}" for name, width in _COLUMNS)


PASSING = ("", "Unreachable", "StorageFull")
"""What a fault may be told as: what is tried again by itself."""


@dataclass
class Row:
    """The count of one kind of case; `struck` is how often the fault was felt."""

    kind: str
    cases: int = 0
    struck: int = 0
    found: Verdict = field(default_factory=Verdict)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    note: str = ""
    told: int = 0
    """How often the person was told the very reason."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, verdict: Verdict, repeat: str, *, struck: bool = True) -> None:
        """Count one case; `repeat` says how to see it again."""
        with self._lock:
            self.cases += 1
            self.struck += struck
            self.found.join(verdict)
            if not verdict.is_good:
                told = [*verdict.lost[:2], *verdict.doubled[:2], *verdict.wrong[:2]]
                self.problems.append(f"{self.kind} {repeat}: {'; '.join(told)}")

    def text(self) -> str:
        """Return the line to print."""
        if not self.cases and self.note:
            return f"{self.kind:<34}not run: {self.note}"
        found = self.found
        return (
            f"{self.kind:<34}{self.cases:>7}{self.struck:>8}{found.acknowledged:>14}"
            f"{len(found.lost):>6}{len(found.doubled):>9}{self.seconds:>8.1f}"
            f"{'  ' + self.note if self.note else ''}{'' if not self.problems else '  WRONG'}"
        )


@dataclass
class Trial:
    """What was asked for, and what came of it.

    `step` runs one step only, to repeat it; `jobs` is how many cases run side by side.
    """

    folder: Path
    is_quick: bool = False
    seed: int = 1
    step: int = 0
    jobs: int = 2
    say: Callable[[str], None] = print
    rows: list[Row] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Everything that was found, with how to repeat it."""
        return [problem for row in self.rows for problem in row.problems]

    def random(self) -> Random:
        """Return chance that is the same in every run with this seed."""
        return Random(self.seed)

    @contextmanager
    def row(self, kind: str) -> Iterator[Row]:
        """Count one kind of case, and print its line."""
        row = Row(kind)
        self.rows.append(row)
        started = time.monotonic()
        try:
            yield row
        finally:
            row.seconds = time.monotonic() - started
            self.say(row.text())
            for problem in row.problems[:5]:
                self.say(f"    {problem}")

    def chosen(self, numbers: Sequence[int], quick: int = 12) -> list[int]:
        """Return the numbers to run: all, an even sample when quick, or the one to be repeated."""
        if self.step:
            return [self.step]
        if not self.is_quick or len(numbers) <= quick:
            return list(numbers)
        stride = len(numbers) / quick
        return [numbers[int(place * stride + stride / 2)] for place in range(quick)]

    def side_by_side(self, work: Sequence[int], one: Callable[[int], None]) -> None:
        """Run `one` for each number, a few at a time; the first bug of ours ends it."""
        with ThreadPoolExecutor(self.jobs) as pool:
            try:
                for job in [pool.submit(one, number) for number in work]:
                    job.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def heal(
    scene: Scene,
    case: Case,
    *,
    first: Told | None = None,
    also: Path | None = None,
    stored: frozenset[str] | None = None,
) -> Verdict:
    """Let fresh processes finish the work of both laptops (and of a copy of Anna's), and judge.

    `stored` is what a database that was restored since had stored, and must store again.

    What the struck process left is looked at first: the receipts it held then must hold for ever.
    """
    verdict = Verdict()
    heard, faults = left_by(case.anna)
    verdict.wrong += faults
    if first is not None and first.code not in (0, -9):
        verdict.wrong.append(f"the laptop ended with code {first.code}")
    if first is not None and first.error not in PASSING:
        verdict.wrong.append(f"a passing fault was told as {first.error}: {first.message}")
    stores = {case.anna: scene.saved["Anna"], case.bram: scene.saved["Bram"]}
    if also:
        stores = {also: scene.saved["Anna"], **stores}
    for store in [*stores, *([case.anna] if also or stored else [])]:
        url = case.bram_url if store == case.bram else case.anna_url
        told = run(Orders(str(store), url, settle=True))
        if told.code or told.error:
            verdict.wrong.append(f"{store.name} does not heal: {told.code} {told.message}")
            return verdict
    verdict.join(judge(case.admin_url, stores, heard, stored))
    return verdict
