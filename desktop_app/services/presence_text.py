"""Who edits a record elsewhere, in words: a line in its form and detail, a mark in its row."""

from collections.abc import Sequence
from uuid import UUID

from db.fields import N_
from db.shared.live import Editing
from desktop_app.i18n import NBSP, _, ngettext

ICON = "account-edit-outline"
LONGEST_NAME = 18
"""More of a name would push the second line out of its row."""

THIS = {
    "initiative": N_("this initiative"),
    "premises": N_("these premises"),
    "plot": N_("this plot"),
    "search_request": N_("this search request"),
    "search_match": N_("this match"),
    "organisation": N_("this organisation"),
    "contact_person": N_("this contact"),
    "contact_moment": N_("this contact moment"),
    "team": N_("this team"),
    "kern": N_("this village"),
    "business_park": N_("this business park"),
}
"""entity -> how a sentence points at one; in the words of the form's own title."""


def editing_line(
    entity: str, others: Sequence[Editing], me: UUID | None, *, also_here: bool
) -> str:
    """Return the sentence for a form (`also_here`) or a detail; "" when nobody edits it elsewhere."""
    if not others:
        return ""
    what = _(THIS[entity]) if entity in THIS else _("this")
    names = _names(others, me)
    if not names:
        return _("You are editing %(what)s on another laptop, too.") % {"what": what}
    words = {"names": _listed(names), "what": what}
    if also_here:
        return (
            ngettext(
                "%(names)s is editing %(what)s now, too.",
                "%(names)s are editing %(what)s now, too.",
                len(names),
            )
            % words
        )
    return (
        ngettext(
            "%(names)s is editing %(what)s now.",
            "%(names)s are editing %(what)s now.",
            len(names),
        )
        % words
    )


def editing_mark(others: Sequence[Editing], me: UUID | None) -> str:
    """Return the few words for a row; "" when nobody edits it elsewhere."""
    if not others:
        return ""
    names = _names(others, me)
    if not names:
        return _("open on your other laptop")
    if len(names) > 1:
        words = ngettext("%(count)d person edits this", "%(count)d people edit this", len(names))
        return words % {"count": len(names)}
    name = names[0] if len(names[0]) <= LONGEST_NAME else names[0][: LONGEST_NAME - 1] + "…"
    return (_("%(name)s edits this") % {"name": name}).replace(" ", NBSP)


def _names(others: Sequence[Editing], me: UUID | None) -> list[str]:
    """Return who they are, each once, without the person who asks."""
    return list(dict.fromkeys(one.name or _("Someone else") for one in others if one.person != me))


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}
