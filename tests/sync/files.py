"""Photos with a record, and a line that counts their bytes and is cut at a piece."""

import random
from hashlib import sha256
from uuid import uuid4

from db.entities.initiative import Initiative
from db.entities.place import Attachment
from db.local import attaching, blobs
from tests.factories import attachment
from tests.sync.world import Cut, Laptop

PIECE = 16 * 1024
WHOLE = 5 * PIECE + 1234
"""Above what crosses together with others, so in six pieces."""
LARGE = blobs.LARGE_BYTES + 1


def photo(size: int = WHOLE, seed: int = 1) -> bytes:
    """Return bytes that look like nothing else."""
    return random.Random(seed).randbytes(size)


def name_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def attach(laptop: Laptop, plan: Initiative, content: bytes, picture: bytes = b"") -> Attachment:
    """Add an attachment as the program does."""
    made = attachment(
        content, belongs_to=plan.id, thumbnail=name_of(picture) if picture else None, id=uuid4()
    )
    return attaching.attach(laptop.store, made, [content, *([picture] if picture else [])])


class Line:
    """Counts the bytes that cross, and cuts before or after a piece with a number."""

    def __init__(self, laptop: Laptop) -> None:
        self._network, self.calls, self.sent, self.fetched = laptop.network, [], [], []
        self.cut_at, self.when, self.content_of = -1, "", b""
        self._own = laptop.network._call
        laptop.network._call = self._call  # type: ignore[method-assign]
        self._put, self._get = laptop.network.put_blob, laptop.network.get_blob
        laptop.network.put_blob = self.put_blob  # type: ignore[method-assign]
        laptop.network.get_blob = self.get_blob  # type: ignore[method-assign]

    def _call(self, name, work):  # type: ignore[no-untyped-def]
        self.calls.append(name)
        return self._own(name, work)

    def put_blob(self, name: str, offset: int, total: int, content: bytes) -> int:
        return self._cut(self.sent, len(content), lambda: self._put(name, offset, total, content))

    def get_blob(self, name: str, offset: int, size: int) -> bytes:
        piece = self._cut(self.fetched, 0, lambda: self._get(name, offset, size))
        self.fetched[-1] = len(piece)
        return piece

    def _cut(self, crossed, size, work):  # type: ignore[no-untyped-def]
        crossed.append(size)
        is_here = len(self.sent) + len(self.fetched) - 1 == self.cut_at
        if is_here and self.when == "before":
            raise Cut("cut")
        answer = work()
        if is_here:
            raise Cut("cut")
        return answer
