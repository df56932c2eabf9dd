"""Notices that the network became another one, and that the laptop has slept, on the main thread.

Qt tells of the network where the system does; since not every system does, and none tells of a
change of network for certain, the addresses of this laptop are compared every few seconds, too
(0.05 ms). That it slept shows in the clock: more time passed than between two ticks.
"""

from collections.abc import Callable
from time import monotonic, time

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QAbstractSocket, QNetworkInformation, QNetworkInterface

TICK_MS = 2_000
SLEPT_S = 10.0
"""So much longer than a tick is no busy window, but a lid that was closed (or a clock put right)."""


def network_addresses() -> frozenset[str]:
    """Return this machine's addresses on every network but itself; another set is another network.

    Addresses that a machine gives itself stay when the network goes, and private IPv6 ones come and
    go by themselves, so only IPv4 ones and whether there is any IPv6 count.
    """
    found = [one for one in QNetworkInterface.allAddresses() if one.isGlobal()]
    protocol = QAbstractSocket.NetworkLayerProtocol.IPv4Protocol
    named = {one.toString() for one in found if one.protocol() == protocol}
    return frozenset(named | ({"IPv6"} if len(found) > len(named) else set()))


class SleepWatch:
    """Tells from the clocks whether the laptop slept; some clocks stand still meanwhile, some do not."""

    def __init__(
        self, wall: Callable[[], float] = time, steady: Callable[[], float] = monotonic
    ) -> None:
        self._clocks = wall, steady
        self._last = self._read()

    def _read(self) -> tuple[float, ...]:
        return tuple(clock() for clock in self._clocks)

    def has_slept(self) -> bool:
        """Whether far more time passed since the last call than the few seconds of a tick."""
        now, before = self._read(), self._last
        self._last = now
        return any(abs(new - old) > SLEPT_S for new, old in zip(now, before, strict=True))


class Watch(QObject):
    """Looks around every two seconds.

    Signals:
        ticked(): two seconds passed.
        renewed(): the network is another one or back, or the laptop woke.
    """

    ticked = Signal()
    renewed = Signal()

    def __init__(
        self,
        addresses: Callable[[], frozenset[str]] = network_addresses,
        sleep: SleepWatch | None = None,
    ) -> None:
        super().__init__()
        self._addresses, self._known = addresses, addresses()
        self._sleep = sleep or SleepWatch()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)
        if QNetworkInformation.loadDefaultBackend():
            QNetworkInformation.instance().reachabilityChanged.connect(self._on_reachability)

    def start(self) -> None:
        """Begin to look."""
        self._known = self._addresses()
        self._sleep.has_slept()
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def tick(self) -> None:
        """Compare with the last time."""
        addresses, slept = self._addresses(), self._sleep.has_slept()
        is_other = bool(addresses - self._known)
        self._known = addresses
        if slept or is_other:
            self.renewed.emit()
        self.ticked.emit()

    def _on_reachability(self, reachability: QNetworkInformation.Reachability) -> None:
        is_down = reachability == QNetworkInformation.Reachability.Disconnected
        if self._timer.isActive() and not is_down:
            self.renewed.emit()
