"""The last decisions of a person: together by record, newest first; what sync closed is none."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from db.changes import now
from db.local import conflicts
from db.local.decided import Decided, decided_since
from db.local.engine import writing
from db.local.store import LocalStore
from tests.e2e.double_edits import ask
from tests.factories import initiative
from tests.stores import a_store

OURS = {"summary": "Van mij", "title": "Mijn plein"}
THEIRS = {"summary": "Van hen", "title": "Hun plein"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with a_store(tmp_path) as made:
        yield made


def asked(store: LocalStore) -> list[conflicts.OpenConflict]:
    record = store.save(initiative(summary="Was"), None).record
    ask(store, record, OURS, THEIRS, UUID(int=5))
    return list(store.conflicts([record.id]))


def lately(store: LocalStore, most: int = 5) -> list[Decided]:
    return decided_since(store.engine, now() - timedelta(hours=1), most)


@pytest.mark.parametrize("side", [OURS, THEIRS])
def test_a_decision_holds_every_question_answered_with_it(
    store: LocalStore, side: dict[str, str]
) -> None:
    found = asked(store)
    store.decide([(one.id, {name: side[name] for name in one.conflict.fields}) for one in found])
    [one] = lately(store)
    assert set(one.ids) == {item.id for item in found}
    store.reopen(one.ids)
    assert lately(store) == []
    assert len(store.conflicts()) == 2


def test_what_sync_closed_is_no_decision(store: LocalStore) -> None:
    for item in asked(store):
        with writing(store.engine) as connection:
            conflicts.close(connection, item.id, dict(item.conflict.theirs))
    assert lately(store) == []


def test_only_the_newest_are_given(store: LocalStore) -> None:
    records = []
    for minutes in (30, 20, 10):
        found = asked(store)
        store.decide([(item.id, dict(item.conflict.ours)) for item in found])
        records.append(found[0].record_id)
        moment = (now() - timedelta(minutes=minutes)).isoformat()
        with writing(store.engine) as connection:
            connection.exec_driver_sql(
                "UPDATE conflict SET resolved_at = ? WHERE record_id = ?",
                (moment, str(records[-1])),
            )
    assert [one.record_id for one in lately(store, most=2)] == [records[2], records[1]]
    assert decided_since(store.engine, now() + timedelta(hours=1), 5) == []
