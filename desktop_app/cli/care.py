"""server change-roles|reset-password|rescued|purge|mark-restored URL: for a database in use."""

import argparse
import sys
from datetime import datetime, timedelta
from typing import Any

from db.changes import now
from db.errors import UserProblem
from db.fields import N_
from db.local.tidying import KEPT_DAYS
from db.shared.rights import Role
from desktop_app.cli.context import DONE, Context, say
from desktop_app.cli.shared import address_from
from desktop_app.i18n import _, ngettext

RECENT = "--even-recent"
"""What must be said to purge what laptops may still have receipts and work of."""


def add_verbs(verb: Any) -> None:
    """Declare the verbs on `server`; `verb` makes one with a URL."""
    roles = verb("change-roles", change_roles, _("give someone other roles"))
    roles.add_argument("login", metavar="LOGIN")
    roles.add_argument(
        "--role", action="append", required=True, choices=[role.value for role in Role],
        help=_("give it once for each role"),
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
    purging.add_argument("--yes", action="store_true", help=_("do it without asking"))
    purging.add_argument(
        RECENT, action="store_true", help=_("allow fewer days than laptops keep their receipts")
    )
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
    """Forget for good what was deleted long ago, here and on every laptop; asks first."""
    from db.shared import care

    _refuse_recent(options)
    address = address_from(options)
    before = _moment(options.older_than)
    count = care.to_purge(address, before, municipality=options.municipality)
    if not _is_agreed(options, count):
        say(_("Nothing was removed."))
        return DONE
    count = care.purge(address, before, municipality=options.municipality)
    text = ngettext(
        "%(count)d deleted record was removed for good.",
        "%(count)d deleted records were removed for good.",
        count,
    )
    context.tell({"purged": count}, text % {"count": count})
    return DONE


def _refuse_recent(options: argparse.Namespace) -> None:
    """Refuse fewer days than laptops keep what they sent, unless that is asked for in so many words."""
    if options.older_than < 0:
        raise UserProblem(N_("Give a number of days of 0 or more."))
    if options.older_than < KEPT_DAYS and not options.even_recent:
        message = N_(
            "Laptops keep what they sent for %(days)d days, and someone may still restore what was"
            " deleted. Add %(word)s to remove it all the same."
        )
        raise UserProblem(message, days=KEPT_DAYS, word=RECENT)


def _moment(days: int) -> datetime:
    """Return the moment before which a deletion is so many days old; 0 days: all that was deleted."""
    return now() - timedelta(days=days) if days else now() + timedelta(seconds=1)


def _is_agreed(options: argparse.Namespace, count: int) -> bool:
    """Say what will go, and have a person on a terminal type how many.

    Raises:
        UserProblem: there is nobody to ask, and `--yes` was not given.
    """
    words = ngettext(
        "%(count)d deleted record will be removed for good. This can't be undone.",
        "%(count)d deleted records will be removed for good. This can't be undone.",
        count,
    )
    say(words % {"count": count})
    if count:
        say(_("Every laptop forgets them, too, also one that was away for long."))
        say(_("What was typed about them there and not sent yet is refused."))
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise UserProblem(N_("There is nobody to ask. Add --yes to remove them."))
    if not count:
        return True
    sys.stderr.write(_("Type the number %(count)d to go on: ") % {"count": count})
    sys.stderr.flush()
    return sys.stdin.readline().strip() == str(count)


def mark_restored(context: Context, options: argparse.Namespace) -> int:
    """Have every laptop look what a database that was put back lacks."""
    from db.shared import care

    epoch = care.mark_restored(address_from(options))
    context.tell(
        {"epoch": str(epoch)}, _("Every laptop now offers again what this database lacks.")
    )
    return DONE
