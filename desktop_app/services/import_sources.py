"""A file to import as rows of named values, whatever kind of file it is.

The kind is read from the content, not from the name: a workbook called ".csv" is a workbook. Rows
stream from CSV; GeoJSON and workbooks are read whole, within a limit. What was guessed (encoding,
delimiter, where the headers are) is said in `Source.notes`, and can be given instead.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db.errors import UserProblem
from db.fields import N_

Cells = list[Any]

LARGEST_WHOLE_BYTES = 400_000_000
"""Above this a file that must be read whole would not fit in the memory of an office laptop."""

HEADER_SEARCH = 25
"""Rows in which the headers are looked for; titles and remarks above a table are short."""


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What a person knows better than we can guess; empty means: find out."""

    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    header_rows: int = 1
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row: its number as a person counts in the file, values by header, perhaps a place.

    `geometry` is GeoJSON in WGS84, or in RD when the source says so; `fault` says in words why the
    row can't be used at all.
    """

    number: int
    values: Mapping[str, Any]
    geometry: Mapping[str, Any] | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file: its headers, its rows (from the start at each call), and what was guessed."""

    kind: str
    headers: tuple[str, ...]
    rows: Callable[[], Iterator[SourceRow]]
    total: int = 0
    decimal: str = ""
    is_rd: bool = False
    notes: tuple[str, ...] = field(default=())


def open_source(path: Path, options: SourceOptions | None = None) -> Source:
    """Open a file to import.

    Raises:
        UserProblem: the file can't be read or is of no kind that can be imported.
    """
    from desktop_app.services import import_csv, import_geojson, import_xlsx

    wanted = options or SourceOptions()
    start = _start_of(path)
    if start.startswith(b"PK\x03\x04"):
        return import_xlsx.open_xlsx(path, wanted)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise UserProblem(
            N_("%(name)s is an old Excel file. Save it as .xlsx and import that."), name=path.name
        )
    if start.startswith((b"%PDF", b"SQLite format 3", b"\x89PNG", b"\xff\xd8\xff")):
        raise UserProblem(N_("%(name)s is no table."), name=path.name)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return import_geojson.open_geojson(path)
    return import_csv.open_csv(path, wanted)


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
    except IsADirectoryError:
        raise UserProblem(N_("%(name)s is a folder."), name=path.name) from None
    except FileNotFoundError:
        raise UserProblem(N_("The file %(name)s is not there."), name=str(path)) from None
    except OSError as exc:
        raise UserProblem(
            N_("%(name)s can't be read: %(reason)s."), name=path.name, reason=exc.strerror or exc
        ) from exc
    if not start:
        raise UserProblem(N_("%(name)s is empty."), name=path.name)
    return start


def header_index(rows: list[Cells]) -> int:
    """Return which of the first rows holds the headers.

    It is the first one that is as wide as the table, with texts that are all different: what
    stands above it (a title, a date of printing) is narrower.
    """
    widths = [_width(row) for row in rows]
    widest = max(widths, default=0)
    for index, row in enumerate(rows):
        texts = [str(cell).strip() for cell in row if not is_blank(cell)]
        is_wide = widths[index] >= max(2, widest - 1) or widths[index] == widest
        if is_wide and len(set(texts)) == len(texts) and not any(map(_is_figure, texts)):
            return index
    return 0


def _width(row: Cells) -> int:
    """Return how far a row reaches: trailing blanks do not count."""
    filled = [index for index, cell in enumerate(row) if not is_blank(cell)]
    return len(filled)


def is_blank(cell: Any) -> bool:
    """Whether a cell is empty for a reader."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _is_figure(text: str) -> bool:
    return text.replace(".", "").replace(",", "").replace("-", "").isdigit()


def headers_of(rows: list[Cells]) -> tuple[str, ...]:
    """Return the headers from one or more rows: joined downwards, unique, "" where there is none."""
    width = max((len(row) for row in rows), default=0)
    names: list[str] = []
    for column in range(width):
        parts: list[str] = []
        for row in rows:
            text = " ".join(str(row[column]).split()) if column < len(row) else ""
            if text and text != "None" and text not in parts:
                parts.append(text)
        names.append(" ".join(parts))
    while names and not names[-1]:
        names.pop()
    return tuple(_distinct(names))


def _distinct(names: list[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield f"{name} ({seen[name]})" if name and seen[name] > 1 else name


def row_of(headers: tuple[str, ...], number: int, cells: Cells) -> SourceRow | None:
    """Return one row by header; None for an empty one.

    A row with filled cells beyond the headers is cut off somewhere (a delimiter inside a text), so
    none of it can be trusted.
    """
    if all(is_blank(cell) for cell in cells):
        return None
    values = {name: cell for name, cell in zip(headers, cells, strict=False) if name}
    beyond = any(not is_blank(cell) for cell in cells[len(headers) :])
    fault = N_("This row has more cells than there are headers.") if beyond else ""
    return SourceRow(number, values, fault=fault)
