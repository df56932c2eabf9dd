"""Hearing what others do, and who edits what, of a shared database in memory; a `Live`."""

from collections.abc import Iterable
from time import monotonic
from uuid import UUID

from db.shared.live import SHARES_EDITING, Editing, News, Waker
from db.shared.memory_live import Ear, Open
from db.shared.memory_server import MemoryContents
from db.shared.memory_view import MemoryView
from db.shared.protocol import Person


class MemoryPresence(MemoryView):
    """One person's ear, and what they have open."""

    def __init__(self, server: MemoryContents, person: Person) -> None:
        super().__init__(server, person)
        self._ear = Ear()

    @property
    def moved_at(self) -> float:
        """Return when the last byte came or went: memory answers at once."""
        return monotonic()

    def listen(self) -> None:
        """Hear from now on what others do."""
        with self._server.lock:
            if self._ear not in self._server.live.ears:
                self._server.live.ears.append(self._ear)

    def hear(self, timeout_s: float, waker: Waker) -> frozenset[News]:
        """Return what others did since; wait for it until `waker` wakes or `timeout_s` passed."""
        self.listen()
        with self._server.lock:
            self._ear.waker = waker
            is_news = bool(self._ear.heard)
        if not is_news:
            waker.wait(timeout_s)
        with self._server.lock:
            heard = frozenset(self._ear.heard)
            self._ear.heard.clear()
            self._ear.waker = None
        return heard

    def share_editing(
        self, device_id: UUID, records: Iterable[tuple[str, UUID]]
    ) -> tuple[Editing, ...]:
        """Tell all that is open in forms here (entity, id); return what others have open."""
        server = self._server
        with server.lock:
            if server.version < SHARES_EDITING or self._person.id in server.revoked:
                return ()
            server.live.set_open(self._person.id, device_id, records, self._ear)
            return tuple(
                self._told(one)
                for one in server.live.now_open()
                if one.device != device_id and self._may_see_open(one)
            )

    def _may_see_open(self, one: Open) -> bool:
        row = self._server.rows.get((one.entity, one.record_id))
        return row is not None and self._may_see_row(row)

    def _told(self, one: Open) -> Editing:
        staff = self._server.rows.get(("staff", one.person))
        name = str(staff.values.get("name") or "") if staff else ""
        left_s = one.until - self._server.live.clock()
        return Editing(one.entity, one.record_id, one.person, name, left_s)

    def sever(self) -> None:
        """Wake who waits; there is no line to break."""
        with self._server.lock:
            if self._ear.waker is not None:
                self._ear.waker.wake()

    def close(self) -> None:
        """Hear nothing more."""
        with self._server.lock:
            if self._ear in self._server.live.ears:
                self._server.live.ears.remove(self._ear)
