"""PySide6 6.12.0 gives back references it never took, on Python 3.11.

After some hundreds of signals the program aborts. A short test passes on the broken pair, so these
count references, or emit thousands of signals.
"""

import sys

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal

ROUNDS = 100


class Sender(QObject):
    said = Signal(str)


def test_emitting_a_signal_costs_no_reference_of_true():
    sender = Sender()
    sender.said.connect(lambda _text: None)
    before = sys.getrefcount(True)
    for _ in range(ROUNDS):
        sender.said.emit("x")
    assert abs(sys.getrefcount(True) - before) < ROUNDS / 2


def test_an_event_loop_costs_no_reference_of_none(qapp):
    before = sys.getrefcount(None)
    for _ in range(ROUNDS):
        loop = QEventLoop()
        QTimer.singleShot(0, loop.quit)
        loop.exec()
    assert abs(sys.getrefcount(None) - before) < ROUNDS / 2


def test_thousands_of_signals_leave_the_program_alive():
    sender = Sender()
    heard = []
    sender.said.connect(heard.append)
    for _ in range(5000):
        sender.said.emit("x")
    assert len(heard) == 5000
