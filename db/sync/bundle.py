"""Putting a laptop's unsent work in one encrypted file, to be carried to where there is a connection.

For a broken network card, a hall without reception, a dying laptop. Nothing leaves the outbox: only a
receipt takes a change out of it. But from here on a change may arrive without this laptop knowing, as
after a push whose answer was lost. So the changes are marked as sent first: from that moment they keep
their ids and values, and what the laptop sends later has no second effect. Refused changes go along,
as a dying laptop may be the only place where their values are; the shared database refuses them again.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from db.changes import SYNC, Change, ChangeSet, now
from db.entities import ENTITIES
from db.fields import N_
from db.local import blobs, listing, meta
from db.local.engine import reading, writing
from db.local.journal import UNSETTLED
from db.local.store import LocalStore
from db.shared.checks import is_personal
from db.sync.bundle_file import BATCH, BundleWriter, writing_bundle
from db.sync.bundled import About, Bundled, BundleProblem
from db.sync.progress import Cancelled, Step

NOTHING = N_("Nothing is waiting to be sent. There is nothing to put on a USB stick.")
EXAMPLE = N_("These are examples. They are never sent, so they need no USB stick.")
STOPPED = N_("Stopped. No file was made.")

_UNSENT_BLOBS = (
    " FROM blob WHERE stored_at IS NULL AND sha256 IN (SELECT sha256 FROM attachment WHERE deleted = 0"
    " UNION SELECT thumbnail FROM attachment WHERE deleted = 0)"
)


@dataclass(frozen=True, slots=True)
class Carried:
    """How much there is to carry: changes (refused ones too), attachments and their bytes."""

    changes: int
    blobs: int
    size_bytes: int


def to_carry(store: LocalStore) -> Carried:
    """Return how much there is to put in a bundle now."""
    with reading(store.engine) as connection:
        return _to_carry(connection)


def make_bundle(
    store: LocalStore,
    path: Path,
    passphrase: str,
    progress: Callable[[Step], None] = lambda step: None,
    cancel: Event | None = None,
) -> About:
    """Write all unsent work to `path`, readable with `passphrase`; return what is in it.

    Raises:
        BundleProblem: there is nothing to carry, or the passphrase is too short.
        StorageFull: there is no room, or the stick is gone. Cancelled: on request. `path` is whole
        or as it was, whatever happens.
    """
    if store.meta("example"):
        raise BundleProblem(EXAMPLE, reason="example")
    carried = to_carry(store)
    if not carried.changes and not carried.blobs:
        raise BundleProblem(NOTHING, reason="empty")
    stop = cancel or Event()
    with writing_bundle(path, passphrase) as writer:
        with writing(store.engine) as connection:
            last = _mark_sent(connection)
        with reading(store.engine) as connection:
            packing = _Packing(connection, writer, carried, progress, stop)
            packing.put_changes(last)
            packing.put_blobs()
            writer.put_about(packing.about)
    store.announce(ChangeSet(SYNC, {}))
    return packing.about


class _Packing:
    """One filling of a file, from one state of the store."""

    def __init__(
        self,
        connection: Connection,
        writer: BundleWriter,
        carried: Carried,
        progress: Callable[[Step], None],
        stop: Event,
    ) -> None:
        self._connection, self._writer = connection, writer
        self._total = carried.changes + carried.blobs
        self._progress, self._stop = progress, stop
        self._maker = meta.get(connection, "login") or meta.get(connection, "me") or ""
        self._makers = _known_staff(connection)
        self.about = About(
            municipality=meta.get(connection, "municipality") or "",
            epoch=meta.get(connection, "epoch") or "",
            maker=self._maker,
            maker_name=_titles(connection, [self._maker]).get(self._maker, ""),
            device_id=meta.get(connection, "device_id") or "",
            made_at=now().isoformat(),
        )

    def put_changes(self, last: int) -> None:
        """Put in every change up to place `last` that the shared database does not hold."""
        for batch in _batches(self._connection, last):
            titles = _titles(self._connection, [str(change.record_id) for change in batch])
            for change in batch:
                title = titles.get(str(change.record_id)) or _title_in(change)
                self._writer.put_change(Bundled(self._named(change), title))
                if self._is_of_contact(change):
                    self.about = replace(self.about, needs_contacts=True)
            self.about = replace(self.about, changes=self.about.changes + len(batch))
            self._tell()

    def put_blobs(self) -> None:
        """Put in every attachment that was not sent, one in memory at a time."""
        found = self._connection.exec_driver_sql(
            f"SELECT sha256{_UNSENT_BLOBS} ORDER BY size_bytes"
        )
        for sha256 in found.scalars().all():
            content = blobs.read(self._connection, sha256) or b""
            self._writer.put_blob(sha256, content)
            self.about = replace(
                self.about,
                blobs=self.about.blobs + 1,
                size_bytes=self.about.size_bytes + len(content),
            )
            self._tell()

    def _tell(self) -> None:
        self._progress(Step("bundle", self.about.changes + self.about.blobs, self._total))
        if self._stop.is_set():
            raise Cancelled(STOPPED)

    def _named(self, change: Change) -> Change:
        """Return the change under the name it will get when this laptop sends it itself."""
        is_known = change.author is not None and str(change.author) in self._makers
        if is_known or not self._maker:
            return change
        return replace(change, author=UUID(self._maker))

    def _is_of_contact(self, change: Change) -> bool:
        if change.entity not in ENTITIES:
            return False
        if change.entity != "attachment":
            return is_personal(change.entity, change.values)
        owner = self._connection.exec_driver_sql(
            "SELECT belongs_to_entity FROM attachment WHERE id = ?", (str(change.record_id),)
        ).scalar()
        return is_personal("attachment", {"belongs_to_entity": owner})


def _to_carry(connection: Connection) -> Carried:
    one = connection.exec_driver_sql(
        f"SELECT count(*), coalesce(sum(size_bytes), 0){_UNSENT_BLOBS}"
    ).one()
    changes = connection.exec_driver_sql(
        f"SELECT count(*) FROM outbox WHERE {UNSETTLED}"
    ).scalar_one()
    return Carried(int(changes), int(one[0]), int(one[1]))


def _mark_sent(connection: Connection) -> int:
    """Note that all that waits may arrive from now on; return the last place."""
    connection.exec_driver_sql(
        f"UPDATE outbox SET state = 'sent' WHERE state = 'waiting' AND {UNSETTLED}"
    )
    return int(
        connection.exec_driver_sql("SELECT coalesce(max(position), 0) FROM outbox").scalar_one()
    )


def _batches(connection: Connection, last: int) -> Iterator[list[Change]]:
    position = 0
    while True:
        rows: list[Any] = list(
            connection.exec_driver_sql(
                "SELECT position, change FROM outbox WHERE state IN ('sent', 'refused')"
                f" AND {UNSETTLED} AND position > ? AND position <= ? ORDER BY position LIMIT ?",
                (position, last, BATCH),
            )
        )
        if not rows:
            return
        position = rows[-1][0]
        yield [Change.from_json(json.loads(text)) for _position, text in rows]


def _known_staff(connection: Connection) -> frozenset[str]:
    """Return the people that the shared database knows: it gave their records a revision."""
    rows = connection.exec_driver_sql("SELECT id FROM staff WHERE revision > 0")
    return frozenset(rows.scalars().all())


def _titles(connection: Connection, ids: list[str]) -> dict[str, str]:
    found = listing.titles(connection, [UUID(text) for text in ids if text])
    return {str(record_id): title for record_id, title in found.items()}


def _title_in(change: Change) -> str:
    entity = ENTITIES.get(change.entity)
    return str(change.values.get(entity.TITLE) or "") if entity else ""
