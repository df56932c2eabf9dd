"""The voorbeeldgegevens are valid, complete and plainly invented."""

from collections import Counter
from datetime import date
from itertools import combinations
from uuid import UUID

import pytest
from shapely.geometry import shape

from db.codec import from_json_record, system_values_of, values_of
from db.entities.demand import SearchMatch, SearchRequest
from db.entities.initiative import Initiative, InitiativeStatus, Phase, Theme
from db.entities.people import ContactMoment, ContactPerson, Organisation, Staff, Team
from db.entities.premises import (
    Availability,
    BusinessPark,
    Plot,
    PlotStatus,
    Premises,
    PremisesType,
)
from db.examples import example_records
from db.fields import Kind, Record, fields_of
from db.geometry import BERKELLAND_BOUNDS
from db.reference import OUTSIDE_KERN, kern_at, reference_kernen
from db.rules import errors, problems
from tests.stores import a_store

TODAY = date.today()  # noqa: DTZ011 - the rules ask the same calendar
RECORDS = example_records(TODAY)
BY_ID = {record.id: record for record in RECORDS}


def of(entity: type[Record]) -> list[Record]:
    return [record for record in RECORDS if isinstance(record, entity)]


def references(record: Record) -> list[tuple[str, UUID, str]]:
    """Every (field, id, entity) that `record` points at, links included."""
    found = []
    for name, spec in fields_of(type(record)).items():
        value = getattr(record, name)
        if spec.kind is Kind.REFERENCE and value is not None and spec.meta.refers_to:
            found.append((name, value, spec.meta.refers_to))
        elif spec.kind is Kind.REFERENCES:
            found += [(name, item, spec.meta.refers_to) for item in value]
        elif spec.kind is Kind.LINKS:
            for link in value:
                found += [
                    (f"{name}.{part}", getattr(link, part), sub.meta.refers_to)
                    for part, sub in fields_of(spec.type).items()
                    if sub.kind is Kind.REFERENCE
                ]
    return found


@pytest.mark.parametrize("today", [TODAY, date(2024, 2, 29), date(2026, 1, 31)])
def test_every_example_keeps_the_rules_whatever_the_day(today):
    wrong = {r.title_text: errors(problems(r)) for r in example_records(today)}
    assert {title: found for title, found in wrong.items() if found} == {}


def test_no_example_gives_a_warning():
    assert {r.title_text: problems(r) for r in RECORDS if problems(r)} == {}


def test_there_is_enough_to_look_at():
    counts = Counter(type(record) for record in RECORDS)
    least = {
        Initiative: 48, Premises: 30, Plot: 24, SearchRequest: 6, SearchMatch: 6, Organisation: 20,
        ContactPerson: 18, ContactMoment: 12, Team: 8, BusinessPark: 6, Staff: 12,
    }  # fmt: skip
    assert {entity: n for entity, n in least.items() if counts[entity] < n} == {}


def test_ids_are_fixed_and_unique():
    assert len(BY_ID) == len(RECORDS)
    assert [r.id for r in example_records(date(2030, 1, 1))] == [r.id for r in RECORDS]


def test_every_reference_is_to_a_record_of_the_right_entity():
    dangling = [
        (record.title_text, name)
        for record in RECORDS
        for name, target, entity in references(record)
        if target not in BY_ID or BY_ID[target].ENTITY != entity
    ]
    assert dangling == []


def test_what_is_referred_to_comes_first():
    """So that a store may take them one by one; an initiative may point at a later initiative."""
    place = {record.id: number for number, record in enumerate(RECORDS)}
    late = [
        (record.title_text, name)
        for record in RECORDS
        for name, target, entity in references(record)
        if place[target] >= place[record.id] and entity not in (record.ENTITY, "staff")
    ]
    assert late == []


def test_every_kern_phase_status_and_theme_occurs():
    initiatives = of(Initiative)
    assert {i.kern for i in initiatives} == {kern.id for kern in reference_kernen()}
    assert {i.phase for i in initiatives} == set(Phase)
    assert {i.status for i in initiatives} == set(InitiativeStatus)
    assert set().union(*(i.themes for i in initiatives)) == set(Theme)
    assert {i.geometry.kind for i in initiatives} == {"Point", "LineString", "Polygon"}


def test_every_kind_of_offer_occurs():
    assert {p.main_type for p in of(Premises)} == set(PremisesType)
    assert {p.availability for p in of(Premises)} == set(Availability)
    assert {p.status for p in of(Plot)} == set(PlotStatus)


def test_a_place_lies_in_the_kern_that_the_record_names():
    for record in [*of(Initiative), *of(Premises), *of(Plot)]:
        assert kern_at(*record.geometry.anchor) == record.kern, record.title_text
        if record.kern != OUTSIDE_KERN:
            assert record.geometry.is_within(BERKELLAND_BOUNDS), record.title_text


def test_areas_are_valid_and_plots_do_not_overlap():
    areas = {r.title_text: shape(r.geometry.to_json()) for r in of(Plot)}
    assert [name for name, area in areas.items() if not area.is_valid] == []
    pairs = combinations(areas.items(), 2)
    assert [(a, b) for (a, one), (b, other) in pairs if one.intersects(other)] == []
    drawn = [r for r in of(Initiative) if r.geometry.kind == "Polygon"]
    assert [r.title_text for r in drawn if not shape(r.geometry.to_json()).is_valid] == []


def test_the_size_of_a_plot_is_that_of_its_area():
    for plot in of(Plot):
        assert plot.plot_area_m2 == pytest.approx(plot.geometry.area_m2, abs=1), plot.name


def test_no_example_is_a_real_person():
    for person in of(ContactPerson):
        assert "Voorbeeld" in person.name
        assert person.email is None or person.email.endswith("@voorbeeld.example")
        assert person.phone is None or person.phone[4] == "0"


def test_examples_survive_the_journey_to_json_and_back():
    for record in RECORDS:
        whole = {**system_values_of(record), **values_of(record)}
        assert from_json_record(type(record), whole) == record


def test_a_new_store_takes_them_with_their_own_moments(tmp_path):
    """So that the list, "still 23 days" and the history look as in daily use."""
    with a_store(tmp_path) as store:
        store.save_new(RECORDS, as_example=True)
        kept = store.get_many("initiative", [record.id for record in of(Initiative)])
        assert {i.id: i.changed_at for i in kept.values()} == {
            i.id: i.changed_at for i in of(Initiative)
        }
        assert store.tally().waiting == 0


def test_the_titles_of_the_design_are_among_them():
    titles = {record.title_text for record in RECORDS}
    assert {
        "Dorpsplein Rekken opnieuw inrichten", "Glasvezel buitengebied Beltrum",
        "Wandelpad langs de Berkel", "Buurtmoestuin Eibergen-Zuid", "Zonnedak sporthal Neede",
        "Veilige oversteek bij school Noordijk", "Natuurspeelplaats Gelselaar", "Kunstroute Ruurlo",
        "Ontmoetingsplek oude school Haarlo", "Deelauto Rietmolen", "Hal Industrieweg 14",
        "Winkel Dorpsstraat 3", "Werkplaats Ambachtsweg 22", "Kantoor Parallelweg 8", "De Mors 7",
        "Ambachtsweg 9",
    } <= titles  # fmt: skip
