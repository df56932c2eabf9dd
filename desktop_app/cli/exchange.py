"""import and export."""

import argparse
from pathlib import Path
from typing import Any

from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_, Record
from desktop_app.cli.context import DONE, NEEDS_PERSON, Context, confirm_rows, say
from desktop_app.i18n import _, ngettext
from desktop_app.services.export_values import ExportChoice
from desktop_app.services.exporting import EXTENSIONS, export, listing_of
from desktop_app.services.import_mapping import ImportMapping, mapping_from_headers, read_mapping
from desktop_app.services.import_report import ImportReport, write_report
from desktop_app.services.import_sources import SourceOptions, open_source
from desktop_app.services.importing import run_import
from desktop_app.services.listing import ON_MAP

_EXAMPLE = """
  {"key": "nr", "source": "lijst-2027",
   "fields": {"title": "naam",
              "themes": {"column": "soort", "split": "/", "values": {"groen": "green"}},
              "kern": {"constant": "Rekken"}},
   "place": {"lon": "lon", "lat": "lat"}}
"""

_TOLD = 20
"""Rows that are named on the screen; all are in the report."""


def add_commands(commands: Any, shared_options: argparse.ArgumentParser) -> None:
    """Declare `import` and `export`."""
    taking = commands.add_parser(
        "import",
        help=_("take in a CSV, GeoJSON or Excel file"),
        parents=[shared_options],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_("Headers may be field names or labels. A mapping file is JSON:") + _EXAMPLE,
    )
    taking.add_argument("file", metavar="FILE", type=Path)
    taking.add_argument("--as", dest="entity", metavar="ENTITY", choices=list(ENTITIES))
    taking.add_argument(
        "--mapping", metavar="FILE", type=Path, help=_("which column is which field")
    )
    taking.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    taking.add_argument(
        "--report", metavar="FILE", type=Path, help=_("write every remark to a .csv or .json file")
    )
    taking.add_argument("--encoding", default="")
    taking.add_argument("--delimiter", default="")
    taking.add_argument("--sheet", default="")
    taking.set_defaults(run=take_in)
    giving = commands.add_parser(
        "export", help=_("write records to a file"), parents=[shared_options]
    )
    giving.add_argument("file", metavar="FILE", type=Path, help=", ".join(EXTENSIONS))
    giving.add_argument(
        "--entity", action="append", metavar="ENTITY", choices=list(ENTITIES),
        help=_("which records; may be given more than once"),
    )  # fmt: skip
    giving.add_argument("--public", action="store_true", help=_("only what may be published"))
    giving.add_argument("--with-personal", action="store_true", help=_("with personal data"))
    giving.set_defaults(run=give_out)


def take_in(context: Context, options: argparse.Namespace) -> int:
    """Import a file."""
    entity = ENTITIES[options.entity] if options.entity else None
    mapping = read_mapping(options.mapping, entity) if options.mapping else None
    source = open_source(options.file, _source_options(options, mapping))
    if mapping is None:
        mapping = mapping_from_headers(_required(entity), source.headers)
    report = run_import(
        context.store, source, mapping, is_dry_run=options.dry_run, progress=confirm_rows
    )
    if options.report is not None:
        write_report(report, options.report)
    _tell(context, report, is_reported=options.report is not None)
    return NEEDS_PERSON if report.rejected else DONE


def _source_options(options: argparse.Namespace, mapping: ImportMapping | None) -> SourceOptions:
    given = mapping.options if mapping else SourceOptions()
    return SourceOptions(
        encoding=options.encoding or given.encoding,
        delimiter=options.delimiter.replace("\\t", "\t") or given.delimiter,
        header_row=given.header_row,
        header_rows=given.header_rows,
        sheet=options.sheet or given.sheet,
    )


def _required(entity: type[Record] | None) -> type[Record]:
    if entity is None:
        raise UserProblem(N_("Say what the rows are, with --as."))
    return entity


def _tell(context: Context, report: ImportReport, *, is_reported: bool) -> None:
    for note in report.notes:
        say(note)
    shown = (
        report.lines if not is_reported else [line for line in report.lines if not line.is_taken]
    )
    for line in shown[:_TOLD]:
        parts = (line.column or line.field, line.shown_value, line.reason)
        say(_("Row %(row)d: ") % {"row": line.row} + ": ".join(part for part in parts if part))
    left = len(shown) - _TOLD
    if left > 0:
        text = ngettext(
            "… and %(count)d more remark; --report writes them all.",
            "… and %(count)d more remarks; --report writes them all.",
            left,
        )
        say(text % {"count": left})
    context.tell(report.to_json(), report.summary)


def give_out(context: Context, options: argparse.Namespace) -> int:
    """Export to a file."""
    names = options.entity or list(ON_MAP)
    choice = ExportChoice(
        listings=tuple(listing_of(name) for name in names),
        is_public=options.public,
        with_personal=options.with_personal,
    )
    done = export(context.existing_store, options.file, choice)
    text = ngettext(
        "%(count)d record written to %(file)s.",
        "%(count)d records written to %(file)s.",
        done.records,
    )
    shown = text % {"count": done.records, "file": done.path}
    context.tell({"file": str(done.path), "records": done.records}, shown)
    return DONE
