"""What stands on the card of an attachment: where its bytes are, when it was taken, what can be done."""

from dataclasses import dataclass, replace
from enum import Enum

from db.entities.place import Attachment, KernKind, MediaType
from db.fields import Record, fields_of
from db.local.attaching import FileState, file_state
from db.local.state import RecordState
from db.local.store import LocalStore
from desktop_app.i18n import _, format_date, format_rd, format_size
from desktop_app.services import pictures
from desktop_app.services.attachments import small_picture
from desktop_app.services.intake import kern_of, kernen_of, settled
from desktop_app.services.pictures import Taken
from desktop_app.services.sync_overview import amount_text


class Act(Enum):
    """What the card's first button does."""

    OPEN = "open"
    FETCH = "fetch"
    STOP = "stop"
    NONE = "none"
    """It comes by itself."""


@dataclass(frozen=True, slots=True)
class CardText:
    """The words of a card; `amount` is how far the file is on its way, `done` and `total` in bytes."""

    size: str
    where: str
    act: Act
    amount: str = ""
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found in the bytes of an attachment, away from the window's thread."""

    picture: bytes | None = None
    taken: Taken = pictures.UNKNOWN
    near: str = ""
    """The place of the photo in words."""


def card_text(store: LocalStore, attachment: Attachment, crossed: int = 0) -> CardText:
    """Return what a card says; `crossed` is how many bytes the sync that runs has moved."""
    found = file_state(store, attachment.sha256)
    size = format_size(attachment.size_bytes)
    if found.is_here:
        return _here(store, attachment, crossed)
    total = attachment.size_bytes
    done = min(max(found.received_bytes, crossed), total)
    where, act = _away(found, is_connected=store.is_connected)
    return CardText(size, where, act, amount_text(done, total) if done else "", done, total)


def _away(found: FileState, *, is_connected: bool) -> tuple[str, Act]:
    if not is_connected:
        return _("Not on this laptop"), Act.NONE
    if found.is_asked:
        return _("Will be fetched"), Act.STOP
    if found.will_come:
        return _("Comes by itself"), Act.NONE
    return _("Not on this laptop yet"), Act.FETCH


def _here(store: LocalStore, attachment: Attachment, crossed: int) -> CardText:
    size, total = format_size(attachment.size_bytes), attachment.size_bytes
    state = store.record_states([attachment.id]).get(attachment.id)
    if state is not RecordState.PHOTO or not 0 < crossed < total:
        return CardText(size, "", Act.OPEN)
    return CardText(size, "", Act.OPEN, amount_text(crossed, total), crossed, total)


def seen(store: LocalStore, attachment: Attachment) -> Seen:
    """Look at an attachment's picture, and at what its camera noted; slow, for a background job."""
    picture = small_picture(store, attachment)
    if attachment.media_type is MediaType.PDF:
        return Seen(picture)
    content = store.blob(attachment.sha256)
    taken = pictures.taken(content) if content else pictures.UNKNOWN
    return Seen(picture, taken, _near(store, taken))


def _near(store: LocalStore, taken: Taken) -> str:
    """Return the village in which a photo was taken, else its coordinates."""
    if taken.place is None:
        return ""
    kernen = kernen_of(store)
    here = kern_of(kernen, taken.place)
    names = {kern.id: kern.name for kern in kernen if kern.kind is not KernKind.OUTSIDE}
    return names[here] if here in names else format_rd(*taken.place.anchor)


def taken_text(found: Seen) -> str:
    """Return "Taken on 3 June 2026 at 14:05, at Rekken"; "" when the camera noted nothing."""
    taken = found.taken
    if taken.at is None:
        return _("Taken at %(place)s") % {"place": found.near} if found.near else ""
    told = {"day": format_date(taken.at.date()), "time": f"{taken.at:%H:%M}"}
    if not found.near:
        return _("Taken on %(day)s at %(time)s") % told
    return _("Taken on %(day)s at %(time)s, at %(place)s") % {**told, "place": found.near}


def can_be_placed(record: Record, taken: Taken) -> bool:
    """Whether the record could get the place of this photo: it has none of its own."""
    if taken.place is None or record.deleted or record.IS_SERVER_ONLY:
        return False
    return "geometry" in fields_of(type(record)) and getattr(record, "geometry", None) is None


def placed(store: LocalStore, record: Record, taken: Taken) -> Record:
    """Return the record at the place of a photo, with the kern that follows from it."""
    return settled(replace(record, geometry=taken.place), kernen_of(store))  # type: ignore[call-arg]
