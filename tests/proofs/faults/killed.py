"""`kill -9` of the laptop, or of the server with all its processes, at every step of a cycle."""

import queue
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from db.shared.server_process import PostgresServer
from tests.proofs.faults.judge import stored_in
from tests.proofs.faults.laptop import Orders, children_of, kill, run
from tests.proofs.faults.scene import DATABASE, EARLY, Scene
from tests.proofs.faults.trial import Row, Trial, heal

DELAYS_MS = (1, 2, 4, 8, 16, 32)
"""How long after the sending of a statement the server is killed, to strike while it works."""
EVERY = 9
"""At which of the steps on the laptop's own database the server is killed, too."""


def steps_of(
    scene: Scene, database: str = DATABASE, stores_in: Path | None = None
) -> tuple[str, ...]:
    """Return the steps of a cycle that nothing disturbs."""
    with scene.case(database, stores_in) as case:
        told = run(Orders(str(case.anna), case.anna_url))
        assert (told.error, told.code) == ("", 0), told
        return told.steps


def kill_the_laptop(trial: Trial) -> None:
    """Kill the client process at every step; a fresh one finishes."""
    with PostgresServer() as server:
        scene = Scene(server, trial.folder).make()
        length = len(steps_of(scene))
        with trial.row("laptop killed at every step") as row:
            row.note = f"a cycle has {length} steps"

            def once(step: int) -> None:
                with scene.case() as case:
                    told = run(Orders(str(case.anna), case.anna_url, kill_at=step))
                    row.add(heal(scene, case, first=told), f"--step {step}", struck=told.code == -9)

            trial.side_by_side(trial.chosen(range(1, length + 1)), once)
        kill_it_again_and_again(trial, scene, length)


def kill_it_again_and_again(trial: Trial, scene: Scene, length: int) -> None:
    """Kill it in its first cycle, in the one that mends that, and in the next."""
    with trial.row("laptop killed three times") as row:

        def thrice(number: int) -> None:
            chance = trial.random()
            steps = [[chance.randint(1, length) for _ in range(3)] for _ in range(number + 1)][-1]
            with scene.case() as case:
                told = [run(Orders(str(case.anna), case.anna_url, kill_at=step)) for step in steps]
                struck = any(one.code == -9 for one in told)
                repeat = f"--seed {trial.seed} (at {steps})"
                row.add(heal(scene, case, first=told[-1]), repeat, struck=struck)

        trial.side_by_side(range(3 if trial.is_quick else 60), thrice)


def kill_after_a_restore(trial: Trial) -> None:
    """Put the database back to before the last work of both, and kill the laptop that mends that."""
    with PostgresServer() as server:
        scene = Scene(server, trial.folder).make()
        later = trial.folder / "later"
        later.mkdir()
        with scene.case() as case:
            assert heal(scene, case).is_good
            stored = stored_in(case.admin_url)
            for store in (case.anna, case.bram):
                shutil.copy(store, later)
        length = len(steps_of(scene, EARLY, later))
        with trial.row("laptop killed after a restore") as row:
            row.note = f"the cycle has {length} steps"

            def once(step: int) -> None:
                with scene.case(EARLY, later) as case:
                    told = run(Orders(str(case.anna), case.anna_url, kill_at=step))
                    verdict = heal(scene, case, first=told, stored=stored)
                    row.add(verdict, f"--step {step}", struck=told.code == -9)

            trial.side_by_side(trial.chosen(range(1, length + 1)), once)


@contextmanager
def kept_servers(folder: Path, how_many: int) -> Iterator["queue.Queue[Scene]"]:
    """Give servers that keep what they promised through a crash, each with a scene."""
    free: queue.Queue[Scene] = queue.Queue()
    with ExitStack() as stack:
        for number in range(how_many):
            server = stack.enter_context(PostgresServer(is_durable=True))
            place = folder / f"server_{number}"
            place.mkdir()
            free.put(Scene(server, place).make())
        yield free


def postmaster_of(server: PostgresServer) -> int:
    """Return the process id of the server."""
    return int((server.data / "postmaster.pid").read_text().split()[0])


def start_again(server: PostgresServer, postmaster: int) -> None:
    """Start a server that was killed, when the last of its processes is gone."""
    while any(is_alive(pid) for pid in (postmaster, *children_of(postmaster))):
        time.sleep(0.005)
    # WORKAROUND: in a container nobody may reap the killed process, and PostgreSQL takes a dead one
    # that is still in the table for a server that runs.
    (server.data / "postmaster.pid").unlink(missing_ok=True)
    server.restart()


def is_alive(pid: int) -> bool:
    """Whether a process runs: one that nobody reaped does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def kill_the_server(trial: Trial) -> None:
    """Kill the server at every moment of a statement, and while it works on one."""
    with kept_servers(trial.folder, trial.jobs) as free:
        scene = free.get()
        names = steps_of(scene)
        free.put(scene)
        line = [place for place, name in enumerate(names, 1) if name.startswith("line")]
        at_work = [place for place in line if names[place - 1] == "line: on its way"]
        own = [place for place in range(1, len(names) + 1, EVERY) if place not in line]
        with trial.row("server killed at every statement") as row:
            trial.side_by_side(
                trial.chosen(sorted(line + own)), lambda step: strike_server(free, row, step, 0)
            )
        with trial.row("server killed while it works") as row:
            moments = [step * 100 + delay for step in at_work for delay in DELAYS_MS]
            trial.side_by_side(
                trial.chosen(moments),
                lambda moment: strike_server(free, row, *divmod(moment, 100)),
            )


def strike_server(free: "queue.Queue[Scene]", row: Row, step: int, delay_ms: int) -> None:
    """Kill the server at one step, start it again, and let everybody go on."""
    scene = free.get()
    try:
        with scene.case() as case:
            postmaster = postmaster_of(scene.server)
            told = run(
                Orders(
                    str(case.anna), case.anna_url, kill_at=step,
                    victims=(postmaster,), delay_s=delay_ms / 1000,
                )
            )  # fmt: skip
            kill([postmaster])  # the cycle may have ended before the moment came
            start_again(scene.server, postmaster)
            repeat = f"--step {step * 100 + delay_ms if delay_ms else step}"
            row.add(heal(scene, case, first=told), repeat, struck=bool(told.error))
    finally:
        free.put(scene)
