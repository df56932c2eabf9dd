"""What the rules on a laptop allow, the shared database takes, and gives back unchanged.

A record that a laptop saves and the shared database then refuses is parked work: the worst surprise.
Records of every kind and edits of them are drawn from the declarations (`tests.strategies`).
"""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.changes import changed_fields
from db.codec import values_of
from db.entities import ENTITIES
from db.fields import Record
from db.shared.protocol import Outcome, SharedDatabase
from tests.contract.changes import edited, made, push, row_of
from tests.postgres import SharedSide
from tests.strategies import edits, records

WRITABLE = [name for name, entity in ENTITIES.items() if not entity.IS_SERVER_ONLY]
every_record = st.sampled_from(WRITABLE).flatmap(records)
follow_ups = every_record.flatmap(lambda record: st.tuples(st.just(record), edits(record)))
one_side = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def anna(side: SharedSide) -> SharedDatabase:
    return side.add("Anna", "counter_clerk")[1]


@one_side
@given(pair=follow_ups)
def test_what_the_laptop_allows_is_taken_and_given_back(
    anna: SharedDatabase, pair: tuple[Record, Record]
) -> None:
    """Refused for overlap is no disagreement: only the shared database sees all plots."""
    record_id = uuid4()  # the database lives on between examples
    before, after = (replace(record, id=record_id) for record in pair)
    old, new = values_of(before), values_of(after)
    names = changed_fields(old, new)
    edit = edited(before, {n: old[n] for n in names}, {n: new[n] for n in names})
    receipts = push(anna, made(before), *([edit] if names else []))
    refused = [r.reason for r in receipts if r.outcome is not Outcome.APPLIED]
    if "overlap" in refused:
        return
    assert refused == []
    row = row_of(anna, before)
    assert {name: row.get(name) for name in new} == new
