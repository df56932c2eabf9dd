"""How far a cycle is, and how it is stopped: shared by the parts of a cycle."""

from dataclasses import dataclass
from threading import Event

from db.errors import AppError
from db.fields import N_


@dataclass(frozen=True, slots=True)
class FileStep:
    """How many bytes of one attachment have crossed; `total` 0 when it is not known."""

    sha256: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Step:
    """How far a cycle is: `phase` is send, receive or photos; `total` 0 when it is not known.

    `file` is the attachment that is on its way now.
    """

    phase: str
    done: int
    total: int
    file: FileStep | None = None


class Cancelled(AppError):
    """The user stopped the cycle; what was done stands."""


def stopped(stop: Event) -> bool:
    """Return False, or raise when the user asked to stop.

    Raises:
        Cancelled: on request.
    """
    if stop.is_set():
        raise Cancelled(N_("Stopped. What was sent and received so far is kept."))
    return False
