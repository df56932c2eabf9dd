"""The shared database as it really is: PostgreSQL, spoken to through its functions.

Every method is one statement in its own transaction, so one round trip. The connection is made at
the first call and kept; after any failure it is dropped and the next call makes a new one. All that
decides (rights, merging, history) is in the database: see `migrations/versions/sql_0001`.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from operator import itemgetter
from typing import Any
from uuid import UUID

from db.changes import Change
from db.errors import Refused
from db.fields import N_
from db.pauses import uncollected
from db.shared import connecting
from db.shared.link import GREETING_S
from db.shared.postgres_blobs import PostgresBlobs
from db.shared.postgres_comparison import PostgresComparison
from db.shared.postgres_presence import PostgresPresence
from db.shared.protocol import (
    CHECKED,
    LEAST_SERVER,
    PAGE_SIZE,
    VERSION,
    Outcome,
    Page,
    Person,
    Receipt,
    ServerInfo,
)
from db.shared.wire import text_of, unsendable_field

NEWER = N_(
    "The shared database is newer than this program. Install the new version; your work is kept."
)
OLDER = N_("The shared database is older than this program. Ask the administrator to update it.")

_LINE = (
    "seq", "change_id", "entity", "record_id", "kind", "person", "made_at", "applied_at",
    "device_id", "fields", "delivered_by",
)  # fmt: skip
_seq = itemgetter("seq")


class PostgresDatabase(PostgresBlobs, PostgresComparison, PostgresPresence):
    """One person's connection to the shared PostgreSQL; used by one thread at a time."""

    def hello(self, cursor: int = 0, tip: str = "") -> ServerInfo:
        """Tell which database this is, and whether its history runs through (`cursor`, `tip`)."""
        found = self._greet(cursor, tip)
        if found is None:
            raise Refused(connecting.NOT_ALLOWED, reason="login")
        said = json.loads(found)
        if said["least_client"] > VERSION:
            raise Refused(NEWER, reason="newer_server")
        if said["version"] < LEAST_SERVER:
            raise Refused(OLDER, reason="older_server")
        if not said["is_active"]:
            raise Refused(connecting.REVOKED, reason="revoked")
        self._version = said["version"]
        return ServerInfo(
            epoch=UUID(said["epoch"]),
            version=said["version"],
            municipality=said["municipality"],
            person=Person(UUID(said["person"]), said["name"], tuple(said["roles"])),
            rights=frozenset(said["rights"]),
            is_known=said.get("is_known", True),
            held=said.get("held"),
            at=datetime.fromtimestamp(said["at"], UTC) if "at" in said else None,
        )

    def _greet(self, cursor: int, tip: str) -> Any:
        if self._version >= CHECKED:
            try:
                return self._call(
                    "SELECT naoberkaart.greet(%s, %s)::text", (cursor, tip), patience_s=GREETING_S
                )
            except Refused as refusal:
                if refusal.reason != "older_server":
                    raise
                self._version = LEAST_SERVER
        return self._call("SELECT naoberkaart.hello()::text", (), patience_s=GREETING_S)

    def push(self, changes: Sequence[Change]) -> list[Receipt]:
        """Hand over `changes`; one receipt for each, in order."""
        return self._hand_over("push", changes)

    def deliver(self, changes: Sequence[Change]) -> list[Receipt]:
        """Hand over what others made, in their names; rights are those of who is logged in."""
        return self._hand_over("deliver" if self._version >= CHECKED else "push", changes)

    def _hand_over(self, function: str, changes: Sequence[Change]) -> list[Receipt]:
        with uncollected():
            texts = [text_of(change) for change in changes]
        sent = [text for text in texts if text is not None]
        answers = iter(self._push(function, sent) if sent else [])
        return [
            _unsendable(change) if text is None else next(answers)
            for change, text in zip(changes, texts, strict=True)
        ]

    def _push(self, function: str, texts: list[str]) -> list[Receipt]:
        said = self._call(
            f"SELECT naoberkaart.{function}(%s::text::jsonb)::text", (f"[{','.join(texts)}]",)
        )
        with uncollected():
            return [Receipt.from_json(answer) for answer in json.loads(said)]

    def pull(self, cursor: int, limit: int = PAGE_SIZE, tip: str = "") -> Page:
        """Return at most `limit` news items after `cursor`; 0 is the very beginning."""
        if self._version >= CHECKED:
            said = self._call("SELECT naoberkaart.pull(%s, %s, %s)", (cursor, limit, tip))
        else:
            said = self._call("SELECT naoberkaart.pull(%s, %s)", (cursor, limit))
        with uncollected():
            return _page(json.loads(said))


def _page(said: dict[str, Any]) -> Page:
    for entity, rows in said["rows"].items():
        for row in rows:
            row["entity"] = entity
    sums = said.get("sums")
    return Page(
        epoch=UUID(said["epoch"]),
        cursor=said["cursor"],
        rows=sorted(chain.from_iterable(said["rows"].values()), key=_seq),
        log=[dict(zip(_LINE, line, strict=False)) for line in said["log"]],
        is_last=said["is_last"],
        tip=said.get("tip", ""),
        sums={name: (n, total) for name, (n, total) in sums.items()} if sums else None,
    )


def _unsendable(change: Change) -> Receipt:
    reason = f"value:{unsendable_field(change)}"
    return Receipt(change.id, Outcome.REFUSED, 0, reason=reason)
