"""Numbers and amounts as people type them: "1.250,5", "€ 48.000,-", "1250 m²", "1 250"."""

import re
from decimal import Decimal

from db.errors import UserProblem
from db.fields import N_
from desktop_app.i18n import LANGUAGES, format_number, language

_SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}']+")
_NOISE = re.compile(r"^(?:€|eur|euro|\$|£)|(?:€|eur|euro|,-+|,=|m²|m2|kg/m²|kva|mbit/s|%|m)$")
_FIGURES = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[.,][0-9]+")
_LARGEST = Decimal(10) ** 15
"""Above this a number is a typing error, and 64 bits can't be exceeded below it."""


def parse_number(text: str, decimal: str = "", *, is_strict: bool = False) -> Decimal:
    """Read a number; `decimal` is the mark before the fraction, that of the language by default.

    The other mark stands between thousands; where it can't ("1.25") it is read as the fraction,
    unless `is_strict`.

    Raises:
        UserProblem: it is not one number.
    """
    mark = decimal or LANGUAGES[language()].decimal
    bare = _SPACES.sub("", text.casefold())
    while (shorter := _NOISE.sub("", bare)) != bare:
        bare = shorter
    sign = -1 if bare[:1] in {"-", "−"} else 1
    bare = bare.lstrip("+-−")
    while (shorter := _NOISE.sub("", bare)) != bare:
        bare = shorter
    if not _FIGURES.fullmatch(bare):
        raise UserProblem(N_("“%(value)s” is not a number."), value=text.strip()[:40])
    number = Decimal(_normal(bare, mark, text, is_strict=is_strict))
    if number >= _LARGEST:
        raise UserProblem(N_("This number is too large."))
    return sign * number


def _normal(figures: str, mark: str, text: str, *, is_strict: bool) -> str:
    """Return the figures with a dot before the fraction and nothing between thousands."""
    other = "." if mark == "," else ","
    whole, found, fraction = figures.partition(mark)
    if mark in fraction:
        if other in figures or not _is_grouped(figures.split(mark)):
            raise UserProblem(N_("“%(value)s” is not a number."), value=text.strip()[:40])
        return figures.replace(mark, "")  # "1,250,000" among Dutch readers: thousands after all
    groups = whole.split(other)
    if len(groups) > 1 and not _is_grouped(groups):
        if len(groups) == 2 and not found and not is_strict:
            return f"{groups[0] or 0}.{groups[1]}"
        raise UserProblem(N_("“%(value)s” is not a number."), value=text.strip()[:40])
    if other in fraction:
        raise UserProblem(N_("“%(value)s” is not a number."), value=text.strip()[:40])
    return f"{''.join(groups) or 0}.{fraction or 0}"


def _is_grouped(groups: list[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def parse_decimal(text: str) -> float:
    """Read a number with a fraction."""
    return float(parse_number(text))


def parse_integer(text: str) -> int:
    """Read a whole number.

    Raises:
        UserProblem: it is no number, or has a fraction.
    """
    number = parse_number(text)
    if number != number.to_integral_value():
        raise UserProblem(N_("Write a whole number, such as %(example)s."), example="1250")
    return int(number)


def parse_cents(text: str) -> int:
    """Read an amount in euros as cents.

    Raises:
        UserProblem: it is no amount, or has more than two decimals.
    """
    cents = parse_number(text) * 100
    if cents != cents.to_integral_value():
        raise UserProblem(N_("An amount has at most two decimals."))
    return int(cents)


def number_typed(number: float, *, cents: bool = False) -> str:
    """Return the number for an input: grouped, all its decimals, no unit."""
    if cents:
        return format_number(Decimal(int(number)) / 100, 2 if int(number) % 100 else 0)
    exact = Decimal(repr(number))
    exponent = exact.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return format_number(exact, decimals)
