"""The chips in the head of a detail: where the record is on its way, and how it is handled."""

from db.entities.initiative import Initiative, InitiativeStatus
from db.fields import Record
from db.local.state import RecordState
from desktop_app.i18n import _
from desktop_app.tokens import Tone
from desktop_app.widgets.kit.chip import Chip

_HANDLING = {
    InitiativeStatus.CONCEPT: "pencil-outline",
    InitiativeStatus.REPORTED: "inbox-arrow-down-outline",
    InitiativeStatus.IN_PROGRESS: "progress-clock",
    InitiativeStatus.AWAITING_INITIATOR: "account-clock-outline",
    InitiativeStatus.AWAITING_OTHERS: "account-clock-outline",
    InitiativeStatus.ON_HOLD: "pause-circle-outline",
    InitiativeStatus.DONE: "check",
    InitiativeStatus.WITHDRAWN: "close",
    InitiativeStatus.REOPENED: "restart",
}


def handling_chip(record: Record) -> list[Chip]:
    """Return how an initiative is handled, beside its phase; nothing for other records."""
    if not isinstance(record, Initiative):
        return []
    return [Chip(_(record.status.label), Tone.GREY, _HANDLING[record.status])]


def sync_chip(state: RecordState | None, *, is_connected: bool) -> Chip:
    """Return where a record is on its way to the shared database."""
    match state:
        case RecordState.WAITING:
            return Chip(_("Waits to be sent"), Tone.GREY, "cloud-clock-outline")
        case RecordState.SENT:
            return Chip(_("Sent, no receipt yet"), Tone.GREY, "cloud-upload-outline")
        case RecordState.PHOTO:
            return Chip(_("Photo waits"), Tone.GREY, "image-sync-outline")
        case RecordState.CONFLICT:
            return Chip(_("Choose value"), Tone.AMBER, "source-merge")
        case RecordState.REFUSED:
            return Chip(_("Refused"), Tone.RED, "alert-octagon-outline")
    if not is_connected or state is RecordState.LOCAL:
        return Chip(_("On this laptop"), Tone.GREY, "laptop")
    return Chip(_("Stored"), Tone.GREEN, "cloud-check-outline")


def example_chip() -> Chip:
    """Return the mark of example data."""
    return Chip(_("Example data"), Tone.AMBER, "flask-outline")
