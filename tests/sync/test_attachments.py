"""Attachments cross once, in pieces, whatever breaks: pictures first, large files on demand (S12)."""

import random
from hashlib import sha256
from threading import Event
from uuid import UUID, uuid4

import pytest

from db.entities.initiative import Initiative
from db.entities.place import Attachment
from db.local import attaching, blobs
from db.local.engine import reading, writing
from db.local.state import RecordState
from db.sync import pace
from db.sync.engine import Cancelled, Engine, Step
from tests.factories import attachment, contact_moment
from tests.sync.conftest import Office
from tests.sync.scenes import shared_plan
from tests.sync.world import Cut, Laptop

PIECE = 16 * 1024
WHOLE = 5 * PIECE + 1234
"""Above what crosses together with others, so in six pieces."""
LARGE = blobs.LARGE_BYTES + 1


def photo(size: int = WHOLE, seed: int = 1) -> bytes:
    """Return bytes that look like nothing else."""
    return random.Random(seed).randbytes(size)


def name_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def attach(laptop: Laptop, plan: Initiative, content: bytes, picture: bytes = b"") -> Attachment:
    """Add an attachment as the program does."""
    made = attachment(
        content, belongs_to=plan.id, thumbnail=name_of(picture) if picture else None, id=uuid4()
    )
    return attaching.attach(laptop.store, made, [content, *([picture] if picture else [])])


class Line:
    """Counts the bytes that cross, and cuts before or after a piece with a number."""

    def __init__(self, laptop: Laptop) -> None:
        self._network, self.calls, self.sent, self.fetched = laptop.network, [], [], []
        self.cut_at, self.when, self.content_of = -1, "", b""
        self._own = laptop.network._call
        laptop.network._call = self._call  # type: ignore[method-assign]
        self._put, self._get = laptop.network.put_blob, laptop.network.get_blob
        laptop.network.put_blob = self.put_blob  # type: ignore[method-assign]
        laptop.network.get_blob = self.get_blob  # type: ignore[method-assign]

    def _call(self, name, work):  # type: ignore[no-untyped-def]
        self.calls.append(name)
        return self._own(name, work)

    def put_blob(self, name: str, offset: int, total: int, content: bytes) -> int:
        return self._cut(self.sent, len(content), lambda: self._put(name, offset, total, content))

    def get_blob(self, name: str, offset: int, size: int) -> bytes:
        piece = self._cut(self.fetched, 0, lambda: self._get(name, offset, size))
        self.fetched[-1] = len(piece)
        return piece

    def _cut(self, crossed, size, work):  # type: ignore[no-untyped-def]
        crossed.append(size)
        is_here = len(self.sent) + len(self.fetched) - 1 == self.cut_at
        if is_here and self.when == "before":
            raise Cut("cut")
        answer = work()
        if is_here:
            raise Cut("cut")
        return answer


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


def test_a_large_file_comes_when_it_is_asked_for(office: Office, plan: Initiative) -> None:
    made = attach(office.eibergen, plan, photo(LARGE), picture=photo(500, 2))
    office.sync()
    neede = office.neede.store
    assert neede.blob(made.sha256) is None
    assert neede.blob(str(made.thumbnail)) == photo(500, 2)
    assert neede.tally().is_clean  # nothing is still to come by itself
    assert neede.record_states([plan.id]) == {plan.id: RecordState.STORED}
    attaching.ask_for(neede, made)
    assert attaching.file_state(neede, made.sha256).is_asked
    assert neede.tally().missing == 1
    assert office.neede.sync()
    assert neede.blob(made.sha256) == photo(LARGE)
    assert attaching.file_state(neede, made.sha256) == attaching.FileState(is_here=True)
    assert neede.tally().is_clean


def test_everything_comes_when_a_visit_is_packed(office: Office, plan: Initiative) -> None:
    made = attach(office.eibergen, plan, photo(LARGE))
    attaching.fetch_everything(office.neede.store, is_on=True)
    office.sync()
    assert office.neede.store.blob(made.sha256) == photo(LARGE)


def test_a_large_file_that_is_not_wanted_any_more_stops_coming(
    office: Office, plan: Initiative
) -> None:
    made = attach(office.eibergen, plan, photo(LARGE))
    office.sync()
    store = office.neede.store
    attaching.ask_for(store, made)

    def give_up(step: Step) -> None:
        if step.file is not None and step.file.done >= 3 * PIECE:
            attaching.ask_for(store, made, is_wanted=False)

    Engine(store, office.neede.network).run_cycle(give_up)
    came = attaching.file_state(store, made.sha256)
    assert not came.is_here
    assert came.received_bytes == 3 * PIECE
    attaching.ask_for(store, made)
    line = Line(office.neede)
    assert office.neede.sync()
    assert store.blob(made.sha256) == photo(LARGE)
    assert sum(line.fetched) == LARGE - 3 * PIECE


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


def test_a_record_is_complete_when_its_photos_are(office: Office, plan: Initiative) -> None:
    """On the laptop that sends, and on the one that waits for a colleague to send."""
    line = Line(office.eibergen)
    line.cut_at, line.when = 1, "before"
    made = attach(office.eibergen, plan, photo())
    assert not office.eibergen.sync()
    assert office.neede.sync()
    for laptop in (office.eibergen, office.neede):
        states = laptop.store.record_states([plan.id, made.id])
        assert set(states.values()) == {RecordState.PHOTO}
        assert not laptop.store.tally().is_clean
    office.sync()
    for laptop in (office.eibergen, office.neede):
        states = laptop.store.record_states([plan.id, made.id])
        assert set(states.values()) == {RecordState.STORED}


def test_a_wrong_beginning_on_the_server_delays_nothing(office: Office, plan: Initiative) -> None:
    """Someone else may have begun this photo with other bytes, by mistake or on purpose."""
    made = attach(office.eibergen, plan, photo())
    mallory = office.server.connect(office.server.add_person("Mallory", ("counter_clerk",)))
    mallory.put_blob(made.sha256, 0, WHOLE, b"x" * PIECE)
    office.sync()
    assert office.neede.store.blob(made.sha256) == photo()


def test_a_restored_server_gets_the_photos_it_lost_again(office: Office, plan: Initiative) -> None:
    made = attach(office.eibergen, plan, photo(), picture=photo(500, 2))
    office.sync()
    office.server.blobs.clear()
    office.server.blob_sizes.clear()
    office.server.epoch = uuid4()
    office.sync()
    assert bytes(office.server.blobs[made.sha256]) == photo()
    assert bytes(office.server.blobs[str(made.thumbnail)]) == photo(500, 2)


def test_bytes_of_what_was_removed_long_ago_are_freed(office: Office, plan: Initiative) -> None:
    made = attach(office.eibergen, plan, photo(), picture=photo(500, 2))
    kept = attach(office.eibergen, plan, photo(seed=9), picture=photo(500, 2))
    office.sync()
    office.neede.store.delete(made)
    office.sync()
    age(office.neede, made.id)
    with writing(office.neede.store.engine) as connection:
        assert blobs.free_removed(connection) == 1
    assert office.neede.store.blob(made.sha256) is None
    assert office.neede.store.blob(kept.sha256) == photo(seed=9)
    assert office.neede.store.blob(str(kept.thumbnail)) == photo(500, 2)
    shown = office.neede.store.get("attachment", made.id)
    assert shown is not None
    office.neede.store.restore(shown)
    office.sync()
    assert office.neede.store.blob(made.sha256) == photo()


def test_what_was_never_sent_is_not_freed(office: Office, plan: Initiative) -> None:
    made = attach(office.eibergen, plan, photo())
    office.eibergen.store.delete(made)
    age(office.eibergen, made.id)
    with writing(office.eibergen.store.engine) as connection:
        assert blobs.free_removed(connection) == 0
    assert office.eibergen.store.blob(made.sha256) == photo()


def age(laptop: Laptop, attachment_id: UUID) -> None:
    """Make a record look as if it was changed last year."""
    with writing(laptop.store.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE attachment SET changed_at = '2001-01-01T00:00:00+00:00' WHERE id = ?",
            (str(attachment_id),),
        )


def test_no_question_reads_through_the_bytes(office: Office, plan: Initiative) -> None:
    """The counts that every screen asks for touch an index, not gigabytes of photos."""
    with reading(office.eibergen.store.engine) as connection:
        plan_of = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT sha256, size_bytes FROM blob WHERE stored_at IS NULL"
        )
        assert "USING COVERING INDEX blob_unsent" in " ".join(row[3] for row in plan_of)


def test_a_picture_of_a_private_record_comes_to_nobody_else(office: Office) -> None:
    """A laptop without the right knows neither the attachment nor its small picture."""
    moment = contact_moment()
    office.eibergen.create(moment)
    made = attachment(
        photo(), belongs_to=moment.id, belongs_to_entity="contact_moment",
        thumbnail=name_of(photo(500, 2)),
    )  # fmt: skip
    attaching.attach(office.eibergen.store, made, [photo(), photo(500, 2)])
    assert office.eibergen.sync()
    assessor = office.server.connect(office.server.add_person("Bram", ("assessor",)))
    names = [made.sha256, str(made.thumbnail)]
    assert assessor.get_blobs(names, 10) == dict.fromkeys(names, b"")
