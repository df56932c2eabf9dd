"""A laptop of a test: a process of its own with the real program, a profile, and a user at it."""

import os
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

SIZE = (1366, 728)
"""The least screen the program is made for, without a task bar."""
_ANSWER_S = 90


class StepFailed(AssertionError):
    """A step could not be done; the text says what stood on the screen."""


class Laptop:
    """One person's laptop; `do` is one act of that person."""

    def __init__(self, folder: Path, name: str, *, key_file: Path | None = None) -> None:
        """`key_file` holds the key, so that nobody is asked for a passphrase."""
        self.name, self.folder = name, folder
        self.profile, self.log = folder / name, folder / f"{name}.log"
        self._key_file = key_file
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def start(self) -> None:
        """Start the program and wait for its window."""
        ours, theirs = Pipe()
        command = [sys.executable, "-m", "tests.e2e.seat", str(theirs.fileno()), str(self.profile)]
        with self.log.open("ab") as log, theirs:
            self._process = subprocess.Popen(
                command, env=self._environment(), pass_fds=[theirs.fileno()], stderr=log, stdout=log
            )
        self._connection = ours
        self.do("resize", *SIZE)

    def command(self, *arguments: object) -> str:
        """Run the command line on this profile and return what it wrote."""
        command = [sys.executable, "-m", "desktop_app", "--profile", str(self.profile)]
        done = subprocess.run(
            [*command, *map(str, arguments)], env=self._environment(), capture_output=True, text=True
        )  # fmt: skip
        if done.returncode not in (0, 4):
            raise StepFailed(
                f"{self.name}: {arguments} ended with {done.returncode}: {done.stderr}"
            )
        return done.stdout

    def _environment(self) -> dict[str, str]:
        """Return a world of its own: no key store, no settings of the person who runs the test."""
        homes = {
            f"XDG_{kind}_HOME": str(self.folder / kind.lower())
            for kind in ("DATA", "CONFIG", "CACHE", "STATE")
        }
        given = {**os.environ, **homes}
        given["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        given.pop("NAOBERKAART_KEY_FILE", None)
        if self._key_file is not None:
            given["NAOBERKAART_KEY_FILE"] = str(self._key_file)
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            given["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium's refuses to run as root
        return given

    def do(self, act: str, *arguments: object) -> Any:
        """Let the user do something (`tests.e2e.hands`), and return what they see."""
        assert self._connection is not None
        try:
            self._connection.send((act, arguments))
            if not self._connection.poll(_ANSWER_S):
                raise StepFailed(f"{self.name}: {act} {arguments} got no answer")
            done, value = self._connection.recv()
        except (EOFError, OSError) as exc:
            said = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            told = f"{self.name}: the program ended during {act} {arguments}: {said}"
            raise StepFailed(told) from exc
        if not done:
            raise StepFailed(f"{self.name}: {act} {arguments}: {value}")
        return value

    def kill(self) -> None:
        """End the program as a power cut would: SIGKILL, no goodbye."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)
        self._forget()

    def close(self) -> None:
        """Close the window as a user does, and see that the program met no bug and ends well."""
        if self._process is None:
            return
        errors = self.do("errors")
        self.do("close")
        code = self._process.wait(60)
        self._forget()
        if errors or code:
            raise StepFailed(f"{self.name} ended with {code}: " + "\n".join(errors))

    def abandon(self) -> None:
        """End what still runs after a failure."""
        if self._process is not None:
            self.kill()

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None
