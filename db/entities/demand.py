"""Search request (zoekvraag) and its matches: what entrepreneurs ask for (domain.md 2.4)."""

# fmt: off
# One line a field.
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from db.entities.codes import Channel, EnvironmentCategory, Transaction, YesNoUnknown
from db.entities.premises import MAX_CENTS, MAX_M2, PremisesType, RentUnit
from db.fields import N_, CodeList, Field, Record
from db.geometry import Geometry


class RequestKind(CodeList):
    """What the entrepreneur wants."""

    SETTLE = "settle", N_("Settle here")
    EXPAND = "expand", N_("Expand")
    MOVE = "move", N_("Move")
    SHRINK = "shrink", N_("Go smaller")
    START = "start", N_("Start")
    INVEST = "invest", N_("Invest")
    SHELTERED_WORK = "sheltered_work", N_("Offer sheltered work")
    ENERGY_SCAN = "energy_scan", N_("Energy scan")


class RequestStatus(CodeList):
    """How far the request is."""

    NEW = "new", N_("New")
    IN_CONVERSATION = "in_conversation", N_("In conversation")
    OFFERED = "offered", N_("Offer made")
    VIEWING = "viewing", N_("Viewing")
    SUCCEEDED = "succeeded", N_("Succeeded")
    SUCCEEDED_ELSEWHERE = "succeeded_elsewhere", N_("Succeeded elsewhere")
    LAPSED = "lapsed", N_("Lapsed")


class Criterion(CodeList):
    """A wish that can be made a must."""

    TYPES = "types", N_("Type")
    AREA = "area", N_("Area")
    TRANSACTIONS = "transactions", N_("Rent or sale")
    PRICE = "price", N_("Price")
    PLACE = "place", N_("Place")
    ENVIRONMENT_CATEGORY = "environment_category", N_("Environment category")
    FIBRE = "fibre", N_("Fibre")
    PARKING = "parking", N_("Parking")
    HEIGHT = "height", N_("Height")
    DATE = "date", N_("Date")


class MatchResponse(CodeList):
    """What the entrepreneur said of a match."""

    NONE = "none", N_("No answer yet")
    INTERESTED = "interested", N_("Interested")
    DECLINED = "declined", N_("Declined")


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchRequest(Record):
    """What an organisation is looking for, with one account manager."""

    ENTITY: ClassVar[str] = "search_request"
    LABEL: ClassVar[str] = N_("Search request")
    PLURAL: ClassVar[str] = N_("Search requests")
    CODE_PREFIX: ClassVar[str] = "ZKV"
    TITLE: ClassVar[str] = "title"
    STATE: ClassVar[str] = "status"

    title: Annotated[str, Field(label=N_("Title"), required=True, min_length=3, max_length=80, in_list=True, searched=True)]
    organisation: Annotated[UUID | None, Field(label=N_("Organisation"), refers_to="organisation", in_list=True)] = None
    contact: Annotated[UUID | None, Field(label=N_("Contact"), refers_to="contact_person", personal=True)] = None
    account_manager: Annotated[UUID | None, Field(label=N_("Account manager"), required=True, refers_to="staff", in_list=True, in_filter=True)] = None
    received_at: Annotated[datetime | None, Field(label=N_("Received on"), in_list=True)] = None
    channel: Annotated[Channel | None, Field(label=N_("Channel"))] = None
    kind: Annotated[RequestKind | None, Field(label=N_("Kind of request"), in_list=True, in_filter=True)] = None
    status: Annotated[RequestStatus, Field(label=N_("Status"), required=True, in_list=True, in_filter=True)] = RequestStatus.NEW
    lapse_reason: Annotated[str | None, Field(label=N_("Reason for lapsing"), max_length=500)] = None
    types: Annotated[frozenset[PremisesType], Field(label=N_("Type"), in_filter=True)] = frozenset()
    area_min_m2: Annotated[int | None, Field(label=N_("Area from"), unit="m²", minimum=1, maximum=MAX_M2, together_with="area")] = None
    area_max_m2: Annotated[int | None, Field(label=N_("Area up to"), unit="m²", minimum=1, maximum=MAX_M2, together_with="area")] = None
    transactions: Annotated[frozenset[Transaction], Field(label=N_("Rent or sale"))] = frozenset()
    price_max: Annotated[int | None, Field(label=N_("Highest price"), unit="EUR", minimum=0, maximum=MAX_CENTS, together_with="price")] = None
    price_unit: Annotated[RentUnit | None, Field(label=N_("Per"), together_with="price")] = None
    kernen: Annotated[frozenset[UUID], Field(label=N_("Villages"), refers_to="kern", in_filter=True)] = frozenset()
    geometry: Annotated[Geometry | None, Field(label=N_("Middle of the search area"), together_with="radius")] = None
    radius_m: Annotated[int | None, Field(label=N_("Radius"), unit="m", minimum=1, maximum=100_000, together_with="radius")] = None
    environment_category_min: Annotated[EnvironmentCategory | None, Field(label=N_("Lowest environment category"))] = None
    fibre: Annotated[YesNoUnknown | None, Field(label=N_("Fibre"))] = None
    parking_min: Annotated[int | None, Field(label=N_("Parking places at least"), minimum=0, maximum=100_000)] = None
    height_min_m: Annotated[float | None, Field(label=N_("Height at least"), unit="m", minimum=0, maximum=200)] = None
    needed_by: Annotated[date | None, Field(label=N_("Needed by"))] = None
    must_have: Annotated[frozenset[Criterion], Field(label=N_("What must be met"), hint=N_("the rest are wishes"))] = frozenset()
    explanation: Annotated[str | None, Field(label=N_("Explanation"), max_length=3000, multiline=True, searched=True)] = None
    is_confidential: Annotated[bool, Field(label=N_("Confidential"))] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchMatch(Record):
    """Premises or a plot proposed for a search request, and the answer."""

    ENTITY: ClassVar[str] = "search_match"
    LABEL: ClassVar[str] = N_("Match")
    PLURAL: ClassVar[str] = N_("Matches")
    TITLE: ClassVar[str] = "remarks"

    search_request: Annotated[UUID | None, Field(label=N_("Search request"), required=True, refers_to="search_request")] = None
    premises: Annotated[UUID | None, Field(label=N_("Premises"), refers_to="premises", in_list=True)] = None
    plot: Annotated[UUID | None, Field(label=N_("Plot"), refers_to="plot", in_list=True)] = None
    score: Annotated[int | None, Field(label=N_("Score"), minimum=0, maximum=100, in_list=True)] = None
    failed: Annotated[frozenset[Criterion], Field(label=N_("Not met"))] = frozenset()
    proposed_on: Annotated[date | None, Field(label=N_("Proposed on"), in_list=True)] = None
    response: Annotated[MatchResponse, Field(label=N_("Answer"), required=True, in_list=True, together_with="response")] = MatchResponse.NONE
    decline_reason: Annotated[str | None, Field(label=N_("Reason for declining"), max_length=500, together_with="response")] = None
    remarks: Annotated[str | None, Field(label=N_("Remarks"), max_length=500)] = None
