"""When it is told what is open here, and asked what is open elsewhere: only while somebody edits."""

from uuid import UUID, uuid4

import pytest

from db.shared.live import EDITING_S
from db.shared.memory import MemoryDatabase, MemoryServer
from desktop_app.background.heartbeat import Heartbeat, Others
from tests.contract.changes import made, push_one
from tests.factories import initiative

PLAN = initiative()
BEAT_S = 30.0


class Counter:
    """A laptop with its heart."""

    def __init__(self, server: MemoryServer, name: str) -> None:
        self.shared: MemoryDatabase = server.connect(server.add_person(name, ["counter_clerk"]))
        self.told: list[Others] = []
        self.heart = Heartbeat(uuid4(), BEAT_S, self.told.append)

    def beat(self) -> None:
        self.heart.beat(self.shared)

    def names(self) -> dict[UUID, list[str]]:
        return {key: [one.name for one in some] for key, some in self.told[-1].items()}


@pytest.fixture
def server() -> MemoryServer:
    return MemoryServer()


@pytest.fixture
def anna(server: MemoryServer) -> Counter:
    found = Counter(server, "Anna")
    push_one(found.shared, made(PLAN))
    return found


@pytest.fixture
def bram(server: MemoryServer) -> Counter:
    return Counter(server, "Bram")


def test_it_is_asked_once_and_then_rests_while_nobody_edits(anna: Counter) -> None:
    assert anna.heart.due_in() == 0
    anna.beat()
    assert anna.heart.due_in() == float("inf")
    assert anna.told == []


def test_what_opens_here_is_told_at_once_and_renewed_in_time(anna: Counter) -> None:
    anna.beat()
    anna.heart.set_mine(frozenset({("initiative", PLAN.id)}))
    assert anna.heart.due_in() == 0
    anna.beat()
    assert 0 < anna.heart.due_in() <= BEAT_S < EDITING_S


def test_what_others_open_is_asked_again_until_it_is_over(anna: Counter, bram: Counter) -> None:
    anna.heart.set_mine(frozenset({("initiative", PLAN.id)}))
    anna.beat()
    bram.beat()
    assert bram.names() == {PLAN.id: ["Anna"]}
    assert 0 < bram.heart.due_in() <= BEAT_S
    anna.heart.set_mine(frozenset())
    anna.beat()
    bram.heart.ask()
    bram.beat()
    assert bram.names() == {}
    assert bram.heart.due_in() == float("inf")


def test_the_end_of_a_hint_is_not_missed(
    server: MemoryServer, anna: Counter, bram: Counter
) -> None:
    """Anna's laptop broke down: nothing is told any more, but the hint ends after 90 seconds."""
    start = server.live.clock()
    server.live.clock = lambda: start
    anna.heart.set_mine(frozenset({("initiative", PLAN.id)}))
    anna.beat()
    server.live.clock = lambda: start + EDITING_S - 5
    bram.beat()
    assert 5 < bram.heart.due_in() < 6
    server.live.clock = lambda: start + EDITING_S + 0.1
    bram.heart.ask()
    bram.beat()
    assert bram.names() == {}


def test_the_same_news_is_told_once(anna: Counter, bram: Counter) -> None:
    anna.heart.set_mine(frozenset({("initiative", PLAN.id)}))
    anna.beat()
    for _round in range(3):
        bram.heart.ask()
        bram.beat()
    assert len(bram.told) == 1


def test_without_a_line_nothing_is_known(anna: Counter, bram: Counter) -> None:
    anna.heart.set_mine(frozenset({("initiative", PLAN.id)}))
    anna.beat()
    bram.beat()
    bram.heart.lose()
    assert bram.names() == {}
    assert bram.heart.due_in() == 0


def test_what_opens_while_it_is_told_is_told_next(anna: Counter, bram: Counter) -> None:
    share = anna.shared.share_editing

    def busy(*given: object) -> object:
        anna.heart.set_mine(frozenset({("initiative", PLAN.id)}))
        return share(*given)  # type: ignore[arg-type]

    anna.shared.share_editing = busy  # type: ignore[assignment,method-assign]
    anna.beat()
    assert anna.heart.due_in() == 0
    anna.beat()
    bram.beat()
    assert bram.names() == {PLAN.id: ["Anna"]}
