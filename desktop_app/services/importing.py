"""Taking in deliveries of others: every row is taken whole or reported with what is wrong in it.

A row gets its id from its key (uuid5), so a second delivery updates what the first one made instead
of doubling it; without a key from all its values, so the same file twice changes nothing. Rows go
in by 500 a transaction: stopping half-way keeps what was done, and running again finishes it.
"""

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping
from threading import Event
from typing import Any
from uuid import uuid4, uuid5

from db.codec import new_record, values_of
from db.entities import ENTITIES
from db.entities.initiative import LocationAccuracy
from db.errors import UserProblem
from db.fields import N_, FieldSpec, Kind, Record, fields_of
from db.local.store import LocalStore
from db.reference import NAMESPACE
from db.rules import Level, Problem, problems
from desktop_app.i18n import _
from desktop_app.services.import_mapping import ImportMapping
from desktop_app.services.import_places import Placer
from desktop_app.services.import_report import ImportReport, ReportLine
from desktop_app.services.import_rows import RowReader, TakenRow
from desktop_app.services.import_sources import Source, SourceRow
from desktop_app.services.import_values import Reading
from desktop_app.services.intake import kern_of, kernen_of
from desktop_app.services.problem_text import problem_text
from desktop_app.services.record_json import record_of, require_writable
from desktop_app.services.references import References
from desktop_app.services.typed_text import value_of

BATCH = 500

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all (0 when not known)."""


def run_import(
    store: LocalStore,
    source: Source,
    mapping: ImportMapping,
    *,
    is_dry_run: bool = False,
    progress: Progress = lambda done, total: None,
    cancel: Event | None = None,
) -> ImportReport:
    """Take in every row of a source that can be taken.

    Raises:
        UserProblem: the mapping does not fit the file. StorageFull: the disk is full; the batches
        before are kept.
    """
    require_writable(mapping.entity)
    run = _Run(store, source, mapping, is_dry_run=is_dry_run)
    stop = cancel or Event()
    for rows in _batches(source.rows()):
        if stop.is_set():
            run.report.is_cancelled = True
            break
        run.take(rows)
        progress(run.report.rows, source.total)
    progress(run.report.rows, run.report.rows)
    return run.report


def _batches(rows: Iterator[SourceRow]) -> Iterator[list[SourceRow]]:
    while batch := list(itertools.islice(rows, BATCH)):
        yield batch


class _Run:
    """One import: what it knows of the store, and what it has seen of the file."""

    def __init__(
        self, store: LocalStore, source: Source, mapping: ImportMapping, *, is_dry_run: bool
    ) -> None:
        self.store = store
        self.mapping = mapping
        self.is_dry_run = is_dry_run
        self.origin = uuid4()
        self.report = ImportReport(mapping.entity, is_dry_run=is_dry_run, notes=list(source.notes))
        self.specs = fields_of(mapping.entity)
        self.references = References(store)
        self.kernen = kernen_of(store)
        geometry = self.specs.get("geometry")
        is_area = mapping.entity.ENTITY == "plot"
        placer = Placer(mapping.place if geometry else None, is_area, source.is_rd)
        reading = Reading(mapping.empty, mapping.decimal or source.decimal, self.references.find)
        self.reader = RowReader(mapping, reading, placer)
        self._require_columns(source)
        self._make_records()

    def _require_columns(self, source: Source) -> None:
        """Refuse a mapping that names columns the file does not have; note those not taken."""
        rules = self.mapping.fields.values()
        place = self.mapping.place.columns if self.mapping.place else ()
        wanted = {*self.mapping.key, *place, *(name for rule in rules for name in rule.columns)}
        headers = [name for name in source.headers if name]
        for name in sorted(wanted):
            if source.kind != "geojson" and name not in headers:
                message = N_("The file has no column “%(name)s”. It has: %(names)s.")
                raise UserProblem(message, name=name, names=", ".join(headers))
        left = [name for name in headers if name not in wanted and name != "id"]
        if left:
            self.report.notes.append(
                _("Columns not taken: %(names)s.") % {"names": ", ".join(left)}
            )

    def _make_records(self) -> None:
        """Make the records that the mapping brings along, once."""
        for item in self.mapping.records:
            entity = ENTITIES.get(str(item.get("entity")))
            if entity is None:
                name = item.get("entity")
                raise UserProblem(N_("There is no kind of record “%(name)s”."), name=name)
            record = record_of(entity, item.get("values") or {}, self.references.find)
            name = f"import/{self.mapping.source}/{entity.ENTITY}/{record.title_text}"
            record = dataclasses.replace(record, id=uuid5(NAMESPACE, name))
            if not self.is_dry_run and self.store.get(entity.ENTITY, record.id) is None:
                self.store.save(record, None, origin=self.origin)
            self.references.add(record)

    def take(self, rows: list[SourceRow]) -> None:
        """Read one batch and store what is right in it."""
        taken = [item for row in rows if (item := self._read(row)) is not None]
        entity = self.mapping.entity.ENTITY
        stored = self.store.get_many(entity, [item.record_id for item in taken])
        fresh: list[Record] = []
        for item in taken:
            self._decide(item, stored.get(item.record_id), fresh)
        if not self.is_dry_run:
            self.store.save_new(fresh, self.origin)
        self.report.rows += len(rows)

    def _read(self, row: SourceRow) -> TakenRow | None:
        """Read the cells of a row; None when it can't be used (and is reported)."""
        item = self.reader.read(row)
        if isinstance(item, TakenRow):
            return item
        self._reject(item)
        return None

    def _decide(self, item: TakenRow, stored: Record | None, fresh: list[Record]) -> None:
        """Make of a row a new record, an update, or nothing; or report it."""
        if stored is not None and stored.deleted:
            self._reject([ReportLine(item.row.number, reason=_("This was deleted here before."))])
            return
        ours = self._record(item, stored)
        found = problems(ours, stored)
        if any(self._can_leave(problem) for problem in found):
            ours = self._without(ours, [p.field for p in found if self._can_leave(p)])
        item.lines += [self._line(item, ours, problem) for problem in found]
        if any(not line.is_taken for line in item.lines):
            self._reject(item.lines)
            return
        self.report.lines += item.lines
        if stored is None:
            fresh.append(ours)
            self.report.new += 1
        elif values_of(ours) == values_of(stored):
            self.report.unchanged += 1
        else:
            self._update(ours, stored)

    def _can_leave(self, problem: Problem) -> bool:
        """Whether the mapping rather loses the value of this field than the row."""
        rule = self.mapping.fields.get(problem.field)
        is_error = problem.level is Level.ERROR
        return is_error and rule is not None and rule.unreadable == "leave"

    def _without(self, record: Record, names: list[str]) -> Record:
        blanks: dict[str, Any] = {name: value_of(self.specs[name], "") for name in names}
        return dataclasses.replace(record, **blanks)

    def _update(self, ours: Record, stored: Record) -> None:
        if not self.is_dry_run:
            self.store.save(ours, stored, origin=self.origin)
        self.report.updated += 1

    def _record(self, item: TakenRow, stored: Record | None) -> Record:
        values = dict(item.values)
        if stored is not None and item.about and getattr(stored, "geometry", None) is not None:
            values.pop("geometry", None)
            item.about = ""
        if item.about:
            _mark_as_approximate(values, self.specs, self.mapping, item.about)
        blank = stored or new_record(self.mapping.entity, item.record_id)
        ours = dataclasses.replace(blank, **values)
        return self._with_kern(ours) if "kern" in self.specs else ours

    def _with_kern(self, record: Any) -> Any:
        """Return the record with the kern its place lies in, when the file gave none."""
        if record.kern is not None or getattr(record, "geometry", None) is None:
            return record
        return dataclasses.replace(record, kern=kern_of(self.kernen, record.geometry))

    def _line(self, item: TakenRow, record: Record, problem: Problem) -> ReportLine:
        spec = self.specs.get(problem.field)
        value = item.values.get(problem.field, getattr(record, problem.field, None))
        return ReportLine(
            item.row.number,
            item.columns.get(problem.field, ""),
            _(spec.meta.label) if spec else problem.field,
            None if spec is not None and spec.kind is Kind.GEOMETRY else value,
            problem_text(problem),
            problem.level is Level.WARNING or self._can_leave(problem),
        )

    def _reject(self, lines: list[ReportLine]) -> None:
        self.report.rejected += 1
        self.report.lines += lines


def _mark_as_approximate(
    values: dict[str, Any], specs: Mapping[str, FieldSpec], mapping: ImportMapping, about: str
) -> None:
    """Say in the record itself that its place is not exact."""
    if "location_accuracy" in specs:
        values.setdefault("location_accuracy", LocationAccuracy.KERN)
        return
    rule = mapping.place.approximate if mapping.place else None
    text = (rule.text if rule else "") or _("The place is approximate: %(place)s.")
    if "remarks" in specs:
        sentence = text % {"place": about} if "%(place)s" in text else text
        values["remarks"] = "\n".join(filter(None, (sentence, values.get("remarks"))))
