"""The makers of test records make what the rules allow."""

import pytest

from db.entities import ENTITIES
from db.rules import problems
from tests.factories import FACTORIES, generated_records, handled_initiative


def test_every_entity_has_a_factory():
    assert FACTORIES.keys() == ENTITIES.keys()


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_made_record_is_valid(entity):
    record = FACTORIES[entity]()
    assert isinstance(record, ENTITIES[entity])
    assert problems(record) == ()


def test_a_handled_initiative_is_valid():
    assert problems(handled_initiative()) == ()


def test_generated_records_are_valid_and_the_same_for_the_same_seed():
    first, second = list(generated_records(500, seed=7)), list(generated_records(500, seed=7))
    assert first == second
    assert {record.ENTITY for record in first} == {"initiative", "premises", "plot"}
    assert not [record for record in first if problems(record)]
    assert len({record.id for record in first}) == 500
