"""One cycle of sync: send, keep the receipts, merge what can be, send again, then receive.

No timer and no thread here; the caller has both. The order is after OfflineIMAP's and vdirsyncer's
lesson that a decision is made once: the shared database decides field by field (`push`), the laptop
merges what it reports and offers that as a new change on the new base. A transaction is never open
across a network call. A cycle of up to 5,000 changes costs hello, push, perhaps one more push, and
pull: at most 4 round trips and one for each page and attachment chunk.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event
from uuid import UUID

from sqlalchemy import Connection

from db.changes import SYNC, Change, ChangeSet, now
from db.entities import ENTITIES
from db.errors import Refused
from db.fields import N_
from db.local import (
    conflicts,
    digests,
    forgetting,
    journal,
    meta,
    sending_again,
    tidying,
    true_time,
)
from db.local.engine import reading, writing
from db.local.store import LocalStore
from db.pauses import uncollected
from db.shared.connecting import RESTORED, REVOKED
from db.shared.protocol import PAGE_SIZE, Page, ServerInfo, SharedDatabase
from db.shared.rights import Right
from db.sync import answers, attachments, awaited, checking, replica, restoring
from db.sync.checking import Check
from db.sync.progress import Cancelled, Step, stopped

__all__ = ["Cancelled", "CycleResult", "Engine", "Step"]

Sums = Mapping[str, tuple[int, int]]

BATCH = 5000
ROUNDS = 4
"""How often a change that merged by itself is offered again in one cycle before waiting for the next."""


OTHER_PERSON = N_(
    "There is unsent work of someone else on this laptop. Let them log in once, to send it."
)
EMPTIED = N_(
    "The shared database has suddenly lost most of its records. Nothing was changed. Call your"
    " administrator."
)
FEW = 20
"""So many records may vanish without an alarm: a new database has next to none."""
EXAMPLE = N_("This store holds example data, which is never sent. Begin with an empty store.")


@dataclass(frozen=True, slots=True)
class CycleResult:
    """What a cycle did: changes sent, rows received, conflicts that wait, attachments moved."""

    sent: int
    received: int
    conflicts: int
    refused: int
    photos: int
    offered_again: int = 0
    """Changes that a restored shared database had lost."""
    check: Check | None = None
    """How both sides compared; None when the server can't tell (version 1)."""


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
            return self._cycle(progress, stop)
        except Refused as refusal:
            if refusal.reason != "restored":
                raise
        # It was put back in the middle of the cycle: begin again, the greeting sees to it.
        return self._cycle(progress, stop)

    def _cycle(self, progress: Callable[[Step], None], stop: Event) -> CycleResult:
        offered_again = self._meet()
        sent = self._send(progress, stop)
        received, sums = self._receive(progress, stop)
        check = checking.check(self.store, self.shared, sums, received) if sums else None
        photos = attachments.exchange(self.store, self.shared, progress, stop)
        if check is not None and checking.is_whole_check_due(self.store):
            check = checking.check_contents(self.store, self.shared, progress, stop)
        with writing(self.store.engine) as connection:
            meta.put(connection, "last_sync", now().isoformat())
            tidying.tidy(connection)
            if not conflicts.has_own_work(connection):
                meta.forget_covered(connection)
            forgotten = forgetting.forget_left(connection)
        self.store.announce(ChangeSet(SYNC, forgotten))
        tally = self.store.tally()
        return CycleResult(
            sent, received, tally.conflicts, tally.refused, photos, offered_again, check
        )

    def _meet(self) -> int:
        """Learn which database answers; return how many changes it lost and are offered again."""
        with reading(self.store.engine) as connection:
            cursor, tip = meta.furthest(connection)
            epoch = meta.get(connection, "epoch")
        try:
            info = self.shared.hello(cursor, tip)
            self._greet(info)
        except Refused as refusal:
            if refusal.reason == "revoked":
                self._hand_in()
            raise
        if info.is_known and epoch in (None, str(info.epoch)):
            return 0
        return restoring.offer_again(self.store, self.shared, info)

    def _greet(self, info: ServerInfo) -> None:
        """Note who we are; raises when nothing may be exchanged, before anything is."""
        with writing(self.store.engine) as connection:
            if meta.get(connection, "example"):
                raise Refused(EXAMPLE, reason="example")
            epoch = meta.get(connection, "epoch")
            municipality = meta.get(connection, "municipality")
            if municipality not in (None, info.municipality):
                message = N_("This database belongs to another municipality (%(name)s).")
                raise Refused(message, reason="municipality", name=info.municipality)
            self._refuse_another_person(connection, info)
            self._refuse_emptiness(connection, info)
            view = replica.view_of(info.rights, info.version)
            if meta.get(connection, "view") != view:
                meta.put(connection, "cursor", "0")
                meta.put(connection, "view", view)
            if epoch is None:
                meta.put(connection, "epoch", str(info.epoch))
                meta.put(connection, "municipality", info.municipality)
            rights = " ".join(sorted(info.rights))
            sending_again.after_greeting(connection, rights, str(info.version))
            meta.put(connection, "server_version", str(info.version))
            true_time.note(connection, info.at)
            meta.put(connection, "me", str(info.person.id))
            meta.put(connection, "login", str(info.person.id))
            meta.put(connection, "rights", rights)
        self.store.forget_meta()

    @staticmethod
    def _refuse_another_person(connection: Connection, info: ServerInfo) -> None:
        """Never send one person's unsent work under the name of another."""
        if meta.get(connection, "login") in (None, str(info.person.id)):
            return
        if replica.unsent(connection, 1):
            raise Refused(OTHER_PERSON, reason="person")

    @staticmethod
    def _refuse_emptiness(connection: Connection, info: ServerInfo) -> None:
        """Stop before a shared side that has suddenly lost most of what is here (S8).

        A person may accept it (the small setting `accept_emptied`): then all is offered again. No
        alarm when it is this person who may see less, or when what was deleted is purged.
        """
        held = digests.held(connection)
        is_emptied = info.held is not None and held >= FEW and info.held * 2 < held
        if is_emptied and info.held is not None:
            held = _held_alive(connection, sees_contacts=Right.CONTACTS.value in info.rights)
            is_emptied = held >= FEW and info.held * 2 < held
        if is_emptied and meta.get(connection, "accept_emptied") is None:
            raise Refused(EMPTIED, reason="emptied")
        if not is_emptied:
            meta.put(connection, "accept_emptied", None)

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
            with uncollected(), writing(self.store.engine) as connection:
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
        me = self.store.me
        is_all_mine = all(change.author in (None, me) for change in changes)
        hand_over = self.shared.push if is_all_mine else self.shared.deliver
        receipts = hand_over(changes)
        if any(receipt.reason == "revoked" for receipt in receipts):
            raise Refused(REVOKED, reason="revoked")  # nothing was stored; all of it is kept here
        by_id = {change.id: change for change in changes}
        with uncollected(), writing(self.store.engine) as connection:
            again = answers.apply_receipts(connection, self.store.editor, by_id, receipts)
            awaited.note(connection, receipts)
        self.store.announce(ChangeSet.about(SYNC, changes))
        return again

    def _receive(self, progress: Callable[[Step], None], stop: Event) -> tuple[int, Sums | None]:
        """Take in all news; return how many rows, and what the shared side adds up to."""
        received, sums = 0, None
        while not stopped(stop):
            with reading(self.store.engine) as connection:
                cursor, tip = meta.place(connection)
            page = self.shared.pull(cursor, PAGE_SIZE, tip)
            self._refuse_what_lost_receipts(page)
            self._apply(page, cursor)
            received += len(page.rows)
            progress(Step("receive", received, 0))
            if page.is_last:
                sums = page.sums
                break
        return received, sums

    def _refuse_what_lost_receipts(self, page: Page) -> None:
        """Take nothing from a database that was put back after our last pull and before a receipt.

        What one may not see any more, or what was removed for good, is missing in the history too:
        so the database is asked whether it still has these receipts.
        """
        with reading(self.store.engine) as connection:
            suspect = awaited.missing(connection, page)
        if page.tip and suspect and self.shared.unknown_changes(suspect):
            with writing(self.store.engine) as connection:
                meta.doubt(connection)
            raise Refused(RESTORED, reason="restored")

    def _apply(self, page: Page, cursor: int) -> None:
        """Apply a page in one transaction: rows, history and cursor move together.

        The cursor stays where the user's taking back put it while the page was on its way.
        """
        if page.cursor == cursor and not page.rows and not page.log:
            return
        with uncollected(), writing(self.store.engine) as connection:
            ids = replica.apply_rows(connection, self.store.editor, page.rows, cursor)
            gone = replica.apply_log(connection, page.log)
            if cursor == 0:  # all of it comes fresh: comparing the contents can wait a week
                meta.put(connection, checking.LAST_WHOLE, now().isoformat())
            awaited.settle(connection, page)
            if meta.place(connection)[0] == cursor:
                meta.move_to(connection, page.cursor, page.tip)
        none: frozenset[UUID] = frozenset()
        news = {name: ids.get(name, none) | gone.get(name, none) for name in {*ids, *gone}}
        self.store.announce(ChangeSet(SYNC, news))


def _held_alive(connection: Connection, *, sees_contacts: bool) -> int:
    """Return how many live records of the shared database are here that this person may see."""
    return sum(
        count
        for entity, count in digests.alive(connection).items()
        if sees_contacts or entity not in ENTITIES or not ENTITIES[entity].IS_PERSONAL
    )
