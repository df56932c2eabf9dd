"""What the commands share: the opened store, and how results and messages are written."""

import getpass
import json
import sys
from functools import cached_property
from typing import Any

from db.errors import UserProblem
from db.fields import N_
from db.local.store import LocalStore
from desktop_app.i18n import _
from desktop_app.profile import KEY_FILE, NoKeyPlace, Profile, open_or_start, open_profile
from desktop_app.services.references import References

DONE, FAILED, WRONG_USE, UNREACHABLE, NEEDS_PERSON, DAMAGED = 0, 1, 2, 3, 4, 5


class Context:
    """One run of one command; the store is opened when a command first asks for it."""

    def __init__(self, profile: Profile, *, is_json: bool) -> None:
        self.profile = profile
        self.is_json = is_json
        self._store: LocalStore | None = None

    @property
    def store(self) -> LocalStore:
        """The store of the profile; an empty one is made in a new profile."""
        if self._store is None:
            is_new = not self.profile.has_store
            self._store = open_or_start(self.profile, ask_passphrase)
            if is_new:
                say(
                    _("A new, empty store was made in %(folder)s.")
                    % {"folder": self.profile.folder}
                )
        return self._store

    @property
    def existing_store(self) -> LocalStore:
        """The store of a profile that was started before.

        Raises:
            UserProblem: there is none; nothing is made.
        """
        if self._store is None and not self.profile.has_store:
            raise UserProblem(
                N_("There is no store in %(folder)s."), folder=str(self.profile.folder)
            )
        if self._store is None:
            self._store = open_profile(self.profile, ask_passphrase)
        return self._store

    @cached_property
    def references(self) -> References:
        """Titles and ids of the store's records."""
        return References(self.store)

    def tell(self, value: dict[str, Any], text: str) -> None:
        """Write a result: as JSON on standard output when asked, else as words."""
        if self.is_json:
            print(json.dumps(value, ensure_ascii=False, default=str))  # noqa: T201
        else:
            print(text)  # noqa: T201

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()


def say(text: str) -> None:
    """Say something to the person, on standard error."""
    print(text, file=sys.stderr)  # noqa: T201


def write(line: str) -> None:
    """Write one line of the result."""
    print(line)  # noqa: T201


def ask_passphrase(is_new: bool) -> str:
    """Ask for the passphrase; a new one twice. Without a terminal it is one line of standard input.

    Raises:
        UserProblem: the two were not the same. NoKeyPlace: there is nobody to ask.
    """
    if not sys.stdin.isatty():
        return _piped_passphrase()
    if not is_new:
        return getpass.getpass(_("Passphrase: "))
    first = getpass.getpass(_("Choose a passphrase: "))
    if first and getpass.getpass(_("Again: ")) != first:
        raise UserProblem(N_("The two passphrases are not the same."))
    return first


def _piped_passphrase() -> str:
    """Return the first line of standard input, unless that is plainly a record."""
    line = sys.stdin.readline().rstrip("\n")
    if not line or line.lstrip().startswith(("{", "[")):
        raise NoKeyPlace(
            N_("This system keeps no keys. Set %(name)s to a file, or give a passphrase."),
            name=KEY_FILE,
        )
    return line


def confirm_rows(done: int, total: int) -> None:
    """Show progress on a terminal, and nothing in a log file."""
    if sys.stderr.isatty():
        shown = _("%(done)d of %(total)d") if total else _("%(done)d")
        end = "\n" if done == total else "\r"
        print(shown % {"done": done, "total": total}, end=end, file=sys.stderr)  # noqa: T201
