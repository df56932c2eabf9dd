"""What people type and read, to and from values, chosen by the kind of a field alone.

`text_of` is what lists, histories and exports show ("€ 1.250", "12 mrt 2027", "Idee");
`typed_of` what stands in an input ("1.250", "12-3-2027"); `value_of` reads an input again and
accepts more than it writes. Numbers and dates follow the language in use, so "1.250" is twelve
hundred and fifty in Dutch; a number that is grouped wrongly ("1.25") can only be a fraction.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from db.errors import UserProblem
from db.fields import N_, CodeList, FieldSpec, Kind, fields_of
from db.formats import POSTCODE
from db.geometry import Geometry
from desktop_app.i18n import (
    NBSP,
    _,
    format_date,
    format_money,
    format_number,
    format_time,
    in_every_language,
)
from desktop_app.services.place_text import parse_place, place_text
from desktop_app.services.typed_dates import day_typed, moment_typed, parse_day, parse_moment
from desktop_app.services.typed_numbers import (
    number_typed,
    parse_cents,
    parse_decimal,
    parse_integer,
)
from desktop_app.services.words import fold

Names = Callable[[str, UUID], str]
"""Gives the title of the record (entity, id) for a reference; "" when it is not known."""

Finder = Callable[[str, str], UUID | None]
"""Gives the record (entity, what was typed), or None when there is no single one."""

_YES = frozenset({"ja", "j", "yes", "y", "true", "waar", "1", "aan", "on", "x", "oui"})
_NO = frozenset({"nee", "n", "no", "false", "onwaar", "0", "uit", "off", "non"})


def no_names(_entity: str, _record_id: UUID) -> str:
    """Stand in where no titles can be looked up."""
    return ""


def text_of(spec: FieldSpec, value: Any, names: Names = no_names) -> str:
    """Return a value as people read it; "" when it is empty."""
    if value is None or value == "" or value == frozenset():
        return ""
    if spec.kind.is_collection:
        return ", ".join(sorted((_element_text(spec, item, names) for item in value), key=fold))
    return _scalar_text(spec, value, names)


def _element_text(spec: FieldSpec, item: Any, names: Names) -> str:
    match spec.kind:
        case Kind.CODES:
            return _(item.label)
        case Kind.REFERENCES:
            return _title(spec, item, names)
        case Kind.LINKS:
            return link_text(item, names)
    return str(item)


def link_text(link: Any, names: Names) -> str:
    """Return "Jan Jansen (Initiator)": the reference first, the rest between brackets."""
    specs = fields_of(type(link))
    parts = [text_of(specs[item.name], getattr(link, item.name), names)
             for item in dataclass_fields(link)]  # fmt: skip
    rest = ", ".join(part for part in parts[1:] if part)
    return f"{parts[0]} ({rest})" if rest else parts[0]


def _scalar_text(spec: FieldSpec, value: Any, names: Names) -> str:
    match spec.kind:
        case Kind.CODE:
            return _(value.label)
        case Kind.REFERENCE:
            return _title(spec, value, names)
        case Kind.BOOLEAN:
            return _("Yes") if value else _("No")
        case Kind.DATE:
            return format_date(value)
        case Kind.MOMENT:
            return format_date(value) + NBSP + format_time(value)
        case Kind.GEOMETRY:
            return place_text(value)
        case Kind.INTEGER | Kind.DECIMAL:
            return _number_text(spec, value)
    return _shown_text(spec, value)


def _number_text(spec: FieldSpec, number: float) -> str:
    if spec.is_money:
        return format_money(int(number))
    shown = str(number) if is_plain_number(spec) else format_number(number)
    return shown + NBSP + spec.meta.unit if spec.meta.unit else shown


def is_plain_number(spec: FieldSpec) -> bool:
    """Whether a number is written without dots: years and house numbers, not quantities."""
    limit = spec.meta.maximum
    return (
        spec.kind is Kind.INTEGER and not spec.meta.unit and limit is not None and limit < 100_000
    )


def _shown_text(spec: FieldSpec, text: str) -> str:
    if spec.meta.text_format is POSTCODE and len(text) == 6:
        return text[:4] + NBSP + text[4:]
    return text


def _title(spec: FieldSpec, record_id: UUID, names: Names) -> str:
    return names(spec.meta.refers_to, record_id) or _("unknown record")


def typed_of(spec: FieldSpec, value: Any) -> str:
    """Return what stands in the input for a value; `value_of` reads it back as the same value."""
    if value is None:
        return ""
    match spec.kind:
        case Kind.INTEGER | Kind.DECIMAL if spec.is_money:
            return number_typed(value, cents=True)
        case Kind.INTEGER | Kind.DECIMAL:
            return str(value) if is_plain_number(spec) else number_typed(value)
        case Kind.DATE:
            return day_typed(value)
        case Kind.MOMENT:
            return moment_typed(value)
        case Kind.GEOMETRY:
            return ", ".join(f"{part:.3f}" for part in value.anchor)
    return text_of(spec, value)


def value_of(spec: FieldSpec, text: str, find: Finder | None = None) -> Any:
    """Read what was typed in the input of a field; "" is the empty value of its kind.

    `find` looks up what a reference may point at; without it only a UUID is understood.

    Raises:
        UserProblem: `text` can't be read as the field's kind; the sentence says what would do.
    """
    if spec.kind.is_collection:
        return _collection(spec, text, find)
    stripped = text.strip()
    if not stripped:
        return _empty(spec)
    if spec.kind is Kind.CODE:
        return code_of(spec.type, stripped)
    if spec.kind is Kind.REFERENCE:
        return _reference(spec, stripped, find)
    if spec.is_money:
        return parse_cents(stripped)
    return _READERS[spec.kind](spec, text)


def _empty(spec: FieldSpec) -> Any:
    if spec.kind is Kind.BOOLEAN and not spec.optional:
        return False
    return "" if spec.kind is Kind.TEXT and not spec.optional else None


def _text(spec: FieldSpec, text: str) -> str:
    if spec.meta.text_format is not None:
        return spec.meta.text_format.normalise(text)
    if spec.meta.multiline:
        return text.replace("\r\n", "\n").strip("\n")
    return " ".join(text.split())


def _boolean(_spec: FieldSpec, text: str) -> bool:
    word = fold(text)
    if word in _YES | _NO:
        return word in _YES
    raise UserProblem(N_("Write yes or no."))


def code_of(code_list: type[CodeList], text: str) -> CodeList:
    """Return the member whose code or label (in either language) is `text`, accents ignored.

    Raises:
        UserProblem: none or more than one; the sentence names the possible labels.
    """
    wanted = fold(text)
    for names in (lambda m: (m.value,), lambda m: in_every_language(m.label)):
        found = [member for member in code_list if wanted in map(fold, names(member))]
        if len(found) == 1:
            return found[0]
    labels = ", ".join(_(member.label) for member in code_list)
    raise UserProblem(N_("“%(value)s” is not in the list: %(labels)s."), value=text, labels=labels)


def _reference(spec: FieldSpec, text: str, find: Finder | None) -> UUID:
    found = find(spec.meta.refers_to, text) if find else None
    if found is not None:
        return found
    try:
        return UUID(text)
    except ValueError:
        raise UserProblem(N_("There is no single record called “%(value)s”."), value=text) from None


def _collection(spec: FieldSpec, text: str, find: Finder | None) -> frozenset[Any]:
    parts = split_list(text)
    match spec.kind:
        case Kind.CODES:
            return frozenset(code_of(spec.type, part) for part in parts)
        case Kind.REFERENCES:
            return frozenset(_reference(spec, part, find) for part in parts)
        case Kind.TEXTS:
            return frozenset(_text(spec, part) for part in parts)
    if parts:
        raise UserProblem(N_("Choose these from the list; they can't be typed."))
    return frozenset()


def split_list(text: str) -> list[str]:
    """Split on lines and semicolons, or on commas when there are none of those."""
    lines: Iterable[str] = text.replace(";", "\n").splitlines()
    parts = [part.strip() for part in lines if part.strip()]
    if len(parts) == 1:
        parts = [part.strip() for part in parts[0].split(",") if part.strip()]
    return parts


def _day(_spec: FieldSpec, text: str) -> date:
    return parse_day(text)


def _moment(_spec: FieldSpec, text: str) -> datetime:
    return parse_moment(text)


def _place(_spec: FieldSpec, text: str) -> Geometry:
    return parse_place(text)


_READERS: Mapping[Kind, Callable[[FieldSpec, str], Any]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: lambda _spec, text: parse_integer(text),
    Kind.DECIMAL: lambda _spec, text: parse_decimal(text),
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _day,
    Kind.MOMENT: _moment,
    Kind.GEOMETRY: _place,
}
