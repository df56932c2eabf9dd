"""The order and grouping of the fields of every entity, by hand: what matters at the counter first."""

from db.entities import ENTITIES
from db.fields import N_
from desktop_app.views.people_layouts import (
    ADDRESS,
    BUSINESS_PARK,
    CONTACT_MOMENT,
    CONTACT_PERSON,
    KERN,
    MORE_ADDRESS,
    ORGANISATION,
    SEARCH_MATCH,
    SEARCH_REQUEST,
    TEAM,
)
from desktop_app.widgets.form_layout import FormGroup, FormLayout, completed

_OPTION = FormGroup(N_("Option"), (("option_until",), ("option_organisation",)))
_CHECK = FormGroup(
    N_("Source and check"),
    (
        ("checked_on", "check_result"),
        ("next_check", "source"),
        ("provider",),
        ("agent",),
        ("link",),
    ),
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
        *ADDRESS,
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
                MORE_ADDRESS,
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
                *ADDRESS,
                MORE_ADDRESS,
                ("plot_code",),
                ("cadastral_parcels",),
                ("kern_chosen", "outside_municipality"),
            ),
        ),
        _CHECK,
        FormGroup(N_("Remarks"), (("remarks",),)),
    ),
)

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


INTAKE_WORDS = {
    "geometry": (N_("Where?"), N_("address, village, coordinates, or click on the map")),
    "kern": (N_("Village"), N_("follows from the place")),
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
    groups = (FormGroup(N_("More about it"), rest), *layout.groups)
    return FormLayout(first, groups, layout.hidden, INTAKE_WORDS)


def layout_of(entity: str) -> FormLayout:
    """Return the layout of an entity; one that has none shows all its fields under "Other"."""
    return completed(_ALL.get(entity, FormLayout(first=())), ENTITIES[entity])
