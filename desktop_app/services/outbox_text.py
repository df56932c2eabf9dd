"""What waits, what was refused and what arrived, as rows in words for the sync page."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from db.changes import Change, ChangeKind
from db.codec import from_json
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_, Kind, fields_of
from db.local.journal import OutboxEntry
from db.rules import RULES
from desktop_app.i18n import _, format_time
from desktop_app.services.history_text import label_in_sentence
from desktop_app.services.row_words import when_text
from desktop_app.services.typed_text import Names, text_of


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


def outbox_texts(entries: Iterable[OutboxEntry], names: Names) -> list[OutboxText]:
    """Return outbox entries in words, in the order given."""
    return [_text(entry, names) for entry in entries]


def _text(entry: OutboxEntry, names: Names) -> OutboxText:
    change = entry.change
    title = names(change.entity, change.record_id) or _title_in(change)
    if change.kind is ChangeKind.CREATE:
        title = _("New: %(title)s") % {"title": title}
    number = entry.receipt
    return OutboxText(
        change.id,
        change.entity,
        change.record_id,
        title,
        what_text(change, names),
        when_text(change.made_at),
        _("receipt %(number)d") % {"number": number} if number else "",
        refusal_text(entry, names),
    )


def _title_in(change: Change) -> str:
    entity = ENTITIES[change.entity]
    return str(change.values.get(entity.TITLE) or _(entity.LABEL))


def what_text(change: Change, names: Names) -> str:
    """Return "Phase, next action", or what was done as a whole."""
    match change.kind:
        case ChangeKind.CREATE:
            entity = ENTITIES[change.entity]
            code = f"concept-{change.record_id.hex[:4].upper()}"
            if entity.CODE_PREFIX:
                return _("Number follows: %(code)s") % {"code": code}
            return _(entity.LABEL)
        case ChangeKind.DELETE:
            return _("Deleted")
        case ChangeKind.RESTORE:
            return _("Restored")
    specs = fields_of(ENTITIES[change.entity])
    known = [specs[name] for name in change.values if name in specs]
    if len(known) == 1 and known[0].kind is Kind.CODE:
        try:
            value = from_json(known[0], change.values[known[0].name])
        except UserProblem:
            value = None
        label = _(known[0].meta.label)
        return f"{label}: {text_of(known[0], value, names)}"
    labels = [label_in_sentence(spec) for spec in known] or [_("a newer field")]
    joined = ", ".join(labels)
    return joined[:1].upper() + joined[1:]


def refusal_text(entry: OutboxEntry, names: Names) -> str:
    """Return "Refused at 09:14: …. The rest was sent.", or "" when it was not refused."""
    if not entry.reason or entry.receipted_at is None:
        return ""
    reason = reason_text(entry.change, entry.reason)
    words = _("Refused at %(time)s: %(reason)s The rest was sent.")
    return words % {"time": format_time(entry.receipted_at), "reason": reason}


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
    "malformed": N_("the municipality's database could not read this."),
    "kind": N_("the municipality's database could not read this."),
}
"""reason code (`db.shared.protocol.Receipt`) -> why, to stand after "Refused at 09:14:"."""
