"""Large files come on demand; a record is complete with its photos; what is not needed is freed (S12)."""

from uuid import UUID, uuid4

import pytest

from db.entities.initiative import Initiative
from db.local import attaching, blobs
from db.local.engine import reading, writing
from db.local.state import RecordState
from db.sync import pace
from db.sync.engine import Engine, Step
from tests.factories import attachment, contact_moment
from tests.sync.conftest import Office
from tests.sync.files import LARGE, PIECE, WHOLE, Line, attach, name_of, photo
from tests.sync.scenes import shared_plan
from tests.sync.world import Laptop


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LEAST_BYTES", PIECE)
    monkeypatch.setattr(pace, "MOST_BYTES", PIECE)


@pytest.fixture
def plan(office: Office) -> Initiative:
    return shared_plan(office)


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
