"""Attachments in the shared PostgreSQL; a `Blobs` of `db.shared.protocol`."""

import psycopg

from db.errors import Rejected
from db.fields import N_
from db.shared.link import Link


class PostgresBlobs(Link):
    """Pieces of attachments, to and fro."""

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
