"""server init|migrate|add-person|revoke|list-people|status URL: for the administrator."""

import argparse
from typing import Any

from db.reference import MUNICIPALITY_CODE, reference_kernen
from db.shared.rights import Role
from desktop_app.cli import care
from desktop_app.cli.context import DONE, Context, say
from desktop_app.cli.shared import add_protection, address_from
from desktop_app.i18n import _, format_size


def add_commands(commands: Any, shared_options: argparse.ArgumentParser) -> None:
    """Declare `server` and its verbs."""
    server = commands.add_parser(
        "server", help=_("set up a shared database and its people"), parents=[shared_options]
    )
    verbs = server.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = verbs.add_parser(name, help=text, parents=[shared_options])
        made.add_argument("url", metavar="URL", help="postgresql://ADMIN@HOST/DATABASE")
        add_protection(made)
        made.set_defaults(run=run)
        return made

    making = verb("init", init, _("set up the database; doing it again does no harm"))
    making.add_argument("--municipality", default=MUNICIPALITY_CODE, metavar="CODE")
    verb("migrate", migrate, _("bring the database to this version"))
    adding = verb("add-person", add_person, _("give someone access"))
    adding.add_argument("--name", required=True, help=_("as colleagues see it"))
    adding.add_argument(
        "--role", action="append", choices=[role.value for role in Role],
        help=_("give it once for each role"),
    )  # fmt: skip
    adding.add_argument("--login", default="", help=_("login name; made from the name by default"))
    adding.add_argument("--password", default="", help=_("made up and shown once by default"))
    adding.add_argument("--municipality", default="", metavar="CODE")
    verb("revoke", revoke, _("end someone's access")).add_argument("login", metavar="LOGIN")
    verb("list-people", list_people, _("who has access"))
    verb("status", status, _("how the database is"))
    care.add_verbs(verb)


def init(context: Context, options: argparse.Namespace) -> int:
    """Set up the database, with the kernen of Berkelland for Berkelland."""
    from db.shared import admin

    kernen = reference_kernen() if options.municipality == MUNICIPALITY_CODE else ()
    admin.init(address_from(options), options.municipality, kernen)
    return status(context, options)


def migrate(context: Context, options: argparse.Namespace) -> int:
    """Bring the database to the newest version."""
    from db.shared import admin

    admin.migrate(address_from(options))
    return status(context, options)


def add_person(context: Context, options: argparse.Namespace) -> int:
    """Give a person a login; the password is shown once."""
    from db.shared import admin

    made = admin.add_person(
        address_from(options),
        options.name,
        options.role or [Role.COUNTER_CLERK.value],
        login=options.login,
        password=options.password,
        municipality=options.municipality,
    )
    value = {"id": str(made.id), "login": made.login, "password": made.password}
    context.tell(value, _("Login: %(login)s\nPassword: %(password)s") % value)
    say(_("The password is shown once. Give it to the person, not by e-mail."))
    return DONE


def revoke(context: Context, options: argparse.Namespace) -> int:
    """End someone's access; their unsent work can still be handed in."""
    from db.shared import admin

    admin.revoke(address_from(options), options.login)
    text = _("%(login)s has no access any more.") % {"login": options.login}
    context.tell({"login": options.login, "active": False}, text)
    return DONE


def list_people(context: Context, options: argparse.Namespace) -> int:
    """Write everyone who has or had access."""
    from db.shared import admin

    for person in admin.list_people(address_from(options)):
        value = {
            "id": str(person.id), "login": person.login, "name": person.name,
            "municipality": person.municipality, "roles": list(person.roles),
            "active": person.is_active, "rescued": person.rescued,
        }  # fmt: skip
        labels = ", ".join(_(role.label) for role in Role if role.value in person.roles)
        state = "" if person.is_active else " · " + _("access ended")
        context.tell(value, f"{person.login:24} {person.name} · {labels}{state}")
    return DONE


def status(context: Context, options: argparse.Namespace) -> int:
    """Write how the database is."""
    from db.shared import admin

    found = admin.status(address_from(options))
    value = {
        "version": found.version, "newest_version": found.newest_version,
        "epoch": str(found.epoch) if found.epoch else None,
        "municipalities": list(found.municipalities), "people": found.people,
        "records": found.records, "changes": found.changes, "size_bytes": found.size_bytes,
    }  # fmt: skip
    if found.version is None:
        context.tell(value, _("Not set up yet. Use: naoberkaart server init URL."))
        return DONE
    lines = [
        _("Version %(version)s (newest: %(newest_version)s)") % value,
        _("Municipalities: %(names)s") % {"names": ", ".join(found.municipalities)},
        _("People: %(people)d, records: %(records)d, changes: %(changes)d") % value,
        _("Size: %(size)s") % {"size": format_size(found.size_bytes)},
    ]
    context.tell(value, "\n".join(lines))
    return DONE
