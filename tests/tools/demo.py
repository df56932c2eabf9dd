"""Two laptops and a shared database on one machine, so that a newcomer sees them work together.

The database is a real PostgreSQL from a package, on loopback, with a password and without TLS: for a
demonstration only. Each laptop is a folder with a store, a key and a login of its own, as two
colleagues would have. Everything is typed as an administrator and two colleagues would type it.
Without a display the same is done by commands alone, and what each laptop holds is shown.
"""

import argparse
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from db.shared.server_process import PostgresServer
from tests.tools.display import has_display

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "naoberkaart"
PEOPLE = {"rekken": "Balie Rekken", "neede": "Balie Neede"}
STARTED = (
    {
        "title": "Dorpsplein Rekken opnieuw inrichten",
        "themes": ["green"],
        "geometry": {"type": "Point", "coordinates": [6.7262, 52.0948]},
    },
    {
        "title": "Deelauto in Rietmolen",
        "themes": ["traffic"],
        "geometry": {"type": "Point", "coordinates": [6.6630, 52.1412]},
    },
)


class Laptop:
    """One person's folder, used through the command line."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        folder.mkdir(parents=True, exist_ok=True)
        key = folder / "demo-key"
        if not key.exists():
            key.write_text(secrets.token_hex(32), encoding="ascii")
        self.environment = {**os.environ, "NAOBERKAART_KEY_FILE": str(key)}
        self.command = [sys.executable, "-m", "desktop_app", "--profile", str(folder)]

    def type(self, *arguments: str, typed: str = "") -> list[dict[str, Any]]:
        """Run a command and return its answers, one object a line.

        Raises:
            SystemExit: the command failed; the message is what it said.
        """
        done = subprocess.run(
            [*self.command, "--json", *arguments], cwd=ROOT, env=self.environment, input=typed,
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode not in {0, 4}:
            raise SystemExit(f"{self.name}: {' '.join(arguments[:2])}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def main(arguments: list[str] | None = None) -> int:
    """Start the database, set up both laptops, and open their windows or tell what they hold."""
    parser = argparse.ArgumentParser(prog="dev.py demo", description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep everything for a next time")
    parser.add_argument("--no-windows", action="store_true", help="only the commands")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the database stops with us
    with ExitStack() as stack:
        fresh = tempfile.TemporaryDirectory(prefix="naoberkaart-demo-")
        folder = (options.keep or Path(stack.enter_context(fresh))).absolute()
        server = stack.enter_context(shared_server(folder, is_kept=options.keep is not None))
        laptops = [Laptop(name, folder / login) for login, name in PEOPLE.items()]
        set_up(server, laptops)
        say(f"The shared database listens on {server.url(DATABASE, 'NAME', 'PASSWORD')}")
        if options.no_windows or not has_display():
            return show_by_commands(laptops)
        say("Two windows open. Change something in one and press F9 in both. Close both to stop.")
        windows = [stack.enter_context(open_window(laptop)) for laptop in laptops]
        return max(window.wait() for window in windows)


@contextmanager
def open_window(laptop: Laptop) -> Iterator[subprocess.Popen[bytes]]:
    """Open a laptop's window; it goes with us when we are stopped first."""
    window = subprocess.Popen(laptop.command, cwd=ROOT, env=laptop.environment)
    try:
        yield window
    finally:
        window.terminate()
        window.wait()


def shared_server(folder: Path, *, is_kept: bool) -> PostgresServer:
    """Return the server, at the port the laptops of a kept demonstration know."""
    if not is_kept:
        return PostgresServer()
    folder.mkdir(parents=True, exist_ok=True)
    port = folder / "port"
    if not port.exists():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port.write_text(str(free.getsockname()[1]), encoding="ascii")
    known = int(port.read_text(encoding="ascii"))
    return PostgresServer(folder=folder / "database", is_durable=True, port=known)


def set_up(server: PostgresServer, laptops: list[Laptop]) -> None:
    """Do what an administrator does once, and connect both colleagues."""
    administrator = Laptop("administrator", laptops[0].folder.parent / "administrator")
    url = server.url(DATABASE)
    say("Setting up the shared database ...")
    create_database(server)
    administrator.type("server", "init", "--plain-text", url)
    known = {p["name"]: p for p in administrator.type("server", "list-people", "--plain-text", url)}
    for laptop in laptops:
        if laptop.name in known:
            continue
        say(f"Giving {laptop.name} access and connecting that laptop ...")
        role = ["--name", laptop.name, "--role", "counter_clerk"]
        (given,) = administrator.type("server", "add-person", "--plain-text", *role, url)
        own = server.url(DATABASE, given["login"], given["password"])
        laptop.type("connect", "--plain-text", own)
        laptop.type("sync")
    if not known:
        for record in STARTED:
            laptops[0].type("record", "add", "initiative", json.dumps(record))
        laptops[0].type("sync")
        laptops[1].type("sync")


def create_database(server: PostgresServer) -> None:
    """Make an empty database, unless a kept one has it already."""
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def show_by_commands(laptops: list[Laptop]) -> int:
    """Change something on each laptop, synchronise, and show that both hold the same."""
    say("No windows here, so by commands: each laptop changes something, off line.")
    first, second = laptops
    first.type(
        "record", "set", "initiative", STARTED[0]["title"], '{"summary": "Met een waterpomp"}'
    )
    second.type("record", "set", "initiative", STARTED[1]["title"], '{"scale": "kern"}')
    for laptop in (first, second, first):
        laptop.type("sync")
    held = [laptop.type("record", "list", "initiative") for laptop in laptops]
    for laptop, records in zip(laptops, held, strict=True):
        say(f"{laptop.name} holds:")
        for record in records:
            say(
                f"  {record.get('code') or '-':14} {record['title']}: {record.get('summary') or ''}"
            )
    is_equal = sorted(map(shared_part, held[0])) == sorted(map(shared_part, held[1]))
    say("Both laptops hold the same." if is_equal else "The laptops differ: this is a bug.")
    return 0 if is_equal else 1


def shared_part(record: dict[str, Any]) -> str:
    """Return a record as text, to be compared."""
    return json.dumps(record, sort_keys=True)


def say(text: str) -> None:
    """Tell what happens."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
