"""What a double edit is about: the fields that differ, and what each side holds of them."""

from dataclasses import dataclass
from enum import Enum

from db.changes import Values
from db.codec import from_json
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import FieldSpec, Kind, fields_of
from db.geometry import Geometry
from db.local.conflicts import DELETED_THERE, FIELDS, OpenConflict
from desktop_app.i18n import _
from desktop_app.services.history_text import label_in_sentence
from desktop_app.services.typed_text import Names, text_of


class Take(Enum):
    """What is chosen for one question."""

    THEIRS = 1
    MINE = 2
    BOTH = 3
    TYPED = 4


@dataclass(frozen=True, slots=True)
class Side:
    """Who made one side of a double edit and when, in words."""

    who: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another record near the places asked about, with the key of its symbol."""

    title: str
    key: str
    geometry: Geometry


@dataclass(slots=True)
class Asked:
    """One open conflict, who made which side of it, and what lies near it."""

    conflict: OpenConflict
    theirs: Side = Side()
    mine: Side = Side()
    nearby: tuple[Neighbour, ...] = ()

    @property
    def specs(self) -> list[FieldSpec]:
        """The declared fields it is about."""
        known = fields_of(ENTITIES[self.conflict.entity])
        return [known[name] for name in self.conflict.conflict.fields if name in known]

    @property
    def is_about_fields(self) -> bool:
        """Whether values differ; else one side deleted the record."""
        return self.conflict.kind == FIELDS

    @property
    def differing(self) -> list[FieldSpec]:
        """The declared fields whose values differ; a group may hold others that do not."""
        ours, theirs = self.conflict.conflict.ours, self.conflict.conflict.theirs
        return [spec for spec in self.specs if ours.get(spec.name) != theirs.get(spec.name)]

    @property
    def shown(self) -> list[FieldSpec]:
        """The fields to show on the cards: those that differ, or that the one who kept it changed."""
        if self.is_about_fields:
            return self.differing
        conflict = self.conflict.conflict
        side = conflict.ours if self.conflict.kind == DELETED_THERE else conflict.theirs
        return [s for s in self.specs if side.get(s.name) != conflict.base.get(s.name)]

    @property
    def single(self) -> FieldSpec | None:
        """The field, when only one differs."""
        shown = self.shown
        return shown[0] if len(shown) == 1 and self.is_about_fields else None

    @property
    def place(self) -> FieldSpec | None:
        """The field that lies on the map, if one differs."""
        return next((s for s in self.differing if s.kind is Kind.GEOMETRY), None)

    @property
    def is_text(self) -> bool:
        """Whether it is about one text, to be compared word by word."""
        spec = self.single
        return spec is not None and spec.kind is Kind.TEXT and spec.meta.text_format is None

    @property
    def title(self) -> str:
        """The label above the cards."""
        if not self.is_about_fields:
            return _("Keep or delete")
        specs = self.differing
        labels = [_(spec.meta.label) for spec in specs[:1]]
        labels += [label_in_sentence(spec) for spec in specs[1:]]
        return ", ".join(labels) or _("A field of a newer version")

    def side(self, take: Take) -> Values:
        """Return the values of theirs or mine."""
        conflict = self.conflict.conflict
        return conflict.theirs if take is Take.THEIRS else conflict.ours

    def deletes(self, take: Take) -> bool:
        """Whether this choice lets the record go, where one side deleted it."""
        return (take is Take.THEIRS) == (self.conflict.kind == DELETED_THERE)


def value_on(spec: FieldSpec, side: Values) -> object:
    """Return a field's value on one side; None when this version can't read it."""
    try:
        return from_json(spec, side.get(spec.name))
    except UserProblem:
        return None


def shape_on(asked: Asked, side: Values) -> Geometry | None:
    """Return where it lies on one side."""
    value = value_on(asked.place, side) if asked.place else None
    return value if isinstance(value, Geometry) else None


def words_on(asked: Asked, side: Values, names: Names) -> str:
    """Return one side's values in words."""
    specs = asked.shown
    parts = [text_of(spec, value_on(spec, side), names) for spec in specs]
    if len(parts) == 1 and asked.is_about_fields:
        return parts[0]
    pairs = zip(specs, parts, strict=True)
    return "\n".join(f"{_(spec.meta.label)}: {part}" for spec, part in pairs if part)
