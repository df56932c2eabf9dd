"""How the fields of one entity are laid out: which come first, which share a row, which are folded.

Editors are generated, their order is not: `views.layouts` states it by hand. A field that no
layout mentions appears under "Other", so that a new field works at once and is placed well later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from db.fields import N_, Record, fields_of

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormGroup:
    """Fields under one folded heading; a row of more than one name stands side by side."""

    title: str
    rows: tuple[Row, ...]

    def names(self) -> Iterator[str]:
        """Yield the fields in order."""
        for row in self.rows:
            yield from row


@dataclass(frozen=True, slots=True)
class FormLayout:
    """The fields that matter first, then the folded groups; `hidden` ones have no editor."""

    first: tuple[Row, ...]
    groups: tuple[FormGroup, ...] = ()
    hidden: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Label and hint of a field where this form asks in other words."""

    def names(self) -> Iterator[str]:
        """Yield every field that has a place, in order."""
        for row in self.first:
            yield from row
        for group in self.groups:
            yield from group.names()


def completed(layout: FormLayout, entity: type[Record]) -> FormLayout:
    """Return `layout` with the fields it forgot under "Other", and without those that are gone."""
    known = {name for name, spec in fields_of(entity).items() if not spec.meta.set_by_server}
    placed = {*layout.names(), *layout.hidden}
    rest = tuple((name,) for name in fields_of(entity) if name in known and name not in placed)
    groups = tuple(FormGroup(group.title, _kept(group.rows, known)) for group in layout.groups)
    if rest:
        groups = (*groups, FormGroup(N_("Other"), rest))
    return FormLayout(_kept(layout.first, known), groups, layout.hidden, layout.words)


def _kept(rows: tuple[Row, ...], known: set[str]) -> tuple[Row, ...]:
    trimmed = (tuple(name for name in row if name in known) for row in rows)
    return tuple(row for row in trimmed if row)
