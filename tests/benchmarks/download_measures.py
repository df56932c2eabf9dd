"""The memory and the time of a first download of 100,000 records beside one of 10,000."""

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.many_records import OWN, fill, settle
from tests.benchmarks.measure import Measure
from tests.benchmarks.sync_scene import RECORDS, Scene, scene

MANY = 100_000
RUNS = 3


def streamed(folder: Path) -> Iterator[Measure]:
    """Measure both sizes, each run in a new process; Linux only."""
    if not Path("/proc/self/clear_refs").exists():
        return
    with scene(folder) as (shared, _):
        few = _downloads(shared)
        fill(shared.admin_url, OWN, MANY - RECORDS)
        settle(shared.admin_url)
        many = _downloads(shared)
    what = f"first download of {MANY:,} records"
    yield Measure(
        f"{what}: memory", many[1], few[1], f"the same with {RECORDS:,}", "MB", RUNS, "<= 2"
    )
    reference = f"ten times that of {RECORDS:,}"
    yield Measure(what, many[0], few[0] * MANY / RECORDS, reference, "ms", RUNS, "<= 1.2")


def _downloads(shared: Scene) -> tuple[float, float]:
    """Return the median milliseconds and MB of some first downloads."""
    runs = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(dir=shared.folder) as folder:
            command = [sys.executable, "-m", "tests.benchmarks.download_probe"]
            told = subprocess.run(
                [*command, shared.laptop().url, folder], capture_output=True, text=True, check=True
            )
        runs.append([float(number) for number in told.stdout.split()])
    return statistics.median(run[1] for run in runs), statistics.median(run[2] for run in runs)
