"""What a record and a field are: the vocabulary in which every entity is declared once.

Everything else (tables on both sides, form editors, list columns, filters, sync, import and
export columns, history labels, validation) loops over `fields_of(entity)`. Decisions kept here:
values are standard Python types; an unordered collection is a frozenset, so that two laptops can
merge it by element; money is an int in euro cents; lengths are metres and areas square metres.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from datetime import date, datetime
from enum import Enum, auto
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID, uuid4

from db.formats import TextFormat
from db.geometry import Geometry


def N_(text: str) -> str:
    """Mark `text` for translation; the interface translates it when it is shown."""
    return text


class CodeList(Enum):
    """A closed list of values: each member is declared as `NAME = "stored_value", N_("Label")`."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Make a member whose value is the stored code."""
        member = object.__new__(cls)
        member._value_ = value
        member.label = label
        return member


class Kind(Enum):
    """The shape of a field's value; what a column, an editor or a codec is chosen by."""

    TEXT = auto()
    INTEGER = auto()
    DECIMAL = auto()
    BOOLEAN = auto()
    DATE = auto()
    MOMENT = auto()
    CODE = auto()
    REFERENCE = auto()
    GEOMETRY = auto()
    CODES = auto()
    REFERENCES = auto()
    TEXTS = auto()
    LINKS = auto()

    is_collection: bool
    """Whether a value is a frozenset of elements."""

    def __init__(self, _: object) -> None:
        """Note once what is asked for every value of every row."""
        self.is_collection = self.name in ("CODES", "REFERENCES", "TEXTS", "LINKS")


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """What is declared about one field beside its type.

    `together_with` names the merge group (its fields are one decision when two people edit),
    `refers_to` the entity that a UUID points at, `unit` what stands behind the number ("m²", or
    "EUR" for an amount in cents).
    """

    label: str
    hint: str = ""
    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    text_format: TextFormat | None = None
    unit: str = ""
    multiline: bool = False
    personal: bool = False
    public: bool = False
    together_with: str = ""
    refers_to: str = ""
    in_list: bool = False
    in_filter: bool = False
    searched: bool = False
    set_by_server: bool = False


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A declared field as the layers use it: its name, kind, element type, default and `Field`."""

    name: str
    kind: Kind
    type: Any
    optional: bool
    default: Any
    meta: Field

    @property
    def group(self) -> str:
        """The merge group; a field on its own is its own group."""
        return self.meta.together_with or self.name

    @property
    def is_money(self) -> bool:
        """Whether the value is an amount in euro cents."""
        return self.meta.unit == "EUR"


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What every record carries; the entities add their declared fields.

    `revision` and `code` are given by the shared database (0 and None until then), `extra` keeps
    the values of fields that only a newer client knows. Times are aware UTC.
    """

    ENTITY: ClassVar[str] = ""
    LABEL: ClassVar[str] = ""
    PLURAL: ClassVar[str] = ""
    CODE_PREFIX: ClassVar[str] = ""
    TITLE: ClassVar[str] = "name"
    STATE: ClassVar[str] = ""
    IS_PERSONAL: ClassVar[bool] = False
    IS_SERVER_ONLY: ClassVar[bool] = False

    id: UUID = field(default_factory=uuid4)
    revision: int = 0
    code: str | None = None
    deleted: bool = False
    created_at: datetime | None = None
    created_by: UUID | None = None
    changed_at: datetime | None = None
    changed_by: UUID | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def title_text(self) -> str:
        """The value a person recognises the record by."""
        return str(getattr(self, self.TITLE) or "")

    @property
    def shown_code(self) -> str:
        """The number to show: the municipality's, or a provisional one until it is given."""
        return self.code or f"concept-{self.id.hex[:4].upper()}"


_SPECS: dict[type[Record], dict[str, FieldSpec]] = {}
_SCALARS: dict[Any, Kind] = {
    str: Kind.TEXT,
    int: Kind.INTEGER,
    float: Kind.DECIMAL,
    bool: Kind.BOOLEAN,
    date: Kind.DATE,
    datetime: Kind.MOMENT,
    UUID: Kind.REFERENCE,
    Geometry: Kind.GEOMETRY,
}
_ELEMENTS: dict[Kind, Kind] = {
    Kind.CODE: Kind.CODES,
    Kind.REFERENCE: Kind.REFERENCES,
    Kind.TEXT: Kind.TEXTS,
}


def fields_of(entity: type[Record]) -> dict[str, FieldSpec]:
    """Return the declared fields of `entity` by name, in order of declaration."""
    if entity not in _SPECS:
        hints = typing.get_type_hints(entity, include_extras=True)
        declared = entity.__dataclass_fields__
        _SPECS[entity] = {
            name: _spec(entity, name, hint, declared[name].default)
            for name, hint in hints.items()
            if typing.get_origin(hint) is Annotated and isinstance(hint.__metadata__[0], Field)
        }
    return _SPECS[entity]


def _spec(entity: type[Record], name: str, hint: Any, default: Any) -> FieldSpec:
    inner, meta = hint.__origin__, hint.__metadata__[0]
    if getattr(entity, "IS_PERSONAL", False):  # an address is public, but not that of a person
        meta = replace(meta, personal=True, public=False)
    optional = False
    if isinstance(inner, types.UnionType):
        inner = next(part for part in inner.__args__ if part is not type(None))
        optional = True
    if typing.get_origin(inner) is frozenset:
        element = typing.get_args(inner)[0]
        kind = Kind.LINKS if is_dataclass(element) else _ELEMENTS[_scalar_kind(element)]
        return FieldSpec(name, kind, element, optional, default, meta)
    return FieldSpec(name, _scalar_kind(inner), inner, optional, default, meta)


def _scalar_kind(python_type: Any) -> Kind:
    if isinstance(python_type, type) and issubclass(python_type, CodeList):
        return Kind.CODE
    return _SCALARS[python_type]
