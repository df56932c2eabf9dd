"""My day, relations and features: what the pages ask of a store."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.entities.initiative import ContactLink
from db.local.store import LocalStore
from desktop_app import i18n
from desktop_app.services.listing import Listing, Range
from desktop_app.services.map_document import MapBounds
from desktop_app.services.map_features import feature_of, features_of, shapes_in
from desktop_app.services.my_day import Due, my_day
from desktop_app.services.relations import relations_of
from desktop_app.services.titles import Titles
from tests.factories import (
    contact_moment,
    contact_person,
    handled_initiative,
    initiative,
    organisation,
    plot,
    premises,
)
from tests.stores import a_store

TODAY = date(2026, 11, 24)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    i18n.use("nl")
    with a_store(tmp_path) as made:
        yield made


def test_actions_are_late_due_or_soon_and_the_rest_is_left_out(store: LocalStore) -> None:
    days = {-2: Due.LATE, 0: Due.TODAY, 5: Due.SOON, 30: None}
    for number in days:
        mine = store.me
        action = TODAY + timedelta(days=number)
        store.save(handled_initiative(title=f"Plan {number}", lead=mine, action_date=action), None)
    found = {task.record.title_text: task.due for task in my_day(store, TODAY)}
    assert found == {f"Plan {n}": due for n, due in days.items() if due}


def test_work_of_others_is_not_my_day(store: LocalStore) -> None:
    store.save(handled_initiative(action_date=TODAY), None)
    assert my_day(store, TODAY) == []


def test_relations_go_both_ways(store: LocalStore) -> None:
    person = store.save(contact_person(), None).record
    plan = initiative(contacts=frozenset({ContactLink(person.id)}))
    store.save(plan, None)
    store.save(contact_moment(initiative=plan.id, contact=person.id), None)
    of_plan = {group.entity for group in relations_of(store, plan)}
    assert of_plan == {"contact_person", "contact_moment"}
    of_person = {group.entity: group.records for group in relations_of(store, person)}
    assert [record.id for record in of_person["initiative"]] == [plan.id]


def test_nothing_deleted_is_a_relation(store: LocalStore) -> None:
    owner = store.save(organisation(), None).record
    place = store.save(premises(provider=owner.id), None).record
    store.delete(place)
    assert relations_of(store, owner) == []


def test_the_map_shows_what_the_list_shows(store: LocalStore) -> None:
    store.save_new([premises(name="Klein", floor_area_m2=100), premises(name="Groot")])
    listing = Listing(entity="premises").choose("floor_area_m2", Range(500, None))
    (feature,) = features_of(store, listing, Titles(store))
    assert feature.title == "Groot"
    assert feature.symbol == "premises.available"
    assert feature.subtitle == "Eibergen · Beschikbaar"


def test_an_offer_over_date_is_grey_on_the_map_too(store: LocalStore) -> None:
    store.save(premises(next_check=date(2020, 1, 1)), None)
    (feature,) = features_of(store, Listing(entity="premises"), Titles(store))
    assert feature.symbol == "premises.overdue"


def test_shapes_come_only_from_close_by(store: LocalStore) -> None:
    record = store.save(plot(), None).record
    whole = feature_of(record, Titles(store))
    assert whole is not None
    assert whole.shape is not None
    near = MapBounds(whole.lon - 0.01, whole.lat - 0.01, whole.lon + 0.01, whole.lat + 0.01, 15)
    far = near._replace(zoom=9)
    assert len(shapes_in(store, near, [whole.id], "plot", Titles(store))) == 1
    assert shapes_in(store, far, [whole.id], "plot", Titles(store)) == []
