"""A disk that is full: the laptop's, at any moment of a cycle, and the server's.

As root a small file system in memory is the disk (tmpfs); without rights the laptop's file is kept
from growing (`PRAGMA max_page_count`), and the server's case is left out. What a person is told must
be a Dutch sentence of ours; when room is made everything goes on, and nothing was half done.
"""

import dataclasses
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from db.shared.connecting import SERVER_FULL, UNREACHABLE
from db.shared.server_process import PostgresServer
from desktop_app.i18n import in_every_language
from tests.proofs.faults.judge import of_store
from tests.proofs.faults.killed import is_alive, postmaster_of, start_again
from tests.proofs.faults.laptop import Orders, Told, kill, run
from tests.proofs.faults.scene import Case, Scene
from tests.proofs.faults.trial import Row, Trial, heal

KIB = 1024
ROOMS_KIB = range(0, 1600, 16)
"""How much room the laptop's disk has left; a cycle of the scene needs some 1,500 KiB at most."""
PAGES = range(0, 120, 6)
"""By how many pages the laptop's file may still grow."""
SERVER_DISK_MIB = 400
SERVER_ROOMS_KIB = range(0, 2_560, 64)


def is_root() -> bool:
    """Whether file systems may be mounted here."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount") is not None


@contextmanager
def small_disk(size_kib: int) -> Iterator[Path]:
    """Give a file system of `size_kib`, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="naoberkaart-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()


def enlarge(folder: Path, size_kib: int) -> None:
    """Make room."""
    subprocess.run(["mount", "-o", f"remount,size={size_kib}k", folder], check=True)


def in_dutch(told: Told, *messages: str) -> list[str]:
    """Return what is wrong with what the person was told: another thing, or nothing in Dutch."""
    if not told.error:
        return []
    if told.message not in messages:
        return [f"{told.error} says: {told.message}"]
    return [f"no Dutch for: {told.message}"] * (len({*in_every_language(told.message)}) < 2)


LAPTOP_FULL = "The disk is full. This was not saved; make room and try again."


def fill_the_laptop(trial: Trial) -> None:
    """Leave the laptop less room than a cycle needs."""
    with PostgresServer() as server:
        scene = Scene(server, trial.folder).make()
        with trial.row("laptop's disk full") as row:
            if is_root():
                rooms = trial.chosen(ROOMS_KIB, 6)
                trial.side_by_side(rooms, lambda room: laptop_without_room(scene, row, room))
            else:
                row.note = "needs root, to mount a small disk"
        with trial.row("laptop's file may not grow") as row:
            sizes = trial.chosen(PAGES, 6)
            trial.side_by_side(sizes, lambda pages: laptop_without_pages(scene, row, pages))


def laptop_without_room(scene: Scene, row: Row, room_kib: int) -> None:
    """Run a cycle on a disk with `room_kib` left, then make room."""
    with scene.case() as case:
        size = case.anna.stat().st_size // KIB + 1
        with small_disk(size + 64) as folder:
            moved = dataclasses.replace(case, anna=Path(shutil.copy(case.anna, folder)))
            enlarge(folder, used_kib(folder) + room_kib + 4)
            told = run(Orders(str(moved.anna), case.anna_url))
            enlarge(folder, 64 * KIB)
            finish(scene, moved, row, told, f"--step {room_kib}")


def used_kib(folder: Path) -> int:
    """Return how much of a disk is in use."""
    return shutil.disk_usage(folder).used // KIB


def laptop_without_pages(scene: Scene, row: Row, pages: int) -> None:
    """Run a cycle whose store may grow by `pages` at most."""
    with scene.case() as case:
        [size] = of_store(case.anna, "PRAGMA page_count")
        most = next(iter(size.values())) + pages
        told = run(Orders(str(case.anna), case.anna_url, most_pages=most))
        finish(scene, case, row, told, f"--step {pages}")


def finish(scene: Scene, case: Case, row: Row, told: Told, repeat: str) -> None:
    """Let them go on, and judge what was told as well."""
    verdict = heal(scene, case, first=told)
    verdict.wrong += in_dutch(told, LAPTOP_FULL)
    row.add(verdict, repeat, struck=bool(told.error))


def fill_the_server(trial: Trial) -> None:
    """Leave the server less room than a cycle needs, for its tables and for its log of writes."""
    with trial.row("server's disk full") as row:
        if not is_root():
            row.note = "needs root, to mount a small disk"
            return
        with (
            small_disk(SERVER_DISK_MIB * KIB) as disk,
            PostgresServer(disk, is_durable=True, settings=_SMALL) as server,
        ):
            scene = Scene(server, trial.folder).make()
            for room in trial.chosen(SERVER_ROOMS_KIB, 6):
                server_without_room(scene, row, disk, room)


_SMALL = {"min_wal_size": "'32MB'", "max_wal_size": "'48MB'", "wal_recycle": "off"}


def server_without_room(scene: Scene, row: Row, disk: Path, room_kib: int) -> None:
    """Run a cycle while the server's disk has `room_kib` left, then make room."""
    with scene.case() as case:
        postmaster = postmaster_of(scene.server)
        filler = disk / "filler"
        with psycopg.connect(scene.server.url(), autocommit=True) as admin:
            admin.execute("CHECKPOINT")
        free = shutil.disk_usage(disk).free
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(free - room_kib * KIB, 1))
        told = run(Orders(str(case.anna), case.anna_url, patience_s=20))
        filler.unlink()
        revive(scene.server, postmaster)
        verdict = heal(scene, case, first=told)
        verdict.wrong += in_dutch(told, SERVER_FULL, UNREACHABLE)
        row.add(verdict, f"--step {room_kib}", struck=bool(told.error))
        if told.message == SERVER_FULL:
            row.told += 1
        row.note = f"told that the server is full: {row.told}"


def revive(server: PostgresServer, postmaster: int) -> None:
    """Start a server that stopped because it could not even write its log."""
    with suppress(psycopg.OperationalError), psycopg.connect(server.url()):
        return
    if is_alive(postmaster):
        kill([postmaster])
    start_again(server, postmaster)
