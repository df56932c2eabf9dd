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

from db.changes import Change, ChangeKind
from db.errors import Refused, Rejected
from db.fields import N_
from db.shared import connecting
from db.shared.connecting import Address
from db.shared.protocol import PAGE_SIZE, VERSION, Page, Person, Receipt, ServerInfo

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

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: psycopg.Connection[Any] | None = None

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
        if not changes:
            return []
        sent = json.dumps([_sent(change) for change in changes], ensure_ascii=False)
        answers = self._call("SELECT naoberkaart.push(%s::text::jsonb)::text", (sent,))
        return [Receipt.from_json(answer) for answer in json.loads(answers)]

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

    def close(self) -> None:
        """Let go of the connection; the next call makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _call(self, query: str, parameters: tuple[object, ...]) -> Any:
        """Run one statement and return its one value."""
        try:
            with connecting.errors_told():
                if self._connection is None or self._connection.closed:
                    self._connection = connecting.connect(self._address)
                row = self._connection.execute(query, parameters, prepare=False).fetchone()
        except BaseException:
            self.close()
            raise
        return row[0] if row else None


def _sent(change: Change) -> dict[str, Any]:
    """Return the wire form; what a new record leaves empty (most of it) is left out."""
    wire = change.to_json()
    if change.kind is ChangeKind.CREATE:
        wire["values"] = {name: v for name, v in change.values.items() if v is not None}
    return wire
