"""Digests, marks in the history and purging: what both sides are compared by."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from db.changes import now
from db.errors import Refused
from db.shared import care
from tests.contract.changes import edited, everything, history_of, made, push_one, removed, row_of
from tests.factories import attachment, contact_person, initiative
from tests.postgres import MemorySide, PostgresSide, SharedSide


def test_sums_are_those_of_the_digests_that_came(side: SharedSide):
    _, anna = side.add("Anna", "counter_clerk")
    for _ in range(3):
        push_one(anna, made(initiative()))
    page = anna.pull(0)
    assert page.sums is not None
    by_entity: dict[str, list[int]] = {}
    for row in page.rows:
        by_entity.setdefault(row["entity"], []).append(row["digest"])
    for entity, digests in by_entity.items():
        assert page.sums[entity] == (len(digests), sum(digests))
        assert sorted(anna.digests(entity).values()) == sorted(digests)


def test_any_change_gives_another_digest(side: SharedSide):
    _, anna = side.add("Anna", "counter_clerk")
    plan = initiative(title="Eén")
    seen = set()
    for change in (
        made(plan),
        edited(plan, {"title": "Eén"}, {"title": "Twee"}),
        edited(plan, {"colour": None}, {"colour": "of a newer program"}),
        removed(plan, title="Twee", colour="of a newer program"),
    ):
        push_one(anna, change)
        seen.add(row_of(anna, plan)["digest"])
    assert len(seen) == 4
    assert all(0 <= digest < 2**40 for digest in seen)


def test_rows_are_given_by_id_as_a_pull_gives_them(side: SharedSide):
    _, anna = side.add("Anna", "counter_clerk")
    plan, other = initiative(), initiative()
    anna.push([made(plan), made(other)])
    assert anna.rows("initiative", [str(plan.id)]) == [row_of(anna, plan)]
    assert anna.rows("initiative", []) == []
    assert anna.rows("no_such_thing", [str(plan.id)]) == []
    assert anna.digests("no_such_thing") == {}


def test_what_may_not_be_seen_is_not_in_the_comparison(side: SharedSide):
    _, anna = side.add("Anna", "counter_clerk")
    _, dirk = side.add("Dirk", "assessor")
    contact = contact_person()
    push_one(anna, made(contact))
    sums = dirk.pull(0).sums
    assert sums is not None
    assert sums["contact_person"] == (0, 0)
    assert dirk.digests("contact_person") == {}
    assert dirk.rows("contact_person", [str(contact.id)]) == []
    held, all_held = dirk.hello().held, anna.hello().held
    assert held is not None
    assert all_held is not None
    assert held < all_held


def test_only_the_last_page_adds_up(side: SharedSide):
    _, anna = side.add("Anna", "counter_clerk")
    anna.push([made(initiative()) for _ in range(3)])
    assert anna.pull(0, 2).sums is None


def test_it_tells_what_moment_it_is(side: SharedSide):
    """A laptop's own clock may be years off."""
    _, anna = side.add("Anna", "counter_clerk")
    at = anna.hello().at
    assert at is not None
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)


def test_a_place_in_the_history_is_known_by_its_mark(side: SharedSide):
    """The same number in another history has another mark."""
    _, anna = side.add("Anna", "counter_clerk")
    push_one(anna, made(initiative()))
    page = anna.pull(0)
    assert anna.hello(page.cursor, page.tip).is_known
    assert anna.hello(page.cursor, "").is_known  # a program that had no mark yet
    assert not anna.hello(page.cursor, "0123456789abcdef").is_known
    assert not anna.hello(page.cursor + 1, page.tip).is_known
    push_one(anna, made(initiative()))
    assert anna.pull(page.cursor, tip=page.tip).rows
    with pytest.raises(Refused) as refusal:
        anna.pull(page.cursor, tip="0123456789abcdef")
    assert refusal.value.reason == "restored"


def test_purging_leaves_a_line_without_contents(side: SharedSide):
    """What was deleted long ago goes for good, with its attachments; later lines tell laptops."""
    _, anna = side.add("Anna", "counter_clerk")
    plan, kept = initiative(title="Gegevens van iemand"), initiative(title="Blijft")
    photo = attachment(belongs_to=plan.id, belongs_to_entity="initiative")
    anna.push([made(plan), made(kept), made(photo)])
    push_one(anna, removed(plan))
    page = anna.pull(0)
    assert purge(side, now() - timedelta(days=30)) == 0
    assert purge(side, now() + timedelta(days=1)) == 2
    assert row_of(anna, plan) == row_of(anna, photo) == {}
    assert row_of(anna, kept)["title"] == "Blijft"
    assert history_of(anna, plan)[-1]["kind"] == "purge"
    assert all(line["fields"] == {} for line in history_of(anna, plan))
    news = everything(anna, page.cursor)
    assert {line["kind"] for line in news.log} == {"purge"}
    assert anna.hello(page.cursor, page.tip).is_known  # the marks stand
    late = (
        edited(plan, {"title": "a"}, {"title": "b"}),
        made(plan),
        removed(plan),
        made(initiative()),
    )
    assert [r.reason for r in anna.push(late)] == ["purged", "purged", "purged", ""]


def test_a_purge_takes_what_was_rescued_and_half_sent_along(real_side: PostgresSide):
    """Nothing of a person stays behind in a corner that no screen shows."""
    _, anna = real_side.add("Anna", "counter_clerk")
    bram, his = real_side.add("Bram", "counter_clerk")
    plan, whole = initiative(title="Gegevens van iemand"), b"een halve foto"
    sha256 = hashlib.sha256(whole).hexdigest()
    push_one(anna, made(plan))
    anna.put_blob(sha256, 0, len(whole), whole[:5])
    push_one(anna, removed(plan))
    real_side.revoke(bram)
    his.push([edited(plan, {"title": plan.title}, {"title": "Ook van iemand"})])
    assert len(care.rescued(real_side.url)) == 1
    assert purge(real_side, now() + timedelta(days=1)) == 1
    assert care.rescued(real_side.url) == []
    assert anna.blob_offsets({sha256: len(whole)}) == {sha256: 0}


def purge(side: SharedSide, before: object) -> int:
    if isinstance(side, MemorySide):
        return side.server.purge(before)  # type: ignore[arg-type]
    assert isinstance(side, PostgresSide)
    return care.purge(side.url, before, municipality=side.municipality)  # type: ignore[arg-type]
