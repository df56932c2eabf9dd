"""The outbox as a file for a person: what waits and what was refused, as CSV or JSON.

A person reads it, or types it over when a laptop is dying; what another laptop can deliver is the
emergency bundle. JSON holds the changes whole, so that nothing is left out.
"""

import csv
import io
import json
import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from db.entities import ENTITIES
from db.errors import StorageFull, UserProblem
from db.fields import N_
from db.local.journal import OWN, OutboxEntry
from db.local.store import LocalStore
from desktop_app.i18n import _, local_time
from desktop_app.services.export_tables import csv_text
from desktop_app.services.outbox_text import OutboxText, texts_of
from desktop_app.services.typed_text import Names

FORMAT = "naoberkaart-outbox-1"


def export_outbox(store: LocalStore, path: Path, names: Names) -> int:
    """Write what is not in the shared database to .csv or .json; return how many changes.

    Raises:
        UserProblem: the file has another ending. StorageFull: it could not be written.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise UserProblem(N_("Choose a file name that ends in .csv or .json."))
    entries = store.outbox(OWN, limit=-1)
    content = write(entries, texts_of(store, entries, names), names)
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)  # noqa: PTH105 - atomic on every platform
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise StorageFull(N_("The file could not be written: %(name)s."), name=path.name) from exc
    return len(entries)


def outbox_json(entry: OutboxEntry, text: OutboxText) -> dict[str, Any]:
    """Return one change with its state, whole, and in words."""
    return {
        **entry.change.to_json(),
        "state": entry.state.value,
        "receipt": entry.receipt,
        "receipted_at": entry.receipted_at.isoformat() if entry.receipted_at else None,
        "reason": entry.reason,
        "title": text.title,
        "what": text.what,
    }


def _json(entries: Iterable[OutboxEntry], texts: Iterable[OutboxText], names: Names) -> bytes:
    changes = [outbox_json(*pair) for pair in zip(entries, texts, strict=True)]
    value = {"format": FORMAT, "changes": changes}
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(entries: Iterable[OutboxEntry], texts: Iterable[OutboxText], names: Names) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(
        [_("Moment"), _("Kind of record"), _("Title"), _("What"), _("State"), _("Reason"),
         _("Made by"), _("Values"), _("Number of the change")]
    )  # fmt: skip
    for entry, text in zip(entries, texts, strict=True):
        change = entry.change
        cells = (
            _moment(change.made_at), _(ENTITIES[change.entity].LABEL), text.title, text.what,
            state_word(entry), text.reason, _maker(change.author, names),
            json.dumps(dict(change.values), ensure_ascii=False), str(change.id),
        )  # fmt: skip
        writer.writerow([csv_text(cell) for cell in cells])
    return stream.getvalue().encode("utf-8-sig")


def state_word(entry: OutboxEntry) -> str:
    """Return where a change is, in a word or two."""
    return _(_STATES[entry.state.value])


_STATES = {
    "waiting": N_("waits to be sent"),
    "sent": N_("sent, no receipt yet"),
    "stored": N_("arrived"),
    "conflict": N_("double edit"),
    "refused": N_("refused"),
    "replaced": N_("sent anew"),
    "taken_back": N_("taken back"),
}


def _maker(author: UUID | None, names: Names) -> str:
    return names("staff", author) if author else ""


def _moment(moment: datetime) -> str:
    return f"{local_time(moment):%d-%m-%Y %H:%M}"


_WRITERS: dict[str, Callable[[Iterable[OutboxEntry], Iterable[OutboxText], Names], bytes]] = {
    ".csv": _csv,
    ".json": _json,
}
