"""Two laptops in networks of their own (`ip netns`), one of which is cut off in the middle of a cycle.

The far end of its cable goes down: no reset, no answer, silence. So it must notice by itself that the
line is dead, keep its work, and heal when the cable is back; the other laptop must not feel anything.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psycopg

from db.shared.connecting import UNREACHABLE
from db.shared.patience import PATIENCE_S
from db.shared.server_process import LOOPBACK, PostgresServer
from tests.proofs.faults.full_disk import in_dutch, is_root
from tests.proofs.faults.killed import steps_of
from tests.proofs.faults.laptop import Orders, Told
from tests.proofs.faults.scene import Scene
from tests.proofs.faults.trial import Row, Trial, heal

ROOT = Path(__file__).resolve().parents[3]
IMPATIENT_S, CONNECT_S = 2.0, 2
OWN_LIMIT_S = 75
"""A laptop with the program's own limits must have noticed by then: 30 s for TCP, 60 s for silence."""
HOW_MANY = 9


class NotPermitted(Exception):
    """This machine does not let us make networks; the text says why."""


@dataclass(frozen=True)
class Machine:
    """A network of its own, at the other end of a cable."""

    name: str
    here: str
    there: str
    cable: str

    def run(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a program on this machine."""
        return subprocess.Popen(
            ["ip", "netns", "exec", self.name, *arguments], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def cut(self) -> None:
        """Pull the cable, at our end."""
        ip("link", "set", self.cable, "down")

    def mend(self) -> None:
        """Put the cable back."""
        ip("link", "set", self.cable, "up")

    def url(self, url: str) -> str:
        """Return `url` as it is seen from there."""
        return url.replace(f"@{LOOPBACK}:", f"@{self.here}:")


def ip(*arguments: str) -> None:
    """Change the network of this machine; raises NotPermitted."""
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise NotPermitted(done.stderr.strip() or f"ip {arguments[0]} failed")


@contextmanager
def machine(number: int) -> Iterator[Machine]:
    """Give a machine with a cable to this one, gone afterwards."""
    if not is_root() or shutil.which("ip") is None:
        raise NotPermitted("needs root and the program ip")
    mark = f"{os.getpid() % 10_000}{number}"
    net = f"10.{200 + number}.{os.getpid() % 250}"
    made = Machine(f"nk-{mark}", f"{net}.1", f"{net}.2", f"nkh{mark}")
    ip("netns", "add", made.name)
    try:
        ip("link", "add", made.cable, "type", "veth", "peer", "name", "eth0", "netns", made.name)
        ip("addr", "add", f"{made.here}/24", "dev", made.cable)
        ip("-n", made.name, "addr", "add", f"{made.there}/24", "dev", "eth0")
        for place in (("link", "set", made.cable), ("-n", made.name, "link", "set", "eth0")):
            ip(*place, "up")
        yield made
    finally:
        with suppress(NotPermitted):
            ip("link", "del", made.cable)
        ip("netns", "del", made.name)


class Remote:
    """A laptop that runs on another machine; it asks us before the step it was ordered to stop at."""

    def __init__(self, where: Machine, orders: Orders) -> None:
        text = json.dumps(asdict(orders))
        self.process = where.run(sys.executable, "-m", "tests.proofs.faults.laptop", text)

    def has_come_to_its_step(self) -> bool:
        """Wait until it asks; False when it ended without."""
        assert self.process.stdout is not None
        return self.process.stdout.readline() == "at the step\n"

    def go_on(self) -> Told:
        """Let it go on, and return what it tells in the end."""
        said, _ = self.process.communicate("\n")
        lines = [line for line in said.splitlines() if line.startswith("{")]
        if self.process.returncode or not lines:
            return Told(self.process.returncode or 1)
        return Told(**json.loads(lines[-1]))


def cut_one_off(trial: Trial) -> None:
    """Cut one of two machines off at steps of the cycle that go over the line."""
    with trial.row("one of two machines cut off") as row:
        try:
            with machine(1) as first, machine(2) as second:
                cut_at_steps(trial, row, first, second)
        except NotPermitted as why:
            row.note = str(why)


def cut_at_steps(trial: Trial, row: Row, first: Machine, second: Machine) -> None:
    """Cut at a sample of steps, and once with the program's own limits."""
    with PostgresServer(settings={"listen_addresses": "'*'"}) as server:
        scene = Scene(server, trial.folder).make()
        with (server.data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
            rules.write("host all all 10.0.0.0/8 scram-sha-256\n")
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute("SELECT pg_reload_conf()")
        names = steps_of(scene)
        line = [place for place, name in enumerate(names, 1) if name.startswith("line")]
        sample = [line[n * len(line) // HOW_MANY] for n in range(HOW_MANY)]
        for step in trial.chosen(sample, 2):
            cut_at(scene, row, first, second, step, IMPATIENT_S)
        if not (trial.is_quick or trial.step):
            sent = [n for n in line if names[n - 1] == "line: on its way"]
            seconds = cut_at(scene, row, first, second, sent[1], PATIENCE_S)
            row.note = f"with the program's own limits noticed in {seconds:.0f} s"
            if seconds > OWN_LIMIT_S:
                row.problems.append(f"noticed only after {seconds:.0f} s")


def cut_at(
    scene: Scene, row: Row, first: Machine, second: Machine, step: int, patience_s: float
) -> float:
    """Cut the first machine off at one step; return after how long its cycle was given up."""
    with scene.case() as case:
        orders = Orders(
            str(case.anna), first.url(case.anna_url), ask_at=step, patience_s=patience_s,
            timeout_s=CONNECT_S, plain_text=True,
        )  # fmt: skip
        anna = Remote(first, orders)
        is_there = anna.has_come_to_its_step()
        try:
            first.cut()
            told = anna.go_on()
            bram = replace(orders, store=str(case.bram), url=second.url(case.bram_url), ask_at=0)
            both = Remote(second, bram), Remote(first, replace(orders, ask_at=0))
            other, still = (one.go_on() for one in both)
        finally:
            first.mend()
        back = Remote(first, replace(orders, ask_at=0, settle=True, timeout_s=10)).go_on()
        verdict = heal(scene, case, first=told)
        verdict.wrong += in_dutch(told, UNREACHABLE) + in_dutch(still, UNREACHABLE)
        for name, one in (("the other laptop", other), ("the mended line", back)):
            if one.code or one.error:
                verdict.wrong.append(f"{name}: {one.code} {one.error} {one.message}")
        if not still.error:
            verdict.wrong.append("it was not cut off")
        row.add(verdict, f"--step {step}", struck=is_there and bool(told.error))
        return told.seconds
