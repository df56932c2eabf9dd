"""record add|set|get|list|delete|restore|history|attach: JSON in, JSON out, one object a line."""

import argparse
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from db.entities import ENTITIES
from db.entities.place import Attachment
from db.errors import UserProblem
from db.fields import N_, Record, fields_of
from db.local.edits import Saved
from desktop_app.cli.context import DONE, NEEDS_PERSON, WRONG_USE, Context, say, write
from desktop_app.i18n import _
from desktop_app.services.attachments import attach
from desktop_app.services.history_text import history_texts
from desktop_app.services.intake import kernen_of, settled
from desktop_app.services.listing import Listing, records_of
from desktop_app.services.problem_text import problem_lines
from desktop_app.services.record_json import (
    changed_record,
    read_object,
    record_of,
    require_writable,
    to_line,
)
from desktop_app.services.typed_text import value_of
from desktop_app.services.words import fold


def add_commands(commands: Any, shared_options: argparse.ArgumentParser) -> None:
    """Declare `record` and its verbs."""
    record = commands.add_parser(
        "record", help=_("make, change, read and delete records"), parents=[shared_options]
    )
    verbs = record.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, run: Any, text: str, *, with_id: bool = True) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = verbs.add_parser(name, help=text, parents=[shared_options])
        made.add_argument(
            "entity", metavar="ENTITY", choices=list(ENTITIES), help=", ".join(ENTITIES)
        )
        if with_id:
            made.add_argument("id", metavar="ID", help=_("UUID, number or title"))
        made.set_defaults(run=run)
        return made

    json_help = _("JSON object; left out or “-”: one a line from standard input")
    verb("add", add, _("add records"), with_id=False).add_argument(
        "object", metavar="JSON", nargs="?", default="-", help=json_help
    )
    verb("set", change, _("change fields of a record")).add_argument(
        "object", metavar="JSON", nargs="?", default="-", help=json_help
    )
    verb("get", get, _("write one record"))
    verb("delete", delete, _("delete a record; it can be restored"))
    verb("restore", restore, _("restore a deleted record"))
    verb("history", history, _("write what happened to a record"))
    verb("attach", attach_file, _("attach a photo or document")).add_argument(
        "file", metavar="FILE", type=Path
    )
    _add_list_options(verb("list", list_records, _("write records"), with_id=False))


def _add_list_options(listed: argparse.ArgumentParser) -> None:
    listed.add_argument("--text", default="", help=_("words that must be in it"))
    listed.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help=_("only with this value"),
    )
    listed.add_argument("--sort", default="changed_at", metavar="FIELD")
    listed.add_argument("--limit", type=int, default=0)
    listed.add_argument("--deleted", action="store_true", help=_("only deleted records"))


def objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of an argument or, for "-", of standard input."""
    if text != "-":
        yield read_object(text)
        return
    whole = sys.stdin.read()
    lines = [line for line in whole.splitlines() if line.strip()]
    try:
        yield read_object(whole)  # one object, perhaps over several lines
    except UserProblem:
        if len(lines) < 2:
            raise
        yield from (read_object(line) for line in lines)


def entity_of(options: argparse.Namespace) -> type[Record]:
    """Return the entity a command is about."""
    return ENTITIES[options.entity]


def found(context: Context, options: argparse.Namespace) -> Record:
    """Return the record a command is about, tombstones included.

    Raises:
        UserProblem: there is none.
    """
    record_id = context.references.find(options.entity, options.id)
    record = context.store.get(options.entity, record_id) if record_id else None
    if record is None:
        record = _among_deleted(context, options)
    if record is None:
        raise UserProblem(N_("There is no single record called “%(value)s”."), value=options.id)
    return record


def _among_deleted(context: Context, options: argparse.Namespace) -> Record | None:
    """Return the one tombstone with this title or number."""
    gone = records_of(context.store, Listing(entity=options.entity, deleted=True))
    wanted = fold(options.id)
    alike = [r for r in gone if wanted in (fold(r.title_text), fold(r.code or ""))]
    return alike[0] if len(alike) == 1 else None


def add(context: Context, options: argparse.Namespace) -> int:
    """Add one record, or one for each line; a faulty line does not stop the others."""
    entity = entity_of(options)
    require_writable(entity)
    kernen = kernen_of(context.store)
    added = faulty = 0
    for value in objects(options.object):
        try:
            record = record_of(entity, value, context.references.find)
            if value.get("kern") is None:
                record = settled(record, kernen)
            if context.store.get(entity.ENTITY, record.id) is not None:
                raise UserProblem(N_("There is already a record with id %(id)s."), id=record.id)
            write(to_line(context.store.save(record, None).record))
            added += 1
        except UserProblem as problem:
            faulty += 1
            tell_problem(entity, problem)
    if faulty:
        return NEEDS_PERSON if added else WRONG_USE
    return DONE


def tell_problem(entity: type[Record], problem: UserProblem) -> None:
    """Say what is wrong, one line a field."""
    for line in problem_lines(entity, problem):
        say(line)


def _require_editable(entity: type[Record]) -> None:
    """Refuse what only the administrator may change; a caption of an attachment may change."""
    if entity is not Attachment:
        require_writable(entity)


def change(context: Context, options: argparse.Namespace) -> int:
    """Change the given fields of a record."""
    _require_editable(entity_of(options))
    record = found(context, options)
    for value in objects(options.object):
        try:
            ours = changed_record(record, value, context.references.find)
            if value.get("geometry") is not None and "kern" not in value:
                ours = settled(ours, kernen_of(context.store))
            record = context.store.save(ours, record).record
        except UserProblem as problem:
            tell_problem(type(record), problem)
            return WRONG_USE
    write(to_line(record))
    return DONE


def get(context: Context, options: argparse.Namespace) -> int:
    """Write one record."""
    write(to_line(found(context, options)))
    return DONE


def delete(context: Context, options: argparse.Namespace) -> int:
    """Delete a record."""
    _require_editable(entity_of(options))
    return _tell_deleted(context.store.delete(found(context, options)))


def restore(context: Context, options: argparse.Namespace) -> int:
    """Bring a deleted record back."""
    return _tell_deleted(context.store.restore(found(context, options)))


def _tell_deleted(saved: Saved) -> int:
    write(json.dumps({"id": str(saved.record.id), "deleted": saved.record.deleted}))
    return DONE


def history(context: Context, options: argparse.Namespace) -> int:
    """Write what happened to a record, newest first."""
    record = found(context, options)
    lines = context.store.history(record.id)

    def staff(author: UUID) -> str:
        return context.references.title("staff", author)

    for told in history_texts(lines, context.references.title, staff):
        line = told.line
        value = {
            "change": str(line.change_id), "kind": line.kind, "made_at": line.made_at.isoformat(),
            "author": str(line.author) if line.author else None, "sent": line.is_sent,
            "delivered_by": str(line.delivered_by) if line.delivered_by else None,
            "fields": {name: list(pair) for name, pair in line.fields.items()},
        }  # fmt: skip
        context.tell(value, told.sentence)
    return DONE


def attach_file(context: Context, options: argparse.Namespace) -> int:
    """Attach a file to a record."""
    write(to_line(attach(context.store, found(context, options), options.file)))
    return DONE


def list_records(context: Context, options: argparse.Namespace) -> int:
    """Write records, one a line."""
    every = records_of(context.store, _listing(context, options))
    for record in itertools.islice(every, options.limit or None):
        write(to_line(record))
    return DONE


def _listing(context: Context, options: argparse.Namespace) -> Listing:
    entity = entity_of(options)
    specs = fields_of(entity)
    if options.sort not in specs and options.sort not in {"changed_at", "created_at", "code"}:
        raise UserProblem(
            N_("%(entity)s has no field “%(name)s”."), entity=entity.LABEL, name=options.sort
        )
    is_time = options.sort in {"changed_at", "created_at"}
    listing = Listing(
        entity=entity.ENTITY, text=options.text, sort=options.sort, descending=is_time,
        deleted=options.deleted,
    )  # fmt: skip
    for where in options.where:
        name, _equals, text = where.partition("=")
        if name not in specs:
            raise UserProblem(
                N_("%(entity)s has no field “%(name)s”."), entity=entity.LABEL, name=name
            )
        value = value_of(specs[name], text, context.references.find)
        chosen = value if isinstance(value, (frozenset, bool)) else frozenset({value})
        listing = listing.choose(name, chosen)
    return listing
