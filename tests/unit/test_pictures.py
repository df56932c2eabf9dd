"""Photos are opened carefully, made small and upright, and asked when and where they were taken."""

import io
import struct
import zlib
from datetime import datetime

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from db.errors import UserProblem
from db.geometry import lon_lat
from desktop_app.services import pictures
from tests.unit.test_public_copies import noted_photo


def noise(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 120).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def test_a_small_copy_is_upright_and_says_nothing() -> None:
    small = pictures.small_copy(pictures.opened(noted_photo(orientation=6)))
    shown = Image.open(io.BytesIO(small))
    assert shown.size == (240, 320)
    assert not shown.getexif()
    assert not {"exif", "xmp", "comment", "icc_profile"} & set(shown.info)
    assert b"Jan Jansen" not in small


def test_the_busiest_photo_becomes_light() -> None:
    small = pictures.small_copy(pictures.opened(noise((3000, 2000))))
    assert len(small) <= pictures.THUMBNAIL_BYTES


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1", "LA", "I;16"])
def test_every_kind_of_picture_has_a_small_copy(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (400, 100)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    small = Image.open(io.BytesIO(pictures.small_copy(pictures.opened(out.getvalue()))))
    assert (small.format, small.mode, small.size) == ("JPEG", "RGB", (320, 80))


def test_a_picture_without_ground_stands_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    small = Image.open(io.BytesIO(pictures.small_copy(pictures.opened(out.getvalue()))))
    assert small.getpixel((20, 20)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it is enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000))
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [10_000, 100_000, 2_000_000_000])
def test_a_picture_that_unpacks_to_gigabytes_is_refused(side: int) -> None:
    with pytest.raises(UserProblem, match="too many pixels"):
        pictures.opened(bomb(side, side))


def test_when_and_where_are_read() -> None:
    taken = pictures.taken(noted_photo())
    assert taken.at == datetime(2026, 6, 3, 14, 5, 9)  # noqa: DTZ001
    assert taken.place is not None
    lon, lat = lon_lat(*taken.place.anchor)
    assert (round(lon, 4), round(lat, 4)) == (6.5222, 52.1158)


@pytest.mark.parametrize(
    "position",
    [
        {},
        {1: "N", 2: (52.0, 7.0, 0.0)},
        {1: "S", 2: (52.0, 7.0, 0.0), 3: "E", 4: (6.0, 31.0, 0.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (IFDRational(0, 0), 7.0, 0.0), 3: "E", 4: (6.0, 31.0, 0.0)},
    ],
    ids=["none", "half", "elsewhere", "zero", "no number"],
)
def test_a_place_that_is_none_is_not_told(position: dict[int, object]) -> None:
    assert pictures.taken(noted_photo(position=position)).place is None


def test_a_photo_without_notes_tells_nothing() -> None:
    assert pictures.taken(noise((40, 30))) == pictures.Taken()
    assert pictures.taken(b"\xff\xd8\xff no photo") == pictures.Taken()
