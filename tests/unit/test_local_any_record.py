"""Whatever the rules allow, a laptop keeps: found again by its words, its place and its history."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.codec import values_of
from db.entities import ENTITIES
from db.fields import Record
from db.local.store import LocalStore
from tests.stores import a_store
from tests.strategies import NASTY, edits, records, texts

WRITABLE = [name for name, entity in ENTITIES.items() if not entity.IS_SERVER_ONLY]
every_record = st.sampled_from(WRITABLE).flatmap(records)
follow_ups = every_record.flatmap(lambda record: st.tuples(st.just(record), edits(record)))
one_store = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with a_store(tmp_path) as made:
        yield made


@one_store
@given(pair=follow_ups)
def test_a_record_and_its_edit_are_kept(store: LocalStore, pair: tuple[Record, Record]) -> None:
    record_id = uuid4()  # the store lives on between examples
    before, after = (replace(record, id=record_id) for record in pair)
    first = store.save(before, None).record
    assert values_of(first) == values_of(before)
    store.save(replace(first, **{n: getattr(after, n) for n in values_of(after)}), first)
    kept = store.get(before.ENTITY, record_id)
    assert kept is not None
    assert values_of(kept) == values_of(after)
    changed = {n for n in values_of(after) if values_of(after)[n] != values_of(before)[n]}
    lines = store.history(record_id)
    assert set(lines[0].fields) == changed or not changed


@one_store
@given(record=records("initiative"), title=st.one_of(st.sampled_from(NASTY), texts(3, 80)))
def test_a_record_is_found_by_what_its_title_says(
    store: LocalStore, record: Record, title: str
) -> None:
    """Any text may be typed in the search box; words of three letters or more find their record."""
    saved = store.save(replace(record, id=uuid4(), title=title), None).record
    hits = store.search(title, limit=10_000)
    if any(len("".join(filter(str.isalnum, word))) >= 3 for word in title.split()):
        assert saved.id in {hit.record_id for hit in hits}
