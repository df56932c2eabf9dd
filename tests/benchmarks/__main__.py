"""`dev.py bench [NAME ...]`: one row per measure, as a table, as JSON lines or into the README.

`--table` also puts the rows into the block "measured" of README.md, in place of earlier ones of the
same name; `--plans` prints, after `growth`, how PostgreSQL reads what a cycle reads.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.benchmarks.growth_measures import SHOWN
from tests.benchmarks.measure import Measure
from tests.benchmarks.measured_table import update_readme

GROUPS = {
    "save": "tests.benchmarks.local_measures:save",
    "search": "tests.benchmarks.local_measures:search",
    "step": "tests.benchmarks.sync_measures:in_step",
    "push": "tests.benchmarks.sync_measures:push",
    "download": "tests.benchmarks.sync_measures:download",
    "photos": "tests.benchmarks.attachment_measures:photos",
    "streamed": "tests.benchmarks.download_measures:streamed",
    "eight": "tests.benchmarks.eight_laptops:eight",
    "growth": "tests.benchmarks.growth_measures:growth",
    "live": "tests.benchmarks.live_measures:live",
    "start": "tests.benchmarks.window_measures:start",
    "map": "tests.benchmarks.window_measures:map_drawn",
    "points": "tests.benchmarks.map_points:points",
    "memory": "tests.benchmarks.window_measures:memory",
}


def main(arguments: list[str] | None = None) -> int:
    """Run the named groups, or all of them."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(GROUPS))
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--table", action="store_true", help="put the rows into README.md, too")
    parser.add_argument("--plans", action="store_true", help="print the plans that explain growth")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names) - set(GROUPS)
    if unknown:
        parser.error(f"no measure is named {', '.join(sorted(unknown))}")
    if not chosen.json:
        print(
            f"{'what':44}{'ours':>10}{'reference':>11}  {'unit':5}{'ratio':>7}  {'aim':8}reference is"
        )
    for name in chosen.names or GROUPS:
        for measure in _run(GROUPS[name]):
            print(json.dumps(measure.as_row()) if chosen.json else _line(measure), flush=True)
            if chosen.table:
                update_readme(name, measure)
    if chosen.plans:
        print("\n".join(SHOWN))
    return 0


def _run(target: str) -> Iterator[Measure]:
    module, function = target.split(":")
    with tempfile.TemporaryDirectory(prefix="naoberkaart-bench-") as folder:
        yield from getattr(import_module(module), function)(Path(folder))


def _line(measure: Measure) -> str:
    return (
        f"{measure.name:44}{measure.ours:10.2f}{measure.reference:11.2f}  {measure.unit:5}"
        f"{measure.ratio:7.2f}  {measure.aim:8}{measure.reference_name} (n={measure.runs})"
    )


if __name__ == "__main__":
    sys.exit(main())
