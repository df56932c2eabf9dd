"""One person's line to the shared PostgreSQL: opened at the first call, dropped after any failure."""

import socket
import threading
from contextlib import suppress
from typing import Any

import psycopg

from db.shared import connecting
from db.shared.connecting import Address
from db.shared.patience import PATIENCE_S, PatientConnection
from db.shared.protocol import VERSION

GREETING_S = 15.0
"""How long the first answer on a line may take; a line that was quiet may have died meanwhile."""


class Link:
    """A connection on which one call is one statement in its own transaction."""

    def __init__(self, address: Address, patience_s: float = PATIENCE_S) -> None:
        """Connect at the first call; give up on a server that is silent for `patience_s`."""
        self._address, self._patience_s = address, patience_s
        self._connection: PatientConnection | None = None
        self._lock = threading.Lock()
        self._is_listening = False
        self._version = VERSION
        """What the server speaks; until it said so, the newest."""

    def close(self) -> None:
        """Let go of the connection; the next call makes a new one."""
        with self._lock:
            connection, self._connection = self._connection, None
            self._is_listening = False
            if connection is not None:
                connection.close()

    def sever(self) -> None:
        """Break the line, from any thread: whoever waits for an answer hears that there is none."""
        with self._lock, suppress(OSError, psycopg.Error):
            if self._connection is not None:
                line = socket.socket(fileno=self._connection.fileno())
                try:
                    line.shutdown(socket.SHUT_RDWR)
                finally:
                    line.detach()

    @property
    def moved_at(self) -> float:
        """Return when the last byte came or went, in `time.monotonic` seconds; 0 for never."""
        connection = self._connection
        return connection.moved_at if connection is not None else 0.0

    def _opened(self) -> PatientConnection:
        if self._connection is None or self._connection.closed:
            self._connection = connecting.connect(self._address, self._patience_s)
            self._is_listening = False
        return self._connection

    def _call(
        self,
        query: str,
        parameters: tuple[object, ...],
        *,
        binary: bool = False,
        patience_s: float = PATIENCE_S,
    ) -> Any:
        """Run one statement and return its one value; `binary`: as bytes cross, not as text."""
        try:
            with connecting.errors_told():
                connection = self._opened()
                connection.patience_s = min(patience_s, self._patience_s)
                answer = connection.execute(query, parameters, prepare=False, binary=binary)
                row = answer.fetchone()
        except BaseException:
            self.close()
            raise
        return row[0] if row else None
