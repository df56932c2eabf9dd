"""Counting the statements of a cycle, on both databases, and doing something at a chosen one.

A step is the moment before a statement of the laptop's own database (commits among them), and three
moments of each statement to the shared one: before it is sent, when it is on its way, and when its
answer is there. The count is the same in every run of the same work, so a step can be named again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.waiting import Ready, Wait
from sqlalchemy import Engine, event

from db.shared import connecting
from db.shared.patience import PatientConnection


class Steps:
    """Counts steps; `act` is called at step `at` (1 is the first; 0: never)."""

    def __init__(self, at: int = 0, act: Callable[[], None] = lambda: None) -> None:
        self.at, self.act = at, act
        self.names: list[str] = []

    def step(self, name: str) -> None:
        """Note a step, and act when it is the one."""
        self.names.append(name)
        if len(self.names) == self.at:
            self.act()

    def watch_store(self, engine: Engine) -> None:
        """Count every statement on this laptop's own database."""

        @event.listens_for(engine, "checkout")
        def _watch(connection: Any, *_: object) -> None:
            connection.set_trace_callback(lambda sql: self.step(f"store: {sql[:60]}"))

    @contextmanager
    def watch_line(self) -> Iterator[None]:
        """Count the moments of every statement to the shared database, while this is open."""
        usual = connecting.PatientConnection
        connecting.PatientConnection = _watched_by(self.step)  # type: ignore[misc]
        try:
            yield
        finally:
            connecting.PatientConnection = usual  # type: ignore[misc]


def _watched_by(step: Callable[[str], None]) -> type[PatientConnection]:
    def told(gen: Any) -> Any:
        is_told = False
        try:
            wanted = next(gen)
            while True:
                if wanted == Wait.R and not is_told:
                    is_told = True
                    step("line: on its way")
                ready: Ready = yield wanted
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    class Watched(PatientConnection):
        @classmethod
        def connect(cls, *args: Any, **kwargs: Any) -> Any:
            step("line: before connecting")
            made = super().connect(*args, **kwargs)
            step("line: connected")
            return made

        def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
            step("line: before sending")
            value = super().wait(told(gen), *args, **kwargs)
            step("line: answered")
            return value

    return Watched
