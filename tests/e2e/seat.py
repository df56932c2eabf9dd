"""The real program with a user at it: takes orders of a test over a connection, and carries them out.

Started by `tests.e2e.laptop`. The program runs as `desktop_app.app.main` runs it; only who presses
the keys differs. Orders come one at a time, so that a step of a test is over before the next.
"""

import logging
import sys
import threading
import traceback
from multiprocessing.connection import Connection

from PySide6.QtCore import QObject, Signal

from desktop_app import app
from tests.e2e.hands import Act, Hands


class Post(QObject):
    """Brings orders from the connection's thread to the window's.

    Signals:
        ordered(object): (name, arguments).
    """

    ordered = Signal(object)


class Seat(QObject):
    """Carries out orders and answers them: (True, value) or (False, what went wrong)."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection = connection
        self.hands = Hands()
        self.errors: list[str] = []

    def on_ordered(self, order: tuple[str, tuple[object, ...]]) -> None:
        name, arguments = order
        act = None
        try:
            if name == "errors":
                value: object = list(self.errors)
            else:
                value = getattr(self.hands, name)(*arguments)
            if isinstance(value, Act):
                act, value = value.work, None
            self.connection.send((True, value))
        except Exception:
            told = "\n".join([traceback.format_exc(limit=-2), *self.errors])
            self.connection.send((False, told))
        if act is not None:
            try:
                act()
            except Exception:
                self.errors.append(f"{name} {arguments}: {traceback.format_exc()}")


class Listener(logging.Handler):
    """Keeps what the program logs as an error: a step that looked well may still have met a bug."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.errors = errors

    def emit(self, record: logging.LogRecord) -> None:
        self.errors.append(logging.Formatter().format(record))


def main() -> int:
    connection, profile = Connection(int(sys.argv[1])), sys.argv[2]
    post, seat = Post(), Seat(connection)
    post.ordered.connect(seat.on_ordered)
    logging.getLogger().addHandler(Listener(seat.errors))

    def listen() -> None:
        try:
            while True:
                post.ordered.emit(connection.recv())
        except (EOFError, OSError, RuntimeError):
            return

    threading.Thread(target=listen, daemon=True).start()
    return app.main(["naoberkaart", "--profile", profile])


if __name__ == "__main__":
    sys.exit(main())
