"""Programs, packed files, pages, and what is two things at once are refused, each in its own words."""

import io
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from db.entities.place import MediaType
from db.errors import UserProblem
from desktop_app.services.attachments import examine
from desktop_app.services.file_kinds import media_type_of, safe_name

PDF = (
    b"%%PDF-1.7\n1 0 obj\n<< /Type /Catalog %s >>\nendobj\ntrailer << /Root 1 0 R %s >>\n%%%%EOF\n"
)
QUIET = PDF % (b"", b"")


def photo(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (120, 160, 90)).save(out, kind)
    return out.getvalue()


def packed_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/vbaProject.bin", b"macro")
    return out.getvalue()


def packed_objects(objects: bytes, packing: bytes = b"/FlateDecode") -> bytes:
    body = zlib.compress(objects)
    head = b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter %s /Length %d >>\n" % (
        packing,
        len(body),
    )
    return QUIET.replace(b"trailer", head + b"stream\n" + body + b"\nendstream\nendobj\ntrailer")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"MZ\x90\0" + bytes(100), "program"),
        (b"\x7fELF" + bytes(100), "program"),
        (b"\xcf\xfa\xed\xfe" + bytes(100), "program"),
        (b"\xca\xfe\xba\xbe" + bytes(100), "program"),
        (b"#!/bin/sh\nrm -rf ~\n", "program"),
        (b"@echo off\r\n", "program"),
        (b"L\0\0\0\x01\x14\x02\0" + bytes(80), "program"),
        (packed_file(), "packed file"),
        (b"\xd0\xcf\x11\xe0" + bytes(80), "Office document"),
        (b"Rar!" + bytes(80), "packed file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing"),
        (b"\xef\xbb\xbf <!DOCTYPE html><script>", "web page"),
        (b"\0\0\0\x18ftypheic" + bytes(80), "iPhone"),
        (b"GIF89a", "kind of picture"),
        (b"RIFF\0\0\0\0WEBP", "kind of picture"),
        (b"Beste buurman, ", "no photo or document"),
        (b"", "empty"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else value,
)
def test_a_refusal_says_what_it_is(content: bytes, told: str) -> None:
    """Whatever it is called: the name says nothing."""
    with pytest.raises(UserProblem, match=told):
        media_type_of(content, "foto.jpg")


@pytest.mark.parametrize(
    "name", ["foto.jpg.exe", "foto.jpg.EXE ", "foto.scr.", "plan.lnk", "a.jpg.vbs", "x.hta"]
)
def test_a_name_that_starts_as_a_program_is_refused(name: str) -> None:
    with pytest.raises(UserProblem, match="program"):
        media_type_of(photo(), name)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    "hidden", [packed_file(), b"<script>alert(1)</script>", b"<?php system($_GET[0]);"]
)
def test_a_photo_that_is_something_else_too_is_refused(kind: str, hidden: bytes) -> None:
    with pytest.raises(UserProblem, match="something else hidden"):
        media_type_of(photo(kind) + hidden)


def test_a_photo_that_is_a_document_too_is_refused() -> None:
    content = photo()
    comment = b"\xff\xfe" + (len(QUIET) + 2).to_bytes(2, "big") + QUIET
    with pytest.raises(UserProblem, match="something else hidden"):
        media_type_of(content[:2] + comment + content[2:])


def test_a_document_that_is_a_packed_file_too_is_refused() -> None:
    with pytest.raises(UserProblem, match="something else hidden"):
        media_type_of(QUIET + packed_file() + b"%%EOF")


@pytest.mark.parametrize(
    "act",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
        b"/OpenAction << /S /Launch /F (cmd.exe) >>",
        b"/OpenAction << /S /J#61vaScript /J#53 (x) >>",
        b"/Names << /EmbeddedFiles 7 0 R >>",
        b"/AcroForm << /XFA 7 0 R >>",
        b"/A<</S/Launch>>",
    ],
)
def test_a_document_that_can_act_is_refused(act: bytes) -> None:
    """Also when it is packed away, or its name is written with escapes."""
    with pytest.raises(UserProblem, match="scripts, programs or other files"):
        media_type_of(PDF % (act, b""))
    with pytest.raises(UserProblem, match="scripts, programs or other files"):
        media_type_of(packed_objects(b"5 0 << " + act + b" >>"))


def test_a_document_that_cannot_be_looked_into_is_refused() -> None:
    with pytest.raises(UserProblem, match="password"):
        media_type_of(PDF % (b"", b"/Encrypt 9 0 R"))
    with pytest.raises(UserProblem, match="scripts, programs"):
        media_type_of(packed_objects(b"quiet", packing=b"/LZWDecode"))
    with pytest.raises(UserProblem, match="scripts, programs"):
        media_type_of(packed_objects(bytes(60_000_000)))


def test_a_quiet_document_is_taken() -> None:
    assert media_type_of(QUIET, "brief.pdf") is MediaType.PDF
    assert media_type_of(packed_objects(b"5 0 << /Title (JS en Launch) >>")) is MediaType.PDF


def test_many_beginnings_without_an_end_take_no_time() -> None:
    """Looking into a file costs as much as the file is long, whatever is in it."""
    for part in (b"stream\n", b"<< /ObjStm ", b"obj << >> stream endstream ", b"#4a"):
        content = b"%PDF-1.7\n" + part * (2_000_000 // len(part)) + b"\n%%EOF"
        assert media_type_of(content) is MediaType.PDF


@given(st.data())
def test_no_damage_ends_in_a_crash(data: st.DataObject) -> None:
    """Any bytes changed, cut off or put in between: it is taken, or refused in words."""
    content = bytearray(data.draw(st.sampled_from([photo(), photo("PNG"), QUIET])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(len(content) - 1, 0)))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    cut = data.draw(st.integers(0, 40))
    content = content[: len(content) - cut]
    try:
        examined = examine(bytes(content))
    except UserProblem:
        return
    assert bool(examined.picture) == (examined.media_type is not MediaType.PDF)


@given(st.text(max_size=300), st.sampled_from(MediaType))
def test_a_name_is_always_harmless(name: str, media_type: MediaType) -> None:
    safe = safe_name(name, media_type)
    assert 4 < len(safe) <= 190
    assert not set(safe) & set('<>:"/\\|?*\0\n\u202e')
    assert safe_name(safe, media_type) == safe
