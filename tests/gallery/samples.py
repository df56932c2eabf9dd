"""The records, states and marks that the component sheet shows; all invented."""

from desktop_app.services.listing_text import RowText
from desktop_app.tokens import Tone

STATES = {
    "Fase": [
        ("initiative.idea", "Idee"),
        ("initiative.exploration", "Verkenning"),
        ("initiative.plan", "Plan"),
        ("initiative.review", "Toetsing"),
        ("initiative.execution", "Uitvoering"),
        ("initiative.maintenance", "Beheer"),
        ("initiative.completed", "Afgerond"),
        ("initiative.stopped", "Gestopt"),
    ],
    "Pand": [
        ("premises.expected", "Verwacht"),
        ("premises.available", "Beschikbaar"),
        ("premises.under_option", "Onder optie"),
        ("premises.under_offer", "Onder bod"),
        ("premises.let", "Verhuurd"),
        ("premises.sold", "Verkocht"),
        ("premises.withdrawn", "Teruggetrokken"),
        ("premises.overdue", "Nakijken"),
    ],
    "Kavel": [
        ("plot.in_preparation", "In voorbereiding"),
        ("plot.available", "Uitgeefbaar"),
        ("plot.in_option", "In optie"),
        ("plot.reserved", "Gereserveerd"),
        ("plot.issued", "Uitgegeven"),
        ("plot.withdrawn", "Teruggetrokken"),
    ],
}
CHIPS = {
    "Oordeel": [
        ("Te beoordelen", Tone.AMBER, "clock-outline"),
        ("Ja", Tone.GREEN, "check-circle"),
        ("Ja, mits", Tone.AMBER, "alert-circle-outline"),
        ("Nee", Tone.RED, "close-circle-outline"),
        ("N.v.t.", Tone.GREY, "minus-circle-outline"),
    ],
    "Verzending": [
        ("Op deze laptop", Tone.GREY, "laptop"),
        ("Wacht op verzenden", Tone.GREY, "cloud-clock-outline"),
        ("Verzonden", Tone.GREY, "cloud-upload-outline"),
        ("Opgeslagen", Tone.GREEN, "cloud-check-outline"),
        ("Foto wacht", Tone.GREY, "image-sync-outline"),
        ("Kies waarde", Tone.AMBER, "source-merge"),
        ("Geweigerd", Tone.RED, "alert-octagon-outline"),
    ],
}
ROWS = [
    (
        RowText(
            "Glasvezel buitengebied Beltrum",
            "Beltrum · Uitvoering",
            "09:41",
            symbol="initiative.execution",
        ),
        "gewoon: opgeslagen bij de gemeente, dus zonder merk",
        "",
    ),
    (
        RowText(
            "Wandelpad langs de Berkel",
            "Borculo · Verkenning",
            "vr 20 nov",
            "foto wacht",
            "image-sync-outline",
            symbol="initiative.exploration",
        ),
        "muis erboven",
        "hover",
    ),
    (
        RowText(
            "Dorpsplein Rekken opnieuw inrichten",
            "Rekken · Plan",
            "10:02",
            "wacht",
            "cloud-clock-outline",
            symbol="initiative.plan",
        ),
        "gekozen: balk links en kleur",
        "chosen",
    ),
    (
        RowText(
            "Buurtmoestuin Eibergen-Zuid",
            "Eibergen · Idee",
            "vr 20 nov",
            symbol="initiative.idea",
        ),
        "gekozen met toetsfocus",
        "focus",
    ),
    (
        RowText(
            "Ontmoetingsplek oude school Haarlo",
            "Haarlo · Toetsing",
            "za 31 okt",
            "stil 23 dagen",
            "clock-outline",
            Tone.AMBER,
            "initiative.review",
        ),
        "vraagt aandacht",
        "",
    ),
    (
        RowText(
            "Kantoor Parallelweg 8",
            "Neede · Nakijken",
            "340 m²",
            "142 dagen",
            "calendar-clock",
            Tone.AMBER,
            "premises.overdue",
        ),
        "verlopen aanbod: grijs, onderbroken rand",
        "",
    ),
]
