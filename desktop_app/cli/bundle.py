"""bundle make, send and show: unsent work in one encrypted file, to be carried and delivered."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from db.changes import now
from db.codec import dumps
from db.errors import StorageFull, UserProblem
from db.fields import N_
from db.shared.postgres import PostgresDatabase
from db.sync.bundle import make_bundle
from db.sync.bundle_file import Bundle
from db.sync.delivering import Delivery, deliver_bundle
from db.sync.progress import Step
from desktop_app.cli.context import DONE, NEEDS_PERSON, Context, confirm_rows, say, write
from desktop_app.i18n import _
from desktop_app.profile import address_of
from desktop_app.services import bundle_text
from desktop_app.services.bundle_words import new_passphrase, opened
from desktop_app.services.problem_text import error_text


def add_commands(commands: Any, shared_options: argparse.ArgumentParser) -> None:
    """Declare the commands."""
    carrying = commands.add_parser(
        "bundle", help=_("unsent work on a USB stick"), parents=[shared_options]
    )
    verbs = carrying.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = verbs.add_parser(name, help=text, parents=[shared_options])
        made.add_argument("file", metavar="FILE", type=Path)
        made.add_argument(
            "--passphrase-file", metavar="FILE", type=Path, help=_("file with the words")
        )
        made.set_defaults(run=run)
        return made

    verb("make", make, _("put all unsent work in one encrypted file"))
    sending = verb("send", send, _("deliver such a file for its maker"))
    sending.add_argument(
        "--report", metavar="FILE", type=Path, help=_("where the report goes; beside the file else")
    )
    sending.add_argument(
        "--accept-revoked", action="store_true",
        help=_("also when the access of the maker has ended"),
    )  # fmt: skip
    showing = verb("show", show, _("say what is in such a file"))
    showing.add_argument(
        "--values", action="store_true", help=_("write every change whole, as JSON")
    )


def make(context: Context, options: argparse.Namespace) -> int:
    """Write the file; the words are said once, on standard error."""
    if options.file.exists():
        raise UserProblem(N_("There is already a file named %(name)s."), name=options.file.name)
    given = _words_in(options.passphrase_file) if options.passphrase_file else ""
    words = given or new_passphrase()
    about = make_bundle(context.existing_store, options.file, words, _progress)
    if not given:
        say(_("The words that open it: %(words)s") % {"words": words})
        say(_("Tell them by phone to who delivers it. Do not write them on the stick."))
    value = {"file": str(options.file), **bundle_text.about_json(about)}
    context.tell(value, bundle_text.made_text(about, options.file))
    return DONE


def send(context: Context, options: argparse.Namespace) -> int:
    """Deliver the file with the rights of this profile's person."""
    address = address_of(context.profile, context.existing_store)
    if address is None:
        raise UserProblem(N_("This laptop is not connected yet. Use: naoberkaart connect URL."))
    shared = PostgresDatabase(address)
    try:
        with _opened(options) as bundle:
            delivery = deliver_bundle(
                bundle, shared, _progress, accepts_revoked=options.accept_revoked
            )
    finally:
        shared.close()
    report = _report(options, delivery)
    value = {"file": str(options.file), "report": report, **bundle_text.delivery_json(delivery)}
    told = bundle_text.delivery_text(delivery)
    lines = [told.summary, *told.notes, *told.asks, *told.refused]
    context.tell(value, "\n".join(lines))
    return NEEDS_PERSON if delivery.needs_person else DONE


def _report(options: argparse.Namespace, delivery: Delivery) -> str | None:
    """Write the report; where it can't stand there, say so: the work was delivered all the same."""
    path = options.report or bundle_text.report_path(options.file)
    try:
        bundle_text.write_report(delivery, options.file, now(), path)
    except StorageFull as error:
        say(error_text(error))
        return None
    return str(path)


def show(context: Context, options: argparse.Namespace) -> int:
    """Say what is in the file: titles and fields, and values only when asked for."""
    with _opened(options) as bundle:
        bundle.verify()
        about = bundle_text.about_json(bundle.about)
        context.tell({"file": str(options.file), **about}, bundle_text.about_text(bundle.about))
        for batch in bundle.changes():
            for item in batch:
                if options.values:
                    write(dumps({**item.change.to_json(), "title": item.title}))
                    continue
                value = bundle_text.change_json(item.change, item.title)
                context.tell(value, bundle_text.change_text(item.change, item.title))
    return DONE


def _opened(options: argparse.Namespace) -> Bundle:
    if options.passphrase_file:
        words = _words_in(options.passphrase_file)
    elif sys.stdin.isatty():
        words = getpass.getpass(_("The words that open it: "))
    else:
        raise UserProblem(N_("Give the words that open the file, with --passphrase-file."))
    return opened(options.file, words)


def _words_in(path: Path) -> str:
    try:
        words = path.read_text(encoding="utf-8-sig").strip()
    except (OSError, ValueError) as exc:
        raise UserProblem(N_("The file %(name)s can't be read."), name=path.name) from exc
    if not words:
        raise UserProblem(N_("No passphrase was given."))
    return words


def _progress(step: Step) -> None:
    confirm_rows(step.done, step.total)
