"""What an empty list says and offers, by entity."""

from db.fields import N_

EMPTY: dict[str, tuple[str, str, str, str]] = {
    "initiative": (
        N_("No initiatives yet"),
        N_("Write down the first one, or click its place on the map."),
        N_("New initiative"),
        "plus",
    ),
    "premises": (
        N_("No business premises yet"),
        N_("Write down the first one, or read in a list from Excel, CSV or GeoJSON."),
        N_("New premises"),
        "plus",
    ),
    "plot": (
        N_("No plots yet"),
        N_("Draw the first plot on the map, or read in a list from Excel, CSV or GeoJSON."),
        N_("Draw a plot"),
        "shape-polygon-plus",
    ),
    "search_request": (
        N_("No search requests yet"),
        N_("Write down what an entrepreneur is looking for."),
        N_("New search request"),
        "plus",
    ),
    "organisation": (
        N_("No organisations yet"),
        N_("They come along with initiatives and premises, or you add one here."),
        N_("New organisation"),
        "plus",
    ),
    "contact_person": (
        N_("No contacts yet"),
        N_("They come along with initiatives, or you add one here."),
        N_("New contact"),
        "plus",
    ),
    "team": (
        N_("No teams yet"),
        N_("Make a base team, a task team or a programme."),
        N_("New team"),
        "plus",
    ),
    "kern": (
        N_("No villages yet"),
        N_("Add the first village with its middle on the map."),
        N_("New village"),
        "plus",
    ),
}
"""entity -> title, what to do, the button's words, its icon."""

NEW_WORDS: dict[str, str] = {
    **{entity: words[2] for entity, words in EMPTY.items()},
    "plot": N_("New plot"),
    "contact_moment": N_("New contact moment"),
    "business_park": N_("New business park"),
}
"""entity -> what making a new one is called."""

EDIT_WORDS: dict[str, str] = {
    "initiative": N_("Edit initiative"),
    "premises": N_("Edit premises"),
    "plot": N_("Edit plot"),
    "search_request": N_("Edit search request"),
    "search_match": N_("Edit match"),
    "organisation": N_("Edit organisation"),
    "contact_person": N_("Edit contact"),
    "contact_moment": N_("Edit contact moment"),
    "team": N_("Edit team"),
    "kern": N_("Edit village"),
    "business_park": N_("Edit business park"),
}
"""entity -> what stands above its form."""
