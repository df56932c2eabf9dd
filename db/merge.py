"""Three-way merge of one record's values: what both people wanted, or an honest question.

Per field (or merge group, whose fields are one decision):

| base = theirs | ours = base | ours = theirs | result                                        |
|---------------|-------------|---------------|-----------------------------------------------|
| yes           | any         | any           | ours                                          |
| no            | yes         | no            | theirs                                        |
| no            | no          | yes           | theirs (the same; no conflict)                |
| no            | no          | no            | sets by element, long text by paragraph, else |
|               |             |               | conflict: ours stays visible, a person decides|

The vocabulary (rebase of base -> ours onto theirs) is geodiff's; texts use Bazaar's merge3. The
same function serves the sync engine and an open form; the server's `push` applies the first three
rows of the table and leaves the fourth to the laptop. Values are canonical JSON (`db.codec`).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from merge3 import Merge3

from db.changes import Json, Values
from db.fields import FieldSpec, Kind, Record, fields_of


@dataclass(frozen=True, slots=True)
class Conflict:
    """Fields that two people changed differently; `fields` has more than one name for a group."""

    fields: tuple[str, ...]
    base: Values
    ours: Values
    theirs: Values


@dataclass(frozen=True, slots=True)
class Merged:
    """The result: `values` (ours where a conflict is open) and the questions that are left."""

    values: Values
    conflicts: tuple[Conflict, ...]


def merge(entity: type[Record], base: Values, ours: Values, theirs: Values) -> Merged:
    """Rebase the edits base -> ours onto theirs.

    A name missing from a side counts as None. Names that `entity` does not declare (fields of a
    newer client) are merged as single fields.
    """
    if theirs == base:
        return Merged({**theirs, **ours}, ())
    values: dict[str, Json] = dict(theirs)
    conflicts: list[Conflict] = []
    for names in groups(entity, (*theirs, *ours)):
        b, o, t = _part(base, names), _part(ours, names), _part(theirs, names)
        if o in (b, t):
            continue
        if t == b:
            values.update(o)
            continue
        joined = _join(entity, names, b, o, t)
        values.update(o if joined is None else joined)
        if joined is None:
            conflicts.append(Conflict(names, b, o, t))
    return Merged(values, tuple(conflicts))


def groups(entity: type[Record], names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the merge groups that `names` touch, each with all its declared fields."""
    if entity not in _GROUPS:
        _GROUPS[entity] = _groups_of(entity)
    members = _GROUPS[entity]
    return list(dict.fromkeys(members.get(name, (name,)) for name in names))


_GROUPS: dict[type[Record], dict[str, tuple[str, ...]]] = {}


def _groups_of(entity: type[Record]) -> dict[str, tuple[str, ...]]:
    """Return, for each declared field, all the names of its group."""
    specs = fields_of(entity)
    together: dict[str, list[str]] = {}
    for name, spec in specs.items():
        together.setdefault(spec.group, []).append(name)
    return {name: tuple(together[spec.group]) for name, spec in specs.items()}


def _part(values: Values, names: tuple[str, ...]) -> dict[str, Json]:
    return {name: values.get(name) for name in names}


def _join(
    entity: type[Record], names: tuple[str, ...], base: Values, ours: Values, theirs: Values
) -> dict[str, Json] | None:
    """Merge inside a single field, or return None when only a person can decide."""
    spec = fields_of(entity).get(names[0])
    if len(names) > 1 or spec is None:
        return None
    name = names[0]
    if spec.kind.is_collection:
        return {name: _join_sets(spec, base[name] or [], ours[name] or [], theirs[name] or [])}
    if spec.kind is Kind.TEXT and spec.meta.multiline:
        text = join_texts(base[name] or "", ours[name] or "", theirs[name] or "")
        too_long = spec.meta.max_length is not None and len(text or "") > spec.meta.max_length
        return None if text is None or too_long else {name: text}
    return None


def _join_sets(spec: FieldSpec, base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
    """Keep what either side added, drop what either side took out."""
    kept = [item for item in theirs if item in ours or item not in base]
    added = [item for item in ours if item not in base and item not in theirs]
    return sorted(kept + added, key=_order)


def _order(item: Any) -> str:
    """Return the place of an element as `db.codec` sorts them, so that equal sets are equal JSON."""
    return item if isinstance(item, str) else json.dumps(item, sort_keys=True)


def join_texts(base: str, ours: str, theirs: str) -> str | None:
    """Merge two edits of a text by paragraph; None where they overlap."""
    merged: list[str] = []
    lines = [text.splitlines(keepends=True) for text in (base, ours, theirs)]
    for region in Merge3(lines[0], lines[1], lines[2]).merge_groups():
        if region[0] == "conflict":
            return None
        merged.extend(region[1])
    return "".join(merged)
