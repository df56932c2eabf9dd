"""Files as people have them: any encoding, delimiter, remarks above the headers, merged cells."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from db.errors import UserProblem
from desktop_app.services.import_sources import SourceOptions, open_source


def write(folder: Path, content: bytes | str, name: str = "in.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, **options: Any) -> list[dict[str, Any]]:
    return [dict(row.values) for row in open_source(path, SourceOptions(**options)).rows()]


TEXT = "naam;waarde\nCafé Zoë;één\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, TEXT.encode(encoding))
    assert read(path) == [{"naam": "Café Zoë", "waarde": "één"}]


def test_a_wrong_encoding_given_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.encode("cp1252"))
    with pytest.raises(UserProblem, match="not in utf-8"):
        open_source(path, SourceOptions(encoding="utf-8"))
    with pytest.raises(UserProblem, match="no encoding"):
        open_source(path, SourceOptions(encoding="klingon"))


def test_a_wrong_encoding_far_into_the_file_is_found_at_once(tmp_path: Path) -> None:
    content = b"naam;x\n" + b"gewoon;1\n" * 200_000 + "Zoë;2\n".encode("cp1252")
    assert read(write(tmp_path, content))[-1]["naam"] == "Zoë"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["naam", "tekst", "getal"], ["a", '"een, twee; drie"', "1"], ["b", "x", "2"]]
    path = write(tmp_path, "\r\n".join(delimiter.join(row) for row in rows))
    assert read(path)[0] == {"naam": "a", "tekst": "een, twee; drie", "getal": "1"}


def test_remarks_above_the_headers_are_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, "Lijst van panden\nGemaakt op 1-2-2026\n\nnaam;m2;kern\nHal;120;Neede\n")
    source = open_source(path)
    assert source.headers == ("naam", "m2", "kern")
    row = next(source.rows())
    assert (row.number, row.values["naam"]) == (5, "Hal")


def test_the_header_row_can_be_given(tmp_path: Path) -> None:
    path = write(tmp_path, "a;b\nnaam;m2\nHal;120\n")
    assert read(path, header_row=2) == [{"naam": "Hal", "m2": "120"}]
    with pytest.raises(UserProblem, match="no headers in row 9"):
        open_source(path, SourceOptions(header_row=9))


def test_row_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, 'naam;x\n"twee\nregels";1\n\nlaatste;2\n')
    assert [row.number for row in open_source(path).rows()] == [2, 5]


def test_two_headers_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    assert open_source(write(tmp_path, "a;a;b\n1;2;3\n")).headers == ("a", "a (2)", "b")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"naam;x\0\n", "no text"),
        (b"%PDF-1.7", "no table"),
        (b"SQLite format 3\0", "no table"),
        (b"PK\x03\x04rommel", "damaged"),
        (b'{"type": "Topology"}', "no GeoJSON"),
        (b'{"type": ', "not JSON"),
        (
            b'{"type":"FeatureCollection","features":[],"crs":{"properties":{"name":"EPSG:3"}}}',
            "Only WGS84 and RD",
        ),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(UserProblem, match=says):
        open_source(write(tmp_path, content))


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UserProblem, match="not there"):
        open_source(tmp_path / "weg.csv")
    with pytest.raises(UserProblem, match="folder"):
        open_source(tmp_path)


def test_rd_geojson_of_before_2016_is_known(tmp_path: Path) -> None:
    content = (
        '{"type":"FeatureCollection","crs":{"type":"name","properties":'
        '{"name":"urn:ogc:def:crs:EPSG::28992"}},"features":[]}'
    )
    assert open_source(write(tmp_path, content)).is_rd


def workbook(path: Path, rows: list[list[Any]], merge: str = "") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    book.create_sheet("Toelichting")
    book.save(path)
    return path


def test_merged_cells_count_for_every_row(tmp_path: Path) -> None:
    rows = [
        ["Panden 2026"],
        ["kern", "naam", "per"],
        ["Neede", "Hal 1", date(2027, 3, 12)],
        [None, "Hal 2", None],
    ]
    path = workbook(tmp_path / "in.xlsx", rows, "A3:A4")
    source = open_source(path)
    assert [row.values["kern"] for row in source.rows()] == ["Neede", "Neede"]
    assert any("Toelichting" in note for note in source.notes)


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.csv", [["naam", "x"], ["Hal", 1.5]])
    assert read(path) == [{"naam": "Hal", "x": 1.5}]


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.xlsx", [["naam"], ["Hal"]])
    with pytest.raises(UserProblem, match="no sheet"):
        open_source(path, SourceOptions(sheet="Panden"))
    with pytest.raises(UserProblem, match="is empty"):
        open_source(path, SourceOptions(sheet="Toelichting"))


def test_a_zip_that_is_no_workbook_and_one_that_explodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "niets")
    path = write(tmp_path, packed.getvalue(), "in.xlsx")
    with pytest.raises(UserProblem, match="no Excel file"):
        open_source(path)
    monkeypatch.setattr("desktop_app.services.import_xlsx.LARGEST_WHOLE_BYTES", 3)
    with pytest.raises(UserProblem, match="too large"):
        open_source(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=400))
def test_no_content_crashes_the_reader(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)
    try:
        rows = list(open_source(path).rows())
    except UserProblem:
        return
    assert all(row.number > 0 for row in rows)
