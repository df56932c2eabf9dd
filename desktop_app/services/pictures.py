"""Photos: opened to the last pixel, made small, and what the camera noted about when and where."""

import io
import struct
import warnings
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from db.errors import UserProblem
from db.fields import N_
from db.geometry import Geometry, GeometryError, rd

THUMBNAIL_PX = 320
THUMBNAIL_BYTES = 15_000
"""So light that all small pictures of a village cross in one or two calls."""
MOST_PIXELS = 80_000_000
"""A picture that unpacks to more is a mistake or an attack: 80 megapixels is 320 MB in memory."""

BROKEN = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, ArithmeticError, LookupError,
    TypeError, AttributeError, RuntimeError, struct.error, zlib.error,
)  # fmt: skip
"""What a broken file makes the library stumble over."""

_QUALITIES = ((320, 80), (320, 60), (320, 40), (240, 40), (160, 40))
_FORMATS = ("JPEG", "PNG")
_DAMAGED = N_("This photo is damaged. Take it again or choose another.")
_TOO_MANY = N_("This photo has too many pixels. Make it smaller first.")


@dataclass(frozen=True, slots=True)
class Taken:
    """When (as the camera's clock said, without a zone) and where a photo was taken."""

    at: datetime | None = None
    place: Geometry | None = None


UNKNOWN = Taken()


def opened(content: bytes) -> Image.Image:
    """Return a picture, decoded to the last pixel.

    Raises:
        UserProblem: it is damaged or unpacks to far too much.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.open(io.BytesIO(content), formats=_FORMATS).verify()  # checksums
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise UserProblem(_TOO_MANY)
            picture.load()
    except UserProblem:
        raise
    except (Image.DecompressionBombError, MemoryError) as exc:
        raise UserProblem(_TOO_MANY) from exc
    except BROKEN as exc:
        raise UserProblem(_DAMAGED) from exc
    return picture


def small_copy(picture: Image.Image) -> bytes:
    """Return a small, upright JPEG of a picture, with nothing in it but the picture."""
    upright = picture
    with suppress(*BROKEN):
        upright = ImageOps.exif_transpose(picture)
    flat = _on_white(upright)
    content = b""
    for longest_px, quality in _QUALITIES:
        small = flat.copy()
        small.thumbnail((longest_px, longest_px))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality, optimize=True)
        content = out.getvalue()
        if len(content) <= THUMBNAIL_BYTES:
            break
    return content


def _on_white(picture: Image.Image) -> Image.Image:
    """Return a picture in plain colours, without what the file said beside the pixels."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        over = picture.convert("RGBA")
        plain = Image.new("RGB", over.size, "white")
        plain.paste(over, mask=over.getchannel("A"))
        return plain
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def taken(content: bytes) -> Taken:
    """Return when and where a photo was taken, as far as the camera noted it."""
    noted = _notes(content)
    moment = noted.get(ExifTags.Base.DateTimeOriginal) or noted.get(ExifTags.Base.DateTime)
    position = noted.get(ExifTags.Base.GPSInfo)
    return Taken(_moment(moment), _place(position) if isinstance(position, dict) else None)


def orientation(content: bytes) -> int:
    """Return how the camera was held, 1 to 8; 1 is upright."""
    found = _notes(content).get(ExifTags.Base.Orientation)
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _notes(content: bytes) -> dict[int, object]:
    """Return what the camera noted, by its EXIF number; nothing when that is broken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exif = Image.open(io.BytesIO(content), formats=_FORMATS).getexif()
            position = dict(exif.get_ifd(ExifTags.IFD.GPSInfo))
            details = exif.get_ifd(ExifTags.IFD.Exif)
            return {**exif, **details, ExifTags.Base.GPSInfo: position}
    except BROKEN:
        return {}


def _moment(noted: object) -> datetime | None:
    try:
        moment = datetime.strptime(str(noted).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    return moment if 1990 <= moment.year <= 2100 else None


def _place(position: dict[int, object]) -> Geometry | None:
    """Return where a photo was taken; None outside the Netherlands, or when it is not known."""
    try:
        lat = _degrees(position[2], str(position[1]), "S")
        lon = _degrees(position[4], str(position[3]), "W")
        if not (50.5 < lat < 54.0 and 3.0 < lon < 7.5):
            return None
        return Geometry.point(*rd(lon, lat))
    except (LookupError, TypeError, ValueError, ArithmeticError, GeometryError):
        return None


def _degrees(parts: object, side: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)  # type: ignore[attr-defined]
    value: float = degrees + minutes / 60 + seconds / 3600
    return -value if side.strip("\0 ").upper() == negative else value
