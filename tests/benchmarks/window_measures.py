"""The window beside the barest one of the same Qt: start, map drawn, memory; each in a new process.

From the spawn of the process on, Python's own start and every import included, on both sides.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.local.engine import create_store
from db.local.keys import new_key
from db.local.store import LocalStore
from db.reference import reference_kernen
from tests.benchmarks.measure import Measure, medians
from tests.factories import generated_records

RECORDS, MANY = 10_000, 50_000
RUNS, MEMORY_RUNS = 5, 3
SETTLED_S = 5.0
"""How long memory may still move after the map was drawn."""


def profile(folder: Path, records: int) -> Path:
    """Make a profile with so many records, opened with a key file."""
    made = folder / f"profile-{records}"
    made.mkdir()
    key = new_key()
    (folder / "key").write_text(key.hex(), encoding="ascii")
    store = LocalStore(create_store(made / "naoberkaart.db", key))
    store.save_new(reference_kernen(), as_example=True)
    store.save_new(generated_records(records, seed=1), as_example=True)
    store.close()
    return made


class Probe:
    """One process with a window; `wait_for` gives the milliseconds since it was spawned."""

    def __init__(self, folder: Path, *what: str) -> None:
        homes = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("DATA", "CONFIG", "CACHE")}
        environment = {**os.environ, **homes, "NAOBERKAART_KEY_FILE": str(folder / "key")}
        command = [sys.executable, "-m", "tests.benchmarks.window_probe", *what]
        self.started = time.perf_counter()
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    def wait_for(self, moment: str) -> float:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == moment:
                return (time.perf_counter() - self.started) * 1000
        raise RuntimeError(f"the window ended before it was {moment}")

    def end(self) -> None:
        """Kill it: what was measured is over, and a kill loses nothing of a store."""
        self.process.kill()
        self.process.wait(60)
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextmanager
def probe(folder: Path, *what: str) -> Iterator[Probe]:
    """Run a window and end it afterwards."""
    running = Probe(folder, *what)
    try:
        yield running
    finally:
        running.end()


def times_to(moment: str, folder: Path, ours: Path, bare: str) -> tuple[list[float], list[float]]:
    """Start the program and the bare window in turn; the first of each warms the disk."""
    times: tuple[list[float], list[float]] = ([], [])
    for run in range(RUNS + 1):
        for place, what in enumerate((("program", str(ours)), (bare,))):
            with probe(folder, *what) as window:
                taken = window.wait_for(moment)
            if run:
                times[place].append(taken)
    return times


def start(folder: Path) -> Iterator[Measure]:
    """The window usable, with a list of 10,000 records."""
    times = times_to("usable", folder, profile(folder, RECORDS), "bare")
    what = f"window usable after start, {RECORDS:,} records"
    yield medians(what, *times, "a bare QMainWindow", aim="<= 2")


def map_drawn(folder: Path) -> Iterator[Measure]:
    """The map drawn after start."""
    times = times_to("drawn", folder, profile(folder, RECORDS), "bare_map")
    what = f"map drawn after start, {RECORDS:,} records"
    yield medians(what, *times, "a bare web view with an empty map", aim="<= 1.3")


def memory(folder: Path) -> Iterator[Measure]:
    """All memory of the process and its children (PSS), map open; Linux only."""
    if not Path("/proc/self/smaps_rollup").exists():
        return
    ours = profile(folder, MANY)
    sizes: tuple[list[float], list[float]] = ([], [])
    for _ in range(MEMORY_RUNS):
        for place, what in enumerate((("program", str(ours)), ("bare_map",))):
            with probe(folder, *what) as window:
                window.wait_for("drawn")
                time.sleep(SETTLED_S)
                sizes[place].append(sum(map(pss_mb, family(window.process.pid))))
    row = medians(f"memory, {MANY:,} records, map open", *sizes, "a bare web view", aim="<= 1.8")
    yield Measure(row.name, row.ours, row.reference, row.reference_name, "MB", row.runs, row.aim)


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in task.read_text(encoding="ascii").split()]
    return found


def pss_mb(pid: int) -> float:
    """Return the proportional set size: memory shared with others counts for its part."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
