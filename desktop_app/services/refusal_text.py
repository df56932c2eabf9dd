"""Why the shared database turned this laptop away, what that means, and what can be done."""

from db.fields import N_
from desktop_app.i18n import _, ngettext

_TITLES = {
    "restored": N_("The municipality's database was put back to an earlier moment."),
    "emptied": N_("The municipality's database is almost empty. Nothing was removed here."),
    "login": N_("The name or password is not right."),
    "newer_server": N_("This program is too old for the municipality's database."),
    "older_server": N_("The municipality's database is older than this program."),
}
_MORE = {
    "restored": N_("Nothing is lost. What is missing there is on the laptops, and offered again."),
    "emptied": N_("Call your administrator first. Is it right? Then offer everything again."),
    "login": N_("Your work is safe on this laptop. Connect again with the right password."),
    "newer_server": N_("Your work is safe on this laptop. Update the program."),
    "older_server": N_("Your work is safe on this laptop. Ask your administrator to update it."),
}
_ACTS = {"restored": "offer", "emptied": "accept", "login": "connect"}
_SAFE = N_("Your work is safe on this laptop.")


def refusal_words(reason: str, problem: str, waiting: int) -> tuple[str, str, str]:
    """Return title, what to do, and the act to offer, for a refusal of the whole laptop.

    `problem` is the sentence that came with it; `waiting` how many changes are not sent yet.
    """
    if reason == "revoked":
        return revoked_text(waiting), _("You can still look at everything here."), "try"
    title = _(_TITLES[reason]) if reason in _TITLES else problem
    title = title or _("The municipality's database does not let you in.")
    return title, _(_MORE.get(reason, _SAFE)), _ACTS.get(reason, "try")


def revoked_text(waiting: int) -> str:
    """Return "Your access has ended. Your 3 changes are kept. Call your administrator."."""
    if not waiting:
        return _("Your access has ended. Call your administrator.")
    return ngettext(
        "Your access has ended. Your change is kept. Call your administrator.",
        "Your access has ended. Your %(count)d changes are kept. Call your administrator.",
        waiting,
    ) % {"count": waiting}
