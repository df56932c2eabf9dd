"""What waits, what was refused and what arrived, as rows in words for the sync page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from db.changes import Change, ChangeKind
from db.codec import from_json
from db.entities import ENTITIES
from db.entities.place import Attachment
from db.errors import UserProblem
from db.fields import N_, Kind, fields_of
from db.local.deliveries import deliverers
from db.local.journal import TAKEN_BACK, OutboxEntry, OutboxState
from db.local.store import LocalStore
from db.rules import RULES
from desktop_app.i18n import _
from desktop_app.services.history_text import label_in_sentence
from desktop_app.services.row_words import when_text
from desktop_app.services.sync_text import clock_text
from desktop_app.services.typed_text import Names, text_of

Codes = Mapping[UUID, str]
"""Gives the number that a record got in the shared database, by its id."""
Owners = Mapping[UUID, tuple[str, UUID]]
_NONE: Mapping[UUID, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OutboxText:
    """One change in words: what it is about, what changed, and when or with which receipt."""

    change_id: UUID
    entity: str
    record_id: UUID
    title: str
    what: str
    when: str
    receipt: str = ""
    reason: str = ""
    owner: tuple[str, UUID] | None = None
    """The record (entity, id) that an attachment belongs to: where one sees it."""
    state: OutboxState = OutboxState.WAITING
    arrived_at: datetime | None = None
    made_at: datetime | None = None

    @property
    def place(self) -> tuple[str, UUID]:
        """Return the record (entity, id) to open."""
        return self.owner or (self.entity, self.record_id)


def texts_of(store: LocalStore, entries: Iterable[OutboxEntry], names: Names) -> list[OutboxText]:
    """Return outbox entries in words, with the numbers that records have by now.

    Titles are asked for in one question; `names` gives the rest, such as titles within values.
    """
    found = list(entries)
    owners = _owners(store, found)
    about = {entry.change.record_id for entry in found} | {key for _entity, key in owners.values()}
    titles, codes = store.titles(about), _codes(store, found)

    def known(entity: str, record_id: UUID) -> str:
        return titles.get(record_id) or names(entity, record_id)

    texts = outbox_texts(found, known, codes, owners)
    brought = deliverers(store, [entry.change for entry in found if entry.receipt is not None])
    return [_with_deliverer(text, brought.get(text.change_id), names) for text in texts]


def _with_deliverer(text: OutboxText, deliverer: UUID | None, names: Names) -> OutboxText:
    if deliverer is None:
        return text
    name = names("staff", deliverer) or _("a colleague who is not known here")
    return replace(
        text, what=_("%(what)s, delivered by %(name)s") % {"what": text.what, "name": name}
    )


def _codes(store: LocalStore, entries: Iterable[OutboxEntry]) -> Codes:
    """Return the numbers that new records have by now, by record id."""
    made: dict[str, list[UUID]] = {}
    for entry in entries:
        change = entry.change
        if change.kind is ChangeKind.CREATE and ENTITIES[change.entity].CODE_PREFIX:
            made.setdefault(change.entity, []).append(change.record_id)
    found = (store.get_many(entity, ids) for entity, ids in made.items())
    return {key: record.code or "" for records in found for key, record in records.items()}


def _owners(store: LocalStore, entries: Iterable[OutboxEntry]) -> Owners:
    """Return the record (entity, id) that attachments belong to, by their own ids."""
    ids = [entry.change.record_id for entry in entries if entry.change.entity == "attachment"]
    return {
        key: (record.belongs_to_entity or "", record.belongs_to)
        for key, record in (store.get_many("attachment", ids) if ids else {}).items()
        if isinstance(record, Attachment) and record.belongs_to
    }


def outbox_texts(
    entries: Iterable[OutboxEntry], names: Names, codes: Codes = _NONE, owners: Owners = _NONE
) -> list[OutboxText]:
    """Return outbox entries in words, in the order given."""
    return [_text(entry, names, codes, owners) for entry in entries]


def _text(entry: OutboxEntry, names: Names, codes: Codes, owners: Owners) -> OutboxText:
    change, number = entry.change, entry.receipt
    owner = owners.get(change.record_id)
    title = names(*owner) if owner else ""
    return OutboxText(
        change.id,
        change.entity,
        change.record_id,
        title or _title(change, names, has_arrived=number is not None),
        what_text(change, names, codes.get(change.record_id, "")),
        when_text(change.made_at),
        _("receipt %(number)d") % {"number": number} if number else "",
        refusal_text(entry, names),
        owner,
        entry.state,
        entry.receipted_at,
        change.made_at,
    )


def _title(change: Change, names: Names, *, has_arrived: bool) -> str:
    """Return the record's title, as "New: …" while it is new."""
    title = names(change.entity, change.record_id) or title_in(change)
    if change.kind is ChangeKind.CREATE and not has_arrived:
        return _("New: %(title)s") % {"title": title}
    return title


def title_in(change: Change) -> str:
    """Return the title that a change itself gives its record, else the kind of record."""
    entity = ENTITIES[change.entity]
    return str(change.values.get(entity.TITLE) or change.base.get(entity.TITLE) or _(entity.LABEL))


def what_text(change: Change, names: Names, code: str = "") -> str:
    """Return "Phase, next action", or what was done as a whole; `code`: the number given."""
    if change.entity == "attachment" and change.kind is ChangeKind.CREATE:
        name = change.values.get("file_name") or ""
        return _("Attachment %(file)s") % {"file": name}
    match change.kind:
        case ChangeKind.CREATE:
            return _created(change, code)
        case ChangeKind.DELETE:
            return _("Deleted")
        case ChangeKind.RESTORE:
            return _("Restored")
    specs = fields_of(ENTITIES[change.entity])
    known = [specs[name] for name in change.values if name in specs]
    one = value_of_code(change, names)
    if one is not None:
        return f"{_(known[0].meta.label)}: {one}"
    labels = [label_in_sentence(spec) for spec in known] or [_("a newer field")]
    joined = ", ".join(labels)
    return joined[:1].upper() + joined[1:]


def _created(change: Change, code: str) -> str:
    entity = ENTITIES[change.entity]
    if not entity.CODE_PREFIX:
        return _(entity.LABEL)
    if code:
        return _("New: %(title)s") % {"title": code}
    return _("Number follows: %(code)s") % {"code": f"concept-{change.record_id.hex[:4].upper()}"}


def value_of_code(change: Change, names: Names) -> str | None:
    """Return the new value of the one code field that was changed; None when it is another case."""
    specs = fields_of(ENTITIES[change.entity])
    known = [specs[name] for name in change.values if name in specs]
    if len(known) != 1 or known[0].kind is not Kind.CODE:
        return None
    try:
        value = from_json(known[0], change.values[known[0].name])
    except UserProblem:
        return None
    return text_of(known[0], value, names)


def refusal_text(entry: OutboxEntry, names: Names) -> str:
    """Return "Refused at 09:14: …. The rest was sent.", or "" when it was not refused."""
    if entry.reason in (None, "", TAKEN_BACK) or entry.receipted_at is None:
        return ""
    reason = reason_text(entry.change, entry.reason or "")
    words = _("Refused at %(time)s: %(reason)s The rest was sent.")
    return words % {"time": clock_text(entry.receipted_at), "reason": reason}


def reason_text(change: Change, reason: str) -> str:
    """Return why the shared database did not take a change, as a sentence in plain words."""
    code, _colon, rest = reason.partition(":")
    if code == "rule":
        number, _colon, _field = rest.partition(":")
        rules = RULES.get(change.entity, ())
        if number.isdigit() and int(number) < len(rules):
            return _(rules[int(number)].message)
    plain = _PLAIN.get(code)
    if plain is not None:
        return _(plain)
    specs = fields_of(ENTITIES[change.entity])
    if rest in specs:
        label = label_in_sentence(specs[rest])
        return _("%(field)s is not right.") % {"field": label[:1].upper() + label[1:]}
    return _("the municipality's database could not take this.")


_PLAIN = {
    "transition": N_("this step is not possible any more."),
    "overlap": N_("this plot overlaps another plot."),
    "rights": N_("you have no right to change this."),
    "revoked": N_("your access has ended."),
    "server": N_("only the municipality's database decides this."),
    "unknown_entity": N_("the municipality's version does not know this yet."),
    "unknown_record": N_("the record is not known there."),
    "purged": N_("the record was removed there for good. Take this back."),
    "change_id": N_("this arrived already, under another name."),
    "malformed": N_("the municipality's database could not read this."),
    "kind": N_("the municipality's database could not read this."),
}
"""reason code (`db.shared.protocol.Receipt`) -> why, to stand after "Refused at 09:14:"."""
