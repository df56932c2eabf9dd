"""One cell, or a few, made into the value of a field by its rule in the mapping."""

import calendar
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from db.codec import from_json
from db.errors import UserProblem
from db.fields import N_, FieldSpec, Kind
from desktop_app.i18n import local_time
from desktop_app.services.import_mapping import FieldRule
from desktop_app.services.import_sources import SourceRow, is_blank
from desktop_app.services.record_json import read_field
from desktop_app.services.typed_numbers import parse_number
from desktop_app.services.typed_text import Finder, value_of
from desktop_app.services.words import key_of

_COLUMN = re.compile(r"\{([^{}]+)\}")
_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})")
_FORMULA = frozenset("=+-@")
_NUMBERS = {Kind.INTEGER, Kind.DECIMAL}


@dataclass(frozen=True, slots=True)
class Reading:
    """How the file is written: texts that mean nothing, the decimal mark, and how names are found."""

    empty: frozenset[str] = frozenset()
    decimal: str = ""
    find: Finder | None = None


def raw_value(rule: FieldRule, row: SourceRow, reading: Reading) -> Any:
    """Return what the rule takes from the row before it is read as a field; None when empty."""
    if rule.template:
        return _template(rule.template, row, reading)
    if not rule.column:
        return rule.constant
    return _filled(row.values.get(rule.column), reading)


def _filled(cell: Any, reading: Reading) -> Any:
    if is_blank(cell) or (reading.empty and key_of(cell) in reading.empty):
        return None
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    # An export puts an apostrophe before what a spreadsheet would take for a formula.
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


def _template(template: str, row: SourceRow, reading: Reading) -> str | None:
    """Fill a template; lines whose columns are all empty are left out."""
    lines = []
    for line in template.split("\n"):
        names = _COLUMN.findall(line)
        cells = {name: _filled(row.values.get(name), reading) for name in names}
        if names and all(cell is None for cell in cells.values()):
            continue
        text = _COLUMN.sub(lambda found, cells=cells: _shown(cells[found[1]]), line)  # type: ignore[misc]
        lines.append(" ".join(text.split()))
    return "\n".join(lines).strip() or None


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def field_value(spec: FieldSpec, rule: FieldRule, raw: Any, reading: Reading) -> Any:
    """Return the value of a field from what the rule took.

    Raises:
        UserProblem: it can't be read as the field's kind.
    """
    if rule.values or rule.has_otherwise:
        return _from_table(spec, rule, raw, reading)
    return _read(spec, rule, raw, reading)


def _from_table(spec: FieldSpec, rule: FieldRule, raw: Any, reading: Reading) -> Any:
    """Translate by the table of the rule; what is not in it is read as it stands."""
    if raw is not None and rule.split:
        parts = [part.strip() for part in str(raw).split(rule.split) if part.strip()]
        found: list[Any] = []
        for part in parts:
            value = _from_table_one(rule, part)
            found += value if isinstance(value, list) else [value]
        return _read(spec, rule, [item for item in found if item is not None], reading)
    return _read(spec, rule, _from_table_one(rule, raw), reading)


def _from_table_one(rule: FieldRule, raw: Any) -> Any:
    if raw is not None and key_of(raw) in rule.values:
        return rule.values[key_of(raw)]
    return rule.otherwise if rule.has_otherwise else raw


def _read(spec: FieldSpec, rule: FieldRule, raw: Any, reading: Reading) -> Any:
    if raw is None:
        return value_of(spec, "")
    if isinstance(raw, (list, Mapping)):
        return from_json(spec, read_field(spec, raw, reading.find))
    if spec.kind in _NUMBERS:
        return _number(spec, rule, raw, reading)
    if spec.kind in {Kind.DATE, Kind.MOMENT}:
        return _when(spec, rule, raw)
    if isinstance(raw, bool):
        return raw if spec.kind is Kind.BOOLEAN else value_of(spec, str(raw))
    text = _shown(raw)
    if rule.split and spec.kind.is_collection:
        text = "\n".join(text.split(rule.split))
    if spec.kind is Kind.LINKS:
        return from_json(spec, read_field(spec, json.loads(text), reading.find))
    value = value_of(spec, text, reading.find)
    return shortened(spec, value) if rule.shorten else value


def _number(spec: FieldSpec, rule: FieldRule, raw: Any, reading: Reading) -> int | float:
    """Read a number; money becomes cents, and `round` gives whole units."""
    if isinstance(raw, bool):
        raise UserProblem(N_("“%(value)s” is not a number."), value=raw)
    number = Decimal(repr(raw)) if isinstance(raw, (int, float)) else _typed(raw, reading)
    if rule.times:
        number *= Decimal(repr(rule.times))
    if spec.is_money:
        number *= 100
    if spec.kind is Kind.DECIMAL:
        return float(number)
    whole = number.quantize(Decimal(1), ROUND_HALF_UP) if rule.times or rule.round else number
    if not whole.is_finite() or whole != whole.to_integral_value():
        raise UserProblem(N_("Write a whole number, such as %(example)s."), example="1250")
    return int(whole)


def _typed(raw: Any, reading: Reading) -> Decimal:
    return parse_number(str(raw), reading.decimal, is_strict=bool(reading.decimal))


def _when(spec: FieldSpec, rule: FieldRule, raw: Any) -> date | datetime:
    is_date = spec.kind is Kind.DATE
    if isinstance(raw, datetime):
        moment = raw if raw.tzinfo else raw.replace(tzinfo=local_time(datetime.now(UTC)).tzinfo)
        return raw.date() if is_date else moment.astimezone(UTC).replace(microsecond=0)
    if isinstance(raw, date) and is_date:
        return raw
    text = _shown(raw)
    month = _MONTH.fullmatch(text) if rule.month else None
    if month:
        return _day_of_month(int(month[1]), int(month[2]), is_last=rule.month == "last")
    if rule.dates:
        text = _by_format(text, rule.dates)
    found: date | datetime = value_of(spec, text)
    return found


def _day_of_month(year: int, month: int, *, is_last: bool) -> date:
    try:
        return date(year, month, calendar.monthrange(year, month)[1] if is_last else 1)
    except (ValueError, calendar.IllegalMonthError) as exc:
        message = N_("The date “%(value)s” does not exist.")
        raise UserProblem(message, value=f"{year}-{month}") from exc


def _by_format(text: str, pattern: str) -> str:
    try:
        return datetime.strptime(text, pattern).replace(tzinfo=UTC).date().isoformat()
    except ValueError as exc:
        raise UserProblem(N_("The date “%(value)s” does not exist."), value=text) from exc


def shortened(spec: FieldSpec, value: Any) -> Any:
    """Cut a text to the limit of its field, after a whole word, with an ellipsis."""
    limit = spec.meta.max_length
    if not isinstance(value, str) or limit is None or len(value) <= limit:
        return value
    cut = value[: limit - 1]
    words = cut.rsplit(" ", 1)[0].rstrip(" ,;.-")
    return (words if len(words) > limit // 2 else cut) + "…"
