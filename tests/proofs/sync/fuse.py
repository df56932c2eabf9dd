"""Ending a laptop's program at its k-th statement to the local store, as `kill -9` would.

The store's own connections are wrapped, so statements that go past SQLAlchemy count as well. What
was not committed is rolled back; nothing after the fatal statement is run: no handler, no close.
"""

from typing import Any

from sqlalchemy import Engine, event


class Killed(BaseException):
    """The program was ended here; no `except Exception` of the program may notice."""


class Fuse:
    """Counts statements down; at zero the program ends. None: it never does."""

    def __init__(self) -> None:
        self.left: int | None = None

    def burn(self) -> None:
        """Count one statement."""
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise Killed

    def wire(self, engine: Engine) -> None:
        """Let every statement of `engine` burn it."""

        @event.listens_for(engine, "connect")
        def _connected(connection: Any, record: Any) -> None:
            record.dbapi_connection = _Tapped(connection, self)

        engine.dispose()


class _Tapped:
    """A driver's connection or cursor of which each statement burns the fuse first."""

    def __init__(self, inner: Any, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __iter__(self) -> Any:
        return iter(self._inner)

    def execute(self, *arguments: Any) -> Any:
        self._fuse.burn()
        return self._inner.execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:
        self._fuse.burn()
        return self._inner.executemany(*arguments)

    def commit(self) -> None:
        self._fuse.burn()
        self._inner.commit()

    def cursor(self, *arguments: Any) -> Any:
        return _Tapped(self._inner.cursor(*arguments), self._fuse)
