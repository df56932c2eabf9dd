"""Everything that can go wrong and is not a bug, by who must act.

AppError
 +- UserProblem          the input is wrong; shown as it is, carries `problems`
 |   +- Forgotten        the record was removed for good while it was being edited
 +- Unreachable          the shared database did not answer; retry later, quietly
 |   +- Refused          it answered and turned us away (password, certificate, revoked, version)
 +- Rejected             one change was refused; it is parked, the queue goes on
 +- LocalStoreDamaged    stop, offer the backup
 |   +- WrongKey         the key or passphrase does not open the store
 +- StorageFull          the disk is full; what was saved before is kept

Anything else is a bug. Messages are English gettext ids in plain words; `details` fills them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.rules import Problem


class AppError(Exception):
    """A known error with a sentence for the user; `details` fills its named placeholders."""

    is_retryable = False

    def __init__(self, message: str, **details: object) -> None:
        """Keep the untranslated `message` and its `details`."""
        super().__init__(message % details if details else message)
        self.message = message
        self.details = details


class UserProblem(AppError):
    """The input is not right; `problems` say where."""

    def __init__(self, message: str, problems: Sequence["Problem"] = (), **details: object) -> None:
        """Keep the `problems` beside the sentence."""
        super().__init__(message, **details)
        self.problems = tuple(problems)


class Forgotten(UserProblem):
    """The record was removed here for good while it was being edited; nothing was saved."""


class Unreachable(AppError):
    """The shared database can't be reached now; nothing is lost."""

    is_retryable = True


class Refused(Unreachable):
    """The shared database turned us away; trying again does not help until someone acts."""

    is_retryable = False

    def __init__(self, message: str, *, reason: str, **details: object) -> None:
        """Keep `reason`.

        One of login, certificate, revoked, newer_server, older_server, restored and plain_text.
        """
        super().__init__(message, **details)
        self.reason = reason


class Rejected(AppError):
    """One change can't be taken; the others can."""


class LocalStoreDamaged(AppError):
    """The local store can't be read; a backup is to be offered."""


class WrongKey(LocalStoreDamaged):
    """The key does not fit this store."""


class StorageFull(AppError):
    """There is no room left on the disk; the last save was not made."""

    is_retryable = True
