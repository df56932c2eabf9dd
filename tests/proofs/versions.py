"""Programs and databases of two versions, for real: the older program is taken from the history.

`python3 dev.py prove versions` runs the command line of the older program (its own code, its own
schema) beside this one, in every order that an update brings: new laptop and old database, database
brought up to date under both, old laptop and new database, old store opened by the new program.
Nothing may be refused, lost or asked, and in the end all hold the same (promises S11 and L4).
"""

import argparse
import json
import os
import struct
import subprocess
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg

from db.shared.server_process import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
OLDER = "a2c6bbd060d387c767d2ba9a06ede44b7e4c162d"
"""The last commit with version 1 of both schemas and of the protocol."""
COMPARED = ("initiative", "attachment")


def picture() -> bytes:
    """Return a small grey PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + check

    size, rows = (
        struct.pack(">IIBBBBB", 40, 30, 8, 0, 0, 0, 0),
        b"".join(b"\0" + bytes(range(60, 100)) for _ in range(30)),
    )
    parts = ((b"IHDR", size), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


class NoHistory(Exception):
    """The older program can't be had: this clone has no history."""


@dataclass
class Program:
    """One version of the program, as a person starts it on one laptop."""

    code: Path
    profile: Path

    def run(self, *arguments: str, expect: Sequence[int] = (0,)) -> list[dict[str, Any]]:
        """Run one command; return its JSON lines."""
        environment = {
            **os.environ,
            "NAOBERKAART_KEY_FILE": str(self.profile.with_suffix(".key")),
            "PYTHONPATH": str(self.code),
        }
        command = [sys.executable, "-m", "desktop_app", "--profile", str(self.profile), "--json"]
        done = subprocess.run(
            [*command, *arguments], cwd=self.code, env=environment, capture_output=True, text=True
        )
        assert done.returncode in expect, (arguments, done.returncode, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def add(self, entity: str, **values: object) -> str:
        """Record something; return its id."""
        return str(self.run("record", "add", entity, json.dumps(values))[0]["id"])

    def set(self, entity: str, record_id: str, **values: object) -> None:
        self.run("record", "set", entity, record_id, json.dumps(values))

    def sync(self) -> None:
        self.run("sync")

    def updated(self, code: Path) -> "Program":
        """Return the same laptop with another version of the program."""
        return Program(code, self.profile)

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Return the records that the story is about, by entity."""
        return {
            entity: sorted(self.run("record", "list", entity), key=lambda row: str(row["id"]))
            for entity in COMPARED
        }


def older_program(folder: Path) -> Path:
    """Unpack the older program from the history.

    Raises:
        NoHistory: it is not there (a shallow clone, or no git).
    """
    try:
        packed = subprocess.run(
            ["git", "archive", "--format=tar", OLDER], cwd=ROOT, capture_output=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as exc:
        raise NoHistory from exc
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    subprocess.run(
        [sys.executable, "-m", "tests.tools.texts", "--compile"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, check=True,
    )  # fmt: skip
    return folder


class Update:
    """The story: an office that brings its programs and its database up to date, one by one."""

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        self.old_code = older_program(folder / "older")
        self.server, self.folder = server, folder
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE versions")
        self.url = server.url("versions")
        admin = Program(self.old_code, folder / "admin")
        admin.run("server", "init", self.url)
        self.old = self.laptop("old", self.old_code)
        self.new = self.laptop("new", ROOT)

    def laptop(self, name: str, code: Path) -> Program:
        """Give someone access, by the older program, and connect their laptop."""
        admin = Program(self.old_code, self.folder / "admin")
        [made] = admin.run(
            "server", "add-person", "--name", f"Balie {name}", "--login", f"balie_{name}",
            "--role", "counter_clerk", self.url,
        )  # fmt: skip
        program = Program(code, self.folder / name)
        program.run("connect", self.server.url("versions", made["login"], made["password"]))
        return program

    def in_step(self, what: str) -> None:
        """Bring both in step; they must hold the same."""
        for laptop in (self.old, self.new, self.old):
            laptop.sync()
        ours, theirs = self.new.everything(), self.old.everything()
        for entity, rows in ours.items():
            for mine, other in zip(rows, theirs[entity], strict=True):
                names = mine.keys() & other.keys()
                assert {n: mine[n] for n in names} == {n: other[n] for n in names}, (what, entity)

    def tell(self) -> None:
        """Go through the whole update."""
        plan = self.old.add("initiative", title="Dorpsplein", kern="Rekken")
        self.in_step("new laptop, old database")
        photo = self.folder / "plein.png"
        photo.write_bytes(picture())
        [made] = self.new.run("record", "attach", "initiative", plan, str(photo))
        attached, thumbnail = str(made["id"]), made["thumbnail"]
        assert thumbnail
        self.new.set("initiative", plan, summary="Met bankjes")
        self.old.set("initiative", plan, phase="exploration")
        self.in_step("a field that the old database has no column for")

        Program(ROOT, self.folder / "admin").run("server", "migrate", self.url)
        self.in_step("the database brought up to date under both")
        assert self.new.run("record", "get", "attachment", attached)[0]["thumbnail"] == thumbnail

        self.old.set("attachment", attached, caption="Het plein")
        other = self.old.add("initiative", title="Buurtmoestuin", kern="Neede")
        self.new.set("initiative", plan, title="Dorpsplein Rekken")
        self.in_step("old laptop, new database")
        [kept] = self.new.run("record", "get", "attachment", attached)
        assert (kept["caption"], kept["thumbnail"]) == ("Het plein", thumbnail)

        self.new.run("record", "delete", "initiative", other)
        self.in_step("deleted by the new")
        self.old.run("record", "restore", "initiative", other)
        self.in_step("restored by the old")
        self.old.run("record", "delete", "initiative", other)
        self.in_step("deleted by the old")
        purge = ("server", "purge", "--older-than", "0", "--even-recent", "--yes")
        Program(ROOT, self.folder / "admin").run(*purge, self.url)
        self.old.sync()
        self.new.sync()
        self.old.run("record", "history", "initiative", plan)

        self.old.set("initiative", plan, summary="Nog niet verzonden toen de update kwam")
        self.old = self.old.updated(ROOT)
        self.in_step("the old store opened by the new program")
        [shown] = self.new.run("record", "get", "initiative", plan)
        assert shown["summary"] == "Nog niet verzonden toen de update kwam"
        [status] = self.old.run("status")
        assert status["waiting"] == 0


def prove(folder: Path) -> None:
    """Tell the whole story with a PostgreSQL of its own."""
    with PostgresServer() as server:
        Update(folder, server).tell()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the proof; 0 when nothing was lost, 2 when the history is not here."""
    argparse.ArgumentParser(prog="dev.py prove versions").parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="naoberkaart-versions-") as name:
            prove(Path(name))
    except NoHistory:
        print("This clone has no history, so the older program is not here.")
        return 2
    print("Two versions worked together in every order of updating; nothing was lost or refused.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
