"""The receipts of the last 90 days, record by record, newest first, under day headings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from db.local.journal import OutboxEntry, OutboxState
from db.local.store import LocalStore
from db.local.tidying import KEPT_DAYS
from desktop_app.i18n import _, format_date, format_day, format_time, local_time
from desktop_app.services.listing_text import RowText
from desktop_app.services.outbox_text import OutboxText, texts_of
from desktop_app.services.typed_text import Names
from desktop_app.services.words import fold
from desktop_app.tokens import Tone

MOST = 5_000
"""Receipts read at once: more than a counter makes in 90 days."""

WITH_RECEIPT = (
    OutboxState.STORED,
    OutboxState.CONFLICT,
    OutboxState.REFUSED,
    OutboxState.REPLACED,
    OutboxState.TAKEN_BACK,
)


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """What a row stands for: its change, and the record to open."""

    change_id: UUID
    entity: str
    record_id: UUID


Row = tuple[ReceiptKey | date, RowText]
"""A receipt, or the day that those below it came on."""


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """One receipt as a row, with its day and the words by which it is found."""

    key: ReceiptKey
    row: RowText
    day: date
    folded: str


def receipt_entries(store: LocalStore, now: datetime | None = None) -> list[OutboxEntry]:
    """Return what has a receipt of the last 90 days, newest first."""
    since = (now or datetime.now(UTC)) - timedelta(days=KEPT_DAYS)
    found = {entry.change.id: entry for entry in store.receipts(MOST)}
    others = store.outbox(WITH_RECEIPT[2:], limit=-1)
    found.update((entry.change.id, entry) for entry in others if entry.receipt is not None)
    recent = [entry for entry in found.values() if _moment(entry) >= since]
    return sorted(recent, key=lambda entry: (_moment(entry), entry.receipt or 0), reverse=True)


def receipts_of(store: LocalStore, names: Names) -> list[ReceiptText]:
    """Return all receipts of the last 90 days in words, newest first; some time for thousands."""
    return [_receipt(text) for text in texts_of(store, receipt_entries(store), names)]


def receipt_rows(receipts: Iterable[ReceiptText], words: str = "") -> list[Row]:
    """Return receipts that hold every one of `words`, under their days."""
    wanted = fold(words).split()
    rows: list[Row] = []
    day: date | None = None
    for one in receipts:
        if not all(word in one.folded for word in wanted):
            continue
        if one.day != day:
            day = one.day
            rows.append((day, RowText(day_text(day))))
        rows.append((one.key, one.row))
    return rows


def _receipt(text: OutboxText) -> ReceiptText:
    row = _row(text)
    moment = text.arrived_at or text.made_at or datetime.now(UTC)
    folded = fold(f"{row.title} {row.subtitle} {row.right} {row.mark}")
    key = ReceiptKey(text.change_id, *text.place)
    return ReceiptText(key, row, local_time(moment).date(), folded)


def day_text(day: date, today: date | None = None) -> str:
    """Return "Today", "Yesterday", "Tuesday 20 nov", or a whole date."""
    today = today or local_time(datetime.now(UTC)).date()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return format_day(day) if day.year == today.year else format_date(day)


def _row(text: OutboxText) -> RowText:
    mark, icon, tone = _MARKS.get(text.state, _stored)()
    time = format_time(text.arrived_at) if text.arrived_at else ""
    right = " · ".join(part for part in (time, text.receipt) if part)
    sign = "cloud-check-outline" if not mark else icon
    return RowText(
        text.title,
        text.what if not text.reason else f"{text.what} · {text.reason}",
        right,
        mark,
        icon if mark else "",
        tone,
        icon=sign,
        icon_kind=Tone.GREEN if not mark else tone,
        spoken=", ".join(
            part for part in (text.title, text.what, mark or _("arrived"), right) if part
        ),
    )


def _stored() -> tuple[str, str, Tone]:
    return "", "", Tone.GREEN


_MARKS: dict[OutboxState, Callable[[], tuple[str, str, Tone]]] = {
    OutboxState.CONFLICT: lambda: (_("double edit"), "source-merge", Tone.AMBER),
    OutboxState.REFUSED: lambda: (_("refused"), "alert-octagon-outline", Tone.RED),
    OutboxState.REPLACED: lambda: (_("sent anew"), "sync", Tone.MUTED),
    OutboxState.TAKEN_BACK: lambda: (_("taken back"), "undo", Tone.MUTED),
}


def _moment(entry: OutboxEntry) -> datetime:
    return entry.receipted_at or entry.change.made_at
