"""The bytes of attachments, to and fro: the last part of a cycle (promise S12).

Small pictures go first, then small files, then large ones, so that colleagues see something soon and a
video-sized scan keeps nothing else waiting. What the shared side has already is asked for all at once,
small ones cross several at a time, large ones in pieces that go on where a cut or a crash left them.
An attachment that is turned away waits, and holds up no other.
"""

from collections.abc import Callable, Iterable
from threading import Event

from db.changes import SYNC, ChangeSet
from db.errors import Rejected
from db.local import blobs, parts
from db.local.engine import reading, writing
from db.local.store import LocalStore
from db.shared.protocol import SharedDatabase
from db.sync.pace import Pace
from db.sync.progress import FileStep, Step, stopped

SMALL_BYTES = 64 * 1024
"""Every small picture is smaller."""
PICTURE_BYTES = 16 * 1024
"""What a small picture is taken to weigh, as its size is not told beforehand."""
UNKNOWN = -1

Sized = list[tuple[str, int]]


def exchange(
    store: LocalStore, shared: SharedDatabase, progress: Callable[[Step], None], stop: Event
) -> int:
    """Send and fetch what is on one side only; return how many files and pictures were moved."""
    traffic = _Traffic(store, shared, progress, stop)
    _Sending(traffic).run()
    _Fetching(traffic).run()
    return traffic.moved


class _Traffic:
    """What sending and fetching share: both sides, what was moved, and who is told."""

    def __init__(
        self,
        store: LocalStore,
        shared: SharedDatabase,
        progress: Callable[[Step], None],
        stop: Event,
    ) -> None:
        self.store, self.shared, self.stop = store, shared, stop
        self.pace = Pace()
        self.moved = self.total = 0
        self._progress = progress

    def tell(self, file: FileStep | None = None) -> None:
        """Tell how far this is, and stop when that was asked."""
        self._progress(Step("photos", self.moved, self.total, file))
        stopped(self.stop)

    def announce(self, names: Iterable[str]) -> None:
        """Count what was moved, and let the screens know whose it is."""
        moved = list(names)
        if not moved:
            return
        self.moved += len(moved)
        with reading(self.store.engine) as connection:
            ids = blobs.owners(connection, moved)
        self.store.announce(ChangeSet(SYNC, ids))

    def together(self, queue: Sized) -> Sized:
        """Return the first ones that cross whole in one call: as many as make a piece."""
        room = self.pace.bytes_at_once
        batch: Sized = []
        for name, size in queue:
            room -= size
            if room < 0:
                break
            batch.append((name, size))
        return batch


class _Sending:
    """Brings what is only here to the shared side."""

    def __init__(self, traffic: _Traffic) -> None:
        self._traffic = traffic
        self._store, self._shared, self._pace = traffic.store, traffic.shared, traffic.pace

    def run(self) -> None:
        with reading(self._store.engine) as connection:
            todo = [*blobs.pictures_unsent(connection), *blobs.unsent(connection)]
        if not todo:
            return
        traffic = self._traffic
        traffic.total += len(todo)
        traffic.tell()
        offsets = self._shared.blob_offsets(dict(todo))
        self._stored(name for name, size in todo if offsets[name] >= size)
        queue = [(name, size) for name, size in todo if offsets[name] < size]
        while queue:
            batch = traffic.together(queue) if not offsets[queue[0][0]] else []
            batch = [one for one in batch if not offsets[one[0]]]
            if batch:
                self._send_together(batch)
            else:
                batch = queue[:1]
                self._send_in_pieces(*batch[0], offsets[batch[0][0]])
            queue = [one for one in queue if one not in batch]
            traffic.tell()

    def _stored(self, names: Iterable[str]) -> None:
        stored = list(names)
        if stored:
            with writing(self._store.engine) as connection:
                blobs.mark_stored(connection, stored)
            self._traffic.announce(stored)

    def _send_together(self, batch: Sized) -> None:
        found = {name: self._store.blob(name) for name, _size in batch}
        contents = {name: content for name, content in found.items() if content is not None}
        self._pace.begin()
        stored = self._shared.put_blobs(contents)
        self._pace.end(sum(map(len, contents.values())))
        self._stored(stored)

    def _send_in_pieces(self, name: str, size: int, offset: int) -> None:
        """Send one attachment; what turns out to be begun with other bytes is sent from its beginning."""
        content = self._store.blob(name)
        if content is None:
            return
        for begin in (offset, 0):
            try:
                if self._send_from(name, content, begin):
                    self._stored([name])
                return
            except Rejected:
                continue

    def _send_from(self, name: str, content: bytes, offset: int) -> bool:
        """Send what follows on `offset`; False when the shared side does not get any further."""
        setbacks = 0
        while offset < len(content) and setbacks < 3:
            self._traffic.tell(FileStep(name, offset, len(content)))
            piece = content[offset : offset + self._pace.begin()]
            follows = self._shared.put_blob(name, offset, len(content), piece)
            self._pace.end(len(piece))
            setbacks += follows <= offset
            offset = follows
        return offset >= len(content)


class _Fetching:
    """Brings what is only on the shared side here."""

    def __init__(self, traffic: _Traffic) -> None:
        self._traffic = traffic
        self._store, self._shared, self._pace = traffic.store, traffic.shared, traffic.pace

    def run(self) -> None:
        with reading(self._store.engine) as connection:
            pictures = [(name, PICTURE_BYTES) for name in blobs.pictures_missing(connection)]
            files = blobs.missing(connection)
        if not pictures and not files:
            return
        traffic = self._traffic
        traffic.total += len(pictures) + len(files)
        traffic.tell()
        there = self._there([*pictures, *files])
        queue = [one for one in pictures if one[0] in there]
        while queue:
            batch = traffic.together(queue) or queue[:1]
            self._fetch_together(batch)
            queue = queue[len(batch) :]
            traffic.tell()
        self._fetch_files(there)

    def _there(self, wanted: Sized) -> set[str]:
        """Return what colleagues have sent whole."""
        offsets = self._shared.blob_offsets({name: UNKNOWN for name, _size in wanted})
        return {name for name, held in offsets.items() if held}

    def _fetch_together(self, batch: Sized) -> set[str]:
        """Fetch several whole; return those that came."""
        most = max(SMALL_BYTES, *(size for _name, size in batch))
        self._pace.begin()
        contents = self._shared.get_blobs([name for name, _size in batch], most)
        self._pace.end(sum(map(len, contents.values())))
        with writing(self._store.engine) as connection:
            came = {
                name
                for name, content in contents.items()
                if content and parts.accept(connection, name, content)
            }
        self._traffic.announce(came)
        return came

    def _fetch_files(self, there: set[str]) -> None:
        """Fetch files in their order; what is asked for meanwhile goes first."""
        tried: set[str] = set()
        while True:
            with reading(self._store.engine) as connection:
                todo = [one for one in blobs.missing(connection) if one[0] not in tried]
                begun = parts.begun(connection)
            if not todo:
                return
            batch = [
                one
                for one in self._traffic.together(todo)
                if one[0] in there and one[0] not in begun
            ]
            came = self._fetch_together(batch) if len(batch) > 1 else set()
            if not came:
                name, size = todo[0]
                tried.add(name)
                if name in there or self._there([(name, size)]):
                    self._fetch_one(name, size)
            tried |= came
            self._traffic.tell()

    def _fetch_one(self, name: str, size: int) -> None:
        if self._fetch_in_pieces(name, size) or (
            self._is_missing(name) and self._fetch_in_pieces(name, size)
        ):
            self._traffic.announce([name])

    def _is_missing(self, name: str) -> bool:
        with reading(self._store.engine) as connection:
            return blobs.is_missing(connection, name)

    def _fetch_in_pieces(self, name: str, size: int) -> bool:
        """Fetch what has not come yet; False when nobody wants it any more, or it is wrong.

        Wrong bytes are thrown away, so that the next try begins anew.
        """
        with reading(self._store.engine) as connection:
            offset = parts.received_bytes(connection, name)
        while True:
            self._traffic.tell(FileStep(name, min(offset, size), size))
            room = self._pace.begin()
            piece = self._shared.get_blob(name, offset, room)
            self._pace.end(len(piece))
            is_end = len(piece) < room
            with writing(self._store.engine) as connection:
                if not blobs.is_missing(connection, name):
                    return False
                parts.keep(connection, name, offset, piece)
                offset += len(piece)
                if (is_end or offset == size) and parts.complete(connection, name):
                    return True
                if is_end:
                    parts.drop(connection, name)
                    return False
