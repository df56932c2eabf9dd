"""The shared database as it really is: PostgreSQL, spoken to through five functions.

Every method is one statement in its own transaction, so one round trip. The connection is made at
the first call and kept; after any failure it is dropped and the next call makes a new one. All that
decides (rights, merging, history) is in the database: see `migrations/versions/sql_0001`.
"""

import json
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from db.changes import Change
from db.errors import Refused, Rejected
from db.fields import N_
from db.shared import connecting
from db.shared.connecting import Address
from db.shared.patience import PATIENCE_S
from db.shared.protocol import PAGE_SIZE, VERSION, Outcome, Page, Person, Receipt, ServerInfo
from db.shared.wire import text_of, unsendable_field

NEWER = N_(
    "The shared database is newer than this program. Install the new version; your work is kept."
)
OLDER = N_("The shared database is older than this program. Ask the administrator to update it.")

_LINE = (
    "seq", "change_id", "entity", "record_id", "kind", "person", "made_at", "applied_at",
    "device_id", "fields",
)  # fmt: skip
_seq = itemgetter("seq")


class PostgresDatabase:
    """One person's connection to the shared PostgreSQL; used by one thread at a time."""

    def __init__(self, address: Address, patience_s: float = PATIENCE_S) -> None:
        """Connect at the first call; give up on a server that is silent for `patience_s`."""
        self._address, self._patience_s = address, patience_s
        self._connection: psycopg.Connection[Any] | None = None
        self._is_listening = False

    def hello(self) -> ServerInfo:
        """Tell which database this is; Refused when the person or the version can't go on."""
        found = self._call("SELECT naoberkaart.hello()::text", ())
        if found is None:
            raise Refused(connecting.NOT_ALLOWED, reason="login")
        said = json.loads(found)
        if said["least_client"] > VERSION:
            raise Refused(NEWER, reason="newer_server")
        if said["version"] < VERSION:
            raise Refused(OLDER, reason="older_server")
        if not said["is_active"]:
            raise Refused(connecting.REVOKED, reason="revoked")
        return ServerInfo(
            epoch=UUID(said["epoch"]),
            version=said["version"],
            municipality=said["municipality"],
            person=Person(UUID(said["person"]), said["name"], tuple(said["roles"])),
            rights=frozenset(said["rights"]),
        )

    def push(self, changes: Sequence[Change]) -> list[Receipt]:
        """Hand over `changes`; one receipt for each, in order."""
        texts = [text_of(change) for change in changes]
        sent = [text for text in texts if text is not None]
        answers = iter(self._push(sent) if sent else [])
        return [
            _unsendable(change) if text is None else next(answers)
            for change, text in zip(changes, texts, strict=True)
        ]

    def _push(self, texts: list[str]) -> list[Receipt]:
        said = self._call(
            "SELECT naoberkaart.push(%s::text::jsonb)::text", (f"[{','.join(texts)}]",)
        )
        return [Receipt.from_json(answer) for answer in json.loads(said)]

    def pull(self, cursor: int, limit: int = PAGE_SIZE) -> Page:
        """Return at most `limit` news items after `cursor`; 0 is the very beginning."""
        page = json.loads(self._call("SELECT naoberkaart.pull(%s, %s)", (cursor, limit)))
        for entity, rows in page["rows"].items():
            for row in rows:
                row["entity"] = entity
        return Page(
            epoch=UUID(page["epoch"]),
            cursor=page["cursor"],
            rows=sorted(chain.from_iterable(page["rows"].values()), key=_seq),
            log=[dict(zip(_LINE, line, strict=True)) for line in page["log"]],
            is_last=page["is_last"],
        )

    def blob_offset(self, sha256: str) -> int:
        """Return how many bytes of the attachment are there; its size when it is complete."""
        return int(self._call("SELECT naoberkaart.blob_offset(%s)", (sha256,)))

    def put_blob(self, sha256: str, offset: int, total: int, content: bytes) -> int:
        """Add a piece of an attachment; return where the next one begins."""
        try:
            held = int(
                self._call(
                    "SELECT naoberkaart.put_blob(%s, %s, %s, %b)", (sha256, offset, total, content)
                )
            )
        except psycopg.Error as exc:
            if exc.sqlstate not in {"NK001", "23514"}:
                raise
            raise Rejected(N_("The attachment could not be stored.")) from exc
        if held < 0:
            raise Rejected(N_("The attachment was damaged on its way. It will be sent again."))
        return held

    def get_blob(self, sha256: str, offset: int, size: int) -> bytes:
        """Return a piece of an attachment; empty when it is not there or past its end."""
        return bytes(self._call("SELECT naoberkaart.get_blob(%s, %s, %s)", (sha256, offset, size)))

    def wait_for_news(self, timeout_s: float) -> bool:
        """Wait until someone else has pushed; False when `timeout_s` passed without.

        It listens on the connection itself, so it is heard in a millisecond and costs no asking.
        """
        try:
            with connecting.errors_told():
                connection = self._opened()
                if not self._is_listening:
                    channel = self._call("SELECT naoberkaart.news_channel()", ())
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                    self._is_listening = True
                own = connection.info.backend_pid
                heard = connection.notifies(timeout=timeout_s, stop_after=1)
                return any(notice.pid != own for notice in heard)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connection; the next call makes a new one."""
        connection, self._connection = self._connection, None
        self._is_listening = False
        if connection is not None:
            connection.close()

    def _opened(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = connecting.connect(self._address, self._patience_s)
            self._is_listening = False
        return self._connection

    def _call(self, query: str, parameters: tuple[object, ...]) -> Any:
        """Run one statement and return its one value."""
        try:
            with connecting.errors_told():
                row = self._opened().execute(query, parameters, prepare=False).fetchone()
        except BaseException:
            self.close()
            raise
        return row[0] if row else None


def _unsendable(change: Change) -> Receipt:
    reason = f"value:{unsendable_field(change)}"
    return Receipt(change.id, Outcome.REFUSED, 0, reason=reason)
