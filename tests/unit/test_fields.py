"""The vocabulary of declarations, and what must hold for everything declared with it."""

import ast
from dataclasses import MISSING
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from db.entities import ENTITIES
from db.entities.initiative import ContactLink, Initiative, InitiativeStatus, Phase, Theme
from db.entities.people import ContactPerson
from db.entities.premises import Premises
from db.fields import CodeList, Kind, Record, fields_of
from db.geometry import Geometry
from tests.factories import initiative

ALL = [(entity, spec) for entity in ENTITIES.values() for spec in fields_of(entity).values()]
NAMES = [f"{entity.ENTITY}.{spec.name}" for entity, spec in ALL]
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "kind", "python_type", "optional"),
    [
        ("title", Kind.TEXT, str, False),
        ("kern", Kind.REFERENCE, UUID, True),
        ("kern_chosen", Kind.BOOLEAN, bool, False),
        ("themes", Kind.CODES, Theme, False),
        ("phase", Kind.CODE, Phase, False),
        ("geometry", Kind.GEOMETRY, Geometry, True),
        ("start_date", Kind.DATE, date, True),
        ("contacts", Kind.LINKS, ContactLink, False),
        ("supporters", Kind.INTEGER, int, True),
        ("repeatable_in", Kind.REFERENCES, UUID, False),
    ],
)
def test_a_field_is_read_from_its_type(name, kind, python_type, optional):
    spec = fields_of(Initiative)[name]
    assert (spec.kind, spec.type, spec.optional) == (kind, python_type, optional)


def test_other_kinds_are_read_as_well():
    premises = fields_of(Premises)
    assert premises["clear_height_m"].kind is Kind.DECIMAL
    assert premises["unit_ids"].kind is Kind.TEXTS
    assert premises["rent_with_vat"].optional
    assert fields_of(ENTITIES["contact_moment"])["moment"].kind is Kind.MOMENT


def test_system_fields_are_not_declared_fields():
    assert not {"id", "revision", "deleted", "code", "extra"} & fields_of(Initiative).keys()


def test_inherited_fields_come_first_and_once():
    names = list(fields_of(Premises))
    assert names.index("street") < names.index("kern") < names.index("name")
    assert len(names) == len(set(names))


def test_money_is_told_by_its_unit():
    specs = fields_of(Initiative)
    assert specs["budget_total"].is_money
    assert not specs["supporters"].is_money


def test_a_group_is_named_or_the_field_itself():
    specs = fields_of(Initiative)
    assert specs["start_date"].group == specs["expected_end_date"].group == "period"
    assert specs["title"].group == "title"


def test_a_code_has_a_stored_value_and_a_label():
    assert InitiativeStatus("in_progress") is InitiativeStatus.IN_PROGRESS
    assert InitiativeStatus.IN_PROGRESS.label == "In progress"


def test_a_record_shows_a_provisional_number_until_it_gets_one():
    record = initiative(id=UUID("7f3a0000-0000-4000-8000-000000000000"))
    assert record.shown_code == "concept-7F3A"
    assert initiative(code="INI-2026-0042").shown_code == "INI-2026-0042"


def test_nothing_about_a_person_is_public():
    """A town is public in an offer, but not as the place where a contact person lives."""
    for name, spec in fields_of(ContactPerson).items():
        assert spec.meta.personal, name
        assert not spec.meta.public, name
    assert fields_of(Premises)["town"].meta.public


@pytest.mark.parametrize(("entity", "spec"), ALL, ids=NAMES)
def test_every_declaration_is_sound(entity, spec):
    meta = spec.meta
    assert meta.label
    assert not (meta.personal and meta.public)
    assert (meta.refers_to in ENTITIES) is bool(meta.refers_to)
    if spec.kind in {Kind.REFERENCE, Kind.REFERENCES} and spec.name != "belongs_to":
        assert meta.refers_to
    if spec.kind is Kind.TEXT:
        assert meta.max_length or meta.text_format, "a text has a limit"
    if spec.kind in {Kind.INTEGER, Kind.DECIMAL}:
        assert meta.minimum is not None
        assert meta.maximum is not None
    if spec.kind.is_collection:
        assert spec.default == frozenset()
    if meta.multiline:
        assert not meta.together_with, "paragraphs are merged, groups are not"


def test_every_entity_says_what_it_is():
    for name, entity in ENTITIES.items():
        assert entity.ENTITY == name
        assert entity.LABEL
        assert entity.PLURAL
        assert entity.TITLE in fields_of(entity)
        assert not entity.STATE or fields_of(entity)[entity.STATE].kind is Kind.CODE
    prefixes = [e.CODE_PREFIX for e in ENTITIES.values() if e.CODE_PREFIX]
    assert len(prefixes) == len(set(prefixes))


def test_required_fields_have_no_default_but_none_or_a_code():
    for entity, spec in ALL:
        if spec.meta.required and spec.default is not MISSING:
            assert spec.default is None or isinstance(spec.default, CodeList), (entity, spec.name)


def test_records_are_values():
    assert initiative(id=UUID(int=1)) == initiative(id=UUID(int=1))
    assert isinstance(hash(initiative()), int)
    with pytest.raises(AttributeError):
        initiative().title = "anders"


@pytest.mark.parametrize("path", sorted((ROOT / "db/entities").glob("*.py")), ids=lambda p: p.name)
def test_entities_are_evaluated_annotations(path):
    """`from __future__ import annotations` would hide the declarations from `fields_of`."""
    imports = [
        n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ImportFrom)
    ]
    assert "__future__" not in {node.module for node in imports}


def test_every_entity_is_a_record():
    assert all(issubclass(entity, Record) for entity in ENTITIES.values())
