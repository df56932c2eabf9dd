"""Organisations, contact persons, contact moments, teams and staff (domain.md 2.5, 2.6).

Contact details stand apart from the records: who has no right to them never receives them.
Never declared here: BSN, date of birth, health, nationality, political or church preference.
"""

# fmt: off
# One line a field.
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from db import formats
from db.entities.codes import Channel, PolicyArea
from db.entities.place import AddressedRecord
from db.fields import N_, CodeList, Field, Record


class LegalForm(CodeList):
    """The legal form; a sole trader is a person."""

    SOLE_TRADER = "sole_trader", N_("Sole trader")
    PARTNERSHIP = "partnership", N_("Partnership (vof)")
    BV = "bv", N_("Private company (bv)")
    NV = "nv", N_("Public company (nv)")
    FOUNDATION = "foundation", N_("Foundation")
    ASSOCIATION = "association", N_("Association")
    COOPERATIVE = "cooperative", N_("Cooperative")
    CHURCH = "church", N_("Church community")
    GOVERNMENT = "government", N_("Government")
    INFORMAL = "informal", N_("Informal group")


class PreferredChannel(CodeList):
    """How a person likes to be reached."""

    PHONE = "phone", N_("Phone")
    EMAIL = "email", N_("E-mail")
    POST = "post", N_("Letter")
    VISIT = "visit", N_("Personally")


class LegalBasis(CodeList):
    """Why the personal data may be kept (AVG)."""

    PUBLIC_TASK = "public_task", N_("Public task")
    AGREEMENT = "agreement", N_("Agreement")
    LEGAL_DUTY = "legal_duty", N_("Legal duty")
    CONSENT = "consent", N_("Consent")


class TeamKind(CodeList):
    """The kind of team."""

    BASE = "base", N_("Base team")
    TASK = "task", N_("Task team")
    PROGRAMME = "programme", N_("Programme")


class TeamRole(CodeList):
    """What someone does in a team."""

    MEMBER = "member", N_("Member")
    LEAD = "lead", N_("Lead")
    ADVISER = "adviser", N_("Adviser")


@dataclass(frozen=True, slots=True)
class Membership:
    """A member of staff in a team, from and until a date."""

    staff: Annotated[UUID, Field(label=N_("Member of staff"), refers_to="staff")]
    role: Annotated[TeamRole, Field(label=N_("Role"))] = TeamRole.MEMBER
    start: Annotated[date | None, Field(label=N_("From"))] = None
    end: Annotated[date | None, Field(label=N_("Until"))] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation(AddressedRecord):
    """A company, foundation, association or group."""

    ENTITY: ClassVar[str] = "organisation"
    LABEL: ClassVar[str] = N_("Organisation")
    PLURAL: ClassVar[str] = N_("Organisations")
    CODE_PREFIX: ClassVar[str] = "ORG"

    name: Annotated[str, Field(label=N_("Name"), required=True, min_length=2, max_length=120, in_list=True, searched=True)]
    legal_form: Annotated[LegalForm | None, Field(label=N_("Legal form"), in_list=True, in_filter=True)] = None
    kern: Annotated[UUID | None, Field(label=N_("Village"), refers_to="kern", in_list=True, in_filter=True)] = None
    kvk: Annotated[str | None, Field(label=N_("KvK number"), text_format=formats.KVK, in_list=True, searched=True)] = None
    establishment: Annotated[str | None, Field(label=N_("Establishment number"), text_format=formats.ESTABLISHMENT)] = None
    rsin: Annotated[str | None, Field(label=N_("RSIN"), text_format=formats.RSIN)] = None
    sbi: Annotated[frozenset[str], Field(label=N_("SBI codes"), text_format=formats.SBI)] = frozenset()
    website: Annotated[str | None, Field(label=N_("Website"), max_length=300, text_format=formats.URL)] = None
    member_of: Annotated[frozenset[UUID], Field(label=N_("Member of"), refers_to="organisation")] = frozenset()
    remarks: Annotated[str | None, Field(label=N_("Remarks"), max_length=3000, multiline=True, searched=True)] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactPerson(AddressedRecord):
    """A person to speak to; every field is personal data."""

    ENTITY: ClassVar[str] = "contact_person"
    LABEL: ClassVar[str] = N_("Contact person")
    PLURAL: ClassVar[str] = N_("Contacts")
    CODE_PREFIX: ClassVar[str] = "CON"
    IS_PERSONAL: ClassVar[bool] = True

    name: Annotated[str, Field(label=N_("Name"), required=True, min_length=2, max_length=120, personal=True, in_list=True, searched=True)]
    form_of_address: Annotated[str | None, Field(label=N_("Form of address"), max_length=60, personal=True)] = None
    phone: Annotated[str | None, Field(label=N_("Phone"), text_format=formats.PHONE, personal=True, in_list=True, searched=True)] = None
    email: Annotated[str | None, Field(label=N_("E-mail"), max_length=200, text_format=formats.EMAIL, personal=True, in_list=True, searched=True)] = None
    preferred_channel: Annotated[PreferredChannel | None, Field(label=N_("Preferred channel"), personal=True)] = None
    organisation: Annotated[UUID | None, Field(label=N_("Organisation"), refers_to="organisation", personal=True, in_list=True)] = None
    job_title: Annotated[str | None, Field(label=N_("Position"), max_length=100, personal=True)] = None
    legal_basis: Annotated[LegalBasis | None, Field(label=N_("Legal basis"), personal=True)] = None
    consent_to_publish: Annotated[bool, Field(label=N_("Consent to publication"), personal=True, together_with="consent")] = False
    consent_date: Annotated[date | None, Field(label=N_("Consent given on"), personal=True, together_with="consent")] = None
    consent_text_version: Annotated[str | None, Field(label=N_("Version of the consent text"), max_length=40, personal=True, together_with="consent")] = None
    consent_withdrawn_on: Annotated[date | None, Field(label=N_("Consent withdrawn on"), personal=True, together_with="consent")] = None
    keep_until: Annotated[date | None, Field(label=N_("Keep until"), personal=True)] = None
    anonymised_on: Annotated[date | None, Field(label=N_("Anonymised on"), personal=True)] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactMoment(Record):
    """One conversation, letter or visit, and what was agreed."""

    ENTITY: ClassVar[str] = "contact_moment"
    LABEL: ClassVar[str] = N_("Contact moment")
    PLURAL: ClassVar[str] = N_("Contact moments")
    TITLE: ClassVar[str] = "summary"
    IS_PERSONAL: ClassVar[bool] = True

    moment: Annotated[datetime | None, Field(label=N_("Date and time"), required=True, personal=True, in_list=True)] = None
    channel: Annotated[Channel | None, Field(label=N_("Channel"), required=True, personal=True, in_list=True)] = None
    summary: Annotated[str, Field(label=N_("Summary"), required=True, min_length=3, max_length=3000, multiline=True, personal=True, searched=True, in_list=True, hint=N_("the person may read this"))]
    staff: Annotated[UUID | None, Field(label=N_("Member of staff"), refers_to="staff", in_list=True)] = None
    agreement: Annotated[str | None, Field(label=N_("Agreement"), max_length=1000, multiline=True, personal=True)] = None
    contact: Annotated[UUID | None, Field(label=N_("Contact"), refers_to="contact_person", personal=True, in_list=True)] = None
    organisation: Annotated[UUID | None, Field(label=N_("Organisation"), refers_to="organisation", personal=True)] = None
    initiative: Annotated[UUID | None, Field(label=N_("Initiative"), refers_to="initiative")] = None
    premises: Annotated[UUID | None, Field(label=N_("Premises"), refers_to="premises")] = None
    plot: Annotated[UUID | None, Field(label=N_("Plot"), refers_to="plot")] = None
    search_request: Annotated[UUID | None, Field(label=N_("Search request"), refers_to="search_request")] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Team(Record):
    """A base team, task team or programme."""

    ENTITY: ClassVar[str] = "team"
    LABEL: ClassVar[str] = N_("Team")
    PLURAL: ClassVar[str] = N_("Teams")

    name: Annotated[str, Field(label=N_("Name"), required=True, min_length=2, max_length=100, in_list=True, searched=True)]
    kind: Annotated[TeamKind | None, Field(label=N_("Kind"), required=True, in_list=True, in_filter=True)] = None
    start_date: Annotated[date | None, Field(label=N_("From"), together_with="period", in_list=True)] = None
    end_date: Annotated[date | None, Field(label=N_("Until"), together_with="period", in_list=True)] = None
    policy_areas: Annotated[frozenset[PolicyArea], Field(label=N_("Policy areas"), in_filter=True)] = frozenset()
    assignment: Annotated[str | None, Field(label=N_("Assignment"), max_length=2000, multiline=True, searched=True)] = None
    coordinator: Annotated[UUID | None, Field(label=N_("Coordinator"), refers_to="staff", in_list=True)] = None
    members: Annotated[frozenset[Membership], Field(label=N_("Members"))] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff(Record):
    """A member of staff as colleagues see them; made by the administrator, never by a laptop."""

    ENTITY: ClassVar[str] = "staff"
    LABEL: ClassVar[str] = N_("Member of staff")
    PLURAL: ClassVar[str] = N_("Staff")
    IS_SERVER_ONLY: ClassVar[bool] = True

    name: Annotated[str, Field(label=N_("Name"), required=True, min_length=2, max_length=100, in_list=True, searched=True)]
    role_name: Annotated[str | None, Field(label=N_("Login name"), max_length=63)] = None
    is_active: Annotated[bool, Field(label=N_("Active"))] = True
