"""server change-roles|reset-password|rescued|purge|mark-restored URL: for a database in use."""

import argparse
from datetime import timedelta
from typing import Any

from db.changes import now
from db.shared.rights import Role
from desktop_app.cli.context import DONE, Context, say
from desktop_app.cli.shared import address_from
from desktop_app.i18n import _


def add_verbs(verb: Any) -> None:
    """Declare the verbs on `server`; `verb` makes one with a URL."""
    roles = verb("change-roles", change_roles, _("give someone other roles"))
    roles.add_argument("login", metavar="LOGIN")
    roles.add_argument(
        "--role", action="append", required=True, choices=[role.value for role in Role],
        help=_("may be repeated"),
    )  # fmt: skip
    verb("reset-password", reset_password, _("give someone a new password")).add_argument(
        "login", metavar="LOGIN"
    )
    verb("rescued", rescued, _("what people whose access ended had not sent")).add_argument(
        "login", metavar="LOGIN", nargs="?", default=""
    )
    purging = verb("purge", purge, _("forget for good what was deleted long ago"))
    purging.add_argument(
        "--older-than", type=int, required=True, metavar="DAYS", help=_("days since the deletion")
    )
    purging.add_argument("--municipality", default="", metavar="CODE")
    verb("mark-restored", mark_restored, _("say that the database was put back from a backup"))


def change_roles(context: Context, options: argparse.Namespace) -> int:
    """Give a person other roles."""
    from db.shared import care

    care.change_roles(address_from(options), options.login, options.role)
    labels = ", ".join(_(role.label) for role in Role if role.value in options.role)
    text = _("%(login)s is now: %(roles)s.") % {"login": options.login, "roles": labels}
    context.tell({"login": options.login, "roles": options.role}, text)
    return DONE


def reset_password(context: Context, options: argparse.Namespace) -> int:
    """Give a person a new password; it is shown once."""
    from db.shared import care

    value = {
        "login": options.login,
        "password": care.reset_password(address_from(options), options.login),
    }
    context.tell(value, _("Login: %(login)s\nPassword: %(password)s") % value)
    say(_("The password is shown once. Give it to the person, not by e-mail."))
    return DONE


def rescued(context: Context, options: argparse.Namespace) -> int:
    """Write the changes that were handed in after an access had ended."""
    from db.shared import care

    for change in care.rescued(address_from(options), options.login):
        line = "{rescued_at} {login} {kind} {entity} {record_id} {values}".format_map(change)
        context.tell(change, line)
    return DONE


def purge(context: Context, options: argparse.Namespace) -> int:
    """Forget for good what was deleted long ago, here and on every laptop."""
    from db.shared import care

    before = now() - timedelta(days=options.older_than)
    if options.older_than == 0:
        before = now() + timedelta(seconds=1)
    count = care.purge(address_from(options), before, municipality=options.municipality)
    text = _("%(count)d deleted records were removed for good.") % {"count": count}
    context.tell({"purged": count}, text)
    return DONE


def mark_restored(context: Context, options: argparse.Namespace) -> int:
    """Have every laptop look what a database that was put back lacks."""
    from db.shared import care

    epoch = care.mark_restored(address_from(options))
    context.tell(
        {"epoch": str(epoch)}, _("Every laptop now offers again what this database lacks.")
    )
    return DONE
