"""Every rule of the data dictionary, kept and broken; steps between statuses; privacy warnings."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.entities import ENTITIES
from db.entities.demand import MatchResponse, RequestStatus
from db.entities.initiative import Initiative, InitiativeStatus, Phase, Theme
from db.entities.people import Membership, TeamKind
from db.entities.premises import (
    Availability,
    EnergyLabel,
    PlotStatus,
    Readiness,
    RentUnit,
    Source,
)
from db.fields import Record, fields_of
from db.geometry import Geometry
from db.rule_kinds import is_filled
from db.rules import RULES, TRANSITIONS, Level, allowed_next, errors, problems
from tests import factories as make
from tests.factories import FACTORIES, STAFF_ID, handled_initiative, initiative, premises, square
from tests.strategies import edits, records

S = InitiativeStatus
TODAY = date.today()  # noqa: DTZ011 - the rules ask the same calendar
DAY = timedelta(days=1)
NO_LINE = Geometry("LineString", ((240_000.0, 457_000.0), (240_010.0, 457_000.0)))
IN_GERMANY = Geometry.point(260_000, 450_000)


def wrong(record: Record, before: Record | None = None) -> set[str]:
    return {problem.field for problem in errors(problems(record, before))}


def warned(record: Record) -> set[str]:
    return {p.field for p in problems(record) if p.level is Level.WARNING}


FIELD_BREACHES = [
    ("initiative", {"title": ""}, "title"),
    ("initiative", {"title": "ab"}, "title"),
    ("initiative", {"title": "  a  "}, "title"),
    ("initiative", {"title": "a" * 81}, "title"),
    ("initiative", {"title": "plein\x00"}, "title"),
    ("initiative", {"title": "plein \ud800"}, "title"),
    ("initiative", {"kern": None}, "kern"),
    ("initiative", {"phase": None}, "phase"),
    ("initiative", {"summary": "a" * 201}, "summary"),
    ("initiative", {"description": "a" * 5001}, "description"),
    ("initiative", {"supporters": -1}, "supporters"),
    ("initiative", {"budget_total": -1}, "budget_total"),
    ("initiative", {"address_id": "123"}, "address_id"),
    ("premises", {"house_number": 0}, "house_number"),
    ("premises", {"house_number": 100_000}, "house_number"),
    ("premises", {"postcode": "7151 AB"}, "postcode"),
    ("premises", {"unit_ids": frozenset({"1859010000001234", "12"})}, "unit_ids"),
    ("premises", {"year_built": 999}, "year_built"),
    ("premises", {"clear_height_m": float("nan")}, "clear_height_m"),
    ("premises", {"link": "https://" + "a" * 500}, "link"),
    ("plot", {"max_built_percentage": 101}, "max_built_percentage"),
    ("plot", {"geometry": None}, "geometry"),
    ("organisation", {"rsin": "123456789"}, "rsin"),
    ("contact_person", {"email": "a@"}, "email"),
    ("attachment", {"size_bytes": 10 * 1024 * 1024 + 1}, "size_bytes"),
    ("attachment", {"size_bytes": None}, "size_bytes"),
    ("search_request", {"account_manager": None}, "account_manager"),
    ("contact_moment", {"summary": "", "moment": None}, "summary"),
    ("team", {"kind": None}, "kind"),
]  # fmt: skip


@pytest.mark.parametrize(("entity", "changed", "field"), FIELD_BREACHES)
def test_a_value_outside_its_declaration_is_an_error(entity, changed, field):
    assert field in wrong(FACTORIES[entity](**changed))


@pytest.mark.parametrize(
    ("entity", "changed"),
    [
        ("initiative", {"title": "abc", "summary": "a" * 200, "budget_total": 0}),
        ("premises", {"year_built": 1005, "house_number": 99_999}),
        ("plot", {"max_built_percentage": 0}),
        ("initiative", {"title": "<img src=x onerror=alert(1)>"}),
        ("initiative", {"description": "Regel een\n\nRegel twee\t\U0001f333"}),
    ],
)
def test_the_edge_of_a_declaration_is_allowed(entity, changed):
    assert wrong(FACTORIES[entity](**changed)) == set()


RULE_BREACHES = [
    ("initiative", {"start_date": TODAY, "expected_end_date": TODAY - DAY}, "expected_end_date", {"expected_end_date": TODAY}),
    ("initiative", {"budget_total": 100, "budget_requested": 101}, "budget_requested", {"budget_requested": 100}),
    ("initiative", {"publish_from": TODAY, "publish_until": TODAY - DAY}, "publish_until", {"publish_until": None}),
    ("initiative", {"publish": True}, "summary", {"summary": "Een plein voor iedereen."}),
    ("initiative", {"phase": Phase.STOPPED}, "status_reason", {"status_reason": "Te duur."}),
    ("initiative", {"status": S.WITHDRAWN}, "status_reason", {"status_reason": "Te duur."}),
    ("initiative", {"phase": Phase.EXECUTION, "upkeep_organisation": uuid4()}, "upkeep", {"upkeep": "De buurt."}),
    ("initiative", {"phase": Phase.MAINTENANCE, "upkeep": "De buurt."}, "upkeep_organisation", {"upkeep_organisation": uuid4()}),
    ("initiative", {"geometry": IN_GERMANY}, "geometry", {"outside_municipality": True}),
    ("initiative", {"id": UUID(int=5), "parent": UUID(int=5)}, "parent", {"parent": UUID(int=6)}),
    ("initiative", {"id": UUID(int=5), "successor": UUID(int=5)}, "successor", {"successor": None}),
    ("premises", {"divisible_from_m2": 1251}, "divisible_from_m2", {"divisible_from_m2": 1250}),
    ("premises", {"availability": Availability.UNDER_OPTION}, "option_until", {"option_until": TODAY}),
    ("premises", {"rent": None}, "rent", {"price_on_request": True}),
    ("premises", {"rent": None, "sale_price": None}, "rent", {"sale_price": 1}),
    ("premises", {"vacant_since": TODAY, "source": Source.AGENT}, "source", {"source": Source.OBSERVATION}),
    ("premises", {"vacant_since": TODAY}, "source", {"source": Source.OWNER}),
    ("premises", {"vacant_since": TODAY + DAY, "source": Source.OWNER}, "vacant_since", {"vacant_since": TODAY}),
    ("premises", {"year_built": TODAY.year + 6}, "year_built", {"year_built": TODAY.year + 5}),
    ("premises", {"geometry": NO_LINE}, "geometry", {"geometry": square(240_000, 457_000)}),
    ("plot", {"min_purchase_m2": 1601}, "min_purchase_m2", {"min_purchase_m2": 1600}),
    ("plot", {"status": PlotStatus.IN_OPTION}, "option_until", {"option_until": TODAY}),
    ("plot", {"accessible": Readiness.FROM_DATE}, "accessible_from", {"accessible_from": TODAY}),
    ("plot", {"build_ready": Readiness.FROM_DATE}, "build_ready_from", {"build_ready_from": TODAY}),
    ("plot", {"geometry": Geometry.point(240_000, 457_000)}, "geometry", {"geometry": square(240_000, 457_000)}),
    ("search_request", {"area_min_m2": 10, "area_max_m2": 9}, "area_max_m2", {"area_max_m2": 10}),
    ("search_request", {"status": RequestStatus.LAPSED}, "lapse_reason", {"lapse_reason": "Te duur."}),
    ("search_match", {"premises": None}, "premises", {"plot": uuid4()}),
    ("search_match", {"response": MatchResponse.DECLINED}, "decline_reason", {"decline_reason": "Te klein."}),
    ("contact_person", {"consent_to_publish": True}, "consent_date", {"consent_date": TODAY}),
    ("contact_person", {"consent_date": TODAY, "consent_withdrawn_on": TODAY - DAY}, "consent_withdrawn_on", {"consent_withdrawn_on": TODAY}),
    ("team", {"start_date": TODAY, "end_date": TODAY - DAY}, "end_date", {"end_date": TODAY}),
    ("team", {"kind": TeamKind.TASK}, "end_date", {"end_date": TODAY}),
    ("team", {"members": frozenset({Membership(STAFF_ID, start=TODAY, end=TODAY - DAY)})}, "members", {"members": frozenset()}),
]  # fmt: skip


@pytest.mark.parametrize(("entity", "broken", "field", "mended"), RULE_BREACHES)
def test_a_rule_is_broken_and_mended(entity, broken, field, mended):
    assert wrong(FACTORIES[entity](**broken)) == {field}
    assert wrong(FACTORIES[entity](**{**broken, **mended})) == set()


@pytest.mark.parametrize("status", [S.IN_PROGRESS, S.AWAITING_INITIATOR, S.AWAITING_OTHERS])
@pytest.mark.parametrize(("field", "empty"), [("themes", frozenset()), ("lead", None)])
def test_who_takes_it_on_names_a_lead_and_a_theme(status, field, empty):
    assert wrong(handled_initiative(status=status)) == set()
    assert wrong(handled_initiative(status=status, **{field: empty})) == {field}


@pytest.mark.parametrize("field", ["next_action", "action_date"])
def test_work_in_progress_has_a_next_action(field):
    assert wrong(handled_initiative(**{field: None})) == {field}


def test_every_declared_rule_is_tried_here():
    tried = {(entity, field) for entity, _, field, _ in RULE_BREACHES}
    tried |= {("initiative", name) for name in ("themes", "lead", "next_action", "action_date")}
    assert {(entity, rule.field) for entity, rules in RULES.items() for rule in rules} <= tried


def test_every_rule_names_real_fields():
    for entity, rules in RULES.items():
        specs = fields_of(ENTITIES[entity])
        for rule in rules:
            names = {rule.field} | {
                getattr(rule, part, rule.field) for part in ("low", "high", "when")
            }
            assert names | set(getattr(rule, "fields", ())) <= specs.keys()


ALLOWED = {
    S.CONCEPT: {S.REPORTED, S.IN_PROGRESS, S.WITHDRAWN},
    S.DONE: {S.REOPENED},
    S.WITHDRAWN: {S.REOPENED},
}


@pytest.mark.parametrize("old", S)
@pytest.mark.parametrize("new", S)
def test_only_allowed_steps_are_possible(old, new):
    before = handled_initiative(status=old, status_reason="Daarom.")
    allowed = new is old or new in allowed_next("initiative", "status", old)
    assert ("status" not in wrong(replace(before, status=new), before)) == allowed
    if old in ALLOWED:
        assert allowed == (new is old or new in ALLOWED[old])


def test_nothing_leads_back_to_a_concept_and_no_status_is_a_dead_end():
    steps = TRANSITIONS["initiative", "status"]
    assert steps.keys() == set(S)
    assert all(nexts for nexts in steps.values())
    assert S.CONCEPT not in set().union(*steps.values())


def test_a_field_without_steps_may_become_anything():
    assert allowed_next("initiative", "phase", Phase.IDEA) is None
    assert allowed_next("initiative", "status", None) is None


def test_a_forbidden_step_is_told_with_both_names():
    before = initiative(status=S.DONE)
    (problem,) = errors(problems(replace(before, status=S.CONCEPT), before))
    assert problem.details == {"old": "Dealt with", "new": "Concept"}


@pytest.mark.parametrize("text", ["Bel, bsn 111222333", "Rekening NL91ABNA0417164300"])
def test_a_personal_number_in_free_text_is_a_warning(text):
    record = initiative(description=text)
    assert warned(record) == {"description"}
    assert wrong(record) == set()


def test_a_register_number_is_no_warning():
    """An RSIN passes the same check as a BSN, and is asked for."""
    assert problems(make.organisation(rsin="111222333")) == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"rent": 48_000_00, "rent_unit": RentUnit.MONTH}, "rent"),
        ({"rent": 400_000_00, "rent_unit": RentUnit.YEAR}, "rent"),
        ({"rent": 301_00, "rent_unit": RentUnit.M2_YEAR}, "rent"),
        ({"energy_label": EnergyLabel.C, "label_valid_until": TODAY - DAY}, "label_valid_until"),
    ],
)
def test_what_is_odd_is_a_warning_and_can_be_saved(changed, field):
    record = premises(**changed)
    assert warned(record) == {field}
    assert wrong(record) == set()


def test_the_rent_warning_says_the_amount_per_square_metre():
    (problem,) = problems(premises(rent=48_000_00, rent_unit=RentUnit.MONTH))
    assert problem.details == {"amount": 461}


def test_errors_come_first_and_then_in_order_of_the_form():
    record = initiative(description="bsn 111222333", kern=None, title="")
    assert [p.field for p in problems(record)] == ["title", "kern", "description"]


def test_a_limit_in_money_is_told_in_euros():
    (problem,) = errors(problems(initiative(budget_total=-5)))
    assert problem.details == {"limit": "0"}


@given(st.sampled_from(list(ENTITIES)).flatmap(records))
def test_valid_records_can_be_made_of_every_entity(record):
    assert errors(problems(record)) == ()


@given(records("initiative").flatmap(lambda record: st.tuples(st.just(record), edits(record))))
def test_an_allowed_edit_is_no_error(pair):
    before, after = pair
    assert errors(problems(after, before)) == ()


@given(st.sampled_from(list(ENTITIES)), st.data())
def test_no_value_of_any_kind_crashes_the_rules(entity, data):
    """Drafts hold what people type; the rules answer in words, never with an exception."""
    sound = FACTORIES[entity]()
    names = data.draw(st.lists(st.sampled_from(list(fields_of(type(sound)))), max_size=4))
    empties = {name: None for name in names if not fields_of(type(sound))[name].kind.is_collection}
    assert all(problem.message for problem in problems(replace(sound, **empties)))


def test_every_initiative_theme_is_known_to_the_rules():
    assert wrong(Initiative(title="Alles", kern=make.REKKEN, themes=frozenset(Theme))) == set()


def test_a_rent_of_nothing_is_a_price() -> None:
    """Space that is given in use for free has its rent filled in: 0."""
    assert is_filled(0)
    assert not any(is_filled(empty) for empty in (None, "", False, frozenset()))
