"""Running a plan from its beginning to its end, on a fresh server and fresh stores."""

import shutil
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.proofs.sync.actions import Plan
from tests.proofs.sync.history import History
from tests.proofs.sync.servers import Memory, Server
from tests.proofs.sync.world import World


def run(plan: Plan, make_server: Callable[..., Server] = Memory) -> History:
    """Carry out a plan and return its history; a fault of the program is an event `bug`."""
    folder = Path(tempfile.mkdtemp(prefix="naoberkaart-proof-", dir=_fast_folder()))
    history = History(
        seed=plan.seed,
        laptops=plan.laptops,
        owners=plan.owners,
        starts_old=plan.starts_old,
        actions=list(plan.actions),
    )
    server = make_server(plan.laptops, is_old=plan.starts_old)
    world = World(plan, server, folder, history)
    try:
        world.run()
    except Exception:
        history.add("bug", "world", trace=traceback.format_exc())
    finally:
        world.close()
        server.close()
        shutil.rmtree(folder, ignore_errors=True)
    return history


def _fast_folder() -> str | None:
    """A disk in memory, if there is one: what is not on a disk at all can't be lost by this proof."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
