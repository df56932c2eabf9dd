"""How large the pieces of attachments are: small on a slow line, large on a fast one."""

from time import monotonic

from db.shared.protocol import CHUNK_BYTES

LEAST_BYTES, MOST_BYTES = 32 * 1024, 1024 * 1024
"""A cut costs at most one piece; above a megabyte the round trip hardly counts any more."""
QUICK_S, SLOW_S = 0.3, 2.0


class Pace:
    """Doubles the pieces while they cross quickly, and halves them when they do not."""

    def __init__(self) -> None:
        """Begin with half a second on a slow mobile line."""
        self.bytes_at_once = min(CHUNK_BYTES, MOST_BYTES)
        self._began = 0.0

    def begin(self) -> int:
        """Note that a piece goes on its way; return how large it may be."""
        self._began = monotonic()
        return self.bytes_at_once

    def end(self, crossed: int) -> None:
        """Learn from a piece that has crossed; one that was not full tells little."""
        took_s = monotonic() - self._began
        if took_s > SLOW_S:
            self.bytes_at_once = max(self.bytes_at_once // 2, LEAST_BYTES)
        elif took_s < QUICK_S and crossed >= self.bytes_at_once:
            self.bytes_at_once = min(self.bytes_at_once * 2, MOST_BYTES)
