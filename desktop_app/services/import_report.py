"""What an import did, row by row: counts for the screen, lines for the person who must mend them."""

import csv
import json
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from db.errors import UserProblem
from db.fields import N_, Record
from desktop_app.i18n import _, ngettext

_SHOWN = 120


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One remark on one row: where, what stood there and why; `is_taken` when it still came in."""

    row: int
    column: str = ""
    field: str = ""
    value: Any = None
    reason: str = ""
    is_taken: bool = False

    @property
    def shown_value(self) -> str:
        """Return the value as text of at most a line."""
        value = self.value.value if isinstance(self.value, Enum) else self.value
        text = "" if value is None else str(value)
        return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

    def to_json(self) -> dict[str, Any]:
        """Return the line for a program to read."""
        return {
            "row": self.row, "column": self.column, "field": self.field,
            "value": self.shown_value, "reason": self.reason, "taken": self.is_taken,
        }  # fmt: skip


@dataclass(slots=True)
class ImportReport:
    """The counts of an import, its remarks, and notes on the file as a whole."""

    entity: type[Record]
    is_dry_run: bool = False
    is_cancelled: bool = False
    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    notes: list[str] = field(default_factory=list)
    lines: list[ReportLine] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """Return the outcome as sentences."""
        counts = _("%(new)d new, %(updated)d updated, %(unchanged)d unchanged.") % {
            "new": self.new, "updated": self.updated, "unchanged": self.unchanged,
        }  # fmt: skip
        parts = [
            ngettext("%(count)d row read.", "%(count)d rows read.", self.rows)
            % {"count": self.rows},
            counts,
        ]
        if self.rejected:
            parts.append(
                ngettext("%(count)d row not taken.", "%(count)d rows not taken.", self.rejected)
                % {"count": self.rejected}
            )
        if self.is_dry_run:
            parts.append(_("This was a trial: nothing was stored."))
        if self.is_cancelled:
            parts.append(_("Stopped half-way; what was taken is stored."))
        return " ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """Return the report for a program to read."""
        return {
            "entity": self.entity.ENTITY, "dry_run": self.is_dry_run,
            "cancelled": self.is_cancelled, "rows": self.rows, "new": self.new,
            "updated": self.updated, "unchanged": self.unchanged, "rejected": self.rejected,
            "notes": list(self.notes), "lines": [line.to_json() for line in self.lines],
        }  # fmt: skip


def write_report(report: ImportReport, path: Path) -> None:
    """Write the report: JSON for ".json", else CSV that Excel opens (UTF-8 with mark, semicolons).

    Raises:
        UserProblem: the file can't be written.
    """
    try:
        if path.suffix.lower() == ".json":
            path.write_text(json.dumps(report.to_json(), ensure_ascii=False, indent=1), "utf-8")
            return
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream, delimiter=";")
            heading = (_("Row"), _("Column"), _("Field"), _("Value"), _("Reason"), _("Taken"))
            writer.writerow(heading)
            for line in report.lines:
                taken = _("yes") if line.is_taken else _("no")
                writer.writerow(
                    (line.row, line.column, line.field, line.shown_value, line.reason, taken)
                )
    except OSError as exc:
        message = N_("%(name)s can't be written: %(reason)s.")
        raise UserProblem(message, name=path.name, reason=exc.strerror or exc) from exc
