"""Who has a record open is seen by colleagues who may see that record, and only as long as it is true."""

from collections.abc import Iterator
from time import monotonic
from uuid import UUID, uuid4

import psycopg
import pytest

from db.fields import Record
from db.shared.live import EDITING_S, Editing, News, Waker
from db.shared.postgres import PostgresDatabase
from tests.contract.changes import everything, made, push, push_one
from tests.factories import contact_person, initiative
from tests.postgres import MemorySide, PostgresSide, SharedSide

ANNAS, BRAMS, THIRD = uuid4(), uuid4(), uuid4()
"""Laptops."""


@pytest.fixture
def waker() -> Iterator[Waker]:
    made = Waker()
    yield made
    made.close()


def key(record: Record) -> tuple[str, UUID]:
    return record.ENTITY, record.id


def named(seen: tuple[Editing, ...]) -> list[tuple[UUID, str]]:
    return [(one.record_id, one.name) for one in seen]


def two_minutes_later(side: SharedSide) -> None:
    """Let hints end by themselves."""
    if isinstance(side, MemorySide):
        side.server.live.clock = lambda: monotonic() + 120
        return
    assert isinstance(side, PostgresSide)
    with psycopg.connect(side.url, autocommit=True) as owner:
        owner.execute(
            "UPDATE naoberkaart.presence SET until = until - interval '120 s' WHERE municipality = %s",
            (side.municipality,),
        )


def test_a_record_that_is_open_there_is_seen_here(side: SharedSide):
    anna, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    plan = initiative()
    push_one(hers, made(plan))
    assert hers.share_editing(ANNAS, [key(plan)]) == ()
    [seen] = his.share_editing(BRAMS, [])
    assert (seen.entity, seen.record_id, seen.person) == ("initiative", plan.id, anna.id)
    assert seen.name == "Anna"
    assert EDITING_S - 10 < seen.left_s <= EDITING_S
    hers.share_editing(ANNAS, [])
    assert his.share_editing(BRAMS, []) == ()


def test_each_laptop_tells_its_whole_list(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    one, two, three = initiative(), initiative(), initiative()
    push(hers, made(one), made(two), made(three))
    hers.share_editing(ANNAS, [key(one), key(two), key(one)])
    hers.share_editing(THIRD, [key(three)])
    hers.share_editing(ANNAS, [key(two)])
    assert {record for record, _ in named(his.share_editing(BRAMS, []))} == {two.id, three.id}


def test_both_who_have_the_same_record_open_see_each_other(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    plan = initiative()
    push_one(hers, made(plan))
    hers.share_editing(ANNAS, [key(plan)])
    assert named(his.share_editing(BRAMS, [key(plan)])) == [(plan.id, "Anna")]
    assert named(hers.share_editing(ANNAS, [key(plan)])) == [(plan.id, "Bram")]


def test_a_hint_that_is_not_renewed_ends_by_itself(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    plan = initiative()
    push_one(hers, made(plan))
    hers.share_editing(ANNAS, [key(plan)])
    two_minutes_later(side)
    assert his.share_editing(BRAMS, []) == ()
    hers.share_editing(ANNAS, [key(plan)])
    assert named(his.share_editing(BRAMS, [])) == [(plan.id, "Anna")]


def test_who_may_not_see_a_record_does_not_see_who_edits_it(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "assessor")
    person, plan = contact_person(), initiative()
    push(hers, made(person), made(plan))
    hers.share_editing(ANNAS, [key(person), key(plan)])
    assert named(his.share_editing(BRAMS, [])) == [(plan.id, "Anna")]


def test_the_hint_is_no_way_round_row_security(real_side: PostgresSide):
    """Neither the table itself nor a wrong name of the entity tells more."""
    _, hers = real_side.add("Anna", "counter_clerk")
    bram, _ = real_side.add("Bram", "assessor")
    person = contact_person()
    push_one(hers, made(person))
    hers.share_editing(ANNAS, [key(person)])
    hers.share_editing(
        THIRD, [("initiative", person.id), ("attachment", person.id), ("x", uuid4())]
    )
    with psycopg.connect(real_side.personal_url(bram), autocommit=True) as connection:
        for query in (
            "SELECT record_id FROM naoberkaart.presence WHERE entity <> 'initiative'",
            f"SELECT e FROM jsonb_array_elements(naoberkaart.who_is_editing('{BRAMS}')) e",
        ):
            assert connection.execute(query).fetchall() == []


def test_nonsense_is_no_presence_and_no_error(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    kern = next(iter(everything(his).rows))
    hers.share_editing(ANNAS, [("staff", uuid4()), ("nothing", uuid4()), ("initiative", uuid4())])
    assert kern["entity"] == "kern"
    assert his.share_editing(BRAMS, []) == ()


def test_who_loses_access_edits_nothing_any_more(side: SharedSide, waker: Waker):
    anna, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    plan = initiative()
    push_one(hers, made(plan))
    hers.share_editing(ANNAS, [key(plan)])
    his.listen()
    side.revoke(anna)
    assert his.share_editing(BRAMS, []) == ()
    assert News.EDITING in his.hear(30, waker)
    assert hers.share_editing(ANNAS, [key(plan)]) == ()
    assert his.share_editing(BRAMS, []) == ()


def test_another_municipality_hears_and_sees_nothing(real_side: PostgresSide, waker: Waker):
    _, hers = real_side.add("Anna", "counter_clerk")
    other = PostgresSide(real_side.server, real_side.url, "GM1859")
    _, his = other.add("Bram", "counter_clerk")
    plan = initiative()
    push_one(hers, made(plan))
    his.listen()
    hers.share_editing(ANNAS, [key(plan)])
    assert his.share_editing(BRAMS, []) == ()
    assert his.hear(0, waker) == frozenset()
    other.close()


def test_only_what_changes_is_told_and_not_to_oneself(side: SharedSide, waker: Waker):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    plan = initiative()
    push_one(hers, made(plan))
    for one in (hers, his):
        one.listen()
    hers.share_editing(ANNAS, [key(plan)])
    assert his.hear(30, waker) == {News.EDITING}
    hers.share_editing(ANNAS, [key(plan)])
    assert his.hear(0, waker) == frozenset()
    hers.share_editing(ANNAS, [])
    assert his.hear(30, waker) == {News.EDITING}
    assert hers.hear(0, waker) == frozenset()


def test_news_of_others_is_heard_at_once_and_ones_own_is_not(side: SharedSide, waker: Waker):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    assert hers.hear(0, waker) == frozenset()
    push_one(hers, made(initiative()))
    assert hers.hear(0, waker) == frozenset()
    push_one(his, made(initiative()))
    assert hers.hear(30, waker) == {News.CHANGES}
    assert hers.hear(0, waker) == frozenset()


def test_what_is_told_during_another_call_is_heard_after_it(side: SharedSide, waker: Waker):
    _, hers = side.add("Anna", "counter_clerk")
    _, his = side.add("Bram", "counter_clerk")
    hers.listen()
    push_one(his, made(initiative()))
    hers.hello()
    assert hers.hear(0, waker) == {News.CHANGES}


def test_who_waits_can_be_woken(side: SharedSide, waker: Waker):
    _, hers = side.add("Anna", "counter_clerk")
    waker.wake()
    assert hers.hear(3_600, waker) == frozenset()


def test_a_program_of_version_1_hears_nothing_of_it(real_side: PostgresSide):
    """It takes every notice on its channel for news of records, and would sync for each hint."""
    _, hers = real_side.add("Anna", "counter_clerk")
    bram, _ = real_side.add("Bram", "counter_clerk")
    plan = initiative()
    push_one(hers, made(plan))
    with psycopg.connect(real_side.personal_url(bram), autocommit=True) as old:
        old.execute(f'LISTEN "naoberkaart.{real_side.municipality}"')
        hers.share_editing(ANNAS, [key(plan)])
        hers.share_editing(ANNAS, [])
        assert list(old.notifies(timeout=0)) == []
        push_one(hers, made(initiative()))
        assert len(list(old.notifies(timeout=30, stop_after=1))) == 1


def test_a_server_of_version_1_has_no_hints(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    if isinstance(side, MemorySide):
        side.server.version = 1
    else:
        assert isinstance(hers, PostgresDatabase)
        hers._version = 1
    assert hers.share_editing(ANNAS, [("initiative", uuid4())]) == ()


def test_presence_is_in_no_history(side: SharedSide):
    _, hers = side.add("Anna", "counter_clerk")
    plan = initiative()
    push_one(hers, made(plan))
    before = everything(hers)
    hers.share_editing(ANNAS, [key(plan)])
    assert everything(hers) == before
