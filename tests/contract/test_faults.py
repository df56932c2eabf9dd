"""Many writers, lost answers, crashed servers, frozen laptops: nothing skipped, nothing twice."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from db.changes import Change
from db.errors import Unreachable
from db.shared import admin
from db.shared.connecting import Address
from db.shared.live import Waker
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import Outcome
from db.shared.server_process import PostgresServer
from tests.contract.changes import everything, history_of, made, push, push_one
from tests.factories import initiative
from tests.postgres import PostgresSide, SharedSide
from tests.proxy import Proxy

PUSH = "SELECT naoberkaart.push(%s::text::jsonb)"
EIGHT, PUSHES, EACH = 8, 12, 10


def as_json(*changes: Change) -> tuple[str]:
    """Return the parameter of a bare push."""
    return (json.dumps([change.to_json() for change in changes]),)


def wait_until(is_true: Callable[[], bool]) -> None:
    """Ask until it is so; the test's own time limit is the only one."""
    while not is_true():
        pass


def test_a_slow_writer_leaves_no_hole(real_side: PostgresSide):
    """Writer 1 has its place but has not committed; writer 2 must not be seen before it."""
    anna, hers = real_side.add("Anna", "counter_clerk")
    bram, _ = real_side.add("Bram", "counter_clerk")
    start = everything(hers).cursor
    slow, quick = made(initiative()), made(initiative())
    with (
        psycopg.connect(real_side.personal_url(anna)) as first,
        psycopg.connect(real_side.personal_url(bram), autocommit=True) as second,
        psycopg.connect(real_side.url, autocommit=True) as watcher,
    ):
        first.execute(PUSH, as_json(slow))
        writer = threading.Thread(target=second.execute, args=(PUSH, as_json(quick)))
        writer.start()
        wait_until(lambda: is_waiting(watcher))
        meanwhile = hers.pull(start)
        first.commit()
        writer.join()
    after = hers.pull(meanwhile.cursor)
    assert (meanwhile.rows, meanwhile.cursor) == ([], start)
    assert [row["id"] for row in after.rows] == [str(slow.record_id), str(quick.record_id)]


def is_waiting(watcher: psycopg.Connection[Any]) -> bool:
    """Whether somebody waits for the lock that every push takes."""
    found: Any = watcher.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    ).fetchone()
    return bool(found[0])


def test_eight_writers_and_a_reader_miss_nothing(side: SharedSide):
    """While eight laptops push, a ninth pulls all the time: every row passes by exactly once."""
    _, reader = side.add("Reader", "reader")
    cursor = everything(reader).cursor
    writers = [side.add(f"Writer{n}", "counter_clerk")[1] for n in range(EIGHT)]
    sent = [[[made(initiative()) for _ in range(EACH)] for _ in range(PUSHES)] for _ in writers]
    seen: list[str] = []

    def write(number: int) -> None:
        for batch in sent[number]:
            receipts = push(writers[number], *batch)
            assert {receipt.outcome for receipt in receipts} == {Outcome.APPLIED}

    with ThreadPoolExecutor(EIGHT) as pool:
        jobs = [pool.submit(write, number) for number in range(EIGHT)]
        is_over = False
        while not is_over:
            is_over = all(job.done() for job in jobs)
            page = reader.pull(cursor)
            seen += [row["id"] for row in page.rows if row["entity"] == "initiative"]
            cursor = page.cursor
        for job in jobs:
            job.result()
    expected = {str(change.record_id) for lists in sent for batch in lists for change in batch}
    missed = expected - set(seen)
    assert len(missed) == 0
    assert len(seen) == len(expected) == EIGHT * PUSHES * EACH


@pytest.fixture
def cut(real_side: PostgresSide) -> Callable[..., bool]:
    """Give a function that pushes through a link which breaks, and says whether it was answered."""
    person, _ = real_side.add("Anna", "counter_clerk")

    def push_and_cut(change: Change, **limit: int) -> bool:
        with Proxy(real_side.server.port, **limit) as proxy:
            database = PostgresDatabase(Address(proxy.url(real_side.personal_url(person))))
            try:
                push_one(database, change)
            except Unreachable:
                return False
            finally:
                database.close()
            return True

    return push_and_cut


def test_a_push_cut_at_any_byte_is_stored_once_or_not_at_all(
    real_side: PostgresSide, cut: Callable[..., bool]
):
    """Sweep the cut over the whole exchange, both ways; then send it again over a sound line."""
    _, sound = real_side.add("Bram", "counter_clerk")
    with Proxy(real_side.server.port) as proxy:
        person, _ = real_side.add("Carla", "counter_clerk")
        database = PostgresDatabase(Address(proxy.url(real_side.personal_url(person))))
        push_one(database, made(initiative()))
        database.close()
        sent, received = proxy.sent, proxy.received
    limits = [("cut_sent", n) for n in range(1, sent, sent // 12)]
    limits += [("cut_received", n) for n in range(1, received - 60, received // 12)]
    limits += [("cut_received", n) for n in range(received - 60, received, 10)]
    stored_unheard = 0
    for side_cut, at in limits:
        change = made(initiative())
        is_answered = cut(change, **{side_cut: at})
        found = [row for row in everything(sound).rows if row["id"] == str(change.record_id)]
        stored_unheard += len(found) if not is_answered else 0
        assert cut(change)
        [line] = history_of(sound, initiative(id=change.record_id))
        assert line["change_id"] == str(change.id)
    assert stored_unheard > 0, "the sweep never hit the lost answer it is for"


def test_a_server_that_dies_loses_nothing_it_gave_a_receipt_for():
    """Kill it in full swing, start it again: what was receipted is there, once."""
    with PostgresServer(is_durable=True) as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE shared")
        admin.init(server.url("shared"))
        login = f"anna_{uuid4().hex[:8]}"
        added = admin.add_person(server.url("shared"), "Anna", ["counter_clerk"], login=login)
        database = PostgresDatabase(Address(server.url("shared", added.login, added.password)))
        receipted, lost = push_until_it_dies(database, server)
        server.restart()
        stored = {row["id"] for row in everything(database).rows}
        assert {str(change.record_id) for change in receipted} <= stored
        assert push_one(database, lost).outcome is Outcome.APPLIED
        assert len(history_of(database, initiative(id=lost.record_id))) == 1
        database.close()


def push_until_it_dies(
    database: PostgresDatabase, server: PostgresServer
) -> tuple[list[Change], Change]:
    """Push one change after another while the server is killed; return those with a receipt."""
    receipted: list[Change] = []
    killer = threading.Thread(target=server.crash)
    while True:
        change = made(initiative())
        try:
            push_one(database, change)
        except Unreachable:
            killer.join()
            return receipted, change
        receipted.append(change)
        if len(receipted) == 20:
            killer.start()


def test_a_laptop_that_falls_asleep_does_not_hold_up_the_others(real_side: PostgresSide):
    """It holds the lock in an open transaction; the server lets go of it after a while."""
    anna, _ = real_side.add("Anna", "counter_clerk")
    _, his = real_side.add("Bram", "counter_clerk")
    with psycopg.connect(real_side.personal_url(anna)) as asleep:
        asleep.execute("SET idle_in_transaction_session_timeout = 0")
        asleep.execute(PUSH, as_json(made(initiative())))
        told: Any = asleep.execute("SHOW idle_in_transaction_session_timeout").fetchone()
        assert told == ("10s",)
        asleep.execute("SET idle_in_transaction_session_timeout = '200ms'")
        assert push_one(his, made(initiative())).outcome is Outcome.APPLIED
        asleep.close()


def test_the_connection_heals_by_itself(real_side: PostgresSide):
    person, _ = real_side.add("Anna", "counter_clerk")
    with Proxy(real_side.server.port) as proxy:
        database = PostgresDatabase(Address(proxy.url(real_side.personal_url(person))))
        database.hello()
        proxy.cut()
        with pytest.raises(Unreachable):
            database.hello()
        assert database.hello().person == person
        database.close()


def test_a_server_that_hangs_is_given_up_and_asked_again_later(real_side: PostgresSide):
    """The line lives, but nothing passes: no waiting for ever, and nothing is done twice."""
    person, _ = real_side.add("Anna", "counter_clerk")
    change = made(initiative())
    with Proxy(real_side.server.port) as proxy:
        address = Address(proxy.url(real_side.personal_url(person)))
        database = PostgresDatabase(address, patience_s=0.3)
        database.hello()
        proxy.delay_s = 3_600
        with pytest.raises(Unreachable):
            push_one(database, change)
        proxy.delay_s = 0
        assert push_one(database, change).outcome is Outcome.APPLIED
        assert len(history_of(database, initiative(id=change.record_id))) == 1
        proxy.cut()
        waker = Waker()
        with pytest.raises(Unreachable):
            database.hear(5, waker)
        waker.close()
        database.close()


def test_one_call_is_one_round_trip(real_side: PostgresSide):
    """At 80 ms a round trip it is the trips that cost; count the messages a cycle exchanges."""
    person, _ = real_side.add("Anna", "counter_clerk")
    with Proxy(real_side.server.port) as proxy:
        database = PostgresDatabase(Address(proxy.url(real_side.personal_url(person))))
        cursor = database.pull(0).cursor
        before = proxy.turns
        database.hello()
        push(database, *(made(initiative()) for _ in range(50)))
        database.pull(cursor)
        assert proxy.turns - before == 3
        database.close()
