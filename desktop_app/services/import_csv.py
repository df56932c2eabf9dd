"""CSV as municipalities get it: any delimiter, UTF-8 or Windows, with remarks above the headers.

Encoding: a byte order mark decides; else UTF-8 if the whole file is that; else Windows-1252, which
is what Dutch Excel wrote for decades. Delimiter: the one that cuts the first rows into the most
equal columns. Rows are read one by one, so the size of the file does not matter.
"""

import codecs
import csv
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from db.errors import UserProblem
from db.fields import N_
from desktop_app.i18n import _
from desktop_app.services.import_sources import (
    HEADER_SEARCH,
    Cells,
    Source,
    SourceOptions,
    SourceRow,
    header_index,
    headers_of,
    row_of,
)

DELIMITERS = (";", ",", "\t", "|")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 20

csv.field_size_limit(10_000_000)  # a polygon in one cell is far longer than csv's own limit


def open_csv(path: Path, options: SourceOptions) -> Source:
    """Open a text file with columns.

    Raises:
        UserProblem: it is no text, not in the encoding given, or has no columns.
    """
    encoding = options.encoding or encoding_of(path)
    first = _first_rows_text(path, encoding)
    delimiter = options.delimiter or delimiter_of(first)
    preview = [
        cells for _line, cells in itertools.islice(_cells(path, encoding, delimiter), HEADER_SEARCH)
    ]
    start = options.header_row - 1 if options.header_row else header_index(preview)
    end = start + max(1, options.header_rows)
    if start >= len(preview):
        raise UserProblem(N_("There are no headers in row %(row)d."), row=start + 1)
    headers = headers_of(preview[start:end])

    def rows() -> Iterator[SourceRow]:
        for line, cells in itertools.islice(_cells(path, encoding, delimiter), end, None):
            row = row_of(headers, line, cells)
            if row is not None:
                yield row

    notes = [_("Read as %(encoding)s with “%(delimiter)s” between the columns.")
             % {"encoding": encoding.upper(), "delimiter": delimiter.replace("\t", "tab")}]  # fmt: skip
    if start:
        notes.append(_("The headers are in row %(row)d.") % {"row": start + 1})
    decimal = "." if delimiter == "," else ""
    return Source("csv", headers, rows, _lines(path), decimal, notes=tuple(notes))


def encoding_of(path: Path) -> str:
    """Return the encoding of a text file, by its mark or by reading all of it once.

    Raises:
        UserProblem: it holds zero bytes, so it is no text.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        block = stream.read(_BLOCK)
        for mark, name in _MARKS:
            if block.startswith(mark):
                return name
        is_utf8 = True
        while block:
            if b"\0" in block:
                raise UserProblem(N_("%(name)s is no text file."), name=path.name)
            is_utf8 = is_utf8 and _decodes(decoder, block)
            block = stream.read(_BLOCK)
    return "utf-8" if is_utf8 and _decodes(decoder, b"", final=True) else "cp1252"


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _open(path: Path, encoding: str) -> IO[str]:
    # Windows-1252 leaves five bytes undefined; they become a replacement sign, not an end.
    errors = "replace" if encoding == "cp1252" else "strict"
    try:
        return path.open(encoding=encoding, errors=errors, newline="")
    except LookupError:
        raise UserProblem(N_("There is no encoding “%(name)s”."), name=encoding) from None


def _first_rows_text(path: Path, encoding: str) -> str:
    with _open(path, encoding) as stream:
        try:
            return stream.read(64_000)
        except UnicodeError as exc:
            raise _not_this(encoding) from exc


def _not_this(encoding: str) -> UserProblem:
    return UserProblem(
        N_("The file is not in %(encoding)s. Leave the encoding out, or give another."),
        encoding=encoding,
    )


def delimiter_of(text: str) -> str:
    """Return the delimiter that gives the most columns in the most rows of the beginning."""
    lines = text.splitlines()[:200]
    best, best_score = ";", 0
    for delimiter in DELIMITERS:
        rows = list(itertools.islice(csv.reader(lines, delimiter=delimiter), HEADER_SEARCH))
        widths = [len(row) for row in rows if len(row) > 1]
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        score = widths.count(usual) * usual
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _cells(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, Cells]]:
    """Yield (line number where the row begins, cells)."""
    with _open(path, encoding) as stream:
        reader = csv.reader(stream, delimiter=delimiter, skipinitialspace=True)
        line = 1
        while True:
            try:
                cells: list[Any] = next(reader)
            except StopIteration:
                return
            except UnicodeError as exc:
                raise _not_this(encoding) from exc
            except csv.Error as exc:
                message = N_("Row %(row)d can't be read: %(reason)s.")
                raise UserProblem(message, row=reader.line_num, reason=exc) from exc
            yield line, cells
            line = reader.line_num + 1


def _lines(path: Path) -> int:
    """Count the line ends: about the number of rows, enough for a progress bar."""
    with path.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(_BLOCK), b""))
