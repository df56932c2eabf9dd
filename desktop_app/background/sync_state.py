"""How sync stands, and how patient its worker is: values only, no thread and no Qt."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from db.errors import AppError
from db.sync.engine import Step

TELL_S = 0.1
"""Progress is told no more often than this: the window has more to do."""
BUSY_S = 1.0
"""A save so soon after a cycle is likely one of a burst; an earlier one is sent without delay."""
BURST = 5
"""So many times a burst of saves may put off a cycle."""


class SyncPhase(Enum):
    """What the worker is doing."""

    ALONE = "alone"
    """There is no shared database to sync with."""
    QUIET = "quiet"
    WORKING = "working"
    OFFLINE = "offline"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SyncState:
    """How sync stands: what it does, how far, what is wrong, and when it tries again (aware UTC).

    `stalled_since` is when the cycle last got any further, once that is long ago (promise S13).
    """

    phase: SyncPhase = SyncPhase.ALONE
    step: Step | None = None
    error: AppError | None = None
    next_try: datetime | None = None
    stalled_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the worker waits for what, in seconds; tests are less patient."""

    poll_s: float = 30.0
    """A quiet connection asks for news after so long; one that listens hears it at once."""
    settle_s: float = 0.05
    """A burst of saves is sent together."""
    beat_s: float = 30.0
    """What is open in a form is told again after so long; the hint holds for 90 s."""
    first_delay_s: float = 5.0
    longest_delay_s: float = 300.0
    refused_delay_s: float = 600.0
    stalled_s: float = 60.0
    """A cycle that gets no further for so long says so."""
    hung_s: float = 300.0
    """A cycle that gets no further for so long is ended from outside, and tried again."""
    stop_s: float = 1.5
    """Stopping takes no longer; what is on its way is sent again later, without a second effect."""
