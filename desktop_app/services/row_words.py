"""A record as one row of a list or one cell of a table: what stands where, and when a mark is due.

A mark says only what is not ordinary: not sent yet, needs a choice, refused, quiet for long, or an
offer that has not been checked in time. A record that is stored has none.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from db.entities.demand import SearchMatch
from db.entities.initiative import Initiative, InitiativeStatus, Phase
from db.entities.people import ContactMoment, ContactPerson, Organisation, Team
from db.entities.place import Kern
from db.entities.premises import Availability, Plot, Premises
from db.fields import Kind, Record, fields_of
from db.local.state import RecordState
from desktop_app.i18n import (
    NBSP,
    _,
    format_area,
    format_date,
    format_day,
    format_time,
    local_time,
    ngettext,
)
from desktop_app.services.listing_text import CellText, RowText
from desktop_app.services.presence_text import ICON as EDITING_ICON
from desktop_app.services.symbols import SYMBOLS, Shape, symbol, symbol_key
from desktop_app.services.typed_text import Names, text_of
from desktop_app.tokens import Tone

QUIET_DAYS = 21
"""After so many days without a change a running initiative is called quiet (a judgement)."""

_CLOSED_PHASES = {Phase.COMPLETED, Phase.STOPPED, Phase.MAINTENANCE}
_CLOSED_STATES = {InitiativeStatus.DONE, InitiativeStatus.WITHDRAWN, InitiativeStatus.ON_HOLD}
_GONE = {Availability.LET, Availability.SOLD, Availability.WITHDRAWN}

Mark = tuple[str, str, Tone]


def when_text(moment: datetime | None, now: datetime | None = None) -> str:
    """Return "10:02" for today, "vr 20 nov" for this year, else "12 mrt 2025"."""
    if moment is None:
        return ""
    today = local_time(now or datetime.now(UTC)).date()
    day = local_time(moment).date()
    if day == today:
        return format_time(moment)
    return format_day(moment) if day.year == today.year else format_date(moment)


def is_overdue(record: Record, today: date | None = None) -> bool:
    """Whether an offer should have been checked before today."""
    if not isinstance(record, Premises) or record.next_check is None:
        return False
    return record.availability not in _GONE and record.next_check < (today or _today())


def key_of(record: Record) -> str:
    """Return the symbol key of a record."""
    state = getattr(record, record.STATE) if record.STATE else None
    return symbol_key(record.ENTITY, state, overdue=is_overdue(record))


def state_word(record: Record) -> str:
    """Return the word of a record's own state, "Nakijken" for an offer that is overdue."""
    if is_overdue(record):
        return _("To check")
    state = getattr(record, record.STATE) if record.STATE else None
    return _(state.label) if state is not None else ""


class RowWords:
    """Makes rows and cells; `states` and `drafts` are kept current by the list.

    `editing` says of which records somebody else has a form open, in words.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self.states: Mapping[UUID, RecordState] = {}
        self.drafts: frozenset[UUID] = frozenset()
        self.fresh: frozenset[UUID] = frozenset()
        self.editing: Mapping[UUID, str] = {}

    def row(self, record: Record) -> RowText:
        """Return a record as a list row."""
        words, glyph, tone = self._mark(record)
        key = key_of(record)
        is_pin = key in SYMBOLS and symbol(key).shape is not Shape.PLAIN
        row = RowText(
            self._title(record),
            self._subtitle(record),
            self._right(record),
            words,
            glyph,
            tone,
            symbol=key if is_pin else "",
            icon="" if is_pin else symbol(key).icon,
        )
        return replace(row, is_fresh=True) if record.id in self.fresh else row

    def cell(self, record: Record, name: str) -> CellText:
        """Return one field of a record as a table cell."""
        if name in ("changed_at", "created_at"):
            return CellText(when_text(getattr(record, name)), is_muted=True)
        if name == "code":
            return CellText(record.shown_code, is_muted=True)
        spec = fields_of(type(record))[name]
        words = text_of(spec, getattr(record, name), self._names).partition("\n")[0]
        if name == record.TITLE:
            key = key_of(record)
            return CellText(words, symbol=key, is_strong=True)
        if name == record.STATE and words:
            shown = symbol(key_of(record))
            tone = Tone.GREY if shown.tone is Tone.MUTED else shown.tone
            return CellText(state_word(record), shown.icon, tone, is_chip=True)
        return CellText(words)

    def _title(self, record: Record) -> str:
        if isinstance(record, SearchMatch):
            entity = "premises" if record.premises else "plot"
            found = record.premises or record.plot
            return (self._names(entity, found) if found else "") or _(record.LABEL)
        return record.title_text.partition("\n")[0] or record.shown_code

    def _mark(self, record: Record) -> Mark:
        if record.id in self.drafts:
            return _("you are editing"), "pencil-outline", Tone.ACCENT
        state = self.states.get(record.id)
        if record.id in self.editing and state not in _ASKING:
            return self.editing[record.id], EDITING_ICON, Tone.ACCENT
        if state in _STATE_MARKS:
            return _STATE_MARKS[state]()
        if is_overdue(record):
            return _overdue_mark(record)
        if isinstance(record, Initiative):
            return _quiet_mark(record)
        return "", "", Tone.MUTED

    def _subtitle(self, record: Record) -> str:
        make = _SUBTITLES.get(type(record))
        parts = make(record, self._names) if make else self._plain_parts(record)
        return " · ".join(part for part in parts if part)

    def _plain_parts(self, record: Record) -> list[str]:
        texts = (
            text_of(spec, getattr(record, spec.name), self._names)
            for spec in fields_of(type(record)).values()
            if spec.meta.in_list and spec.name != record.TITLE and spec.kind is not Kind.GEOMETRY
        )
        return [text for text in texts if text][:2]

    def _right(self, record: Record) -> str:
        match record:
            case Premises():
                return format_area(record.floor_area_m2) if record.floor_area_m2 else ""
            case Plot():
                return format_area(record.plot_area_m2) if record.plot_area_m2 else ""
            case ContactMoment():
                return when_text(record.moment)
            case Kern() | Team() | Organisation() | ContactPerson():
                return ""
        return when_text(record.changed_at)


def _waiting() -> Mark:
    return _("waits"), "cloud-clock-outline", Tone.MUTED


def _sent() -> Mark:
    return _("sent"), "cloud-upload-outline", Tone.MUTED


def _photo() -> Mark:
    return _("photo waits"), "image-sync-outline", Tone.MUTED


def _conflict() -> Mark:
    return _("choose value"), "source-merge", Tone.AMBER


def _refused() -> Mark:
    return _("refused"), "alert-octagon-outline", Tone.RED


_STATE_MARKS: dict[RecordState | None, Callable[[], Mark]] = {
    RecordState.WAITING: _waiting,
    RecordState.SENT: _sent,
    RecordState.PHOTO: _photo,
    RecordState.CONFLICT: _conflict,
    RecordState.REFUSED: _refused,
}

_ASKING = {RecordState.CONFLICT, RecordState.REFUSED}
"""What asks for a person stays in sight."""


def _quiet_mark(record: Initiative) -> Mark:
    if (
        record.changed_at is None
        or record.phase in _CLOSED_PHASES
        or record.status in _CLOSED_STATES
    ):
        return "", "", Tone.MUTED
    days = (_today() - local_time(record.changed_at).date()).days
    if days < QUIET_DAYS:
        return "", "", Tone.MUTED
    words = ngettext("quiet for %(days)d day", "quiet for %(days)d days", days) % {"days": days}
    return words.replace(" ", NBSP), "clock-outline", Tone.AMBER


def _overdue_mark(record: Any) -> Mark:
    days = (_today() - (record.checked_on or record.next_check)).days
    words = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    return words.replace(" ", NBSP), "calendar-clock", Tone.AMBER


def _kern_and_state(record: Any, names: Names) -> list[str]:
    kern = names("kern", record.kern) if record.kern else ""
    return [kern, state_word(record)]


def _organisation(record: Organisation, names: Names) -> list[str]:
    kern = names("kern", record.kern) if record.kern else record.town or ""
    return [_(record.legal_form.label) if record.legal_form else "", kern]


def _contact(record: ContactPerson, names: Names) -> list[str]:
    organisation = names("organisation", record.organisation) if record.organisation else ""
    return [organisation, record.phone or record.email or ""]


def _kern(record: Kern, names: Names) -> list[str]:
    contact = names("staff", record.area_contact) if record.area_contact else ""
    return [_(record.kind.label) if record.kind else "", contact]


_SUBTITLES: dict[type[Record], Callable[[Any, Names], list[str]]] = {
    Initiative: _kern_and_state,
    Premises: _kern_and_state,
    Plot: _kern_and_state,
    Organisation: _organisation,
    ContactPerson: _contact,
    Kern: _kern,
}


def _today() -> date:
    return local_time(datetime.now(UTC)).date()
