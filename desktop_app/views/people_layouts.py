"""The order and grouping of the fields of organisations, people, demand and places, by hand."""

from db.fields import N_
from desktop_app.widgets.form_layout import FormGroup, FormLayout

ADDRESS = (("street", "house_number"), ("postcode", "town"))
MORE_ADDRESS = ("house_letter", "house_addition")

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
    first=(("name",), ("legal_form", "kern"), ("kvk", "website"), *ADDRESS),
    groups=(
        FormGroup(N_("Registers"), (MORE_ADDRESS, ("establishment", "rsin"), ("sbi",))),
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
        FormGroup(N_("Address"), (*ADDRESS, MORE_ADDRESS)),
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
