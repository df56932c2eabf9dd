"""Attachments in the shared database in memory."""

import hashlib
from collections.abc import Mapping, Sequence

from db.entities.place import MAX_ATTACHMENT_BYTES
from db.errors import Rejected
from db.fields import N_
from db.shared.memory_view import MemoryView
from db.shared.rights import Right

DAMAGED = N_("The attachment was damaged on its way. It will be sent again.")
REFUSED = N_("The attachment could not be stored.")


class MemoryBlobs(MemoryView):
    """A `Blobs` of `db.shared.protocol`."""

    def blob_offsets(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """Return how many bytes of each attachment are there; its size when it is complete."""
        with self._server.lock:
            return {name: self._held(name, size) for name, size in sizes.items()}

    def _held(self, name: str, size: int) -> int:
        begun = self._server.blob_sizes.get(name)
        held = len(self._server.blobs.get(name, b""))
        return held if begun in (size, held) else 0

    def put_blob(self, sha256: str, offset: int, total: int, content: bytes) -> int:
        """Add a piece of an attachment; return where the next one begins."""
        if Right.WRITE.value not in self._rights:
            raise Rejected(REFUSED)
        if not 1 <= total <= MAX_ATTACHMENT_BYTES or offset < 0 or offset + len(content) > total:
            raise Rejected(REFUSED)
        with self._server.lock:
            held = self._begun(sha256, total)
            if len(held) == self._server.blob_sizes[sha256] or len(held) != offset:
                return len(held)
            held += content
            if len(held) == total and hashlib.sha256(held).hexdigest() != sha256:
                del self._server.blobs[sha256], self._server.blob_sizes[sha256]
                raise Rejected(DAMAGED)
            return len(held)

    def _begun(self, sha256: str, total: int) -> bytearray:
        """Return what is held; what was begun with another size makes room."""
        blobs, sizes = self._server.blobs, self._server.blob_sizes
        is_complete = sha256 in blobs and len(blobs[sha256]) == sizes[sha256]
        if sha256 not in blobs or (not is_complete and sizes[sha256] != total):
            blobs[sha256], sizes[sha256] = bytearray(), total
        return blobs[sha256]

    def put_blobs(self, contents: Mapping[str, bytes]) -> set[str]:
        """Store small attachments whole; return those that are there now."""
        return {name for name, content in contents.items() if self._is_put(name, content)}

    def _is_put(self, name: str, content: bytes) -> bool:
        try:
            return self.put_blob(name, 0, len(content), content) == len(content)
        except Rejected:
            return False

    def get_blob(self, sha256: str, offset: int, size: int) -> bytes:
        """Return a piece of an attachment; empty when it is not there or past its end."""
        with self._server.lock:
            held = self._server.blobs.get(sha256, bytearray())
            is_whole = len(held) == self._server.blob_sizes.get(sha256)
            belongs = any(
                row.entity == "attachment"
                and sha256 in (row.values.get("sha256"), row.values.get("thumbnail"))
                and self._may_see_row(row)
                for row in self._server.rows.values()
            )
            return bytes(held[offset : offset + size]) if is_whole and belongs else b""

    def get_blobs(self, names: Sequence[str], size: int) -> dict[str, bytes]:
        """Return the first `size` bytes of several attachments; empty for what is not there."""
        return {name: self.get_blob(name, 0, size) for name in names}
