"""A question of a double edit: the choice made so far, and what it comes to."""

from dataclasses import dataclass, field
from enum import Enum

from db.changes import Json, Values
from db.codec import from_json, to_json
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_, FieldSpec, Kind, fields_of
from db.geometry import Geometry
from db.local.conflicts import DELETED_THERE, FIELDS, OpenConflict
from desktop_app.i18n import _, format_number
from desktop_app.services.history_text import label_in_sentence
from desktop_app.services.text_join import joined_texts
from desktop_app.services.typed_text import Names, text_of

_WRITTEN = frozenset({Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.MOMENT, Kind.TEXTS})
"""Kinds that one types; the others are chosen from a list."""

UNREADABLE = N_("What you typed can't be read. Look at the field marked in red.")


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


@dataclass(slots=True)
class Question:
    """One open conflict with the choice made so far.

    `own` holds what the user wrote instead, as JSON by field, and `unread` texts that can't be read.
    """

    conflict: OpenConflict
    take: Take | None = None
    own: dict[str, Json] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    theirs: Side = Side()
    mine: Side = Side()
    _joined: str | None = None

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
    def has_both(self) -> bool:
        """Whether both values could stand together: notes and other texts, but no names."""
        spec, conflict = self.single, self.conflict.conflict
        if spec is None or len(self.specs) > 1 or spec.name == ENTITIES[self.conflict.entity].TITLE:
            return False
        both = conflict.ours.get(spec.name) and conflict.theirs.get(spec.name)
        return bool(both) and (self.is_text or spec.kind.is_collection)

    @property
    def why_not_both(self) -> str:
        """Why they can't stand together though they might, in words; else ""."""
        spec = self.single
        limit = spec.meta.max_length if spec else None
        if not self.has_both or limit is None or len(self.joined()) <= limit:
            return ""
        counts = {"count": format_number(len(self.joined())), "most": format_number(limit)}
        return _("Together it is too long: %(count)s of %(most)s letters.") % counts

    @property
    def can_join(self) -> bool:
        """Whether "together" can be chosen."""
        return self.has_both and not self.why_not_both

    @property
    def can_type(self) -> bool:
        """Whether the user may give another value: all but places and whole records."""
        kinds = {spec.kind for spec in self.differing}
        return self.is_about_fields and bool(kinds) and not kinds & {Kind.GEOMETRY, Kind.LINKS}

    @property
    def is_written(self) -> bool:
        """Whether another value is typed; else it is chosen."""
        return all(spec.kind in _WRITTEN for spec in self.differing)

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

    def value(self, spec: FieldSpec, side: Values) -> object:
        """Return a field's value on one side; None when this version can't read it."""
        try:
            return from_json(spec, side.get(spec.name))
        except UserProblem:
            return None

    def shape(self, side: Values) -> Geometry | None:
        """Return where it lies on one side."""
        value = self.value(self.place, side) if self.place else None
        return value if isinstance(value, Geometry) else None

    def words(self, side: Values, names: Names) -> str:
        """Return one side's values in words."""
        specs = self.shown
        parts = [text_of(spec, self.value(spec, side), names) for spec in specs]
        if len(parts) == 1 and self.is_about_fields:
            return parts[0]
        pairs = zip(specs, parts, strict=True)
        return "\n".join(f"{_(spec.meta.label)}: {part}" for spec, part in pairs if part)

    def deletes(self, take: Take) -> bool:
        """Whether this choice lets the record go, where one side deleted it."""
        return (take is Take.THEIRS) == (self.conflict.kind == DELETED_THERE)

    def start_typing(self) -> None:
        """Begin with what was chosen until now (else our own values), unless something was typed."""
        if not self.own:
            values = self.result() if self.take else dict(self.conflict.conflict.ours)
            self.own = {spec.name: values.get(spec.name) for spec in self.differing}

    def result(self) -> Values:
        """Return the values that the choice comes to.

        Raises:
            UserProblem: what was typed can't be read.
        """
        conflict = self.conflict.conflict
        if not self.is_about_fields:
            return {"deleted": self.deletes(self.take or Take.MINE)}
        match self.take:
            case Take.THEIRS:
                return dict(conflict.theirs)
            case Take.BOTH:
                return {**conflict.ours, conflict.fields[0]: self._both()}
            case Take.TYPED:
                if self.unread:
                    raise UserProblem(UNREADABLE)
                return {**conflict.ours, **self.own}
        return dict(conflict.ours)

    def _both(self) -> Json:
        if self.is_text:
            return self.joined()
        conflict, name = self.conflict.conflict, self.conflict.conflict.fields[0]
        both = [*(conflict.ours.get(name) or ()), *(conflict.theirs.get(name) or ())]
        return to_json(self.specs[0], from_json(self.specs[0], both))

    def joined(self) -> str:
        """Return both texts as one: theirs, with what only ours has in its place."""
        if self._joined is None:
            name, conflict = self.conflict.conflict.fields[0], self.conflict.conflict
            base, ours, theirs = (
                str(side.get(name) or "")
                for side in (conflict.base, conflict.ours, conflict.theirs)
            )
            self._joined = joined_texts(base, ours, theirs)
        return self._joined
