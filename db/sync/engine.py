"""One cycle of sync: send, keep the receipts, merge what can be, send again, then receive.

No timer and no thread here; the caller has both. The order is after OfflineIMAP's and vdirsyncer's
lesson that a decision is made once: the shared database decides field by field (`push`), the laptop
merges what it reports and offers that as a new change on the new base. A transaction is never open
across a network call. A cycle of up to 5,000 changes costs hello, push, perhaps one more push, and
pull: at most 4 round trips and one for each page and attachment chunk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from uuid import UUID

from sqlalchemy import Connection

from db.changes import SYNC, Change, ChangeSet, now
from db.errors import Refused
from db.fields import N_
from db.local import conflicts, journal, meta, sending_again, tidying
from db.local.engine import reading, writing
from db.local.store import LocalStore
from db.shared.connecting import REVOKED
from db.shared.protocol import PAGE_SIZE, Page, ServerInfo, SharedDatabase
from db.sync import answers, attachments, replica
from db.sync.progress import Cancelled, Step, stopped

__all__ = ["Cancelled", "CycleResult", "Engine", "Step"]

BATCH = 5000
ROUNDS = 4
"""How often a change that merged by itself is offered again in one cycle before waiting for the next."""


OTHER_PERSON = N_(
    "There is unsent work of someone else on this laptop. Let them log in once, to send it."
)
EXAMPLE = N_("This store holds example data, which is never sent. Begin with an empty store.")


@dataclass(frozen=True, slots=True)
class CycleResult:
    """What a cycle did: changes sent, rows received, conflicts that wait, attachments moved."""

    sent: int
    received: int
    conflicts: int
    refused: int
    photos: int


class Engine:
    """Runs cycles between one store and one shared database."""

    def __init__(self, store: LocalStore, shared: SharedDatabase) -> None:
        """Use a store and an open connection; neither is closed here."""
        self.store = store
        self.shared = shared

    def run_cycle(
        self, progress: Callable[[Step], None] = lambda step: None, cancel: Event | None = None
    ) -> CycleResult:
        """Bring both sides into step.

        Raises:
            Unreachable, Refused: the cycle stopped; the outbox is kept. Cancelled: on request.
        """
        stop = cancel or Event()
        try:
            self._greet(self.shared.hello())
        except Refused as refusal:
            if refusal.reason == "revoked":
                self._hand_in()
            raise
        sent = self._send(progress, stop)
        received = self._receive(progress, stop)
        photos = attachments.exchange(self.store, self.shared, progress, stop)
        with writing(self.store.engine) as connection:
            meta.put(connection, "last_sync", now().isoformat())
            tidying.tidy(connection)
            if not conflicts.has_own_work(connection):
                meta.forget_covered(connection)
        self.store.announce(ChangeSet(SYNC, {}))
        tally = self.store.tally()
        return CycleResult(sent, received, tally.conflicts, tally.refused, photos)

    def _greet(self, info: ServerInfo) -> None:
        """Note who we are; a restored or replaced database gets everything of ours offered again."""
        with writing(self.store.engine) as connection:
            if meta.get(connection, "example"):
                raise Refused(EXAMPLE, reason="example")
            epoch = meta.get(connection, "epoch")
            municipality = meta.get(connection, "municipality")
            if municipality not in (None, info.municipality):
                message = N_("This database belongs to another municipality (%(name)s).")
                raise Refused(message, reason="municipality", name=info.municipality)
            self._refuse_another_person(connection, info)
            if epoch not in (None, str(info.epoch)):
                connection.exec_driver_sql(
                    "UPDATE outbox SET state = 'sent' WHERE state = 'stored'"
                )
            view = replica.view_of(info.rights)
            if epoch != str(info.epoch) or meta.get(connection, "view") != view:
                meta.put(connection, "cursor", "0")
                meta.put(connection, "view", view)
            if epoch != str(info.epoch):
                meta.put(connection, "epoch", str(info.epoch))
                meta.put(connection, "municipality", info.municipality)
            meta.put(connection, "me", str(info.person.id))
            meta.put(connection, "login", str(info.person.id))
            rights = " ".join(sorted(info.rights))
            sending_again.after_new_rights(connection, rights)
            meta.put(connection, "rights", rights)
        self.store.forget_meta()

    @staticmethod
    def _refuse_another_person(connection: Connection, info: ServerInfo) -> None:
        """Never send one person's unsent work under the name of another."""
        if meta.get(connection, "login") in (None, str(info.person.id)):
            return
        if replica.unsent(connection, 1):
            raise Refused(OTHER_PERSON, reason="person")

    def _hand_in(self) -> None:
        """Set what was not sent apart in the database, for the administrator; all of it stays here."""
        with writing(self.store.engine) as connection:
            changes = replica.unsent(connection, -1)
            journal.mark_sent(connection, changes)
        for start in range(0, len(changes), BATCH):
            self.shared.push(changes[start : start + BATCH])

    def _send(self, progress: Callable[[Step], None], stop: Event) -> int:
        sent = rounds = 0
        while rounds < ROUNDS and not stopped(stop):
            with writing(self.store.engine) as connection:
                changes = replica.unsent(connection, BATCH)
                journal.mark_sent(connection, changes)
            if not changes:
                break
            progress(Step("send", sent, sent + len(changes)))
            again = self._send_batch(changes)
            sent += len(changes)
            rounds += 1 if again else 0
        return sent

    def _send_batch(self, changes: list[Change]) -> int:
        receipts = self.shared.push(changes)
        if any(receipt.reason == "revoked" for receipt in receipts):
            raise Refused(REVOKED, reason="revoked")  # nothing was stored; all of it is kept here
        by_id = {change.id: change for change in changes}
        with writing(self.store.engine) as connection:
            again = answers.apply_receipts(connection, self.store.editor, by_id, receipts)
        ids: dict[str, set[UUID]] = {}
        for change in changes:
            ids.setdefault(change.entity, set()).add(change.record_id)
        self.store.announce(
            ChangeSet(SYNC, {entity: frozenset(found) for entity, found in ids.items()})
        )
        return again

    def _receive(self, progress: Callable[[Step], None], stop: Event) -> int:
        received = 0
        while not stopped(stop):
            with reading(self.store.engine) as connection:
                cursor = int(meta.get(connection, "cursor") or 0)
            page = self.shared.pull(cursor, PAGE_SIZE)
            self._apply(page, cursor)
            received += len(page.rows)
            progress(Step("receive", received, 0))
            if page.is_last:
                break
        return received

    def _apply(self, page: Page, cursor: int) -> None:
        """Apply a page in one transaction: rows, history and cursor move together.

        The cursor stays where the user's taking back put it while the page was on its way.
        """
        if page.cursor == cursor and not page.rows and not page.log:
            return
        with writing(self.store.engine) as connection:
            ids = replica.apply_rows(connection, self.store.editor, page.rows, cursor)
            replica.apply_log(connection, page.log)
            if int(meta.get(connection, "cursor") or 0) == cursor:
                meta.put(connection, "cursor", str(page.cursor))
        self.store.announce(ChangeSet(SYNC, ids))
