"""`python3 dev.py prove faults`: run them all, or a sample, or one again."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.proofs.faults import full_disk, killed, lines, two_machines, writers
from tests.proofs.faults.laptop import CAN_STRIKE
from tests.proofs.faults.trial import HEAD, Trial

KINDS: dict[str, Callable[[Trial], None]] = {
    "laptop-killed": killed.kill_the_laptop,
    "restored": killed.kill_after_a_restore,
    "server-killed": killed.kill_the_server,
    "line-cut": lines.cut_the_line,
    "line-cut-tls": lines.cut_under_tls,
    "answer-lost": lines.lose_the_answers,
    "late": lines.come_late,
    "writers": writers.write_side_by_side,
    "cut-off": two_machines.cut_one_off,
    "laptop-full": full_disk.fill_the_laptop,
    "server-full": full_disk.fill_the_server,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the kinds that were asked for; 1 when anything was lost, doubled or wrong."""
    parser = argparse.ArgumentParser(
        prog="dev.py prove faults",
        description="Faults against a real PostgreSQL with real client processes.",
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--quick", action="store_true", help="a sample of each")
    parser.add_argument("--seed", type=int, default=1, help="of what is chosen by chance")
    parser.add_argument("--step", type=int, default=0, help="only this step, to repeat it")
    parser.add_argument("--jobs", type=int, default=2, help="cases side by side (%(default)s)")
    options = parser.parse_args(arguments)
    unknown = set(options.kinds) - KINDS.keys()
    if unknown:
        parser.error(f"no such kind: {', '.join(sorted(unknown))}")
    if not CAN_STRIKE:
        parser.error("the proofs kill processes by way of /proc: they need Linux")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers stop with us
    started = time.monotonic()
    print(HEAD, flush=True)
    problems: list[str] = []
    for name in options.kinds or KINDS:
        with tempfile.TemporaryDirectory(prefix="naoberkaart-faults-") as folder:
            trial = Trial(
                Path(folder), options.quick, options.seed, options.step, options.jobs,
                lambda text: print(text, flush=True),
            )  # fmt: skip
            KINDS[name](trial)
            problems += trial.problems
    verdict = f"{len(problems)} WRONG" if problems else "nothing lost, nothing doubled"
    print(f"prove faults: {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
