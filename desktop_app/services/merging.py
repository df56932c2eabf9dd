"""The answer to a double edit: the choice made so far, and what it comes to."""

from dataclasses import dataclass, field

from db.changes import Json, Values
from db.codec import from_json, to_json
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_, Kind
from desktop_app.i18n import _, format_number
from desktop_app.services.asked import Asked, Take
from desktop_app.services.text_join import joined_texts

_WRITTEN = frozenset({Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.MOMENT, Kind.TEXTS})
"""Kinds that one types; the others are chosen from a list."""

UNREADABLE = N_("What you typed can't be read. Look at the field marked in red.")


@dataclass(slots=True)
class Question(Asked):
    """A question with the choice made so far.

    `own` holds what the user wrote instead, as JSON by field, and `unread` texts that can't be read.
    """

    take: Take | None = None
    own: dict[str, Json] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    _joined: str | None = None

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
