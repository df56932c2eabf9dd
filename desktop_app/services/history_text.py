"""What happened to a record as Dutch sentences: "fase van *idee* naar *plan*".

Values stand between asterisks, which a view draws as emphasis; asterisks inside a value are swapped
for a look-alike so that they can't be mistaken. Long texts show the part that changed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.changes import Json, Values, now
from db.codec import from_json
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_, FieldSpec, Kind, fields_of
from db.local.journal import HistoryLine
from desktop_app.i18n import NBSP, _, format_date, format_day, format_time, local_time
from desktop_app.services.place_text import change_of_place_text
from desktop_app.services.typed_text import Names, link_text, no_names, text_of

_SHOWN = 60
"""Letters of a value that a sentence shows: about one line of the panel."""

_WHOLE = {
    "create": N_("made"),
    "delete": N_("deleted"),
    "restore": N_("restored"),
}

StaffNames = Callable[[UUID], str]


@dataclass(frozen=True, slots=True)
class HistoryText:
    """One line of the history in words.

    `day` is its heading ("12 mrt 2027"), `what` one phrase a field, `values` what the fields were
    before: what "put back" puts in a draft, {} when there is nothing to put back.
    """

    line: HistoryLine
    day: str
    time: str
    who: str
    what: tuple[str, ...]
    values: Values

    @property
    def sentence(self) -> str:
        """Return "12 mrt 09:14, balie Eibergen: fase van *idee* naar *plan*"."""
        return f"{self.day}{NBSP}{self.time}, {self.who}: {'; '.join(self.what)}"

    @property
    def short(self) -> str:
        """Return the sentence for under a day heading: "09:14 · balie Eibergen: ..."."""
        return f"{self.time} · {self.who}: {'; '.join(self.what)}"


def history_texts(
    lines: Iterable[HistoryLine],
    names: Names = no_names,
    staff: StaffNames = lambda _id: "",
    at: datetime | None = None,
) -> list[HistoryText]:
    """Return lines of one record in words, in the order given (newest first).

    `names` gives titles for references, `staff` the name of an author ("" when unknown).
    """
    this_year = local_time(at or now()).year
    return [_history_text(line, names, staff, this_year) for line in lines]


def _history_text(
    line: HistoryLine, names: Names, staff: StaffNames, this_year: int
) -> HistoryText:
    who = _("someone on this laptop") if line.author is None else _name(line.author, staff)
    if line.delivered_by is not None and line.delivered_by != line.author:
        shown = {"maker": who, "deliverer": _name(line.delivered_by, staff)}
        who = _("%(maker)s, delivered by %(deliverer)s") % shown
    can_put_back = line.kind in {"edit", "conflict", "took_theirs"}
    side = 1 if line.kind == "conflict" else 0
    fields = line.fields.items() if can_put_back else ()
    before = {name: pair[side] for name, pair in fields if name != "deleted"}
    what = tuple(_phrases(line, names)) or (_("nothing to see"),)
    return HistoryText(
        line, _day(line.made_at, this_year), format_time(line.made_at), who, what, before
    )


def _name(person: UUID, staff: StaffNames) -> str:
    return staff(person) or _("a colleague who is not known here")


def _day(moment: datetime, this_year: int) -> str:
    if local_time(moment).year == this_year:
        return format_day(moment).partition(NBSP)[2]
    return format_date(moment)


def _phrases(line: HistoryLine, names: Names) -> Iterable[str]:
    if line.kind in _WHOLE:
        return [_(_WHOLE[line.kind])]
    specs = fields_of(ENTITIES[line.entity])
    phrase = _OF_KIND.get(line.kind, _changed)
    return [
        phrase(specs[name], old, new, names) if name in specs else _undeclared(name)
        for name, (old, new) in line.fields.items()
    ]


def _undeclared(name: str) -> str:
    if name == "deleted":
        return _("one deleted it while the other changed it")
    return _("a field of a newer version (%(field)s) changed") % {"field": name}


def _changed(spec: FieldSpec, old: Json, new: Json, names: Names) -> str:
    """Return "fase van *idee* naar *plan*", or what suits the kind of field better."""
    label = label_in_sentence(spec)
    if spec.kind is Kind.GEOMETRY:
        change = change_of_place_text(_value(spec, old), _value(spec, new))
        return _("%(field)s %(change)s") % {"field": label, "change": change}
    if spec.kind.is_collection:
        return f"{label}: {_set_change(spec, _value(spec, old), _value(spec, new), names)}"
    was, is_now = _short_pair(_shown(spec, old, names), _shown(spec, new, names))
    if not was:
        return _("%(field)s filled in: *%(new)s*") % {"field": label, "new": is_now}
    if not is_now:
        return _("%(field)s emptied, was *%(old)s*") % {"field": label, "old": was}
    if spec.meta.multiline:
        return _("%(field)s rewritten: *%(new)s*") % {"field": label, "new": is_now}
    return _("%(field)s from *%(old)s* to *%(new)s*") % {
        "field": label,
        "old": was,
        "new": is_now,
    }


def _lost(spec: FieldSpec, kept: Json, lost: Json, names: Names) -> str:
    """Return a double edit as the server saw it: what stayed, and what did not come in."""
    shown = {
        "field": label_in_sentence(spec),
        "kept": _short(_shown(spec, kept, names)) or _("empty"),
        "lost": _short(_shown(spec, lost, names)) or _("empty"),
    }
    return _("double edit of %(field)s: *%(kept)s* stayed, *%(lost)s* is kept here") % shown


def _gave_way(spec: FieldSpec, ours: Json, theirs: Json, names: Names) -> str:
    """Return a decision for the other side's value."""
    shown = {
        "field": label_in_sentence(spec),
        "kept": _short(_shown(spec, theirs, names)) or _("empty"),
        "lost": _short(_shown(spec, ours, names)) or _("empty"),
    }
    return _("%(field)s: *%(kept)s* chosen over *%(lost)s*") % shown


def _reopened(spec: FieldSpec, _ours: Json, _theirs: Json, _names: Names) -> str:
    """Return that a decision was taken back."""
    return _("the choice about %(field)s was opened again") % {"field": label_in_sentence(spec)}


def _taken_back(spec: FieldSpec, old: Json, new: Json, names: Names) -> str:
    """Return a change that was taken back before it was sent."""
    return _("taken back: %(what)s") % {"what": _changed(spec, old, new, names)}


_OF_KIND = {
    "conflict": _lost,
    "took_theirs": _gave_way,
    "reopened": _reopened,
    "taken_back": _taken_back,
}


def label_in_sentence(spec: FieldSpec) -> str:
    """Return the label as it stands inside a sentence: "fase", but "KvK-nummer" stays."""
    label = _(spec.meta.label)
    first = label.partition(" ")[0]
    return label if any(letter.isupper() for letter in first[1:]) else label[:1].lower() + label[1:]


def _value(spec: FieldSpec, value: Json) -> Any:
    """Read a value of the history; what this version can't read counts as empty."""
    try:
        return from_json(spec, value)
    except UserProblem:
        return frozenset() if spec.kind.is_collection else None


def _shown(spec: FieldSpec, value: Json, names: Names) -> str:
    """Return a JSON value in words; what this version can't read is shown as it is."""
    try:
        text = text_of(spec, from_json(spec, value), names)
    except UserProblem:
        text = str(value)
    if spec.kind in {Kind.CODE, Kind.BOOLEAN}:
        text = text[:1].lower() + text[1:] if not text[1:2].isupper() else text
    return text.replace("*", "\N{ASTERISK OPERATOR}")


def _set_change(spec: FieldSpec, old: frozenset[Any], new: frozenset[Any], names: Names) -> str:
    added, taken = _members(spec, new - old, names), _members(spec, old - new, names)
    parts = [_("*%(value)s* added") % {"value": added}] if added else []
    parts += [_("*%(value)s* taken out") % {"value": taken}] if taken else []
    return ", ".join(parts)


def _members(spec: FieldSpec, members: frozenset[Any], names: Names) -> str:
    if spec.kind is Kind.LINKS:
        return _short(", ".join(sorted(link_text(link, names) for link in members)))
    return _short(text_of(spec, members, names).replace("*", "\N{ASTERISK OPERATOR}"))


def _short(text: str) -> str:
    line = " ".join(text.split("\n"))
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"


def _short_pair(old: str, new: str) -> tuple[str, str]:
    """Shorten two versions of a text around where they begin to differ."""
    if len(old) <= _SHOWN and len(new) <= _SHOWN:
        return _short(old), _short(new)
    same = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    start = max(0, same - _SHOWN // 3)
    lead = "…" if start else ""
    return _cut(lead, old, start), _cut(lead, new, start)


def _cut(lead: str, text: str, start: int) -> str:
    rest = text[start:]
    return _short(lead + rest) if rest else _short(text)
