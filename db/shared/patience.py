"""A connection that does not wait for ever for a server that has stopped answering.

A dead line is noticed by TCP itself (keepalives, `tcp_user_timeout`); a server that hangs behind a
living line is not. As long as bytes move, however slowly, there is no limit.
"""

from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.waiting import Ready

PATIENCE_S = 60.0
"""More than a push waits for its turn (`lock_timeout` of a person is 30 s), and what S13 calls long."""

_RV = TypeVar("_RV")


class PatientConnection(psycopg.Connection[Any]):
    """Raises OperationalError when nothing at all has come or gone for `patience_s`."""

    patience_s = PATIENCE_S
    moved_at = 0.0
    """When the last byte came or went while an answer was waited for, see `time.monotonic`."""

    def wait(self, gen: PQGen[_RV], *args: Any, **kwargs: Any) -> _RV:
        """Wait for the server as the base class does, with our limit."""
        is_listening = kwargs.get("timeout") is not None
        return super().wait(gen if is_listening else self._watched(gen), *args, **kwargs)

    def _watched(self, gen: PQGen[_RV]) -> PQGen[_RV]:
        self.moved_at = monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready != Ready.NONE:
                    self.moved_at = monotonic()
                elif monotonic() - self.moved_at > self.patience_s:
                    raise psycopg.OperationalError("the server has stopped answering")
                wanted = gen.send(ready)
        except StopIteration as end:
            value: _RV = end.value
            return value
