"""Handing a bundle over to the shared database, with the rights of the person who brings it.

The deliverer decides nothing and keeps nothing: a double edit is answered to the maker's laptop as
well, by the same receipt, once it syncs again, and its user chooses. Everything that could go wrong is
looked at before the first change is sent. After that a cut does no harm: a change has one effect, so
the whole file is simply delivered again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from uuid import UUID

from db.changes import Change
from db.errors import Refused, Rejected
from db.fields import N_
from db.shared.connecting import REVOKED
from db.shared.protocol import CHECKED, CHUNK_BYTES, Outcome, Receipt, ServerInfo, SharedDatabase
from db.shared.rights import Right
from db.sync.bundle_file import BATCH, Bundle
from db.sync.bundled import About, Bundled, BundleProblem
from db.sync.progress import Step, stopped

EMPTY = N_("There is no work in this file.")
MUNICIPALITY = N_("This work is of another municipality (%(name)s). It was not delivered.")
OLD_SERVER = N_(
    "The municipality's database is too old to take work of a colleague. Ask your administrator to"
    " update it."
)
NO_RIGHT = N_("You may not change anything there. Have a colleague deliver this who may.")
NO_CONTACTS = N_(
    "There are contact details in this work, and you may not change those. Have a colleague deliver"
    " this who may."
)
MAKER_REVOKED = N_(
    "The access of %(name)s has ended. Deliver this only when your administrator agrees."
)
ELSEWHERE = "change_id"
"""The reason of a change that arrived before, under the name of whoever brought it then."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one change that needs a person, and which record it is about."""

    change: Change
    title: str
    receipt: Receipt


@dataclass(slots=True)
class Delivery:
    """What became of a bundle: counts of changes and attachments, and what needs a person.

    `deliverer` is the name of who brought it. `arrived` are whole in the shared database now, `known`
    of all were there before this time. `is_other_name`: the shared database does not know the maker,
    so the deliverer is named instead.
    """

    about: About
    deliverer: str = ""
    arrived: int = 0
    known: int = 0
    asks: list[Answer] = field(default_factory=list)
    refused: list[Answer] = field(default_factory=list)
    photos: int = 0
    photos_failed: int = 0
    is_other_name: bool = False

    @property
    def needs_person(self) -> bool:
        """Whether anything is left for someone to do."""
        return bool(self.asks or self.refused or self.photos_failed)


def deliver_bundle(
    bundle: Bundle,
    shared: SharedDatabase,
    progress: Callable[[Step], None] = lambda step: None,
    cancel: Event | None = None,
    *,
    accepts_revoked: bool = False,
) -> Delivery:
    """Hand over what is in `bundle`; again is as good as once.

    Raises:
        BundleProblem: it can't be delivered like this; nothing was sent. Unreachable, Refused: the
        line failed; deliver again. Cancelled: on request.
    """
    stop = cancel or Event()
    about = bundle.about
    if not about.changes and not about.blobs:
        raise BundleProblem(EMPTY, reason="empty")
    bundle.verify(stop)
    info = shared.hello()
    _refuse(about, info)
    delivery = Delivery(about, info.person.name)
    delivery.is_other_name = not _is_maker_known(shared, info, about, accepts_revoked)
    total = about.changes + about.blobs
    done = 0
    for batch in bundle.changes(BATCH):
        stopped(stop)
        _hand_over(shared, info, batch, delivery)
        done += len(batch)
        progress(Step("send", done, total))
    _Attachments(bundle, shared, delivery, progress, stop).send(done, total)
    return delivery


def _refuse(about: About, info: ServerInfo) -> None:
    is_own = about.maker == str(info.person.id)
    if about.municipality not in ("", info.municipality):
        raise BundleProblem(MUNICIPALITY, reason="municipality", name=about.municipality)
    if info.version < CHECKED and not is_own:
        raise BundleProblem(OLD_SERVER, reason="older_server")
    if Right.WRITE.value not in info.rights:
        raise BundleProblem(NO_RIGHT, reason="rights")
    if about.needs_contacts and Right.CONTACTS.value not in info.rights:
        raise BundleProblem(NO_CONTACTS, reason="contacts")


def _is_maker_known(
    shared: SharedDatabase, info: ServerInfo, about: About, accepts_revoked: bool
) -> bool:
    """Whether the shared database knows who made this; raises when their access has ended."""
    if about.maker == str(info.person.id):
        return True
    rows = shared.rows("staff", [about.maker]) if about.maker else []
    if rows and not rows[0].get("is_active", True) and not accepts_revoked:
        name = rows[0].get("name") or about.maker_name
        raise BundleProblem(MAKER_REVOKED, reason="revoked", name=name)
    return bool(rows)


def _hand_over(
    shared: SharedDatabase, info: ServerInfo, batch: Sequence[Bundled], delivery: Delivery
) -> None:
    changes = [item.change for item in batch]
    ids = [change.id for change in changes]
    unknown = set(ids)
    if info.version >= CHECKED:
        unknown = shared.unknown_changes(ids)
    receipts = shared.deliver(changes)
    if any(receipt.reason == "revoked" for receipt in receipts):
        raise Refused(REVOKED, reason="revoked")  # the deliverer, a moment ago
    for item, receipt in zip(batch, receipts, strict=True):
        _note(delivery, Answer(item.change, item.title, receipt), unknown)


def _note(delivery: Delivery, answer: Answer, unknown: set[UUID]) -> None:
    receipt = answer.receipt
    delivery.known += receipt.change_id not in unknown
    if receipt.outcome is Outcome.APPLIED or receipt.reason == ELSEWHERE:
        delivery.arrived += 1
    elif receipt.outcome is Outcome.REFUSED:
        delivery.refused.append(answer)
    else:
        delivery.asks.append(answer)


class _Attachments:
    """Brings the bytes of attachments, where a cut left them, each once."""

    def __init__(
        self,
        bundle: Bundle,
        shared: SharedDatabase,
        delivery: Delivery,
        progress: Callable[[Step], None],
        stop: Event,
    ) -> None:
        self._bundle, self._shared, self._delivery = bundle, shared, delivery
        self._progress, self._stop = progress, stop

    def send(self, done: int, total: int) -> None:
        """Send what the shared side does not have: small ones together, large ones in pieces."""
        sizes = dict(self._bundle.blobs())
        offsets = self._shared.blob_offsets(sizes) if sizes else {}
        together: dict[str, bytes] = {}
        for name, size in sizes.items():
            stopped(self._stop)
            if offsets[name] == size:
                self._delivery.photos += 1
            elif size < CHUNK_BYTES and not offsets[name]:
                if sum(map(len, together.values())) + size > CHUNK_BYTES:
                    self._put_together(together)
                    together = {}
                together[name] = self._bundle.blob(name)
            else:
                self._count(self._is_sent(name, offsets[name]))
            done += 1
            self._progress(Step("photos", done, total))
        self._put_together(together)

    def _put_together(self, contents: dict[str, bytes]) -> None:
        stored = self._shared.put_blobs(contents) if contents else set()
        self._count(*(name in stored for name in contents))

    def _is_sent(self, name: str, offset: int) -> bool:
        """Send one attachment; what was begun with other bytes is sent from its beginning."""
        content = self._bundle.blob(name)
        return any(self._goes_on(name, content, begin) for begin in (offset, 0))

    def _goes_on(self, name: str, content: bytes, offset: int) -> bool:
        setbacks = 0
        try:
            while offset < len(content) and setbacks < 3:
                stopped(self._stop)
                piece = content[offset : offset + CHUNK_BYTES]
                follows = self._shared.put_blob(name, offset, len(content), piece)
                setbacks += follows <= offset
                offset = follows
        except Rejected:
            return False
        return offset == len(content)

    def _count(self, *sent: bool) -> None:
        self._delivery.photos += sum(sent)
        self._delivery.photos_failed += len(sent) - sum(sent)
