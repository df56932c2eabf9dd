"""A double edit that a person decides: per question the choices made, and what they come to."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from merge3 import Merge3

from db.changes import Json, Values
from db.codec import from_json, to_json
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import FieldSpec, Kind, fields_of
from db.local.conflicts import DELETED_THERE, FIELDS, OpenConflict
from db.local.store import LocalStore
from desktop_app.i18n import _
from desktop_app.services.history_text import label_in_sentence
from desktop_app.services.typed_text import Names, text_of, typed_of, value_of

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Take(Enum):
    """What is chosen for one question."""

    THEIRS = 1
    MINE = 2
    BOTH = 3
    TYPED = 4


@dataclass(slots=True)
class Question:
    """One open conflict with the choice made so far; `typed` is what the user wrote instead."""

    conflict: OpenConflict
    take: Take | None = None
    typed: str = ""

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
    def single(self) -> FieldSpec | None:
        """The field, when it is about one."""
        return self.specs[0] if len(self.specs) == 1 and self.is_about_fields else None

    @property
    def can_join(self) -> bool:
        """Whether both values can stand together: texts, one behind the other."""
        spec = self.single
        return spec is not None and spec.kind is Kind.TEXT and spec.meta.text_format is None

    @property
    def can_type(self) -> bool:
        """Whether the user may write the value instead."""
        spec = self.single
        typed = (Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE)
        return spec is not None and spec.kind in typed

    @property
    def title(self) -> str:
        """The label above the cards."""
        if not self.is_about_fields:
            return _("Keep or delete")
        specs = self.differing
        labels = [_(spec.meta.label) for spec in specs[:1]]
        labels += [label_in_sentence(spec) for spec in specs[1:]]
        return ", ".join(labels) or _("A field of a newer version")

    @property
    def differing(self) -> list[FieldSpec]:
        """The declared fields whose values differ; a group may hold others that do not."""
        ours, theirs = self.conflict.conflict.ours, self.conflict.conflict.theirs
        return [spec for spec in self.specs if ours.get(spec.name) != theirs.get(spec.name)]

    def words(self, side: Values, names: Names) -> str:
        """Return one side's values in words."""
        if not self.is_about_fields:
            return ""
        specs = self.differing
        parts = [text_of(spec, _value(spec, side.get(spec.name)), names) for spec in specs]
        if len(parts) == 1:
            return parts[0]
        shown = zip(specs, parts, strict=True)
        return "\n".join(f"{_(spec.meta.label)}: {part}" for spec, part in shown if part)

    def result(self) -> Values:
        """Return the values that the choice comes to.

        Raises:
            UserProblem: what was typed can't be read.
        """
        conflict = self.conflict.conflict
        if not self.is_about_fields:
            return {"deleted": self._deletes()}
        match self.take:
            case Take.THEIRS:
                return dict(conflict.theirs)
            case Take.BOTH:
                return {**conflict.ours, conflict.fields[0]: self.joined()}
            case Take.TYPED:
                spec = self.specs[0]
                return {spec.name: _json(spec, self.typed)}
        return dict(conflict.ours)

    def _deletes(self) -> bool:
        deleted_there = self.conflict.kind == DELETED_THERE
        return (self.take is Take.THEIRS) == deleted_there

    def joined(self) -> str:
        """Return both texts: theirs, and what only ours has behind it."""
        spec = self.specs[0]
        base, ours, theirs = (
            str(side.get(spec.name) or "")
            for side in (
                self.conflict.conflict.base,
                self.conflict.conflict.ours,
                self.conflict.conflict.theirs,
            )
        )
        joined = joined_texts(base, ours, theirs)
        limit = spec.meta.max_length
        return joined if limit is None else joined[:limit]


def joined_texts(base: str, ours: str, theirs: str) -> str:
    """Return a text with what either side added, word by word; theirs first where they meet.

    >>> joined_texts("Een dak.", "Een groen dak.", "Een dak met zon.")
    'Een groen dak met zon.'
    """
    words = [_WORDS.findall(text) for text in (base, ours, theirs)]
    joined = ""
    for group in Merge3(words[0], words[1], words[2]).merge_groups():
        if group[0] != "conflict":
            joined += "".join(group[1])
            continue
        mine, other = "".join(group[2]), "".join(group[3])
        meets = bool(mine and other) and not (other[-1:].isspace() or mine[:1].isspace())
        joined += other + (" " if meets else "") + mine
    return joined


def _value(spec: FieldSpec, value: Json) -> object:
    try:
        return from_json(spec, value)
    except UserProblem:
        return None


def _json(spec: FieldSpec, typed: str) -> Json:
    return to_json(spec, value_of(spec, typed))


def typed_start(question: Question) -> str:
    """Return what stands in the line when the user begins to type: our own value."""
    spec = question.specs[0]
    return typed_of(spec, _value(spec, question.conflict.conflict.ours.get(spec.name)))


@dataclass(slots=True)
class Merge:
    """All questions about one record."""

    entity: str
    record_id: UUID
    title: str
    questions: list[Question] = field(default_factory=list)

    @property
    def is_decided(self) -> bool:
        """Whether every question has an answer."""
        return all(question.take is not None for question in self.questions)

    @property
    def theirs_by(self) -> UUID | None:
        """Who made the other change, as far as known."""
        return next((q.conflict.theirs_by for q in self.questions if q.conflict.theirs_by), None)

    @property
    def theirs_at(self) -> datetime | None:
        """When the other change was made."""
        return next((q.conflict.theirs_at for q in self.questions if q.conflict.theirs_at), None)

    @property
    def made_at(self) -> datetime:
        """When our change met the other one."""
        return self.questions[0].conflict.made_at


def open_merges(store: LocalStore, names: Names) -> list[Merge]:
    """Return the records with open questions, oldest first."""
    found: dict[UUID, Merge] = {}
    for conflict in store.conflicts():
        merge = found.setdefault(
            conflict.record_id,
            Merge(
                conflict.entity,
                conflict.record_id,
                names(conflict.entity, conflict.record_id) or _(ENTITIES[conflict.entity].LABEL),
            ),
        )
        merge.questions.append(Question(conflict))
    for merge in found.values():
        merge.questions.sort(key=_place_in_form)
    return list(found.values())


def _place_in_form(question: Question) -> int:
    """Return the place of a question among the fields of its record; whole records come first."""
    names = list(fields_of(ENTITIES[question.conflict.entity]))
    first = next(iter(question.conflict.conflict.fields), "")
    return names.index(first) if first in names else -1


def decide(store: LocalStore, merge: Merge) -> None:
    """Store every answer.

    Raises:
        UserProblem: what was typed can't be read; nothing was stored.
    """
    results = [(question.conflict.id, question.result()) for question in merge.questions]
    for conflict_id, values in results:
        # Deciding to delete the record answers the questions about its fields, too.
        if any(item.id == conflict_id for item in store.conflicts()):
            store.resolve(conflict_id, values)
