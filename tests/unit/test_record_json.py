"""JSON of a record: declared names, places in WGS84, and no value lost to a typing error."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.codec import values_of
from db.entities import ENTITIES
from db.entities.initiative import Initiative, Phase, Theme
from db.errors import UserProblem
from db.local.engine import create_store
from db.local.keys import new_key
from db.local.store import LocalStore
from db.reference import reference_kernen
from desktop_app.services.record_json import changed_record, read_object, record_of, to_line
from desktop_app.services.references import References
from tests import factories
from tests.factories import REKKEN, initiative


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    made = LocalStore(create_store(tmp_path / "store.db", new_key()))
    made.save_new(reference_kernen(), as_example=True)
    yield made
    made.close()


@pytest.mark.parametrize("entity", list(ENTITIES))
def test_what_is_written_reads_back_as_the_same_record(entity: str) -> None:
    record = getattr(factories, entity)()
    again = record_of(ENTITIES[entity], json.loads(to_line(record)), None)
    assert (again.id, again.title_text) == (record.id, record.title_text)
    assert values_of(changed_record(record, json.loads(to_line(record)), None)) == values_of(record)


def test_a_place_is_lon_lat() -> None:
    lon, lat = json.loads(to_line(initiative()))["geometry"]["coordinates"]
    assert 6.6 < lon < 6.8
    assert 52 < lat < 52.2


def test_names_and_labels_are_understood(store: LocalStore) -> None:
    record = record_of(
        Initiative,
        {"title": "Plein", "kern": "rekken", "phase": "Plan", "themes": ["Sport and exercise"]},
        References(store).find,
    )
    assert (record.kern, record.phase, record.themes) == (REKKEN, Phase.PLAN, {Theme.SPORT})


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"titel": "x"}, "Did you mean title"),
        ({"title": 5}, "can't be used"),
        ({"themes": "sport"}, "is a list"),
        ({"phase": "bijna"}, "is not in the list"),
        ({"kern": "Nergens"}, "no single record"),
        ({"geometry": {"type": "Point", "coordinates": [6.7]}}, "no GeoJSON"),
        ({"geometry": "POINT(6 52)"}, "no GeoJSON"),
        ({"start_date": "gisteren"}, "can't be used"),
        ({"id": "12"}, "is no id"),
    ],
)
def test_what_is_wrong_is_named(store: LocalStore, value: dict, says: str) -> None:
    with pytest.raises(UserProblem, match=says):
        record_of(Initiative, value, References(store).find)


@pytest.mark.parametrize("text", ["", "[]", "{", "nul", "{'title': 1}", "[" * 100_000])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(UserProblem):
        read_object(text)


def test_only_the_given_fields_change() -> None:
    record = initiative(title="Oud", summary="Blijft")
    changed = changed_record(record, {"title": "Nieuw"}, None)
    assert (changed.title_text, changed.summary) == ("Nieuw", "Blijft")
    assert changed_record(record, {"summary": None}, None).summary is None


def test_two_of_one_name_are_neither(store: LocalStore) -> None:
    store.save_new(factories.organisation(name="Dorpshuis") for _ in range(2))
    store.save(factories.organisation(name="Molen"), None)
    references = References(store)
    assert references.find("organisation", "Dorpshuis") is None
    assert references.find("organisation", "molen") is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
NAMES = st.sampled_from([*initiative().__dataclass_fields__])


@given(st.dictionaries(NAMES, JSON, max_size=3))
def test_nonsense_is_refused_and_never_crashes(value: dict) -> None:
    with suppress(UserProblem):
        record_of(Initiative, value, None)
