"""Attachments cross once, in pieces that go on where a cut or a crash left them (S12)."""

from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.entities.initiative import Initiative
from db.local import attaching
from db.local.engine import writing
from db.sync import pace
from db.sync.engine import Cancelled, Engine, Step
from tests.sync.conftest import Office
from tests.sync.files import PIECE, WHOLE, Line, attach, name_of, photo
from tests.sync.scenes import shared_plan


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LEAST_BYTES", PIECE)
    monkeypatch.setattr(pace, "MOST_BYTES", PIECE)


@pytest.fixture
def plan(office: Office) -> Initiative:
    return shared_plan(office)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(6))
def test_sending_goes_on_where_a_cut_left_it(
    office: Office, plan: Initiative, number: int, when: str
) -> None:
    """At most one piece is sent twice, and a crash in the middle makes no difference."""
    attach(office.eibergen, plan, photo())
    line = Line(office.eibergen)
    line.cut_at, line.when = number, when
    assert not office.eibergen.sync()
    assert office.eibergen.store.tally().photos == 1
    office.eibergen.crash()
    assert office.eibergen.sync()
    assert office.neede.sync()
    assert office.neede.store.blob(name_of(photo())) == photo()
    assert sum(line.sent) - WHOLE <= PIECE
    assert office.eibergen.store.tally().is_clean


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(6))
def test_fetching_goes_on_where_a_cut_left_it(
    office: Office, plan: Initiative, number: int, when: str
) -> None:
    """What came is kept through the cut and a crash: only the piece that was cut comes again."""
    attach(office.eibergen, plan, photo())
    assert office.eibergen.sync()
    line = Line(office.neede)
    line.cut_at, line.when = number, when
    assert not office.neede.sync()
    assert office.neede.store.tally().missing == 1
    office.neede.crash()
    came = attaching.file_state(office.neede.store, name_of(photo())).received_bytes
    assert came == number * PIECE
    assert office.neede.sync()
    assert office.neede.store.blob(name_of(photo())) == photo()
    assert sum(line.fetched) == WHOLE
    assert office.neede.store.tally().is_clean


def test_the_same_bytes_never_cross_twice(office: Office, plan: Initiative) -> None:
    attach(office.eibergen, plan, photo())
    office.sync()
    line = Line(office.eibergen)
    attach(office.eibergen, plan, photo())
    attach(office.neede, plan, photo())
    office.sync()
    assert (line.sent, line.fetched) == ([], [])
    assert office.eibergen.store.tally().is_clean


def test_bytes_that_came_wrong_are_thrown_away_and_fetched_again(
    office: Office, plan: Initiative
) -> None:
    attach(office.eibergen, plan, photo())
    assert office.eibergen.sync()
    name = name_of(photo())
    assert not office.neede.sync(["", "", "", "", "", "before"])
    with writing(office.neede.store.engine) as connection:
        changed = connection.exec_driver_sql("UPDATE blob_part SET content = zeroblob(16384)")
        assert changed.rowcount
    assert office.neede.sync()
    assert office.neede.store.blob(name) == photo()


def test_pictures_go_first_then_small_then_large(office: Office, plan: Initiative) -> None:
    """Colleagues see what it is about long before the large ones are there."""
    line = Line(office.eibergen)
    attach(office.eibergen, plan, photo(3 * PIECE * 2, 5), picture=photo(900, 6))
    attach(office.eibergen, plan, photo(300, 7), picture=photo(800, 8))
    assert office.eibergen.sync()
    first = line.calls.index("put_blobs")
    assert line.calls[first - 1 : first + 2] == ["blob_offsets", "put_blobs", "put_blob"]


def test_many_small_ones_take_few_round_trips(office: Office, plan: Initiative) -> None:
    """Offsets of all in one call, and as many in one call as make a piece (S9)."""
    for number in range(40):
        attach(office.eibergen, plan, photo(700, number), picture=photo(100, 100 + number))
    line, other = Line(office.eibergen), Line(office.neede)
    assert office.eibergen.sync()
    assert line.calls.count("blob_offsets") == 1
    assert line.calls.count("put_blobs") == -(-40 * 800 // PIECE) or len(line.calls) < 10
    assert "put_blob" not in line.calls
    assert office.neede.sync()
    assert other.calls.count("blob_offsets") == 1
    assert "get_blob" not in other.calls
    assert office.neede.store.tally().is_clean


def test_progress_is_told_for_each_file(office: Office, plan: Initiative) -> None:
    made = attach(office.eibergen, plan, photo())
    told: list[Step] = []
    Engine(office.eibergen.store, office.eibergen.network).run_cycle(told.append)
    files = [step.file for step in told if step.file is not None]
    assert [file.done for file in files] == [n * PIECE for n in range(6)]
    assert {(file.sha256, file.total) for file in files} == {(made.sha256, WHOLE)}
    assert (told[-1].phase, told[-1].done, told[-1].total) == ("photos", 1, 1)


def test_stopping_in_the_middle_of_a_file_keeps_what_crossed(
    office: Office, plan: Initiative
) -> None:
    attach(office.eibergen, plan, photo())
    assert office.eibergen.sync()
    stop = Event()

    def halfway(step: Step) -> None:
        if step.file is not None and step.file.done >= 2 * PIECE:
            stop.set()

    with pytest.raises(Cancelled):
        Engine(office.neede.store, office.neede.network).run_cycle(halfway, stop)
    name = name_of(photo())
    assert attaching.file_state(office.neede.store, name).received_bytes == 2 * PIECE
    assert office.neede.sync()
    assert office.neede.store.blob(name) == photo()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(1, 3 * PIECE), min_size=1, max_size=5),
    cuts=st.lists(st.lists(st.sampled_from(["", "", "before", "after"]), max_size=12), max_size=4),
)
def test_any_photos_cross_through_any_cuts(
    office: Office, plan: Initiative, sizes: list[int], cuts: list[list[str]]
) -> None:
    """Cut wherever, crash after every cycle: in the end all is there, byte for byte."""
    contents = [photo(size, seed) for seed, size in enumerate(sizes)]
    for content in contents:
        attach(office.eibergen, plan, content, picture=content[:100])
    for laptop in (office.eibergen, office.neede):
        for cycle in cuts:
            laptop.sync(cycle)
            laptop.crash()
        assert laptop.sync()
    for laptop in (office.eibergen, office.neede):
        assert laptop.store.tally().is_clean
        for content in contents:
            assert laptop.store.blob(name_of(content)) == content
            assert laptop.store.blob(name_of(content[:100])) == content[:100]
