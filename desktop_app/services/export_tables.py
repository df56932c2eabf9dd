"""Exports for spreadsheets: CSV as Dutch Excel opens it, and workbooks with a sheet per kind.

CSV has a byte order mark, semicolons and decimal commas. A text that a spreadsheet would take for
a formula gets an apostrophe in front, which our import takes away again. A place is given twice: as
coordinates for people, and as GeoJSON for what is more than a point, so that nothing is lost.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from db.fields import FieldSpec, Record
from db.geometry import Geometry
from desktop_app.i18n import LANGUAGES, _, language
from desktop_app.services.export_values import ExportChoice, cell_value
from desktop_app.services.references import References

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PLACE = ("lon", "lat", "x_rd", "y_rd", "geojson")
_WIDEST, _NARROWEST = 60, 10

Records = Callable[[type[Record]], Iterator[Record]]


def write_csv(
    path: Path, choice: ExportChoice, records: Records, references: References, example: bool
) -> None:
    """Write one table; with more than one kind of record the first column says which."""
    kinds = choice.entities
    columns = list(dict.fromkeys(name for kind in kinds for name in headers(choice, kind, example)))
    if len(kinds) > 1:
        columns.insert(0, _("Kind of record"))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, columns, delimiter=";", restval="")
        writer.writeheader()
        for kind in kinds:
            for record in records(kind):
                row = cells(record, choice, references, example)
                if len(kinds) > 1:
                    row[_("Kind of record")] = _(kind.LABEL)
                writer.writerow({name: csv_text(value) for name, value in row.items()})


def write_xlsx(
    path: Path, choice: ExportChoice, records: Records, references: References, example: bool
) -> None:
    """Write a workbook with a sheet per kind of record, headers frozen, values typed."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for kind in choice.entities:
        sheet = book.create_sheet(_(kind.PLURAL)[:31])
        names = headers(choice, kind, example)
        sheet.freeze_panes = "A2"
        for number, name in enumerate(names, start=1):
            width = max(_NARROWEST, min(_WIDEST, len(name) + 4))
            sheet.column_dimensions[get_column_letter(number)].width = width
        bold = [WriteOnlyCell(sheet, value=name) for name in names]
        for cell in bold:
            cell.font = Font(bold=True)
        sheet.append(bold)
        for record in records(kind):
            row = cells(record, choice, references, example)
            sheet.append([xlsx_value(row.get(name)) for name in names])
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}1"
    if not book.worksheets:
        book.create_sheet(_("Empty"))
    packed = io.BytesIO()  # on a full disk openpyxl would leave its archive open
    book.save(packed)
    path.write_bytes(packed.getbuffer())


def headers(choice: ExportChoice, entity: type[Record], example: bool) -> list[str]:
    """Return the column names of an entity."""
    names = ["id", _("Number"), *field_headers(choice.fields(entity)).values()]
    if hasattr(entity, "geometry"):
        names += _PLACE
    return [*names, _("Example")] if example else names


def field_headers(specs: tuple[FieldSpec, ...]) -> dict[str, str]:
    """Return a column name for each field: its label with its unit, or its name when two are alike."""
    labels = [_(spec.meta.label) for spec in specs]
    return {
        spec.name: spec.name if labels.count(label) > 1 else with_unit(label, spec)
        for spec, label in zip(specs, labels, strict=True)
    }


def with_unit(label: str, spec: FieldSpec) -> str:
    """Return "Gebruiksoppervlakte (m²)"."""
    unit = "€" if spec.is_money else spec.meta.unit
    return f"{label} ({unit})" if unit else label


def cells(
    record: Record, choice: ExportChoice, references: References, example: bool
) -> dict[str, Any]:
    """Return one row by column name."""
    specs = choice.fields(type(record))
    names = field_headers(specs)
    row: dict[str, Any] = {"id": str(record.id), _("Number"): record.code}
    for spec in specs:
        row[names[spec.name]] = cell_value(spec, getattr(record, spec.name), references)
    place: Geometry | None = getattr(record, "geometry", None)
    if place is not None:
        row |= place_cells(place)
    if example:
        row[_("Example")] = _("yes")
    return row


def place_cells(place: Geometry) -> dict[str, Any]:
    """Return where a record lies, in both systems, and the whole shape when it is no point."""
    x_rd, y_rd = place.anchor
    lon, lat = Geometry.point(x_rd, y_rd).to_wgs84()["coordinates"]
    shape = None if place.kind == "Point" else json.dumps(place.to_wgs84())
    return dict(zip(_PLACE, (lon, lat, x_rd, y_rd, shape), strict=True))


def csv_text(value: Any) -> str:
    """Return a cell as text: decimal comma in Dutch, ISO dates, no formulas."""
    match value:
        case None:
            return ""
        case float():
            return repr(value).replace(".", LANGUAGES[language()].decimal)
        case int() | date():
            return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def xlsx_value(value: Any) -> Any:
    """Return a cell for a workbook: control characters out, texts within Excel's limit, no formulas."""
    if not isinstance(value, str):
        return value
    text = "".join(letter for letter in value if letter >= " " or letter in "\n\t")
    return f"'{text}" if text.startswith("=") else text[:32_767]
