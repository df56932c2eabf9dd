"""Records and JSON: what goes out comes back, equal values have equal JSON, nonsense is refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.codec import (
    from_column,
    from_json,
    from_json_record,
    new_record,
    system_values_of,
    to_column,
    to_json,
    values_of,
    with_values,
)
from db.entities import ENTITIES
from db.entities.initiative import ContactLink, ContactRole, Initiative, InitiativeStatus, Phase
from db.entities.people import ContactMoment
from db.errors import UserProblem
from db.fields import fields_of
from tests.factories import contact_moment, initiative, plot
from tests.strategies import records

every_record = st.sampled_from(list(ENTITIES)).flatmap(records)


@given(every_record)
def test_a_record_survives_json(record):
    whole = json.loads(json.dumps({**system_values_of(record), **values_of(record)}))
    assert from_json_record(type(record), whole) == record


@given(every_record)
def test_a_record_survives_the_columns_of_sqlite(record):
    specs, given_values = fields_of(type(record)), values_of(record)
    back = {n: from_column(specs[n], to_column(specs[n], v)) for n, v in given_values.items()}
    assert back == given_values
    assert with_values(record, back) == record


@given(every_record, st.randoms())
def test_equal_values_have_equal_json(record, random):
    """The order in which a collection was filled does not show."""
    for name, spec in fields_of(type(record)).items():
        value = getattr(record, name)
        if spec.kind.is_collection:
            mixed = sorted(value, key=lambda _: random.random())
            assert to_json(spec, frozenset(mixed)) == to_json(spec, value)
            assert from_json(spec, to_json(spec, value)) == value


def test_moments_are_kept_in_utc_and_whole_seconds():
    amsterdam = timezone(timedelta(hours=1))
    moment = datetime(2026, 11, 23, 10, 14, 5, 123456, tzinfo=amsterdam)
    values = values_of(contact_moment(moment=moment))
    assert values["moment"] == "2026-11-23T09:14:05+00:00"
    assert with_values(contact_moment(), values).moment == datetime(
        2026, 11, 23, 9, 14, 5, tzinfo=UTC
    )


def test_a_moment_without_a_zone_is_utc():
    spec = fields_of(ContactMoment)["moment"]
    assert from_json(spec, "2026-11-23T09:14:05") == datetime(2026, 11, 23, 9, 14, 5, tzinfo=UTC)


def test_fields_of_a_newer_client_are_kept():
    record = with_values(initiative(), {"title": "Nieuw", "colour_of_the_door": "groen"})
    assert record.extra == {"colour_of_the_door": "groen"}
    assert values_of(record)["colour_of_the_door"] == "groen"
    assert with_values(record, {"title": "Nieuwer"}).extra == {"colour_of_the_door": "groen"}


def test_an_empty_text_of_an_optional_field_is_no_value():
    assert with_values(initiative(), {"summary": ""}).summary is None


def test_a_new_record_has_blanks_where_a_value_is_required():
    made = new_record(Initiative)
    assert (made.title, made.kern, made.phase) == ("", None, Phase.IDEA)
    attachment = new_record(ENTITIES["attachment"], UUID(int=7))
    assert (attachment.id, attachment.size_bytes, attachment.sha256) == (UUID(int=7), 0, "")


def test_a_link_without_a_role_gets_the_usual_one():
    person = uuid4()
    record = with_values(initiative(), {"contacts": [{"contact": str(person)}]})
    assert record.contacts == {ContactLink(person, ContactRole.INITIATOR)}


NONSENSE = [
    ("title", 7),
    ("title", ["a"]),
    ("themes", ["no such theme"]),
    ("themes", "green"),
    ("themes", {"green": 1}),
    ("themes", [["green"]]),
    ("phase", "no such phase"),
    ("phase", ["idea"]),
    ("kern", "no uuid"),
    ("kern", 5),
    ("kern_chosen", "ja"),
    ("kern_chosen", 1),
    ("supporters", 1.5),
    ("supporters", "veel"),
    ("supporters", True),
    ("supporters", float("inf")),
    ("supporters", float("nan")),
    ("start_date", "2026-02-30"),
    ("start_date", 20260101),
    ("geometry", "POINT(1 2)"),
    ("geometry", {"type": "Circle", "coordinates": [1, 2]}),
    ("geometry", {"type": "Point"}),
    ("geometry", {"type": "Point", "coordinates": [1]}),
    ("geometry", {"type": "Point", "coordinates": ["1", "2"]}),
    ("geometry", {"type": "Point", "coordinates": [True, False]}),
    ("geometry", {"type": "Point", "coordinates": [float("nan"), 2]}),
    ("geometry", {"type": "Point", "coordinates": [1e300, 2]}),
    ("geometry", {"type": "LineString", "coordinates": [[1, 2]]}),
    ("geometry", {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}),
    ("contacts", [{"role": "initiator"}]),
    ("contacts", [{"contact": str(UUID(int=1)), "role": "king"}]),
    ("contacts", ["A. Voorbeeld"]),
    ("contacts", 3),
]


@pytest.mark.parametrize(("name", "value"), NONSENSE, ids=lambda v: str(v)[:40])
def test_nonsense_is_refused_in_words(name, value):
    with pytest.raises(UserProblem) as caught:
        with_values(initiative(), {name: value})
    label = fields_of(Initiative)[name].meta.label
    assert caught.value.details["field"] in {label, "Role", "Contact"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), "6,2", True])
def test_a_decimal_is_a_finite_number(value):
    with pytest.raises(UserProblem):
        with_values(plot(), {"max_height_m": value})


@pytest.mark.parametrize("value", ["gisteren", "9999-12-31T23:59:59-14:00", 12])
def test_nonsense_moments_are_refused(value):
    with pytest.raises(UserProblem):
        with_values(contact_moment(), {"moment": value})


def test_a_required_code_may_be_empty_for_now():
    """The rules say so in words; reading must not fail on it."""
    assert with_values(initiative(), {"status": None}).status is None


def test_system_values_are_json():
    staff = uuid4()
    made = datetime(2026, 11, 23, 9, 14, tzinfo=UTC)
    record = replace(
        initiative(), revision=4, code="INI-2026-0042", changed_at=made, changed_by=staff
    )
    plain = system_values_of(record)
    assert json.loads(json.dumps(plain)) == plain
    assert plain["changed_at"] == "2026-11-23T09:14:00+00:00"
    assert plain["changed_by"] == str(staff)


def test_codes_are_stored_by_value():
    record = initiative(status=InitiativeStatus.REPORTED)
    assert values_of(record)["status"] == "reported"
