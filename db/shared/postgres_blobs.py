"""Attachments in the shared PostgreSQL; a `Blobs` of `db.shared.protocol`.

Bytes go in binary: as text every one of them would cost two on the line. A server of version 1 knows
no call for several at once; it is asked one by one.
"""

from collections.abc import Mapping, Sequence

import psycopg

from db.errors import Rejected
from db.fields import N_
from db.shared.link import Link

SEVERAL = 2
"""The first version that takes and gives several attachments in one call."""
DAMAGED = N_("The attachment was damaged on its way. It will be sent again.")
REFUSED = N_("The attachment could not be stored.")


class PostgresBlobs(Link):
    """Attachments, to and fro."""

    def blob_offsets(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """Return how many bytes of each attachment are there; its size when it is complete."""
        names = list(sizes)
        if self._version >= SEVERAL:
            query = "SELECT naoberkaart.blob_offsets(%s, %s)"
            found = self._call(query, (names, list(sizes.values())))
            return dict(zip(names, found, strict=True))
        one = "SELECT naoberkaart.blob_offset(%s)"
        return {name: int(self._call(one, (name,))) for name in names}

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
            raise Rejected(REFUSED) from exc
        if held < 0:
            raise Rejected(DAMAGED)
        return held

    def put_blobs(self, contents: Mapping[str, bytes]) -> set[str]:
        """Store small attachments whole; return those that are there now."""
        names = list(contents)
        if self._version >= SEVERAL:
            query = "SELECT naoberkaart.put_blobs(%s, %b)"
            found = self._call(query, (names, list(contents.values())))
            return {name for name, is_stored in zip(names, found, strict=True) if is_stored}
        return {name for name in names if self._is_put(name, contents[name])}

    def _is_put(self, name: str, content: bytes) -> bool:
        try:
            return self.put_blob(name, 0, len(content), content) == len(content)
        except Rejected:
            return False

    def get_blob(self, sha256: str, offset: int, size: int) -> bytes:
        """Return a piece of an attachment; empty when it is not there or past its end."""
        query = "SELECT naoberkaart.get_blob(%s, %s, %s)"
        return bytes(self._call(query, (sha256, offset, size), binary=True))

    def get_blobs(self, names: Sequence[str], size: int) -> dict[str, bytes]:
        """Return the first `size` bytes of several attachments; empty for what is not there."""
        if self._version >= SEVERAL:
            query = "SELECT naoberkaart.get_blobs(%s, %s)"
            found = self._call(query, (list(names), size), binary=True)
            return dict(zip(names, map(bytes, found), strict=True))
        return {name: self.get_blob(name, 0, size) for name in names}
