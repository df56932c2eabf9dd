"""What a connection that stays open adds: hearing at once what others do, and who edits what.

All of it is a hint. When the connection is lost, or the server is of version 1, nothing else changes:
news is then found by asking now and then.
"""

import selectors
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Protocol
from uuid import UUID

EDITING_S = 90.0
"""How long a hint holds when it is not renewed."""

SHARES_EDITING = 2
"""The first version of the server that knows who edits what."""


class News(Enum):
    """What is heard of others."""

    CHANGES = "changes"
    EDITING = "editing"


@dataclass(frozen=True, slots=True)
class Editing:
    """Someone else has a record open in a form; true for `left_s` seconds at most."""

    entity: str
    record_id: UUID
    person: UUID
    name: str
    left_s: float


class Waker:
    """Wakes a thread that waits; a pair of sockets, so that it can wait for a server as well.

    `wake` may be called from any thread, the rest only by the one that waits.
    """

    def __init__(self) -> None:
        self._mine, self._theirs = socket.socketpair()
        for end in (self._mine, self._theirs):
            end.setblocking(False)

    def fileno(self) -> int:
        """Return what `select` can wait for."""
        return self._mine.fileno()

    def wake(self) -> None:
        """End the wait, or the next one."""
        with suppress(OSError):  # full: it will wake all the same; closed: nobody waits any more
            self._theirs.send(b"!")

    def clear(self) -> None:
        """Forget what has woken us."""
        with suppress(BlockingIOError):
            while self._mine.recv(4096):
                pass

    def wait(self, timeout_s: float, fileno: int | None = None) -> None:
        """Wait until woken, until there is something to read at `fileno`, or for `timeout_s`."""
        with selectors.DefaultSelector() as watched:
            for source in {self.fileno(), self.fileno() if fileno is None else fileno}:
                watched.register(source, selectors.EVENT_READ)
            watched.select(max(0.0, timeout_s))
        self.clear()

    def close(self) -> None:
        """Let go of the sockets."""
        self._mine.close()
        self._theirs.close()


class Live(Protocol):
    """The part of a shared database that needs a connection which stays open."""

    def listen(self) -> None:
        """Hear from now on what others do; once a connection."""
        ...

    def hear(self, timeout_s: float, waker: Waker) -> frozenset[News]:
        """Return what others did since; wait for it until `waker` wakes or `timeout_s` passed."""
        ...

    def share_editing(
        self, device_id: UUID, records: Iterable[tuple[str, UUID]]
    ) -> tuple[Editing, ...]:
        """Tell all that is open in forms here (entity, id); return what others have open."""
        ...

    def sever(self) -> None:
        """Break the line, from any thread: whoever waits for an answer hears that there is none."""
        ...

    @property
    def moved_at(self) -> float:
        """Return when the last byte came or went, in `time.monotonic` seconds."""
        ...
