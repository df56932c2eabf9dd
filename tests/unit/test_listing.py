"""One choice makes the list and the map: filters come from the declarations and always agree."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.entities import ENTITIES
from db.entities.initiative import Phase, Theme
from db.entities.premises import Availability
from db.local.engine import create_store
from db.local.keys import new_key
from db.local.store import LocalStore
from desktop_app.services import listing as lists
from desktop_app.services.listing import FilterKind, Listing, Range
from tests.factories import EIBERGEN, REKKEN, STAFF_ID, initiative, premises


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    made = LocalStore(create_store(tmp_path / "store.db", new_key()))
    yield made
    made.close()


def titles(store: LocalStore, listing: Listing) -> list[str]:
    """Return the titles of a listing after checking that the map shows the same records."""
    page = lists.page_of(store, listing)
    on_map = {row.record_id for row in lists.selection_of(store, listing)}
    assert on_map == {str(record.id) for record in page.records}
    return [record.title_text for record in page.records]


def test_filters_of_kern_theme_and_phase_work_together(store: LocalStore) -> None:
    store.save(initiative(title="Plein", kern=REKKEN, themes=frozenset({Theme.SPORT})), None)
    store.save(initiative(title="Bos", kern=EIBERGEN, themes=frozenset({Theme.GREEN})), None)
    store.save(initiative(title="Zaal", kern=REKKEN, phase=Phase.PLAN), None)
    base = Listing(entity="initiative", sort="title", descending=False)
    assert titles(store, base) == ["Bos", "Plein", "Zaal"]
    rekken = base.choose("kern", frozenset({REKKEN}))
    assert titles(store, rekken) == ["Plein", "Zaal"]
    assert titles(store, rekken.choose("themes", frozenset({Theme.SPORT, Theme.ENERGY}))) == [
        "Plein"
    ]
    assert titles(store, rekken.choose("phase", frozenset({Phase.PLAN}))) == ["Zaal"]
    assert titles(store, rekken.choose("kern", frozenset())) == ["Bos", "Plein", "Zaal"]


def test_ranges_of_area_and_price(store: LocalStore) -> None:
    for name, area, rent in (("Klein", 80, 40_000), ("Groot", 900, 400_000)):
        store.save(premises(name=name, floor_area_m2=area, rent=rent), None)
    base = Listing(entity="premises", sort="name", descending=False)
    assert titles(store, base.choose("floor_area_m2", Range(100, None))) == ["Groot"]
    assert titles(store, base.choose("rent", Range(None, 40_000))) == ["Klein"]
    assert titles(store, base.choose("rent", Range(40_000, 400_000))) == ["Groot", "Klein"]
    assert not base.choose("rent", Range()).is_filtered


def test_search_text_ignores_accents(store: LocalStore) -> None:
    store.save(initiative(title="Café Zwaan"), None)
    store.save(initiative(title="Fietspad"), None)
    assert titles(store, Listing(entity="initiative", text="cafe")) == ["Café Zwaan"]


def test_mine_is_what_i_lead(store: LocalStore) -> None:
    store.save(initiative(title="Van mij", lead=STAFF_ID), None)
    store.save(initiative(title="Van een ander"), None)
    mine = Listing(entity="initiative", is_mine=True)
    assert titles(store, mine) == []
    store.set_meta("me", str(STAFF_ID))
    assert titles(store, mine) == ["Van mij"]


def test_a_column_sorts_and_turns_round() -> None:
    listing = Listing(entity="initiative").sorted_by("title")
    assert (listing.sort, listing.descending) == ("title", False)
    assert listing.sorted_by("title").descending


def test_clearing_keeps_the_order() -> None:
    listing = Listing(entity="initiative", text="x", is_mine=True, sort="title")
    assert listing.choose("phase", frozenset({Phase.IDEA})).cleared() == Listing(
        entity="initiative", sort="title"
    )


@pytest.mark.parametrize("entity", list(ENTITIES))
def test_every_entity_can_be_listed_by_every_choice(store: LocalStore, entity: str) -> None:
    for name, label in lists.sort_choices(entity):
        assert label
        lists.page_of(store, Listing(entity=entity, sort=name))
    examples = {
        FilterKind.CODES: lambda f: frozenset(f.codes[:1]),
        FilterKind.REFERENCE: lambda _f: frozenset({REKKEN}),
        FilterKind.RANGE: lambda _f: Range(1, 2),
        FilterKind.SWITCH: lambda _f: True,
    }
    for spec in lists.filters_of(entity):
        lists.page_of(store, Listing(entity=entity).choose(spec.name, examples[spec.kind](spec)))


def test_a_filter_button_says_what_is_chosen() -> None:
    filters = {spec.name: spec for spec in lists.filters_of("initiative")}
    names = {REKKEN: "Rekken", EIBERGEN: "Eibergen"}
    two = lists.chosen_text(filters["kern"], frozenset(names), lambda _e, i: names[i])
    assert two == "Eibergen, Rekken"
    assert "3" in lists.chosen_text(filters["phase"], frozenset(list(Phase)[:3]))
    prices = {spec.name: spec for spec in lists.filters_of("premises")}
    assert "€" in lists.chosen_text(prices["rent"], Range(50_000, None))


def test_all_records_come_through_in_pages(store: LocalStore) -> None:
    store.save_new(initiative(title=f"Nummer {n}") for n in range(450))
    everything = list(lists.records_of(store, Listing(entity="initiative", sort="title")))
    assert len({record.id for record in everything}) == 450


def test_availability_is_a_filter(store: LocalStore) -> None:
    store.save(premises(name="Hal", availability=Availability.LET), None)
    listing = Listing(entity="premises").choose("availability", frozenset({Availability.LET}))
    assert titles(store, listing) == ["Hal"]
