"""Workbooks: the first sheet (or a named one), merged cells filled, dates and numbers as they are.

A merged cell holds its value once; people see it over the whole block, so every cell of the block
gets it. Large workbooks are read as a stream, in which merged blocks are not known.
"""

import io
import itertools
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from db.errors import UserProblem
from db.fields import N_
from desktop_app.i18n import _
from desktop_app.services.import_sources import (
    HEADER_SEARCH,
    LARGEST_WHOLE_BYTES,
    Cells,
    Source,
    SourceOptions,
    SourceRow,
    header_index,
    headers_of,
    row_of,
)

_STREAMED_FROM_BYTES = 60_000_000
"""Unpacked size above which merged cells are given up for a tenth of the memory."""


def open_xlsx(path: Path, options: SourceOptions) -> Source:
    """Open a workbook.

    Raises:
        UserProblem: it is no workbook, is damaged or too large, or has no such sheet.
    """
    size = _unpacked_bytes(path)
    book = _load(path, is_streamed=size > _STREAMED_FROM_BYTES)
    sheet = _sheet(book, options.sheet)
    merged = _merged(sheet)
    preview = list(itertools.islice(_cells(sheet, merged), HEADER_SEARCH))
    if not preview:
        raise UserProblem(N_("The sheet “%(name)s” is empty."), name=sheet.title)
    start = options.header_row - 1 if options.header_row else header_index(preview)
    end = start + max(1, options.header_rows)
    if start >= len(preview):
        raise UserProblem(N_("There are no headers in row %(row)d."), row=start + 1)
    headers = headers_of(preview[start:end])

    def rows() -> Iterator[SourceRow]:
        for number, cells in enumerate(_cells(sheet, merged), start=1):
            row = row_of(headers, number, cells) if number > end else None
            if row is not None:
                yield row

    notes = [_("Read from the sheet “%(name)s”.") % {"name": sheet.title}]
    if len(book.sheetnames) > 1:
        others = [name for name in book.sheetnames if name != sheet.title]
        notes.append(_("Not read: the sheets %(names)s.") % {"names": ", ".join(others)})
    if start:
        notes.append(_("The headers are in row %(row)d.") % {"row": start + 1})
    return Source("xlsx", headers, rows, sheet.max_row or 0, notes=tuple(notes))


def _unpacked_bytes(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError) as exc:
        raise UserProblem(N_("%(name)s is damaged."), name=path.name) from exc
    if size > LARGEST_WHOLE_BYTES:
        raise UserProblem(N_("%(name)s is too large. Save it as CSV."), name=path.name)
    return size


def _load(path: Path, *, is_streamed: bool) -> Any:
    from openpyxl import load_workbook  # 0.2 s that only an import of a workbook pays

    try:
        content = io.BytesIO(path.read_bytes())  # by its content: openpyxl would look at the name
        return load_workbook(content, data_only=True, read_only=is_streamed)
    except Exception as exc:  # openpyxl raises whatever its parsers meet in a damaged file
        raise UserProblem(
            N_("%(name)s is no Excel file that can be read."), name=path.name
        ) from exc


def _sheet(book: Any, name: str) -> Any:
    if not name:
        return book.worksheets[0]
    if name not in book.sheetnames:
        raise UserProblem(
            N_("There is no sheet “%(name)s”. There are: %(names)s."),
            name=name,
            names=", ".join(book.sheetnames),
        )
    return book[name]


def _merged(sheet: Any) -> dict[tuple[int, int], Any]:
    """Return the value of every covered cell by (row, column), counted from 1."""
    blocks = getattr(getattr(sheet, "merged_cells", None), "ranges", ())
    return {
        (row, column): sheet.cell(block.min_row, block.min_col).value
        for block in blocks
        for row in range(block.min_row, block.max_row + 1)
        for column in range(block.min_col, block.max_col + 1)
    }


def _cells(sheet: Any, merged: dict[tuple[int, int], Any]) -> Iterator[Cells]:
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if merged:
            yield [merged.get((number, column), value) for column, value in enumerate(values, 1)]
        else:
            yield list(values)
