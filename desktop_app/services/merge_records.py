"""The records about which something must be decided: their questions, who asked them, the answers.

What is chosen is kept in the store, so that deciding later, or a crash, loses none of it.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from math import hypot
from uuid import UUID

from db.changes import Values
from db.codec import dumps, with_values
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_, Record, fields_of
from db.local.conflicts import DELETED_THERE, EDITED_THERE, OpenConflict
from db.local.deciding import settled_since
from db.local.journal import HistoryLine
from db.local.store import LocalStore
from db.rules import errors, problems
from desktop_app.i18n import _, format_moment, local_time
from desktop_app.services.asked import Neighbour, Side, Take, shape_on
from desktop_app.services.listing import ON_MAP
from desktop_app.services.merging import Question
from desktop_app.services.row_words import key_of
from desktop_app.services.titles import Titles

CHOICES = "merge_choices"
"""The store's small setting that keeps what was chosen and not saved yet."""

NEAR_M, NEIGHBOURS = 150, 8
"""How far around the places, and how many of the others, a small map shows."""

_NO_EDITS = frozenset({"took_theirs", "reopened", "taken_back"})

Answers = Sequence[tuple[UUID, Values]]


@dataclass(slots=True)
class Merge:
    """All questions about one record; `key` is its symbol's."""

    entity: str
    record_id: UUID
    title: str
    key: str
    questions: list[Question] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many questions have no answer yet."""
        return sum(question.take is None for question in self.questions)

    @property
    def is_decided(self) -> bool:
        """Whether every question has an answer."""
        return not self.left

    @property
    def about_deletion(self) -> Question | None:
        """The question whether the record stays, if one side deleted it."""
        return next((q for q in self.questions if not q.is_about_fields), None)


def open_merges(store: LocalStore, titles: Titles) -> list[Merge]:
    """Return the records with open questions, oldest first, with what was chosen so far."""
    items = store.conflicts()
    records = _records(store, items)
    titles.prepare({item.record_id for item in items})
    kept = json.loads(store.meta(CHOICES) or "{}")
    found: dict[UUID, Merge] = {}
    for item in items:
        record = records.get(item.record_id)
        name = titles(item.entity, item.record_id) or (record.title_text if record else "")
        key = key_of(record) if record is not None else item.entity
        merge = found.setdefault(
            item.record_id,
            Merge(item.entity, item.record_id, name or _(ENTITIES[item.entity].LABEL), key),
        )
        merge.questions.append(_with_choice(Question(item), kept.get(str(item.id))))
    for merge in found.values():
        merge.questions.sort(key=_place_in_form)
    return list(found.values())


def _records(store: LocalStore, items: Iterable[OpenConflict]) -> dict[UUID, Record]:
    by_entity: dict[str, set[UUID]] = {}
    for item in items:
        by_entity.setdefault(item.entity, set()).add(item.record_id)
    return {
        key: record
        for entity, ids in by_entity.items()
        for key, record in store.get_many(entity, ids).items()
    }


def _place_in_form(question: Question) -> int:
    """Return the place of a question among the fields of its record; whole records come first."""
    names = list(fields_of(ENTITIES[question.conflict.entity]))
    first = next(iter(question.conflict.conflict.fields), "")
    return names.index(first) if first in names and question.is_about_fields else -1


def unless_changed(old: Merge | None, fresh: Merge) -> Merge:
    """Return the record as it was when its questions are the same, so that nothing jumps."""
    if old is None or old.title != fresh.title:
        return fresh
    same = [q.conflict for q in old.questions] == [q.conflict for q in fresh.questions]
    return old if same else fresh


# Choices


def keep_choices(store: LocalStore, merges: Iterable[Merge]) -> None:
    """Keep what was chosen and typed, so that nothing is lost by deciding later."""
    kept = {
        str(question.conflict.id): {
            "take": question.take.name if question.take else None,
            "own": question.own,
            "unread": question.unread,
            "about": _sign(question.conflict),
        }
        for merge in merges
        for question in merge.questions
        if question.take or question.own
    }
    words = dumps(kept) if kept else None
    if words != store.meta(CHOICES):
        store.set_meta(CHOICES, words)


def _with_choice(question: Question, kept: Values | None) -> Question:
    """Take up a choice again; where the values changed since, only what was typed."""
    if kept is None:
        return question
    question.own, question.unread = dict(kept["own"]), dict(kept["unread"])
    if kept["take"] and kept["about"] == _sign(question.conflict):
        question.take = Take[kept["take"]]
    return question


def _sign(item: OpenConflict) -> str:
    values = dumps([item.kind, dict(item.conflict.ours), dict(item.conflict.theirs)])
    return hashlib.sha256(values.encode()).hexdigest()[:16]


# Who and when


def tell_sides(store: LocalStore, titles: Titles, merge: Merge) -> None:
    """Note with every question who made which side of it, and when."""
    lines = store.history(merge.record_id)
    for question in merge.questions:
        question.theirs = _theirs(question, lines, titles, store.me)
        question.mine = _mine(question, lines, titles, store.me)
        question.nearby = _nearby(store, question)


def _theirs(
    question: Question, lines: Iterable[HistoryLine], titles: Titles, me: UUID | None
) -> Side:
    item = question.conflict
    line = _line_with(question, Take.THEIRS, lines)
    by = item.theirs_by or (line.author if line else None)
    at = item.theirs_at or (line.made_at if line else None)
    when = format_moment(at) if at else ""
    if by is None:
        return Side(_("Someone else"), when)
    if by == me:
        return Side(_("You, on another laptop"), when)
    return Side(titles.staff(by) or _("An unknown colleague"), when)


def _mine(
    question: Question, lines: Iterable[HistoryLine], titles: Titles, me: UUID | None
) -> Side:
    line = _line_with(question, Take.MINE, lines)
    when = format_moment(line.made_at if line else question.conflict.made_at)
    other = titles.staff(line.author) if line and line.author and line.author != me else ""
    if other:
        return Side(_("%(who)s, on this laptop") % {"who": other}, when)
    return Side(_("You, on this laptop"), when)


def _line_with(question: Question, take: Take, lines: Iterable[HistoryLine]) -> HistoryLine | None:
    """Return the newest line of the history that made this side what it is."""
    item = question.conflict
    deleted_by = {DELETED_THERE: Take.THEIRS, EDITED_THERE: Take.MINE}.get(item.kind)
    if deleted_by is take:
        return next((line for line in lines if line.kind == "delete"), None)
    side, names = question.side(take), [spec.name for spec in question.shown]
    for line in lines:
        told = [line.fields[name][1] == side.get(name) for name in names if name in line.fields]
        if told and all(told) and line.kind not in _NO_EDITS:
            return line
    return None


def _nearby(store: LocalStore, question: Question) -> tuple[Neighbour, ...]:
    """Return what lies near the places asked about, so that people know where they look."""
    item = question.conflict
    shapes = [shape_on(question, side) for side in (item.conflict.theirs, item.conflict.ours)]
    spots = [shape.anchor for shape in shapes if shape is not None]
    if not spots:
        return ()
    x, y = (sum(part) / len(spots) for part in zip(*spots, strict=True))
    radius_m = NEAR_M + max(hypot(x0 - x, y0 - y) for x0, y0 in spots)
    hits = [hit for entity in sorted(ON_MAP) for hit in store.near(x, y, radius_m, entity)]
    hits.sort(key=lambda hit: hit.distance_m or 0)
    wanted = [hit for hit in hits if hit.record_id != item.record_id][:NEIGHBOURS]
    found = [store.get(hit.entity, hit.record_id) for hit in wanted]
    return tuple(
        Neighbour(record.title_text, key_of(record), place)
        for record in found
        if record is not None and (place := getattr(record, "geometry", None)) is not None
    )


def settled_today(store: LocalStore, merges: Sequence[Merge]) -> int:
    """Return how many changes found their place by themselves since the day of the oldest question."""
    moments = [question.conflict.made_at for merge in merges for question in merge.questions]
    if not moments:
        return 0
    day = local_time(min(moments)).replace(hour=0, minute=0, second=0, microsecond=0)
    return settled_since(store.engine, day.astimezone(UTC))


# Deciding


def decide(store: LocalStore, merge: Merge) -> Answers:
    """Store every answer at once; return them, for undo.

    Raises:
        UserProblem: something typed can't be read or breaks a rule, or the question is another by
            now; nothing was stored.
    """
    answers = [(question.conflict.id, question.result()) for question in merge.questions]
    still_open = {item.id: item.conflict for item in store.conflicts([merge.record_id])}
    shown = [question.conflict for question in merge.questions]
    if any(item.conflict != still_open.get(item.id, item.conflict) for item in shown):
        raise UserProblem(N_("Someone changed this again meanwhile. Look at your choice."))
    _check(store, merge)
    store.decide(answers)
    return [(key, values) for key, values in answers if key in still_open]


def _check(store: LocalStore, merge: Merge) -> None:
    """Refuse what keeps no rule, or does not fit together, before anything is written."""
    record = store.get(merge.entity, merge.record_id)
    asked = [question for question in merge.questions if question.is_about_fields]
    gone = merge.about_deletion
    if record is None or not asked or (gone and gone.take and gone.deletes(gone.take)):
        return
    after = with_values(record, {n: v for q in asked for n, v in q.result().items()})
    names = {name for question in asked for name in question.conflict.conflict.fields}
    found = [problem for problem in errors(problems(after, after)) if problem.field in names]
    if found:
        raise UserProblem(N_("This does not fit together. Look at what you chose."), found)
