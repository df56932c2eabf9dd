"""outbox and receipts: what waits, was refused and arrived, and what can be done about it."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from db.errors import UserProblem
from db.fields import N_
from db.local.journal import OWN, OutboxEntry
from db.local.sending_again import send_again
from desktop_app.cli.context import DONE, NEEDS_PERSON, Context
from desktop_app.i18n import _, format_moment, ngettext
from desktop_app.services.outbox_export import export_outbox, outbox_json, state_word
from desktop_app.services.outbox_text import OutboxText, texts_of
from desktop_app.services.receipts_text import receipt_entries
from desktop_app.services.words import fold


def add_commands(commands: Any, shared_options: argparse.ArgumentParser) -> None:
    """Declare the commands."""

    def verb(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = verbs.add_parser(name, help=text, parents=[shared_options])
        made.set_defaults(run=run)
        return made

    waiting = commands.add_parser(
        "outbox", help=_("what is not in the shared database yet"), parents=[shared_options]
    )
    waiting.set_defaults(run=list_outbox)
    verbs = waiting.add_subparsers(dest="verb", metavar="VERB")
    verb("list", list_outbox, _("write what waits and what was refused"))
    back = verb("take-back", take_back, _("undo a change that has no receipt"))
    back.add_argument("id", metavar="ID")
    again = verb("send-again", again_one, _("send a refused change again, or all of them"))
    again.add_argument("id", metavar="ID", nargs="?")
    writing = verb("export", export, _("write it to a file for a person"))
    writing.add_argument("file", metavar="FILE", type=Path)
    proofs = commands.add_parser(
        "receipts", help=_("what arrived, with its receipt, of 90 days"), parents=[shared_options]
    )
    proofs.set_defaults(run=receipts)
    proofs.add_argument("--search", metavar="TEXT", default="", help=_("only with these words"))
    proofs.add_argument("--limit", metavar="N", type=int, default=200, help=_("at most so many"))


def list_outbox(context: Context, _options: argparse.Namespace) -> int:
    """Write the changes that the shared database does not hold, oldest first."""
    _tell(context, context.existing_store.outbox(OWN, limit=-1))
    return DONE


def receipts(context: Context, options: argparse.Namespace) -> int:
    """Write what has a receipt, newest first."""
    store = context.existing_store
    wanted = fold(options.search).split()
    found = receipt_entries(store)
    texts = texts_of(store, found, context.references.title)
    pairs = [
        (entry, text)
        for entry, text in zip(found, texts, strict=True)
        if all(word in fold(f"{text.title} {text.what} {entry.receipt}") for word in wanted)
    ]
    for entry, text in pairs[: max(options.limit, 0)]:
        _tell_one(context, entry, text)
    return DONE


def _tell(context: Context, entries: Iterable[OutboxEntry]) -> None:
    found = list(entries)
    texts = texts_of(context.existing_store, found, context.references.title)
    for entry, text in zip(found, texts, strict=True):
        _tell_one(context, entry, text)


def _tell_one(context: Context, entry: OutboxEntry, text: OutboxText) -> None:
    moment = format_moment(entry.receipted_at or entry.change.made_at)
    parts = (
        str(entry.change.id), moment, text.title, text.what, state_word(entry), text.receipt,
        text.reason,
    )  # fmt: skip
    context.tell(outbox_json(entry, text), "  ".join(part for part in parts if part))


def _one_of(context: Context, wanted: str) -> OutboxEntry:
    """Return the one change whose id begins so.

    Raises:
        UserProblem: there is none, or more than one.
    """
    own = context.existing_store.outbox(OWN, limit=-1)
    found = [entry for entry in own if str(entry.change.id).startswith(wanted.lower())]
    if len(found) != 1:
        raise UserProblem(N_("There is no single unsent change with id %(id)s."), id=wanted)
    return found[0]


def take_back(context: Context, options: argparse.Namespace) -> int:
    """Take one change back."""
    entry = _one_of(context, options.id)
    context.existing_store.take_back(entry.change.id)
    value = {"id": str(entry.change.id), "taken_back": True}
    context.tell(value, _("Taken back. The record is as it was."))
    return DONE


def again_one(context: Context, options: argparse.Namespace) -> int:
    """Make a refused change anew, or all of them; the next `sync` sends them."""
    store = context.existing_store
    entry = _one_of(context, options.id) if options.id else None
    made = send_again(store, entry.change.id if entry else None)
    words = ngettext(
        "%(count)d change is sent again.", "%(count)d changes are sent again.", len(made)
    )
    value = {"count": len(made), "ids": [str(change.id) for change in made]}
    context.tell(value, words % {"count": len(made)})
    return NEEDS_PERSON if store.tally().refused else DONE


def export(context: Context, options: argparse.Namespace) -> int:
    """Write what is not sent to a .csv or .json file."""
    count = export_outbox(context.existing_store, options.file, context.references.title)
    words = ngettext(
        "%(count)d change written to %(file)s.", "%(count)d changes written to %(file)s.", count
    )
    value = {"count": count, "file": str(options.file)}
    context.tell(value, words % {"count": count, "file": options.file.name})
    return DONE
