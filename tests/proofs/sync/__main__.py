"""`python3 dev.py prove sync`: simulate until the time is up, and print what breaks a promise."""

import argparse
import contextlib
import dataclasses
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from db.shared.server_process import PostgresServer
from tests.proofs.sync import __doc__ as about
from tests.proofs.sync.actions import Action, Plan, plan_of
from tests.proofs.sync.checker import Violation
from tests.proofs.sync.ledger import check
from tests.proofs.sync.servers import Memory, Postgres, Server, templates_on
from tests.proofs.sync.shrinking import smallest
from tests.proofs.sync.simulation import run

MakeServer = Callable[..., Server]
FAILED = Path("tests/out/sync-failed.json")


def main() -> int:
    """Run the proof; 0 when every promise was kept, 1 when not."""
    logging.disable(logging.WARNING)  # differences were planted on purpose
    asked = _asked()
    with _server(asked.server) as make_server:
        if asked.replay:
            return _replay(asked.replay, make_server)
        return _simulate(asked, make_server)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="dev.py prove sync", description=about, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=1, help="how long to go on (default 1)")
    parser.add_argument("--seed", type=int, default=1, help="the first seed; the next is one more")
    parser.add_argument("--steps", type=int, default=60, help="actions of one simulation (60)")
    parser.add_argument("--server", choices=("memory", "postgres"), default="memory")
    parser.add_argument("--history", type=Path, help="write the history of the first simulation")
    parser.add_argument("--replay", type=Path, help="run the actions of a written history again")
    parser.add_argument("--once", action="store_true", help="one simulation only")
    parser.add_argument("--all", action="store_true", help="go on after a failure, make none small")
    return parser.parse_args()


@contextlib.contextmanager
def _server(kind: str) -> Iterator[MakeServer]:
    if kind == "memory":
        yield Memory
        return
    with PostgresServer() as server:
        yield partial(Postgres, server=server, templates=templates_on(server))


def _simulate(asked: argparse.Namespace, make_server: MakeServer) -> int:
    until = time.monotonic() + asked.minutes * 60
    seed, steps, failed = asked.seed, 0, []
    while True:
        plan = plan_of(seed, asked.steps)
        history = run(plan, make_server)
        if asked.history and seed == asked.seed:
            history.write(asked.history)
        found = check(history.to_json())
        steps += asked.steps
        if found:
            failed.append(seed)
            _tell(plan, found)
            if not asked.all:
                return _make_small(plan, found[0], make_server)
        seed += 1
        if asked.once or time.monotonic() > until:
            break
    last = f"failed: seeds {failed}" if failed else "every promise was kept"
    print(f"seeds {asked.seed} to {seed - 1} on {asked.server}: {steps} steps; {last}")
    return 1 if failed else 0


def _tell(plan: Plan, found: list[Violation]) -> None:
    print(f"seed {plan.seed}: {len(found)} violations", flush=True)
    for violation in found[:5]:
        print("  ", violation, flush=True)


def _make_small(plan: Plan, first: Violation, make_server: MakeServer) -> int:
    def fails(actions: list[Action]) -> bool:
        smaller = dataclasses.replace(plan, actions=tuple(actions))
        found = check(run(smaller, make_server).to_json())
        return any(violation.promise == first.promise for violation in found)

    print("making it small ...", flush=True)
    actions = smallest(plan.actions, fails)
    smaller = dataclasses.replace(plan, actions=tuple(actions))
    history = run(smaller, make_server)
    FAILED.parent.mkdir(parents=True, exist_ok=True)
    history.write(FAILED)
    print(f"{len(actions)} of {len(plan.actions)} actions still fail:")
    for number, action in enumerate(actions, start=1):
        print(f"  {number}. {json.dumps(action, ensure_ascii=False)}")
    for violation in check(history.to_json())[:5]:
        print("  ", violation)
    print(f"history: {FAILED}; again: python3 dev.py prove sync --replay {FAILED}")
    return 1


def _replay(path: Path, make_server: MakeServer) -> int:
    told = json.loads(path.read_text(encoding="utf-8"))
    plan = Plan(
        told["seed"],
        told["laptops"],
        tuple(told["owners"]),
        told["starts_old"],
        tuple(told["actions"]),
    )
    found = check(run(plan, make_server).to_json())
    _tell(plan, found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
