"""Texts, dates, numbers and places in the language of the person at the laptop. No Qt.

Texts come from gettext, Dutch unless chosen otherwise; `_` and `ngettext` look the language up at
each call, so `use` switches a running program. Dates and numbers come from the small tables below
instead of babel: two languages need little, and babel's locale data would cost start-up time.
Moments are stored in UTC and shown in the municipality's own time zone. Spaces inside a date, an
amount or a coordinate are no-break spaces, so that a line never breaks there (design guide, 4).
"""

import gettext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import resources

__all__ = [
    "LANGUAGES",
    "NBSP",
    "_",
    "format_area",
    "format_date",
    "format_day",
    "format_distance",
    "format_money",
    "format_moment",
    "format_number",
    "format_rd",
    "format_size",
    "format_time",
    "in_every_language",
    "language",
    "local_time",
    "ngettext",
    "use",
]

NBSP = "\N{NO-BREAK SPACE}"
DOMAIN = "naoberkaart"

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class _Language:
    """What differs between the languages apart from the texts themselves."""

    code: str
    name: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    thousands: str
    decimal: str
    today: str
    yesterday: str
    money: str
    """How an amount is laid out: `sign` is empty or a minus, `amount` has no sign."""


LANGUAGES: dict[str, _Language] = {
    "nl": _Language(
        code="nl",
        name="Nederlands",
        months=tuple("jan feb mrt apr mei jun jul aug sep okt nov dec".split()),
        weekdays=tuple("ma di wo do vr za zo".split()),
        thousands=".",
        decimal=",",
        today="vandaag",
        yesterday="gisteren",
        money="€" + NBSP + "{sign}{amount}",
    ),
    "en": _Language(
        code="en",
        name="English",
        months=tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()),
        weekdays=tuple("Mon Tue Wed Thu Fri Sat Sun".split()),
        thousands=",",
        decimal=".",
        today="today",
        yesterday="yesterday",
        money="{sign}€{amount}",
    ),
}


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    """Return the texts of a language; message ids are English, so English needs none."""
    if code == "en":
        return gettext.NullTranslations()
    folder = str(resources.path("locale"))
    return gettext.translation(DOMAIN, folder, languages=[code], fallback=True)


@cache
def _zone() -> ZoneInfo:
    return ZoneInfo("Europe/Amsterdam")


class _Choice:
    """The language in use: one per process, as gettext itself has it."""

    current = LANGUAGES["nl"]


def use(code: str) -> None:
    """Show texts, dates and numbers in this language ("nl" or "en") from now on.

    Raises:
        KeyError: a language we do not speak.
    """
    _Choice.current = LANGUAGES[code]


def language() -> str:
    """Return the code of the language in use."""
    return _Choice.current.code


def _(message: str) -> str:
    """Translate a message id; the empty text stays empty."""
    return _catalogue(_Choice.current.code).gettext(message) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """Translate a message id that depends on a number; the placeholder is filled by the caller."""
    return _catalogue(_Choice.current.code).ngettext(singular, plural, number)


def in_every_language(message: str) -> tuple[str, ...]:
    """Return a text in each language of the program, whichever is in use."""
    return tuple(_catalogue(code).gettext(message) for code in LANGUAGES)


def local_time(moment: datetime) -> datetime:
    """Return an aware moment on the municipality's clock."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone cannot be shown")
    return moment.astimezone(_zone())


def _local_date(day: date) -> date:
    return local_time(day).date() if isinstance(day, datetime) else day


def format_date(day: date) -> str:
    """Return "12 mrt 2027"; an aware datetime gives its day on the municipality's clock."""
    local = _local_date(day)
    return NBSP.join((str(local.day), _Choice.current.months[local.month - 1], str(local.year)))


def format_day(day: date) -> str:
    """Return "vr 20 nov", for days near enough to leave the year out."""
    local, words = _local_date(day), _Choice.current
    return NBSP.join(
        (words.weekdays[local.weekday()], str(local.day), words.months[local.month - 1])
    )


def format_time(moment: datetime) -> str:
    """Return "10:04" on the municipality's clock."""
    return f"{local_time(moment):%H:%M}"


def format_moment(moment: datetime, now: datetime | None = None) -> str:
    """Return "vandaag 08:52", "gisteren 17:03", "vr 20 nov 09:14" or, before this year, a date."""
    today = _local_date(now or datetime.now(UTC))
    day = _local_date(moment)
    if day == today:
        return _Choice.current.today + NBSP + format_time(moment)
    if day == today - timedelta(days=1):
        return _Choice.current.yesterday + NBSP + format_time(moment)
    if day.year == today.year:
        return format_day(moment) + NBSP + format_time(moment)
    return format_date(moment)


def format_number(number: Number, decimals: int | None = None) -> str:
    """Return "1.250" or "1.250,5"; without `decimals` at most two, and no trailing zeros."""
    if number < 0:
        return "-" + _grouped(-number, decimals, _Choice.current.thousands)
    return _grouped(number, decimals, _Choice.current.thousands)


def _grouped(number: Number, decimals: int | None, thousands: str) -> str:
    whole, _dot, fraction = f"{number:,.{2 if decimals is None else decimals}f}".partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    whole = whole.replace(",", thousands)
    return f"{whole}{_Choice.current.decimal}{fraction}" if fraction else whole


def format_money(cents: int) -> str:
    """Return "€ 1.250" or, when the cents matter, "€ 12,50"."""
    amount = _grouped(Decimal(abs(cents)) / 100, 2 if cents % 100 else 0, _Choice.current.thousands)
    return _Choice.current.money.format(sign="-" if cents < 0 else "", amount=amount)


def format_area(area_m2: Number) -> str:
    """Return "1.250 m²"."""
    return format_number(area_m2) + NBSP + "m²"


def format_distance(distance_m: float) -> str:
    """Return "840 m" or, from a kilometre up, "1,2 km"."""
    if distance_m < 999.5:
        return format_number(round(distance_m)) + NBSP + "m"
    return format_number(distance_m / 1000, 1) + NBSP + "km"


def format_size(size_bytes: int) -> str:
    """Return "640 kB" or "2,1 MB" (thousands, as file managers and providers count)."""
    if size_bytes < 1000:
        return format_number(size_bytes) + NBSP + "B"
    if size_bytes < 999_500:
        return format_number(round(size_bytes / 1000)) + NBSP + "kB"
    return format_number(size_bytes / 1_000_000, 1) + NBSP + "MB"


def format_rd(x_rd: float, y_rd: float) -> str:
    """Return "RD 233 412, 459 007": metres in RD New (EPSG:28992), x first."""
    x, y = (_grouped(round(metres), 0, NBSP) for metres in (x_rd, y_rd))
    return f"RD{NBSP}{x}, {y}"
