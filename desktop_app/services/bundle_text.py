"""What is in a bundle and what became of it, in words: for the window, the command line, the report.

The report may lie on the stick beside the sealed file, so it names no person's record and no value.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from db.changes import Change, ChangeKind
from db.entities import ENTITIES
from db.errors import StorageFull
from db.fields import N_, fields_of
from db.shared.protocol import Outcome
from db.sync.bundle_file import SUFFIX
from db.sync.bundled import About
from db.sync.delivering import Answer, Delivery
from desktop_app.i18n import _, format_date, format_size, format_time, local_time, ngettext
from desktop_app.services.history_text import label_in_sentence
from desktop_app.services.outbox_text import reason_text, what_text
from desktop_app.services.typed_text import no_names
from desktop_app.services.words import fold

CHOICE_LATER = N_(
    "The maker's laptop asks this as soon as it has a connection. Does that laptop never come back?"
    " Open the record, go to History and put back what must stay."
)
KEEP_FILE = N_(
    "What was refused is only on the maker's laptop and in this file. Keep the file until that is"
    " settled."
)
OTHER_NAME = N_(
    "The municipality does not know who made this. It is recorded under the name of the deliverer."
)
REPORT_SUFFIX = N_(".report.txt")


@dataclass(frozen=True, slots=True)
class DeliveryText:
    """How a delivery ended: what arrived, and what needs a person, with what to do about it."""

    summary: str
    asks: tuple[str, ...]
    refused: tuple[str, ...]
    notes: tuple[str, ...]


def file_name(maker: str, today: date) -> str:
    """Return a name to propose: "werk-balie-rekken-2026-11-24.naober"."""
    name = re.sub(r"[^a-z0-9]+", "-", fold(maker)).strip("-")
    return "-".join(part for part in (_("work"), name, today.isoformat()) if part) + SUFFIX


def contents_text(about: About) -> str:
    """Return "12 changes and 3 attachments (4,2 MB)"."""
    changes = ngettext("%(count)d change", "%(count)d changes", about.changes)
    told = changes % {"count": about.changes}
    if not about.blobs:
        return told
    photos = ngettext("%(count)d attachment", "%(count)d attachments", about.blobs)
    shown = {
        "changes": told,
        "photos": photos % {"count": about.blobs},
        "size": format_size(about.size_bytes),
    }
    return _("%(changes)s and %(photos)s (%(size)s)") % shown


def about_text(about: About) -> str:
    """Return who made a bundle, when, and how much is in it."""
    shown = {
        "maker": about.maker_name or _("a laptop without a name"),
        "moment": _moment(about.made_at),
        "contents": contents_text(about),
    }
    return _("Work of %(maker)s, made on %(moment)s: %(contents)s.") % shown


def made_text(about: About, path: Path) -> str:
    """Return how making a bundle ended."""
    shown = {"contents": contents_text(about), "file": path.name}
    return _("%(contents)s written to %(file)s, and read back.") % shown


def delivery_text(delivery: Delivery) -> DeliveryText:
    """Return how a delivery ended, in words."""
    notes = [_(OTHER_NAME)] if delivery.is_other_name else []
    if delivery.photos_failed:
        words = ngettext(
            "%(count)d attachment was not taken. Deliver the file again.",
            "%(count)d attachments were not taken. Deliver the file again.",
            delivery.photos_failed,
        )
        notes.append(words % {"count": delivery.photos_failed})
    return DeliveryText(
        _summary(delivery),
        tuple(f"{title_of(one)}: {_asked(one)}" for one in delivery.asks),
        tuple(f"{title_of(one)}: {_refused(one)}" for one in delivery.refused),
        tuple(notes),
    )


def _summary(delivery: Delivery) -> str:
    total = delivery.about.changes
    arrived = ngettext("%(count)d change arrived.", "%(count)d changes arrived.", delivery.arrived)
    parts = [arrived % {"count": delivery.arrived}] if delivery.arrived or not total else []
    if delivery.asks:
        words = ngettext(
            "%(count)d asks the maker for a choice.",
            "%(count)d ask the maker for a choice.",
            len(delivery.asks),
        )
        parts.append(words % {"count": len(delivery.asks)})
    if delivery.refused:
        words = ngettext("%(count)d was refused.", "%(count)d were refused.", len(delivery.refused))
        parts.append(words % {"count": len(delivery.refused)})
    if delivery.photos:
        words = ngettext(
            "%(count)d attachment arrived.", "%(count)d attachments arrived.", delivery.photos
        )
        parts.append(words % {"count": delivery.photos})
    if delivery.known and delivery.known == total:
        parts.append(_("All of it was there already; nothing was done twice."))
    elif delivery.known:
        words = ngettext(
            "%(count)d of them was there already.",
            "%(count)d of them were there already.",
            delivery.known,
        )
        parts.append(words % {"count": delivery.known})
    return " ".join(parts)


def title_of(answer: Answer) -> str:
    """Return the record's title, or its kind where the title is a person's."""
    entity = ENTITIES.get(answer.change.entity)
    if entity is None:
        return _("a newer kind of record")
    return _(entity.LABEL) if entity.IS_PERSONAL else answer.title or _(entity.LABEL)


def _asked(answer: Answer) -> str:
    receipt = answer.receipt
    if receipt.reason == "deleted":
        return _("deleted there, edited here")
    if answer.change.kind is ChangeKind.DELETE:
        return _("deleted here, edited there")
    specs = fields_of(ENTITIES[answer.change.entity])
    names = [name for one in receipt.conflicts for name in one.fields]
    labels = [label_in_sentence(specs[name]) for name in names if name in specs]
    fields = ", ".join(labels) or _("a newer field")
    return _("two people changed the same (%(fields)s)") % {"fields": fields}


def _refused(answer: Answer) -> str:
    change = answer.change
    if change.entity not in ENTITIES:
        return _("the municipality's version does not know this yet.")
    reason = reason_text(change, answer.receipt.reason)
    if change.kind is ChangeKind.CREATE:
        return _("refused: %(reason)s") % {"reason": reason}
    shown = {"what": what_text(change, no_names), "reason": reason}
    return _("%(what)s. Refused: %(reason)s") % shown


# The report


def report_path(bundle: Path) -> Path:
    """Return where the report of a bundle stands: beside it."""
    return bundle.with_name(bundle.name + _(REPORT_SUFFIX))


def report_text(delivery: Delivery, bundle: Path, at: datetime) -> str:
    """Return the report, for whoever picks the stick up."""
    told = delivery_text(delivery)
    shown = {"file": bundle.name, "name": delivery.deliverer, "moment": _absolute(at)}
    lines = [
        about_text(delivery.about),
        _("Delivered from %(file)s by %(name)s on %(moment)s.") % shown,
        "",
        told.summary,
        *told.notes,
    ]
    lines += _part(_("Asks for a choice"), told.asks, _(CHOICE_LATER))
    lines += _part(_("Refused"), told.refused, _(KEEP_FILE))
    return "\n".join(lines) + "\n"


def _part(title: str, items: Iterable[str], what_to_do: str) -> list[str]:
    listed = [f"- {item}" for item in items]
    return ["", title, *listed, what_to_do] if listed else []


def write_report(delivery: Delivery, bundle: Path, at: datetime, path: Path) -> None:
    """Write the report to `path`.

    Raises:
        StorageFull: it can't be written there.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(report_text(delivery, bundle, at), encoding="utf-8-sig")
        os.replace(part, path)  # noqa: PTH105 - atomic on every platform
    except OSError as exc:
        message = N_("The report could not be written to %(name)s. The work was delivered.")
        raise StorageFull(message, name=path.name) from exc


def about_json(about: About) -> dict[str, Any]:
    """Return what a bundle says of itself, for machines."""
    return {
        "maker": about.maker_name, "maker_id": about.maker or None, "made_at": about.made_at,
        "municipality": about.municipality, "device": about.device_id, "changes": about.changes,
        "attachments": about.blobs, "size_bytes": about.size_bytes,
        "needs_contacts": about.needs_contacts,
    }  # fmt: skip


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """Return how a delivery ended, for machines."""
    return {
        "maker": delivery.about.maker_name, "changes": delivery.about.changes,
        "arrived": delivery.arrived, "known": delivery.known,
        "asks": [_answer_json(one) for one in delivery.asks],
        "refused": [_answer_json(one) for one in delivery.refused],
        "attachments": delivery.photos, "attachments_failed": delivery.photos_failed,
        "recorded_as_deliverer": delivery.is_other_name,
    }  # fmt: skip


def _answer_json(answer: Answer) -> dict[str, Any]:
    change, receipt = answer.change, answer.receipt
    return {
        **change_json(change, title_of(answer)),
        "outcome": receipt.outcome.value, "reason": receipt.reason, "receipt": receipt.number,
        "fields": sorted(n for one in receipt.conflicts for n in one.fields)
        if receipt.outcome is not Outcome.REFUSED else sorted(change.values),
    }  # fmt: skip


def change_text(change: Change, title: str) -> str:
    """Return which change of which record this is, in words, without its values."""
    if change.entity not in ENTITIES:
        return f"{title or change.record_id}: {_('a newer kind of record')}"
    return f"{title}: {what_text(change, no_names)}"


def change_json(change: Change, title: str) -> dict[str, Any]:
    """Return which change of which record this is, without its values."""
    return {
        "change": str(change.id), "entity": change.entity, "record_id": str(change.record_id),
        "kind": change.kind.value, "title": title, "fields": sorted(change.values),
    }  # fmt: skip


def _moment(text: str) -> str:
    try:
        return _absolute(datetime.fromisoformat(text))
    except ValueError:
        return text


def _absolute(moment: datetime) -> str:
    """Return a moment with its day: what is written today is read tomorrow."""
    shown = {"day": format_date(local_time(moment).date()), "time": format_time(moment)}
    return _("%(day)s at %(time)s") % shown
