"""Dates and moments as people type them: "12 mrt 2027", "12-3-2027", "12/3", "morgen", "9.14".

Moments are typed and shown on the clock of the municipality and kept in UTC. Day comes before
month in both languages: the people who use this are Dutch whatever the language of the window.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from db.errors import UserProblem
from db.fields import N_
from desktop_app.i18n import format_time, local_time
from desktop_app.services.words import fold

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mrt maa mar", "apr", "mei may", "jun", "jul", "aug", "sep", "okt oct",
         "nov", "dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_RELATIVE = {
    "vandaag": 0, "today": 0, "nu": 0, "now": 0,
    "morgen": 1, "tomorrow": 1, "overmorgen": 2,
    "gisteren": -1, "yesterday": -1, "eergisteren": -2,
}  # fmt: skip
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_COMPACT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_FIGURES = re.compile(r"([0-9]{1,2})[-/. ]+([0-9]{1,2})(?:[-/. ]+([0-9]{4}|[0-9]{2}))?[.]?")
_WORDS = re.compile(r"([0-9]{1,2})[- .]*([a-z]+)[.]?(?:[- ,]+'?([0-9]{4}|[0-9]{2}))?")
_WEEKDAY = re.compile(r"^(?:ma|di|wo|do|vr|za|zo|mo|tu|we|th|fr|sa|su)[a-z]*[., ]+(?=[0-9])")
_CLOCK = re.compile(r"(?:^|[ T,])(?:om )?([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?(?: ?uur)?$")


def today() -> date:
    """Return the day it is in the municipality."""
    return local_time(datetime.now(UTC)).date()


def parse_day(text: str, now: date | None = None) -> date:
    """Read a date; without a year the one of `now` (default: today) is meant.

    Raises:
        UserProblem: it is no date, or not one that exists.
    """
    current = now or today()
    plain = _WEEKDAY.sub("", fold(text))
    if plain in _RELATIVE:
        return current + timedelta(days=_RELATIVE[plain])
    parts = _parts(plain)
    if parts is None:
        raise UserProblem(N_("Write a date as 12-3-2027 or 12 mrt 2027."))
    day, month, year = parts
    try:
        return date(_year(year, current), month, day)
    except ValueError as exc:
        raise UserProblem(N_("The date “%(value)s” does not exist."), value=text.strip()) from exc


def _parts(plain: str) -> tuple[int, int, str] | None:
    """Return day, month and the year as typed ("" when left out)."""
    if found := _ISO.fullmatch(plain):
        return int(found[3]), int(found[2]), found[1]
    if found := _COMPACT.fullmatch(plain) or _FIGURES.fullmatch(plain):
        return int(found[1]), int(found[2]), found[3] or ""
    found = _WORDS.fullmatch(plain)
    month = _MONTHS.get(found[2][:3]) if found else None
    return (int(found[1]), month, found[3] or "") if found and month else None


def _year(typed: str, current: date) -> int:
    """Read a year; two digits mean the century in which it lies at most 30 years ahead."""
    if not typed:
        return current.year
    if len(typed) == 4:
        return int(typed)
    year = current.year // 100 * 100 + int(typed)
    return year - 100 if year > current.year + 30 else year


def parse_moment(text: str, now: date | None = None) -> datetime:
    """Read a moment on the municipality's clock; a date alone is its midnight, a time alone today.

    Raises:
        UserProblem: the date or the time can't be read.
    """
    iso = _iso_moment(text.strip())
    if iso is not None:
        return iso
    plain = fold(text)
    clock = _CLOCK.search(plain)
    if clock is None or _FIGURES.fullmatch(plain):
        return _aware(parse_day(text, now), time())
    day = plain[: clock.start()].strip(" ,")
    hour, minute = int(clock[1]), int(clock[2])
    if hour > 23 or minute > 59:
        raise UserProblem(N_("Write a time as 09:14."))
    return _aware(parse_day(day, now) if day else now or today(), time(hour, minute))


def _iso_moment(text: str) -> datetime | None:
    """Read ISO 8601 with its own time zone, as other programs write it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(microsecond=0) if moment.tzinfo else None


def _aware(day: date, clock: time) -> datetime:
    zone = local_time(datetime.now(UTC)).tzinfo
    try:
        return datetime.combine(day, clock, zone).astimezone(UTC)
    except OverflowError as exc:
        raise UserProblem(N_("Write a date as 12-3-2027 or 12 mrt 2027.")) from exc


def day_typed(day: date) -> str:
    """Return "12-3-2027", the shortest form that reads back as the same day."""
    return f"{day.day}-{day.month}-{day.year:04d}"


def moment_typed(moment: datetime) -> str:
    """Return "12-3-2027 09:14"; seconds are not typed and are lost when it is read back."""
    return f"{day_typed(local_time(moment))} {format_time(moment)}"
