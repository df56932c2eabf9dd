"""A window in a process of its own that tells how far it is; started by `window_measures`.

It writes a line for each moment: "usable" when the window stands and its list has rows, "drawn"
when its map has been drawn. Then it stays until it is ended.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

LOOK_MS = 5


def tell(moment: str) -> None:
    print(moment, flush=True)


class Watch(QObject):
    """Looks every 5 ms whether the program's window is usable, and then its map."""

    def __init__(self, program: QObject) -> None:
        super().__init__(program)
        self.program = program
        self.moment = "usable"
        self.timer = QTimer(self, interval=LOOK_MS)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def look(self) -> None:
        window = self.program.window  # type: ignore[attr-defined]
        if window is None or not window.windowHandle().isExposed():
            return
        if self.moment == "usable" and window.workspace.list.total:
            self.moment = "drawn"
            tell("usable")
        elif self.moment == "drawn" and window.workspace.area.map.is_ready:
            self.timer.stop()
            tell("drawn")


def program(profile: str) -> int:
    """Run the real program; only a timer that looks is added."""
    from desktop_app import app
    from desktop_app.program import Program

    begin = Program.begin

    def watched(self: Program) -> None:
        begin(self)
        Watch(self)

    Program.begin = watched  # type: ignore[method-assign]
    return app.main(["naoberkaart", "--profile", profile])


def bare() -> int:
    """Run a window with nothing in it."""
    application = QApplication([])
    window = QMainWindow()
    window.resize(1366, 728)
    window.show()
    timer = QTimer(interval=LOOK_MS)

    def look() -> None:
        if window.windowHandle().isExposed():
            timer.stop()
            tell("usable")

    timer.timeout.connect(look)
    timer.start()
    return application.exec()


def bare_map() -> int:
    """Run a window with a web view and an empty Leaflet map."""
    from tests.benchmarks.map_points import plain_page

    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication([])
    bench = plain_page()
    bench.promise("new Promise((done) => requestAnimationFrame(() => done(1)))")
    tell("drawn")
    return application.exec()


if __name__ == "__main__":
    what = sys.argv[1]
    sys.exit(
        program(str(Path(sys.argv[2])))
        if what == "program"
        else {"bare": bare, "bare_map": bare_map}[what]()
    )
