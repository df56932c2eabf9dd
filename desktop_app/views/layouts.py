"""The order and grouping of the fields of every entity, by hand: what matters at the counter first."""

from db.entities import ENTITIES
from db.fields import N_
from desktop_app.widgets.form_layout import FormGroup, FormLayout, completed

_ADDRESS = (
    ("street",),
    ("house_number", "house_letter", "house_addition"),
    ("postcode", "town"),
)
_OPTION = FormGroup(N_("Option"), (("option_until",), ("option_organisation",)))
_CHECK = FormGroup(
    N_("Source and check"),
    (("checked_on", "check_result"), ("next_check", "source"), ("provider",), ("agent",), ("link",)),
)
_PLAN = FormGroup(
    N_("Plan and environment"),
    (("plan_regime", "environment_category"), ("plan_text",), ("plan_link",)),
)

INITIATIVE = FormLayout(
    first=(("title",), ("kern", "phase"), ("geometry",), ("contacts",), ("summary",)),
    groups=(
        FormGroup(
            N_("Next step"),
            (("status",), ("next_action",), ("action_date",), ("status_reason",)),
        ),
        FormGroup(N_("Who does what"), (("lead",), ("team",))),
        FormGroup(N_("What it is about"), (("themes",), ("kind", "scale"), ("description",))),
        FormGroup(
            N_("More about the place"),
            (
                ("location_text",),
                ("location_accuracy", "address_id"),
                ("outside_municipality", "kern_chosen"),
            ),
        ),
        FormGroup(N_("Period"), (("start_date", "expected_end_date"),)),
        FormGroup(
            N_("Money"),
            (("budget_total", "budget_requested"), ("own_contribution", "own_hours")),
        ),
        FormGroup(N_("Support"), (("support",), ("supporters",))),
        FormGroup(N_("Upkeep"), (("upkeep",), ("upkeep_organisation",))),
        FormGroup(
            N_("Connected with"),
            (("predecessor",), ("successor",), ("parent",), ("repeatable_in",)),
        ),
        FormGroup(
            N_("Publication"),
            (("publish",), ("public_text",), ("publish_from", "publish_until")),
        ),
    ),
)

PREMISES = FormLayout(
    first=(
        ("name",),
        *_ADDRESS,
        ("main_type", "availability"),
        ("floor_area_m2", "divisible_from_m2"),
        ("rent", "rent_unit"),
    ),
    groups=(
        FormGroup(
            N_("Place on the map"),
            (("geometry",), ("kern", "kern_chosen"), ("outside_municipality",)),
        ),
        FormGroup(
            N_("Price and availability"),
            (
                ("transactions",),
                ("sale_price", "sale_terms"),
                ("price_on_request", "rent_with_vat"),
                ("service_costs", "available_from"),
                ("vacant_since",),
            ),
        ),
        _OPTION,
        FormGroup(
            N_("Building"),
            (
                ("lettable_area_m2", "yard_m2"),
                ("parcel_m2", "year_built"),
                ("storeys", "clear_height_m"),
                ("overhead_doors", "loading_docks"),
                ("floor_load_kg_m2",),
                ("asbestos", "monument"),
                ("soil_known",),
            ),
        ),
        FormGroup(
            N_("Energy and connections"),
            (
                ("energy_label", "label_valid_until"),
                ("power_kva", "fibre"),
                ("grid_connection", "grid_congestion"),
                ("internet_mbit", "charging_points"),
                ("own_parking", "public_parking"),
            ),
        ),
        _PLAN,
        FormGroup(
            N_("Registers"),
            (
                ("unit_ids",),
                ("building_id",),
                ("address_id",),
                ("uses",),
                ("cadastral_parcels",),
                ("business_park",),
            ),
        ),
        _CHECK,
        FormGroup(N_("Remarks"), (("remarks",),)),
    ),
)

PLOT = FormLayout(
    first=(
        ("name",),
        ("geometry",),
        ("status", "issue"),
        ("plot_area_m2", "price_per_m2"),
        ("kern", "business_park"),
    ),
    groups=(
        FormGroup(
            N_("Price and availability"),
            (
                ("transactions",),
                ("sale_price", "sale_terms"),
                ("price_on_request", "min_purchase_m2"),
                ("available_from", "ownership"),
            ),
        ),
        _OPTION,
        FormGroup(
            N_("Building on it"),
            (
                ("max_built_percentage", "max_height_m"),
                ("accessible", "accessible_from"),
                ("build_ready", "build_ready_from"),
                ("conditions",),
            ),
        ),
        _PLAN,
        FormGroup(
            N_("Energy and connections"),
            (("fibre",), ("grid_connection", "grid_congestion")),
        ),
        FormGroup(
            N_("Address and registers"),
            (
                *_ADDRESS,
                ("plot_code",),
                ("cadastral_parcels",),
                ("kern_chosen", "outside_municipality"),
            ),
        ),
        _CHECK,
        FormGroup(N_("Remarks"), (("remarks",),)),
    ),
)

SEARCH_REQUEST = FormLayout(
    first=(
        ("title",),
        ("organisation",),
        ("contact",),
        ("account_manager", "status"),
        ("area_min_m2", "area_max_m2"),
    ),
    groups=(
        FormGroup(
            N_("What is sought"),
            (
                ("kind",),
                ("types",),
                ("transactions",),
                ("price_max", "price_unit"),
                ("needed_by",),
                ("explanation",),
            ),
        ),
        FormGroup(N_("Where"), (("kernen",), ("geometry",), ("radius_m",))),
        FormGroup(
            N_("Demands"),
            (
                ("environment_category_min", "fibre"),
                ("parking_min", "height_min_m"),
                ("must_have",),
            ),
        ),
        FormGroup(
            N_("Handling"),
            (("received_at",), ("channel",), ("lapse_reason",), ("is_confidential",)),
        ),
    ),
)

ORGANISATION = FormLayout(
    first=(("name",), ("legal_form", "kern"), ("kvk", "website"), *_ADDRESS),
    groups=(
        FormGroup(N_("Registers"), (("establishment", "rsin"), ("sbi",))),
        FormGroup(N_("Connected with"), (("member_of",),)),
        FormGroup(N_("Remarks"), (("remarks",),)),
    ),
)

CONTACT_PERSON = FormLayout(
    first=(
        ("name",),
        ("phone", "preferred_channel"),
        ("email",),
        ("organisation",),
        ("job_title", "form_of_address"),
    ),
    groups=(
        FormGroup(N_("Address"), _ADDRESS),
        FormGroup(
            N_("Privacy"),
            (
                ("legal_basis", "keep_until"),
                ("consent_to_publish",),
                ("consent_date", "consent_text_version"),
                ("consent_withdrawn_on", "anonymised_on"),
            ),
        ),
    ),
)

CONTACT_MOMENT = FormLayout(
    first=(("moment",), ("channel", "staff"), ("summary",), ("agreement",), ("contact",)),
    groups=(
        FormGroup(
            N_("Connected with"),
            (("organisation",), ("initiative",), ("premises",), ("plot",), ("search_request",)),
        ),
    ),
)

TEAM = FormLayout(
    first=(("name",), ("kind",), ("start_date", "end_date"), ("coordinator",), ("members",)),
    groups=(FormGroup(N_("Assignment"), (("policy_areas",), ("assignment",))),),
)

KERN = FormLayout(
    first=(
        ("name",),
        ("kind", "kern_code"),
        ("geometry",),
        ("area_contact",),
        ("office_hours",),
    ),
    groups=(
        FormGroup(N_("Area"), (("area",),)),
        FormGroup(
            N_("Registers"),
            (("town_code", "municipality_code"), ("postcodes4",), ("cbs_areas",)),
        ),
        FormGroup(N_("Connected with"), (("representation",),)),
    ),
)

SEARCH_MATCH = FormLayout(
    first=(
        ("search_request",),
        ("premises",),
        ("plot",),
        ("response", "proposed_on"),
        ("decline_reason",),
    ),
    groups=(FormGroup(N_("Score"), (("score",), ("failed",), ("remarks",))),),
)

BUSINESS_PARK = FormLayout(first=(("name",), ("kern", "ibis_reference"), ("geometry",)))

_ALL = {
    "initiative": INITIATIVE,
    "premises": PREMISES,
    "plot": PLOT,
    "search_request": SEARCH_REQUEST,
    "search_match": SEARCH_MATCH,
    "organisation": ORGANISATION,
    "contact_person": CONTACT_PERSON,
    "contact_moment": CONTACT_MOMENT,
    "team": TEAM,
    "kern": KERN,
    "business_park": BUSINESS_PARK,
}


INTAKE = {"initiative": (("title",), ("geometry",), ("kern",), ("contacts",))}
"""What is asked first of a new record: who, what and where; the rest can wait."""


def layout_for_form(entity: str, *, is_new: bool) -> FormLayout:
    """Return the layout of a form: for a new record the intake, with all else folded below it."""
    layout = layout_of(entity)
    if not is_new or entity not in INTAKE:
        return layout
    first = INTAKE[entity]
    asked = {name for row in first for name in row}
    left = tuple(row for row in layout.first if not asked.issuperset(row))
    rest = tuple(tuple(name for name in row if name not in asked) for row in left)
    return FormLayout(first, (FormGroup(N_("More about it"), rest), *layout.groups), layout.hidden)


def layout_of(entity: str) -> FormLayout:
    """Return the layout of an entity; one that has none shows all its fields under "Other"."""
    return completed(_ALL.get(entity, FormLayout(first=())), ENTITIES[entity])
