"""The network that changes and the lid that was closed are noticed; trying is put off more and more."""

from itertools import pairwise

from pytestqt.qtbot import QtBot

from desktop_app.background.backoff import Backoff
from desktop_app.background.watch import SleepWatch, Watch, network_addresses


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def test_a_closed_lid_shows_on_whichever_clock_went_on() -> None:
    wall, steady = Clock(), Clock()
    watch = SleepWatch(wall, steady)
    for clock in (wall, steady):
        clock.at += 2
    assert not watch.has_slept()
    wall.at += 3_600
    assert watch.has_slept()
    assert not watch.has_slept()
    steady.at += 3_600
    assert watch.has_slept()


def test_a_busy_window_is_no_sleep() -> None:
    wall, steady = Clock(), Clock()
    watch = SleepWatch(wall, steady)
    for clock in (wall, steady):
        clock.at += 8
    assert not watch.has_slept()


def test_another_network_is_news_and_a_lost_one_is_not(qtbot: QtBot) -> None:
    known = [frozenset({"10.0.0.4"})]
    watch = Watch(lambda: known[0])
    known[0] = frozenset()
    with qtbot.assertNotEmitted(watch.renewed):
        watch.tick()
    known[0] = frozenset({"192.168.1.7"})
    with qtbot.waitSignal(watch.renewed):
        watch.tick()
    with qtbot.assertNotEmitted(watch.renewed):
        watch.tick()


def test_waking_is_news(qtbot: QtBot) -> None:
    wall = Clock()
    watch = Watch(frozenset, SleepWatch(wall, Clock()))
    wall.at += 60
    with qtbot.waitSignal(watch.renewed):
        watch.tick()


def test_it_looks_around_by_itself(qtbot: QtBot) -> None:
    watch = Watch()
    with qtbot.waitSignal(watch.ticked):
        watch.start()
    watch.stop()


def test_a_machine_s_own_addresses_are_no_network() -> None:
    assert not network_addresses() & {"127.0.0.1", "::1"}


def test_trying_is_put_off_more_and_more_and_never_for_long() -> None:
    backoff = Backoff(5, 300)
    delays = [backoff.next_s() for _number in range(12)]
    assert all(one < two for one, two in pairwise(delays[:6]))
    assert max(delays) <= 330
    assert delays[-1] >= 270
    backoff.forget()
    assert backoff.next_s() < 6
