"""Initiative (initiatief): a plan of residents, an association or the municipality (domain.md 2.1)."""

# fmt: off
# One line a field.
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from db import formats
from db.fields import N_, CodeList, Field, Record
from db.geometry import Geometry


class InitiativeKind(CodeList):
    """Who starts it."""

    RESIDENTS = "residents", N_("Residents' initiative")
    ENTREPRENEURS = "entrepreneurs", N_("Entrepreneurs' initiative")
    ASSOCIATION = "association", N_("Association's initiative")
    MUNICIPALITY = "municipality", N_("Municipal initiative")
    RIGHT_TO_CHALLENGE = "right_to_challenge", N_("Right to challenge")
    OTHER = "other", N_("Other")


class Theme(CodeList):
    """What it is about."""

    HOUSING = "housing", N_("Housing")
    GREEN = "green", N_("Green and landscape")
    TRAFFIC = "traffic", N_("Traffic and access")
    CARE = "care", N_("Care and welfare")
    SPORT = "sport", N_("Sport and exercise")
    CULTURE = "culture", N_("Culture and heritage")
    ENERGY = "energy", N_("Energy and sustainability")
    ECONOMY = "economy", N_("Economy and centre")
    YOUTH = "youth", N_("Youth and education")
    MEETING = "meeting", N_("Meeting and village hall")
    SAFETY = "safety", N_("Safety")
    DIGITAL = "digital", N_("Digital (fibre)")
    OTHER = "other", N_("Other")


class Scale(CodeList):
    """How far it reaches."""

    STREET = "street", N_("Street")
    NEIGHBOURHOOD = "neighbourhood", N_("Neighbourhood")
    KERN = "kern", N_("Village")
    KERNEN = "kernen", N_("Several villages")
    MUNICIPALITY = "municipality", N_("Municipality")
    REGION = "region", N_("Region")


class Phase(CodeList):
    """How far the plan itself is."""

    IDEA = "idea", N_("Idea")
    EXPLORATION = "exploration", N_("Exploration")
    PLAN = "plan", N_("Plan")
    REVIEW = "review", N_("Review")
    EXECUTION = "execution", N_("Execution")
    MAINTENANCE = "maintenance", N_("Upkeep")
    COMPLETED = "completed", N_("Completed")
    STOPPED = "stopped", N_("Stopped")


class InitiativeStatus(CodeList):
    """How far the municipality's handling is; the allowed steps are in `db.rules`."""

    CONCEPT = "concept", N_("Concept")
    REPORTED = "reported", N_("Reported")
    IN_PROGRESS = "in_progress", N_("In progress")
    AWAITING_INITIATOR = "awaiting_initiator", N_("Waiting for initiator")
    AWAITING_OTHERS = "awaiting_others", N_("Waiting for others")
    ON_HOLD = "on_hold", N_("On hold")
    DONE = "done", N_("Dealt with")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
    REOPENED = "reopened", N_("Reopened")


class LocationAccuracy(CodeList):
    """How precise the place is."""

    EXACT = "exact", N_("Exact")
    PARCEL = "parcel", N_("Parcel")
    STREET = "street", N_("Street")
    KERN = "kern", N_("Village")


class ContactRole(CodeList):
    """What a contact person is to an initiative."""

    INITIATOR = "initiator", N_("Initiator")
    SECRETARY = "secretary", N_("Secretary")
    CO_INITIATOR = "co_initiator", N_("Co-initiator")
    LAND_OWNER = "land_owner", N_("Land owner")


@dataclass(frozen=True, slots=True)
class ContactLink:
    """A contact person with the role in this initiative."""

    contact: Annotated[UUID, Field(label=N_("Contact"), refers_to="contact_person")]
    role: Annotated[ContactRole, Field(label=N_("Role"))] = ContactRole.INITIATOR


@dataclass(frozen=True, kw_only=True, slots=True)
class Initiative(Record):
    """A plan or activity in the living environment."""

    ENTITY: ClassVar[str] = "initiative"
    LABEL: ClassVar[str] = N_("Initiative")
    PLURAL: ClassVar[str] = N_("Initiatives")
    CODE_PREFIX: ClassVar[str] = "INI"
    TITLE: ClassVar[str] = "title"
    STATE: ClassVar[str] = "phase"

    title: Annotated[str, Field(label=N_("Title"), required=True, min_length=3, max_length=80, public=True, in_list=True, searched=True)]
    kern: Annotated[UUID | None, Field(label=N_("Village"), required=True, refers_to="kern", public=True, in_list=True, in_filter=True)] = None
    kern_chosen: Annotated[bool, Field(label=N_("Village chosen by hand"), together_with="kern")] = False
    themes: Annotated[frozenset[Theme], Field(label=N_("Themes"), public=True, in_list=True, in_filter=True)] = frozenset()
    phase: Annotated[Phase, Field(label=N_("Phase"), required=True, public=True, in_list=True, in_filter=True)] = Phase.IDEA
    status: Annotated[InitiativeStatus, Field(label=N_("Status"), required=True, in_list=True, in_filter=True)] = InitiativeStatus.CONCEPT
    status_reason: Annotated[str | None, Field(label=N_("Reason for stopping or withdrawing"), max_length=500, multiline=True)] = None
    summary: Annotated[str | None, Field(label=N_("Summary"), max_length=200, multiline=True, public=True, searched=True)] = None
    description: Annotated[str | None, Field(label=N_("Description"), max_length=5000, multiline=True, public=True, searched=True)] = None
    kind: Annotated[InitiativeKind | None, Field(label=N_("Kind"), public=True, in_filter=True)] = None
    scale: Annotated[Scale | None, Field(label=N_("Scale"), public=True)] = None
    geometry: Annotated[Geometry | None, Field(label=N_("Place on the map"), public=True)] = None
    outside_municipality: Annotated[bool, Field(label=N_("Lies outside the municipality"), together_with="geometry")] = False
    location_accuracy: Annotated[LocationAccuracy | None, Field(label=N_("Accuracy of the place"), together_with="geometry")] = None
    location_text: Annotated[str | None, Field(label=N_("Place in words"), max_length=200, public=True, searched=True)] = None
    address_id: Annotated[str | None, Field(label=N_("Address number (BAG)"), text_format=formats.BAG_ADDRESS, public=True)] = None
    start_date: Annotated[date | None, Field(label=N_("Start date"), public=True, together_with="period")] = None
    expected_end_date: Annotated[date | None, Field(label=N_("Expected end date"), public=True, together_with="period")] = None
    lead: Annotated[UUID | None, Field(label=N_("Lead official"), refers_to="staff", in_list=True, in_filter=True)] = None
    team: Annotated[UUID | None, Field(label=N_("Team"), refers_to="team", in_filter=True)] = None
    contacts: Annotated[frozenset[ContactLink], Field(label=N_("Contacts"), personal=True)] = frozenset()
    support: Annotated[str | None, Field(label=N_("How support was shown"), max_length=1000, multiline=True, hint=N_("no names of supporters"))] = None
    supporters: Annotated[int | None, Field(label=N_("Number of supporters"), minimum=0, maximum=1_000_000)] = None
    budget_total: Annotated[int | None, Field(label=N_("Total budget"), unit="EUR", minimum=0, maximum=10_000_000_000_00, together_with="money")] = None
    budget_requested: Annotated[int | None, Field(label=N_("Amount requested"), unit="EUR", minimum=0, maximum=10_000_000_000_00, together_with="money")] = None
    own_contribution: Annotated[int | None, Field(label=N_("Own contribution"), unit="EUR", minimum=0, maximum=10_000_000_000_00)] = None
    own_hours: Annotated[int | None, Field(label=N_("Own hours"), minimum=0, maximum=1_000_000)] = None
    upkeep: Annotated[str | None, Field(label=N_("Upkeep after completion"), max_length=2000, multiline=True)] = None
    upkeep_organisation: Annotated[UUID | None, Field(label=N_("Organisation for upkeep"), refers_to="organisation")] = None
    repeatable_in: Annotated[frozenset[UUID], Field(label=N_("Repeatable in"), refers_to="kern", public=True)] = frozenset()
    predecessor: Annotated[UUID | None, Field(label=N_("Follows on from"), refers_to="initiative")] = None
    successor: Annotated[UUID | None, Field(label=N_("Continued in"), refers_to="initiative")] = None
    parent: Annotated[UUID | None, Field(label=N_("Part of"), refers_to="initiative")] = None
    next_action: Annotated[str | None, Field(label=N_("Next action"), max_length=200, together_with="next_action", in_list=True)] = None
    action_date: Annotated[date | None, Field(label=N_("Date of the next action"), together_with="next_action", in_list=True)] = None
    publish: Annotated[bool, Field(label=N_("Show on the public map"))] = False
    public_text: Annotated[str | None, Field(label=N_("Public text"), max_length=2000, multiline=True, public=True)] = None
    publish_from: Annotated[date | None, Field(label=N_("Public from"), public=True, together_with="publication")] = None
    publish_until: Annotated[date | None, Field(label=N_("Public until"), public=True, together_with="publication")] = None
