"""connect, sync, status, conflicts and check: the laptop and the shared database."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from db.codec import from_json
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_, Record, fields_of
from db.local.attaching import fetch_everything
from db.local.conflicts import FIELDS, OpenConflict
from db.local.journal import OutboxEntry, OutboxState
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.sync.engine import Engine, Step
from desktop_app.cli.checking import check
from desktop_app.cli.context import DONE, NEEDS_PERSON, Context, confirm_rows, say
from desktop_app.i18n import _, format_moment, ngettext
from desktop_app.profile import address_of, forget_server, keep_server, split_password
from desktop_app.services.check_text import check_text, last_check
from desktop_app.services.decisions import decision_for
from desktop_app.services.outbox_text import texts_of
from desktop_app.services.sync_text import SyncNow, sync_words
from desktop_app.services.typed_text import text_of


def add_commands(commands: Any, shared_options: argparse.ArgumentParser) -> None:
    """Declare the commands."""

    def command(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(
            name, help=text, parents=[shared_options]
        )
        made.set_defaults(run=run)
        return made

    connecting = command("connect", connect, _("connect this laptop to a shared database"))
    connecting.add_argument("url", metavar="URL", nargs="?", help="postgresql://NAME@HOST/DATABASE")
    connecting.add_argument("--forget", action="store_true", help=_("work alone again"))
    add_protection(connecting)
    command("sync", sync, _("send and receive")).add_argument(
        "--everything", action="store_true", help=_("fetch files over 2 MB as well")
    )
    command("status", status, _("what waits, and what needs you"))
    checking = command("check", check, _("check that the local store is whole"))
    checking.add_argument(
        "--contents",
        action="store_true",
        help=_("also compare every value with the shared database"),
    )
    questions = command("conflicts", conflicts, _("double edits that need a decision"))
    verbs = questions.add_subparsers(dest="verb", metavar="VERB")
    listed = verbs.add_parser("list", help=_("write them"), parents=[shared_options])
    listed.set_defaults(run=conflicts)
    resolving = verbs.add_parser("resolve", help=_("decide one"), parents=[shared_options])
    resolving.add_argument("id", metavar="ID")
    resolving.add_argument("--take", choices=("mine", "theirs"), required=True)
    resolving.set_defaults(run=resolve)


def add_protection(command: argparse.ArgumentParser) -> None:
    """Declare how the connection is protected."""
    command.add_argument(
        "--certificate", type=Path, metavar="FILE", help=_("certificate of the authority")
    )
    command.add_argument(
        "--plain-text", action="store_true", help=_("allow a connection without encryption")
    )


def address_from(options: argparse.Namespace) -> Address:
    """Return the address a command was given; the password is asked for on a terminal."""
    url, password = split_password(options.url)
    if not password and sys.stdin.isatty():
        password = getpass.getpass(_("Password: "))
    return Address(
        url,
        password=password,
        certificate=options.certificate,
        allow_plain_text=options.plain_text,
    )


def connect(context: Context, options: argparse.Namespace) -> int:
    """Try a shared database and keep it; nothing is kept when it does not let us in."""
    if options.forget:
        forget_server(context.profile, context.existing_store)
        context.tell({"connected": False}, _("This laptop works alone now."))
        return DONE
    if not options.url:
        raise UserProblem(N_("Give the address of the shared database."))
    address = address_from(options)
    shared = PostgresDatabase(address)
    try:
        info = shared.hello()
    finally:
        shared.close()
    keep_server(context.profile, context.store, address)
    value = {
        "connected": True, "person": info.person.name, "municipality": info.municipality,
        "rights": sorted(info.rights),
    }  # fmt: skip
    told = {"name": info.person.name, "municipality": info.municipality}
    context.tell(value, _("Connected to %(municipality)s as %(name)s.") % told)
    return DONE


def sync(context: Context, options: argparse.Namespace) -> int:
    """Run one cycle."""
    store = context.existing_store
    address = address_of(context.profile, store)
    if address is None:
        raise UserProblem(N_("This laptop is not connected yet. Use: naoberkaart connect URL."))
    if options.everything:
        fetch_everything(store, is_on=True)
    shared = PostgresDatabase(address)

    def progress(step: Step) -> None:
        confirm_rows(step.done, step.total)

    try:
        result = Engine(store, shared).run_cycle(progress)
    finally:
        shared.close()
        fetch_everything(store, is_on=context.profile.settings().fetches_everything)
    value = {
        "sent": result.sent, "received": result.received, "conflicts": result.conflicts,
        "refused": result.refused, "photos": result.photos,
    }  # fmt: skip
    text = _("Sent: %(sent)d. Received: %(received)d.") % value
    context.tell(value, text)
    return _needs_person(context)


def _needs_person(context: Context) -> int:
    tally = context.existing_store.tally()
    if tally.conflicts:
        text = ngettext(
            "%(count)d double edit needs a decision: conflicts list.",
            "%(count)d double edits need a decision: conflicts list.",
            tally.conflicts,
        )
        say(text % {"count": tally.conflicts})
    if tally.refused:
        text = ngettext(
            "%(count)d change was refused.", "%(count)d changes were refused.", tally.refused
        )
        say(text % {"count": tally.refused})
    return NEEDS_PERSON if tally.conflicts or tally.refused else DONE


def status(context: Context, _options: argparse.Namespace) -> int:
    """Tell how things stand, without reaching for the shared database."""
    store = context.existing_store
    tally = store.tally()
    refused = store.outbox([OutboxState.REFUSED])
    server = context.profile.settings().server_url
    value = {
        "server": server, "connected": tally.is_connected, "waiting": tally.waiting,
        "conflicts": tally.conflicts, "refused": tally.refused, "photos": tally.photos,
        "photos_to_come": tally.missing, "records_that_ask": tally.asks,
        "in_step": tally.is_clean, "last_check": last_check(store),
        "last_sync": tally.last_sync.isoformat() if tally.last_sync else None,
        "records": store.counts(), "device": str(store.device_id),
        "refused_changes": [_refused_json(entry) for entry in refused],
    }  # fmt: skip
    last = format_moment(tally.last_sync) if tally.last_sync else _("never")
    checked = check_text(store)
    lines = [
        sync_words(tally, SyncNow()).sentence,
        _("Shared database: %(server)s") % {"server": server or _("none")},
        _("Last synchronised: %(moment)s") % {"moment": last},
        _("Waiting: changes %(waiting)d, photos %(photos)d") % value,
        _("Photos still to come: %(photos_to_come)d") % value,
        _("Needs you: double edits %(conflicts)d, refused %(refused)d") % value,
        _("Records on this laptop: %(count)d") % {"count": sum(store.counts().values())},
    ]
    lines += [f"{checked.title.rstrip('.')}. {checked.words}"] if value["last_check"] else []
    told = texts_of(store, refused, context.references.title)
    lines += [f"  {item.title} · {item.what}: {item.reason}" for item in told]
    context.tell(value, "\n".join(lines))
    return _needs_person(context)


def _refused_json(entry: OutboxEntry) -> dict[str, Any]:
    change = entry.change
    return {
        "change": str(change.id), "entity": change.entity, "record_id": str(change.record_id),
        "reason": entry.reason, "fields": sorted(change.values),
    }  # fmt: skip


def conflicts(context: Context, _options: argparse.Namespace) -> int:
    """Write the double edits, one JSON object or a few lines each."""
    for item in context.existing_store.conflicts():
        record = context.store.get(item.entity, item.record_id)
        title = record.title_text if record else str(item.record_id)
        context.tell(_as_json(item, title), _in_words(context, item, title))
    return DONE


def _as_json(item: OpenConflict, title: str) -> dict[str, Any]:
    return {
        "id": str(item.id), "entity": item.entity, "record_id": str(item.record_id),
        "title": title, "kind": item.kind, "fields": list(item.conflict.fields),
        "base": dict(item.conflict.base), "mine": dict(item.conflict.ours),
        "theirs": dict(item.conflict.theirs),
        "theirs_by": str(item.theirs_by) if item.theirs_by else None,
        "theirs_at": item.theirs_at.isoformat() if item.theirs_at else None,
    }  # fmt: skip


def _in_words(context: Context, item: OpenConflict, title: str) -> str:
    lines = [f"{item.id}  {title}"]
    entity = ENTITIES[item.entity]
    for name in item.conflict.fields:
        mine, theirs = item.conflict.ours.get(name), item.conflict.theirs.get(name)
        shown = {
            "field": _(fields_of(entity)[name].meta.label) if name in fields_of(entity) else name,
            "mine": _shown(context, entity, name, mine) or _("empty"),
            "theirs": _shown(context, entity, name, theirs) or _("empty"),
        }
        lines.append(_("  %(field)s: mine “%(mine)s”, theirs “%(theirs)s”") % shown)
    if item.kind != FIELDS:
        lines.append("  " + (_("deleted there, edited here") if item.kind == "deleted_there"
                             else _("deleted here, edited there")))  # fmt: skip
    return "\n".join(lines)


def _shown(context: Context, entity: type[Record], name: str, value: Any) -> str:
    spec = fields_of(entity).get(name)
    if spec is None:
        return str(value)
    return text_of(spec, from_json(spec, value), context.references.title)


def resolve(context: Context, options: argparse.Namespace) -> int:
    """Decide one double edit."""
    store = context.existing_store
    wanted = [item for item in store.conflicts() if str(item.id).startswith(options.id.lower())]
    if len(wanted) != 1:
        raise UserProblem(N_("There is no single double edit with id %(id)s."), id=options.id)
    store.resolve(wanted[0].id, decision_for(wanted[0], theirs=options.take == "theirs"))
    left = len(store.conflicts())
    value = {"id": str(wanted[0].id), "taken": options.take, "left": left}
    context.tell(value, _("Decided. Still to decide: %(left)d.") % value)
    return DONE
