"""Runs what may take longer than 50 ms beside the window's thread.

The work gets no Qt object and may raise; its result or its exception comes back on the main thread.
Work that can be stopped takes a `threading.Event` of its caller. Tests use `InlineJobRunner`.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Jobs(Protocol):
    """What a view needs to have work done."""

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do `work` elsewhere, then call `done` with its result or `failed` with what it raised."""

    def on_main_thread(self, callback: Callable[..., None]) -> Callable[..., None]:
        """Return a function that any thread may call; `callback` then runs on the main thread."""


class JobRunner(QObject):
    """A small pool of threads whose answers arrive on the thread that made the runner.

    Signals:
        answered: Internal; a callback with its arguments.
    """

    answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None, workers: int = 2) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self.answered.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do `work` on a thread; the answer is given on the main thread."""
        self._pool.submit(self._work, work, done, failed)

    def on_main_thread(self, callback: Callable[..., None]) -> Callable[..., None]:
        """Return a function that any thread may call; `callback` then runs on the main thread."""
        return lambda *arguments: self.answered.emit(callback, arguments)

    def close(self) -> None:
        """Finish what runs, drop what waits."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, work: Callable[[], Any], done: Any, failed: Any) -> None:
        try:
            result = work()
        except Exception as error:
            if failed is None:
                _log.exception("a job failed and nobody asked to hear of it")
            else:
                self.answered.emit(failed, (error,))
        else:
            self.answered.emit(done, (result,))

    @Slot(object, object)
    def _call(self, callback: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        asker = getattr(callback, "__self__", None)
        if isinstance(asker, QObject) and not isValid(asker):
            return  # its window was closed meanwhile
        callback(*arguments)


class InlineJobRunner:
    """Does the work at once, for tests and for programs that end right after it."""

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do `work` now and give its answer."""
        try:
            result = work()
        except Exception as error:
            if failed is None:
                raise
            failed(error)
        else:
            done(result)

    def on_main_thread(self, callback: Callable[..., None]) -> Callable[..., None]:
        """Return `callback` itself: there is one thread."""
        return callback
