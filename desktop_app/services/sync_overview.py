"""What the sync page shows, as values: what asks something, waits, travels, arrived, was compared.

A value equal to the one before means that nothing needs to be drawn anew.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.changes import ChangeKind
from db.entities import ENTITIES
from db.fields import fields_of
from db.local.conflicts import FIELDS, OpenConflict
from db.local.journal import OutboxEntry, OutboxState
from db.local.store import LocalStore
from db.local.underway import FileUnderway, files_underway
from db.sync.restoring import OFFERED
from desktop_app.i18n import NBSP, _, format_number, ngettext
from desktop_app.services.check_text import CheckText, check_text
from desktop_app.services.history_text import label_in_sentence
from desktop_app.services.outbox_text import OutboxText, texts_of, value_of_code
from desktop_app.services.sync_text import SyncNow, clock_text
from desktop_app.services.typed_text import Names

ROWS, RECEIPTS, CALM_RECEIPTS = 20, 4, 7
ONE_DELIVERY_S = 60
"""Receipts that came within so many seconds of each other are told as one delivery."""


@dataclass(frozen=True, slots=True)
class RefusedText:
    """A record of which changes were refused; `value` stands emphasised behind `title`."""

    key: UUID
    entity: str
    record_id: UUID
    title: str
    value: str
    reasons: tuple[str, ...]
    change_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ChoiceText:
    """Double edits of one kind: what happened, with which records, and how much is to choose."""

    title: str
    words: str
    count: str


@dataclass(frozen=True, slots=True)
class FileText:
    """A file on its way: whose it is, how it goes on, and how far it is (bytes)."""

    sha256: str
    name: str
    words: str
    amount: str
    done: int
    total: int
    is_coming: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """All that stands on the page below its head."""

    refused: tuple[RefusedText, ...]
    choices: tuple[ChoiceText, ...]
    asks: int
    waiting: tuple[OutboxText, ...]
    waiting_count: int
    files: tuple[FileText, ...]
    files_count: int
    arrived: tuple[OutboxText, ...]
    arrived_note: str
    put_back: tuple[str, str] | None
    check: CheckText
    is_connected: bool
    is_example: bool


def overview(store: LocalStore, names: Names, now: SyncNow) -> Overview:
    """Return what stands on the sync page now."""
    tally = store.tally()
    refused = store.outbox([OutboxState.REFUSED])
    receipts = store.receipts(200)
    is_calm = not (tally.asks or tally.waiting or tally.photos or tally.missing)
    shown = receipts[: CALM_RECEIPTS if is_calm else RECEIPTS]
    return Overview(
        refused=_refused(store, refused, names),
        choices=_choices(store.conflicts(), names),
        asks=tally.asks,
        waiting=tuple(texts_of(store, store.outbox(limit=ROWS), names)),
        waiting_count=tally.waiting,
        files=file_texts(store, names, now),
        files_count=tally.photos + tally.missing,
        arrived=tuple(texts_of(store, shown, names)),
        arrived_note=_delivery(receipts, len(shown)),
        put_back=put_back_text(store),
        check=check_text(store),
        is_connected=tally.is_connected,
        is_example=store.meta("example") is not None,
    )


def file_texts(store: LocalStore, names: Names, now: SyncNow) -> tuple[FileText, ...]:
    """Return the files on their way, first in turn first."""
    return tuple(_file(one, names, now) for one in files_underway(store, ROWS))


def _refused(
    store: LocalStore, entries: Iterable[OutboxEntry], names: Names
) -> tuple[RefusedText, ...]:
    """Return one text a record, with each reason once."""
    by_record: dict[UUID, list[OutboxEntry]] = {}
    for entry in entries:
        by_record.setdefault(entry.change.record_id, []).append(entry)
    found = []
    for own in by_record.values():
        texts = texts_of(store, own, names)
        title, value = _refused_title(own, texts, names)
        reasons = tuple(dict.fromkeys(text.reason for text in texts))
        ids = tuple(text.change_id for text in texts)
        found.append(RefusedText(ids[0], *texts[0].place, title, value, reasons, ids))
    return tuple(found)


def _refused_title(
    own: list[OutboxEntry], texts: list[OutboxText], names: Names
) -> tuple[str, str]:
    """Return "Kavel Ambachtsweg 9: status naar" and "Uitgegeven", or title and fields alone."""
    change = own[0].change
    value = value_of_code(change, names) if len(own) == 1 else None
    if value and change.kind is ChangeKind.EDIT:
        spec = fields_of(ENTITIES[change.entity])[next(iter(change.values))]
        field = label_in_sentence(spec)
        return _("%(title)s: %(field)s to") % {"title": texts[0].title, "field": field}, value
    what = "; ".join(dict.fromkeys(text.what for text in texts))
    return f"{texts[0].title}: {what}", ""


def _choices(items: Iterable[OpenConflict], names: Names) -> tuple[ChoiceText, ...]:
    edits: dict[UUID, str] = {}
    deletions: dict[UUID, str] = {}
    fields = 0
    for item in items:
        is_edit = item.kind == FIELDS
        fields += is_edit
        side = edits if is_edit else deletions
        side[item.record_id] = names(item.entity, item.record_id)
    gone = len(deletions)
    told = (
        (
            _("Two changes in the same field"),
            edits,
            ngettext("%(count)d field", "%(count)d fields", fields) % {"count": fields},
        ),
        (
            _("Deleted by one, changed by another"),
            deletions,
            ngettext("%(count)d record", "%(count)d records", gone) % {"count": gone},
        ),
    )
    return tuple(ChoiceText(title, _names(found), count) for title, found, count in told if found)


def _names(found: Mapping[UUID, str]) -> str:
    shown = [name for name in list(found.values())[:5] if name]
    return ", ".join([*shown, "…"] if len(found) > len(shown) else shown)


def _file(one: FileUnderway, names: Names, now: SyncNow) -> FileText:
    owner = names(one.entity, one.record_id) if one.record_id else ""
    done = min(now.files.get(one.sha256, one.done_bytes), one.size_bytes)
    if now.phase == "working" and now.step == "photos":
        state = _("is being received") if one.is_coming else _("is being sent")
        state = state if done else _("in turn")
    elif one.is_coming:
        state = _("comes when the colleague has sent it")
    else:
        state = _("goes on later") if done else _("waits for a connection")
    words = " · ".join(part for part in (owner, state) if part)
    amount = amount_text(done, one.size_bytes)
    return FileText(one.sha256, one.file_name, words, amount, done, one.size_bytes, one.is_coming)


def amount_text(done: int, total: int) -> str:
    """Return "2,1 of 4,8 MB", or "4,8 MB" while nothing has crossed."""
    unit, size = (1_000_000, "MB") if total >= 999_500 else (1_000, "kB")
    places = 1 if unit == 1_000_000 else 0
    whole = f"{format_number(max(total / unit, 1 if not places else 0.1), places)}{NBSP}{size}"
    if not done:
        return whole
    crossed = format_number(done / unit, places)
    return _("%(done)s of %(total)s") % {"done": crossed, "total": whole}


def put_back_text(store: LocalStore) -> tuple[str, str] | None:
    """Return that the shared database was put back, and what came of it; None once it was seen."""
    found = json.loads(store.meta(OFFERED) or "null")
    if found is None:
        return None
    title = _("The shared database was put back to an older state.")
    time = clock_text(datetime.fromisoformat(found["at"]))
    count = int(found["count"])
    if not count:
        words = _("This laptop noticed it at %(time)s. Nothing of this laptop was missing there.")
    else:
        words = ngettext(
            "This laptop noticed it at %(time)s. %(count)d change of this laptop was offered again.",
            "This laptop noticed it at %(time)s. %(count)d changes of this laptop were offered again.",
            count,
        )
    return title, words % {"time": time, "count": count}


def _delivery(receipts: Iterable[OutboxEntry], shown: int) -> str:
    """Return "at 09:14 · 12 changes" of the last delivery; "" when nothing ever arrived.

    The number is left out where `shown` rows below it are of other deliveries, too.
    """
    moments = [entry.receipted_at for entry in receipts if entry.receipted_at is not None]
    if not moments:
        return ""
    moments.sort(reverse=True)
    count, before = 0, moments[0]
    for moment in moments:
        if (before - moment).total_seconds() > ONE_DELIVERY_S:
            break
        count, before = count + 1, moment
    time = clock_text(moments[0])
    if count < shown:
        return _("last %(time)s") % {"time": time}
    changes = ngettext("%(count)d change", "%(count)d changes", count) % {"count": count}
    return _("at %(time)s") % {"time": time} + f" · {changes}"
