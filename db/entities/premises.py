"""Premises (bedrijfspand), plot (kavel) and business park: what is on offer (domain.md 2.2, 2.3)."""

# fmt: off
# One line a field.
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from db import formats
from db.entities.building import (
    EnergyLabel,
    Fibre,
    GridCongestion,
    GridConnection,
    Monument,
    PlanRegime,
    Use,
)
from db.entities.codes import EnvironmentCategory, Transaction, YesNoUnknown
from db.entities.place import AddressedRecord
from db.fields import N_, CodeList, Field, Record
from db.geometry import Geometry

MAX_CENTS = 100_000_000_000
MAX_M2 = 999_999


class PremisesType(CodeList):
    """The main type of premises."""

    HALL = "hall", N_("Industrial hall")
    OFFICE = "office", N_("Office")
    SHOP = "shop", N_("Shop")
    HOSPITALITY = "hospitality", N_("Hospitality")
    PRACTICE = "practice", N_("Practice room")
    WORKSHOP = "workshop", N_("Workshop")
    STORAGE = "storage", N_("Storage or logistics")
    SHOWROOM = "showroom", N_("Showroom")
    FARM = "farm", N_("Vacant farm building (VAB)")
    SOCIAL = "social", N_("Social use")
    FLEX = "flex", N_("Creative or flexible space")
    OTHER = "other", N_("Other")


class Availability(CodeList):
    """Whether the premises can be had."""

    EXPECTED = "expected", N_("Expected")
    AVAILABLE = "available", N_("Available")
    UNDER_OPTION = "under_option", N_("Under option")
    UNDER_OFFER = "under_offer", N_("Under offer")
    LET = "let", N_("Let")
    SOLD = "sold", N_("Sold")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class RentUnit(CodeList):
    """What the rent is counted per."""

    MONTH = "month", N_("per month")
    YEAR = "year", N_("per year")
    M2_YEAR = "m2_year", N_("per m² per year")


class SaleTerms(CodeList):
    """Who pays the costs of the sale."""

    BUYER = "kk", N_("costs for the buyer (k.k.)")
    SELLER = "von", N_("free of costs (v.o.n.)")


class Source(CodeList):
    """Where the offer comes from."""

    OWNER = "owner", N_("Owner")
    AGENT = "agent", N_("Estate agent")
    MUNICIPALITY = "municipality", N_("Municipality")
    OBSERVATION = "observation", N_("Observed by staff")
    IMPORT = "import", N_("Import")


class CheckResult(CodeList):
    """What came of the last check of the offer."""

    FULL = "full", N_("Complete")
    PARTIAL = "partial", N_("Partial")
    NOT_REACHED = "not_reached", N_("Not reached")
    REFUSED = "refused", N_("Refused")


class PlotStatus(CodeList):
    """Whether the plot can be had."""

    IN_PREPARATION = "in_preparation", N_("In preparation")
    AVAILABLE = "available", N_("For issue")
    IN_OPTION = "in_option", N_("In option")
    RESERVED = "reserved", N_("Reserved")
    ISSUED = "issued", N_("Issued")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class Issue(CodeList):
    """Whether the plot can be issued at once (IBIS)."""

    IMMEDIATE = "immediate", N_("Immediately available")
    LATER = "later", N_("Not immediately available")


class Ownership(CodeList):
    """Whose land it is."""

    MUNICIPALITY = "municipality", N_("Municipality")
    PRIVATE = "private", N_("Private")
    REGION = "region", N_("Region")


class Readiness(CodeList):
    """Whether a plot is opened up or ready for building."""

    YES = "yes", N_("Yes")
    NO = "no", N_("No")
    FROM_DATE = "from_date", N_("From a date")


@dataclass(frozen=True, kw_only=True, slots=True)
class BusinessPark(Record):
    """A business park (bedrijventerrein) with its IBIS reference."""

    ENTITY: ClassVar[str] = "business_park"
    LABEL: ClassVar[str] = N_("Business park")
    PLURAL: ClassVar[str] = N_("Business parks")

    name: Annotated[str, Field(label=N_("Name"), required=True, min_length=2, max_length=100, public=True, in_list=True, searched=True)]
    kern: Annotated[UUID | None, Field(label=N_("Village"), refers_to="kern", public=True, in_list=True)] = None
    ibis_reference: Annotated[str | None, Field(label=N_("IBIS reference"), max_length=40)] = None
    geometry: Annotated[Geometry | None, Field(label=N_("Place on the map"), public=True)] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer(AddressedRecord):
    """What premises and plots share."""

    kern: Annotated[UUID | None, Field(label=N_("Village"), refers_to="kern", public=True, in_list=True, in_filter=True)] = None
    kern_chosen: Annotated[bool, Field(label=N_("Village chosen by hand"), together_with="kern")] = False
    cadastral_parcels: Annotated[frozenset[str], Field(label=N_("Cadastral parcels"), hint="Eibergen P 1399", text_format=formats.CADASTRAL, public=True)] = frozenset()
    outside_municipality: Annotated[bool, Field(label=N_("Lies outside the municipality"), together_with="geometry")] = False
    transactions: Annotated[frozenset[Transaction], Field(label=N_("Rent or sale"), public=True, in_filter=True)] = frozenset()
    sale_price: Annotated[int | None, Field(label=N_("Sale price"), unit="EUR", minimum=0, maximum=MAX_CENTS, public=True, in_filter=True, together_with="sale")] = None
    sale_terms: Annotated[SaleTerms | None, Field(label=N_("Sale terms"), public=True, together_with="sale")] = None
    price_on_request: Annotated[bool, Field(label=N_("Price on request"), public=True)] = False
    available_from: Annotated[date | None, Field(label=N_("Available from"), public=True)] = None
    option_until: Annotated[date | None, Field(label=N_("Option until"), public=True, together_with="option")] = None
    option_organisation: Annotated[UUID | None, Field(label=N_("Option held by"), refers_to="organisation", together_with="option")] = None
    plan_regime: Annotated[PlanRegime | None, Field(label=N_("Plan rules"), public=True, together_with="plan")] = None
    plan_text: Annotated[str | None, Field(label=N_("Allowed use in words"), max_length=1000, multiline=True, public=True)] = None
    plan_link: Annotated[str | None, Field(label=N_("Link to the plan"), max_length=500, text_format=formats.URL, public=True, together_with="plan")] = None
    environment_category: Annotated[EnvironmentCategory | None, Field(label=N_("Heaviest environment category"), public=True)] = None
    soil_known: Annotated[YesNoUnknown | None, Field(label=N_("Soil quality known"))] = None
    fibre: Annotated[Fibre | None, Field(label=N_("Fibre"), public=True, together_with="fibre")] = None
    fibre_from: Annotated[date | None, Field(label=N_("Fibre from"), public=True, together_with="fibre")] = None
    grid_connection: Annotated[GridConnection | None, Field(label=N_("Grid connection"), public=True)] = None
    grid_congestion: Annotated[GridCongestion | None, Field(label=N_("Room on the grid"), public=True)] = None
    business_park: Annotated[UUID | None, Field(label=N_("Business park"), refers_to="business_park", public=True)] = None
    provider: Annotated[UUID | None, Field(label=N_("Offered by"), refers_to="organisation")] = None
    agent: Annotated[UUID | None, Field(label=N_("Estate agent"), refers_to="organisation", public=True)] = None
    contact: Annotated[UUID | None, Field(label=N_("Contact"), refers_to="contact_person", personal=True)] = None
    link: Annotated[str | None, Field(label=N_("Link"), max_length=500, text_format=formats.URL, public=True)] = None
    source: Annotated[Source | None, Field(label=N_("Source"))] = None
    checked_on: Annotated[date | None, Field(label=N_("Last checked on"), together_with="check")] = None
    check_result: Annotated[CheckResult | None, Field(label=N_("Result of the check"), together_with="check")] = None
    next_check: Annotated[date | None, Field(label=N_("Next check"), together_with="check")] = None
    remarks: Annotated[str | None, Field(label=N_("Remarks"), max_length=3000, multiline=True, searched=True)] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Premises(Offer):
    """A building or part of it that is, was or will be on offer."""

    ENTITY: ClassVar[str] = "premises"
    LABEL: ClassVar[str] = N_("Premises")
    PLURAL: ClassVar[str] = N_("Business premises")
    CODE_PREFIX: ClassVar[str] = "PND"
    STATE: ClassVar[str] = "availability"

    name: Annotated[str, Field(label=N_("Name"), required=True, min_length=2, max_length=100, public=True, in_list=True, searched=True)]
    main_type: Annotated[PremisesType | None, Field(label=N_("Main type"), required=True, public=True, in_list=True, in_filter=True)] = None
    availability: Annotated[Availability, Field(label=N_("Availability"), required=True, public=True, in_list=True, in_filter=True)] = Availability.AVAILABLE
    floor_area_m2: Annotated[int | None, Field(label=N_("Usable floor area"), unit="m²", minimum=1, maximum=MAX_M2, public=True, in_list=True, in_filter=True)] = None
    lettable_area_m2: Annotated[int | None, Field(label=N_("Lettable floor area (VVO)"), unit="m²", minimum=1, maximum=MAX_M2, public=True)] = None
    divisible_from_m2: Annotated[int | None, Field(label=N_("Divisible from"), unit="m²", minimum=1, maximum=MAX_M2, public=True)] = None
    yard_m2: Annotated[int | None, Field(label=N_("Yard"), unit="m²", minimum=1, maximum=MAX_M2, public=True)] = None
    parcel_m2: Annotated[int | None, Field(label=N_("Parcel"), unit="m²", minimum=1, maximum=MAX_M2, public=True)] = None
    rent: Annotated[int | None, Field(label=N_("Rent"), unit="EUR", minimum=0, maximum=MAX_CENTS, public=True, in_list=True, in_filter=True, together_with="rent")] = None
    rent_unit: Annotated[RentUnit | None, Field(label=N_("Per"), public=True, together_with="rent")] = None
    rent_with_vat: Annotated[bool | None, Field(label=N_("VAT on the rent"), public=True, together_with="rent")] = None
    service_costs: Annotated[int | None, Field(label=N_("Service costs per year"), unit="EUR", minimum=0, maximum=MAX_CENTS, public=True)] = None
    unit_ids: Annotated[frozenset[str], Field(label=N_("Unit numbers (BAG)"), text_format=formats.BAG_UNIT, public=True)] = frozenset()
    building_id: Annotated[str | None, Field(label=N_("Building number (BAG)"), text_format=formats.BAG_BUILDING, public=True)] = None
    address_id: Annotated[str | None, Field(label=N_("Address number (BAG)"), text_format=formats.BAG_ADDRESS, public=True)] = None
    uses: Annotated[frozenset[Use], Field(label=N_("Use (BAG)"), public=True)] = frozenset()
    geometry: Annotated[Geometry | None, Field(label=N_("Place on the map"), public=True)] = None
    year_built: Annotated[int | None, Field(label=N_("Year built"), minimum=1000, maximum=9999, public=True)] = None
    storeys: Annotated[int | None, Field(label=N_("Storeys"), minimum=0, maximum=200, public=True)] = None
    clear_height_m: Annotated[float | None, Field(label=N_("Clear height"), unit="m", minimum=0, maximum=200, public=True)] = None
    overhead_doors: Annotated[int | None, Field(label=N_("Overhead doors"), minimum=0, maximum=500, public=True)] = None
    loading_docks: Annotated[int | None, Field(label=N_("Loading docks"), minimum=0, maximum=500, public=True)] = None
    floor_load_kg_m2: Annotated[int | None, Field(label=N_("Floor load"), unit="kg/m²", minimum=0, maximum=100_000, public=True)] = None
    power_kva: Annotated[float | None, Field(label=N_("Three-phase power"), unit="kVA", minimum=0, maximum=100_000, public=True)] = None
    energy_label: Annotated[EnergyLabel | None, Field(label=N_("Energy label"), public=True, together_with="label")] = None
    label_valid_until: Annotated[date | None, Field(label=N_("Label valid until"), public=True, together_with="label")] = None
    internet_mbit: Annotated[int | None, Field(label=N_("Internet speed"), unit="Mbit/s", minimum=0, maximum=1_000_000, public=True)] = None
    own_parking: Annotated[int | None, Field(label=N_("Own parking places"), minimum=0, maximum=100_000, public=True)] = None
    public_parking: Annotated[int | None, Field(label=N_("Public parking places"), minimum=0, maximum=100_000, public=True)] = None
    charging_points: Annotated[int | None, Field(label=N_("Charging points"), minimum=0, maximum=10_000, public=True)] = None
    asbestos: Annotated[YesNoUnknown | None, Field(label=N_("Asbestos"))] = None
    monument: Annotated[Monument | None, Field(label=N_("Monument"))] = None
    vacant_since: Annotated[date | None, Field(label=N_("Vacant since"))] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plot(Offer):
    """A piece of land for building, drawn as an area."""

    ENTITY: ClassVar[str] = "plot"
    LABEL: ClassVar[str] = N_("Plot")
    PLURAL: ClassVar[str] = N_("Plots")
    CODE_PREFIX: ClassVar[str] = "KAV"
    STATE: ClassVar[str] = "status"

    name: Annotated[str, Field(label=N_("Name"), required=True, min_length=2, max_length=100, public=True, in_list=True, searched=True)]
    geometry: Annotated[Geometry | None, Field(label=N_("Area on the map"), required=True, public=True)] = None
    status: Annotated[PlotStatus, Field(label=N_("Status"), required=True, public=True, in_list=True, in_filter=True)] = PlotStatus.IN_PREPARATION
    plot_area_m2: Annotated[int | None, Field(label=N_("Plot area"), unit="m²", minimum=1, maximum=MAX_M2, public=True, in_list=True, in_filter=True)] = None
    plot_code: Annotated[str | None, Field(label=N_("Plot code"), max_length=40, public=True, searched=True)] = None
    issue: Annotated[Issue | None, Field(label=N_("Issue"), public=True, in_filter=True)] = None
    ownership: Annotated[Ownership | None, Field(label=N_("Owner"), public=True)] = None
    price_per_m2: Annotated[int | None, Field(label=N_("Price per m², without VAT"), unit="EUR", minimum=0, maximum=MAX_CENTS, public=True, in_list=True, in_filter=True)] = None
    max_built_percentage: Annotated[int | None, Field(label=N_("Part that may be built on"), unit="%", minimum=0, maximum=100, public=True)] = None
    max_height_m: Annotated[float | None, Field(label=N_("Highest building height"), unit="m", minimum=0, maximum=500, public=True)] = None
    min_purchase_m2: Annotated[int | None, Field(label=N_("Smallest purchase"), unit="m²", minimum=1, maximum=MAX_M2, public=True)] = None
    accessible: Annotated[Readiness | None, Field(label=N_("Opened up by road"), public=True, together_with="accessible")] = None
    accessible_from: Annotated[date | None, Field(label=N_("Opened up from"), public=True, together_with="accessible")] = None
    build_ready: Annotated[Readiness | None, Field(label=N_("Ready for building"), public=True, together_with="build_ready")] = None
    build_ready_from: Annotated[date | None, Field(label=N_("Ready for building from"), public=True, together_with="build_ready")] = None
    conditions: Annotated[str | None, Field(label=N_("Conditions"), max_length=3000, multiline=True, public=True)] = None
