"""One person's line to the shared PostgreSQL: opened at the first call, dropped after any failure."""

from typing import Any

import psycopg

from db.shared import connecting
from db.shared.connecting import Address
from db.shared.patience import PATIENCE_S
from db.shared.protocol import VERSION


class Link:
    """A connection on which one call is one statement in its own transaction."""

    def __init__(self, address: Address, patience_s: float = PATIENCE_S) -> None:
        """Connect at the first call; give up on a server that is silent for `patience_s`."""
        self._address, self._patience_s = address, patience_s
        self._connection: psycopg.Connection[Any] | None = None
        self._is_listening = False
        self._version = VERSION
        """What the server speaks; until it said so, the newest."""

    def close(self) -> None:
        """Let go of the connection; the next call makes a new one."""
        connection, self._connection = self._connection, None
        self._is_listening = False
        if connection is not None:
            connection.close()

    def _opened(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = connecting.connect(self._address, self._patience_s)
            self._is_listening = False
        return self._connection

    def _call(self, query: str, parameters: tuple[object, ...], *, binary: bool = False) -> Any:
        """Run one statement and return its one value; `binary`: as bytes cross, not as text."""
        try:
            with connecting.errors_told():
                answer = self._opened().execute(query, parameters, prepare=False, binary=binary)
                row = answer.fetchone()
        except BaseException:
            self.close()
            raise
        return row[0] if row else None
