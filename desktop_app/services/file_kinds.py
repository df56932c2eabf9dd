"""What a file is, told by its content, and why most kinds are refused.

Only JPG, PNG and PDF are taken. A refusal says what the file is and what to do instead. Refused as
well is what is two things at once (a photo that is a zip file, too), and a document that can act on
its own: with scripts, programs to start, or other files inside. A document that can't be looked into,
because of a password or an unusual packing, counts as one that does. Nothing here trusts a name; but
a name that a system would start as a program is refused, too, since the copy that is opened bears it.
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import PurePath, PureWindowsPath

from db.entities.place import MAX_ATTACHMENT_BYTES, MediaType
from db.errors import UserProblem
from db.fields import N_
from desktop_app.i18n import format_size

LIMIT_TOLD = 10_000_000

STARTS = (
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"%PDF-", MediaType.PDF),
)
SUFFIXES = {
    MediaType.JPEG: (".jpg", ".jpeg"),
    MediaType.PNG: (".png",),
    MediaType.PDF: (".pdf",),
}

_PROGRAM = N_("This is a program, no photo or document. Programs can't be attached.")
_PACKED = N_(
    "This is an Office document or a packed file. Save it as PDF, or unpack it, and attach that."
)
_PAGE = N_("This is a web page or a drawing (SVG). Save or print it as PDF and attach that.")
_IPHONE = N_("This is a photo in the HEIC format of an iPhone. Save it as JPG and attach that.")
_PICTURE = N_("This kind of picture can't be attached. Save it as JPG or PNG and attach that.")
_OTHER = N_("This is no photo or document. Choose a JPG, PNG or PDF.")
_TWO_THINGS = N_(
    "There is something else hidden in this file, so it can't be attached."
    " Open it, save it anew, and attach that."
)
_ACTS = N_(
    "This document contains scripts, programs or other files, so it can't be attached."
    " Print it to PDF and attach that."
)
_LOCKED = N_(
    "This document is protected with a password, so it can't be checked."
    " Save it without one, or print it to PDF, and attach that."
)

_REFUSED = (
    (re.compile(rb"MZ|\x7fELF|#!|L\0\0\0\x01\x14\x02\0|dex\n|\0asm"), _PROGRAM),
    (re.compile(rb"\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]"), _PROGRAM),
    (re.compile(rb"@echo|Windows Registry", re.I), _PROGRAM),
    (
        re.compile(rb"PK[\x03\x05\x07]|\xd0\xcf\x11\xe0|Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\{\\rtf"),
        _PACKED,
    ),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<", re.I), _PAGE),
    (re.compile(rb"....ftyp(?:hei|hev|mif1|msf1|avif)", re.S), _IPHONE),
    (re.compile(rb"GIF8|RIFF....WEBP|II\*\0|MM\0\*|BM", re.S), _PICTURE),
)
"""How refused files begin -> why; the first that fits is told."""

_STARTED_BY_NAME = frozenset(
    "app apk bat bin cmd com command cpl desktop dll dmg exe gadget hta htm html inf ins iso jar js"
    " jse lnk msc msi msp mst pif pkg ps1 ps1xml psc1 py pyw reg scf scr sct sh shtml svg sys url vb"
    " vbe vbs ws wsc wsf wsh xhtml xll xml".split()
)
_HIDDEN = re.compile(rb"<script|<\?php|<html|<!doctype", re.I)
_LOOKED_AT = 64 * 1024 + 22
"""A zip file is found by its end, which lies within so many bytes of the file's."""

_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?=[\s()<>\[\]{}/%]|$)"
)
_ACTIVE_IN_BYTES = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)(?=[\s()<>\[\]{}/%])"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_HEAD_BYTES = 4096
"""What stands before a stream and says what it is, is shorter."""
_MOST_UNPACKED = 50_000_000


def media_type_of(content: bytes, name: str = "") -> MediaType:
    """Return what a file is.

    Raises:
        UserProblem: it is too large, empty, or nothing that may be attached.
    """
    require_size(len(content))
    media_type = next((kind for start, kind in STARTS if content.startswith(start)), None)
    if media_type is None:
        raise UserProblem(next((why for at, why in _REFUSED if at.match(content)), _OTHER))
    if suffix_of(name) in _STARTED_BY_NAME:
        raise UserProblem(_PROGRAM)
    if media_type is MediaType.PDF:
        _require_quiet(content)
    elif _hides_another(content):
        raise UserProblem(_TWO_THINGS)
    return media_type


def require_size(size_bytes: int) -> None:
    """Refuse what is empty or too large.

    Raises:
        UserProblem: it is.
    """
    if not size_bytes:
        raise UserProblem(N_("This file is empty."))
    if size_bytes > MAX_ATTACHMENT_BYTES:
        raise UserProblem(
            N_("This file is %(size)s. At most %(limit)s can be attached. Make it smaller first."),
            size=format_size(size_bytes),
            limit=format_size(LIMIT_TOLD),
        )


def suffix_of(name: str) -> str:
    """Return the last extension as a system reads it: without dots and spaces behind it."""
    return PurePath(name.rstrip(". \t\u200b")).suffix.lower().removeprefix(".").strip()


def safe_name(name: str, media_type: MediaType) -> str:
    """Return a file name of one folder level, without invisible signs, that ends as what it is."""
    last = PureWindowsPath(name).name
    plain = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"/\\|?*')
    plain = plain.strip(". ")[-180:] or "bijlage"
    endings = SUFFIXES[media_type]
    return plain if plain.lower().endswith(endings) else f"{plain}{endings[0]}"


def _hides_another(content: bytes) -> bool:
    """Whether a picture is a document, a packed file or a page at the same time."""
    if b"%PDF-" in content[:1024] or _HIDDEN.search(content[:_LOOKED_AT]):
        return True
    return _ends_as_packed(content)


def _ends_as_packed(content: bytes) -> bool:
    return b"PK\x05\x06" in content[-_LOOKED_AT:] and b"PK\x01\x02" in content


def _require_quiet(content: bytes) -> None:
    """Refuse a document that is broken, locked or can act."""
    if b"%%EOF" not in content[-2048:]:
        raise UserProblem(N_("This document is damaged. Save it again and choose it then."))
    if _HIDDEN.search(content[:1024]) or _ends_as_packed(content):
        raise UserProblem(_TWO_THINGS)
    outside, streams = _parts(content)
    if re.search(rb"/Encrypt(?=[\s<\[/])", outside):
        raise UserProblem(_LOCKED)
    if _ACTIVE.search(outside) or _ACTIVE_IN_BYTES.search(_plain(content)):
        raise UserProblem(_ACTS)
    for objects in _unpacked(streams):
        if _ACTIVE.search(_plain(objects)):
            raise UserProblem(_ACTS)


def _parts(content: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Return what stands outside the streams of a document, and (head, bytes) of each stream."""
    outside: list[bytes] = []
    streams: list[tuple[bytes, bytes]] = []
    at = 0
    while (begin := content.find(b"stream", at)) >= 0:
        end = content.find(b"endstream", begin + 6)
        if end < 0:
            break
        head = _plain(content[max(at, begin - _HEAD_BYTES) : begin])
        outside.append(content[at:begin])
        streams.append((head.rpartition(b"obj")[2], content[begin + 6 : end].lstrip(b"\r\n")))
        at = end + 9
    outside.append(content[at:])
    return _plain(b" ".join(outside)), streams


def _plain(text: bytes) -> bytes:
    """Return names without their escapes: /J#61vaScript is /JavaScript."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)


def _unpacked(streams: list[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """Give the packed objects of a document.

    Raises:
        UserProblem: they can't be unpacked, or become far too much.
    """
    room = _MOST_UNPACKED
    for head, packed in streams:
        if not re.search(rb"/ObjStm(?=[\s/>])", head):
            continue
        if b"/Filter" not in head:
            yield packed
            continue
        if not re.search(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])", head):
            raise UserProblem(_ACTS)
        try:
            objects = zlib.decompressobj().decompress(packed, room)
        except zlib.error as exc:
            raise UserProblem(_ACTS) from exc
        room -= len(objects)
        if room <= 0:
            raise UserProblem(_ACTS)
        yield objects
