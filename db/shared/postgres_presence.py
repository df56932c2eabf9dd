"""Hearing what others do, and who edits what, on the line to PostgreSQL; a `Live` of `db.shared.live`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from db.shared import connecting
from db.shared.link import Link
from db.shared.live import SHARES_EDITING, Editing, News, Waker

_LISTEN = """
    DO $$ BEGIN
        EXECUTE format('LISTEN %I', coalesce(naoberkaart.news_channel(), 'naoberkaart'));
        EXECUTE format('LISTEN %I', coalesce(naoberkaart.news_channel(), 'naoberkaart') || '.editing');
    END $$
"""
_SHARE = """
    SELECT naoberkaart.editing(%(device)s, %(entities)s::text[], %(ids)s::uuid[])::text,
           naoberkaart.who_is_editing(%(device)s)
"""
_EDITING_CHANNEL = ".editing"


class PostgresPresence(Link):
    """LISTEN and NOTIFY on the connection itself: heard in a millisecond, and no asking."""

    def listen(self) -> None:
        """Hear from now on what others do; one round trip, once a connection."""
        try:
            with connecting.errors_told():
                connection = self._opened()
                if not self._is_listening:
                    connection.execute(_LISTEN, prepare=False)
                    self._is_listening = True
        except BaseException:
            self.close()
            raise

    def hear(self, timeout_s: float, waker: Waker) -> frozenset[News]:
        """Return what others did since; wait for it until `waker` wakes or `timeout_s` passed.

        What was heard while another statement ran is kept for the next call.
        """
        self.listen()
        return self._drained() or self._waited(timeout_s, waker)

    def _waited(self, timeout_s: float, waker: Waker) -> frozenset[News]:
        with connecting.errors_told():
            waker.wait(timeout_s, self._opened().fileno())
        return self._drained()

    def _drained(self) -> frozenset[News]:
        """Return what has been said without waiting; a line that is down tells so here."""
        try:
            with connecting.errors_told():
                connection = self._opened()
                own = connection.info.backend_pid
                heard = list(connection.notifies(timeout=0))
        except BaseException:
            self.close()
            raise
        return frozenset(_kind(notice.channel) for notice in heard if notice.pid != own)

    def share_editing(
        self, device_id: UUID, records: Iterable[tuple[str, UUID]]
    ) -> tuple[Editing, ...]:
        """Tell all that is open in forms here (entity, id); return what others have open."""
        if self._version < SHARES_EDITING:
            return ()
        mine = list(records)
        given: dict[str, Any] = {
            "device": device_id,
            "entities": [entity for entity, _id in mine],
            "ids": [str(record_id) for _entity, record_id in mine],
        }
        return tuple(_editing_of(said) for said in self._told(given))

    def _told(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        try:
            with connecting.errors_told():
                row = self._opened().execute(_SHARE, given, prepare=False).fetchone()
        except BaseException:
            self.close()
            raise
        return list(row[1]) if row else []


def _kind(channel: str) -> News:
    return News.EDITING if channel.endswith(_EDITING_CHANNEL) else News.CHANGES


def _editing_of(said: dict[str, Any]) -> Editing:
    return Editing(
        said["entity"],
        UUID(said["record_id"]),
        UUID(said["person"]),
        said["name"],
        float(said["left_s"]),
    )
