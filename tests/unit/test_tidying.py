"""What was sent stays for 90 days and then goes; what asks something of a person never does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from db.changes import clock, now
from db.local import journal, meta, true_time
from db.local.engine import writing
from db.local.journal import OutboxState
from db.local.sending_again import send_again
from db.local.store import LocalStore
from db.local.tidying import KEPT_DAYS, TIDIED, tidy
from tests.factories import initiative
from tests.stores import a_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with a_store(tmp_path) as made:
        yield made


def made(store: LocalStore, state: str, days: int) -> UUID:
    """Keep a change that came into this state so many days ago; return its id."""
    store.save(initiative(), None)
    change = store.outbox()[-1].change
    moment = (now() - timedelta(days=days)).isoformat()
    with writing(store.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = ?, made_at = ?, receipted_at = ? WHERE change_id = ?",
            (state, moment, moment, str(change.id)),
        )
    return change.id


def kept(store: LocalStore) -> set[UUID]:
    return {entry.change.id for entry in store.outbox(tuple(OutboxState), limit=-1)}


def test_only_what_was_settled_long_ago_goes(store: LocalStore) -> None:
    """Refused and undecided changes, and what never arrived, are kept for ever."""
    old = {state: made(store, state.value, KEPT_DAYS + 1) for state in OutboxState}
    young = {made(store, state.value, KEPT_DAYS - 1) for state in OutboxState}
    with writing(store.engine) as connection:
        assert tidy(connection) == 1
    gone = old.pop(OutboxState.STORED)
    assert gone not in kept(store)
    assert kept(store) == {*old.values(), *young}


def test_what_was_sent_again_goes_in_its_old_form(store: LocalStore) -> None:
    """Its history is that of the change that took its place; else it must tell it never arrived."""
    change = made(store, "refused", KEPT_DAYS + 1)
    [new] = send_again(store, change)
    with writing(store.engine) as connection:
        assert tidy(connection) == 1
    assert kept(store) == {new.id}


def test_it_is_done_once_a_day(store: LocalStore) -> None:
    """A cycle every half minute costs nothing."""
    with writing(store.engine) as connection:
        tidy(connection)
    made(store, "stored", KEPT_DAYS + 1)
    with writing(store.engine) as connection:
        assert tidy(connection) == 0
        meta.put(connection, TIDIED, "2026-01-01")
        assert tidy(connection) == 1


def test_the_history_of_what_went_stays(store: LocalStore) -> None:
    """Clearing away receipts forgets no past."""
    made(store, "stored", KEPT_DAYS + 1)
    record = next(iter(store.outbox([OutboxState.STORED]))).change.record_id
    before = store.history(record)
    with writing(store.engine) as connection:
        assert tidy(connection) == 1
    assert store.history(record) == before != ()


@contextmanager
def clock_off(years: int) -> Iterator[None]:
    """Let the clock of this laptop be so many years off."""
    token = clock.set(lambda: datetime.now(UTC) + timedelta(days=365 * years))
    try:
        yield
    finally:
        clock.reset(token)


def cycle(store: LocalStore) -> None:
    """Greet a database whose clock is right, hear that what waits is stored, and tidy."""
    with writing(store.engine) as connection:
        true_time.note(connection, datetime.now(UTC))
        waiting = [entry.change for entry in store.outbox([OutboxState.WAITING])]
        journal.set_states(
            connection, [(change, OutboxState.STORED, 1, None) for change in waiting]
        )
        meta.put(connection, TIDIED, None)
        tidy(connection)


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_is_years_off_clears_nothing_early(store: LocalStore, years: int) -> None:
    """Before, while and after it was off: the days are counted by the clock of the database."""
    for off in (0, years, 0):
        with clock_off(off):
            store.save(initiative(), None)
            cycle(store)
    assert len(kept(store)) == 3
    with clock_off(years), writing(store.engine) as connection:
        meta.put(connection, TIDIED, None)
        true_time.note(connection, datetime.now(UTC) + timedelta(days=KEPT_DAYS + 2))
        assert tidy(connection) == 3
