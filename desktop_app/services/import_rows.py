"""A row of a delivery as the values of a record, with its lasting id, or with what is wrong in it."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from db.errors import UserProblem
from db.fields import N_, FieldSpec, fields_of
from db.reference import NAMESPACE
from desktop_app.i18n import _
from desktop_app.services.import_mapping import FieldRule, ImportMapping
from desktop_app.services.import_places import Placer
from desktop_app.services.import_report import ReportLine
from desktop_app.services.import_sources import SourceRow
from desktop_app.services.import_values import Reading, field_value, raw_value
from desktop_app.services.problem_text import error_text


@dataclass(slots=True)
class TakenRow:
    """A row on its way in: its values, their columns, and what was noticed.

    `about` is what the place is only near to; "" when it is exact or not known.
    """

    row: SourceRow
    record_id: UUID
    values: dict[str, Any]
    columns: dict[str, str]
    lines: list[ReportLine] = field(default_factory=list)
    about: str = ""


class RowReader:
    """Reads the rows of one file in order; remembers keys, so that a second row of one is refused."""

    def __init__(self, mapping: ImportMapping, reading: Reading, placer: Placer) -> None:
        self.mapping = mapping
        self.reading = reading
        self.placer = placer
        self.specs = fields_of(mapping.entity)
        self._seen: dict[UUID, int] = {}
        self._repeats: dict[str, int] = {}

    def read(self, row: SourceRow) -> TakenRow | list[ReportLine]:
        """Return the row as values, or what is wrong with it."""
        if row.fault:
            return [ReportLine(row.number, reason=_(row.fault))]
        try:
            record_id = self._id_of(row)
        except UserProblem as problem:
            columns = ", ".join(self.mapping.key)
            return [ReportLine(row.number, columns, reason=error_text(problem))]
        item = TakenRow(row, record_id, {}, {})
        for name, rule in self.mapping.fields.items():
            self._read_field(item, self.specs[name], rule)
        self._read_place(item)
        return item if all(line.is_taken for line in item.lines) else item.lines

    def _read_field(self, item: TakenRow, spec: FieldSpec, rule: FieldRule) -> None:
        column = ", ".join(rule.columns)
        item.columns[spec.name] = column
        raw = None
        try:
            raw = raw_value(rule, item.row, self.reading)
            item.values[spec.name] = field_value(spec, rule, raw, self.reading)
        except (UserProblem, ValueError) as problem:
            reason = error_text(problem) if isinstance(problem, UserProblem) else str(problem)
            leaves = rule.unreadable == "leave"
            item.lines.append(
                ReportLine(item.row.number, column, _(spec.meta.label), raw, reason, leaves)
            )

    def _read_place(self, item: TakenRow) -> None:
        spec = self.specs.get("geometry")
        if spec is None:
            return
        columns = self.mapping.place.columns if self.mapping.place else ()
        item.columns[spec.name] = ", ".join(columns)
        try:
            place, item.about = self.placer.place(item.row)
        except UserProblem as problem:
            values = " ".join(str(item.row.values.get(name) or "") for name in columns)
            label, reason = _(spec.meta.label), error_text(problem)
            item.lines.append(
                ReportLine(item.row.number, item.columns[spec.name], label, values, reason)
            )
            return
        if place is not None:
            item.values[spec.name] = place

    def _id_of(self, row: SourceRow) -> UUID:
        """Return the id of a row: from its key, its own UUID, or all its values.

        Raises:
            UserProblem: the key is empty, or was in an earlier row.
        """
        key = [str(row.values.get(name) or "").strip() for name in self.mapping.key]
        if self.mapping.key and not all(key):
            raise UserProblem(N_("The key is empty."))
        own = None if self.mapping.key else _uuid(row.values.get("id"))
        record_id = own or uuid5(NAMESPACE, self._name_of(row, key))
        first = self._seen.setdefault(record_id, row.number)
        if first != row.number:
            raise UserProblem(N_("The same key is in row %(row)d."), row=first)
        return record_id

    def _name_of(self, row: SourceRow, key: list[str]) -> str:
        entity = self.mapping.entity.ENTITY
        if key:
            return f"import/{self.mapping.source}/{entity}/{'/'.join(key)}"
        content = json.dumps([row.values, row.geometry], sort_keys=True, default=str)
        turn = self._repeats[content] = self._repeats.get(content, 0) + 1
        return f"import/{entity}/{turn}/{content}"


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
