"""How large the pieces of attachments are: small on a slow or shaky line, large on a good one."""

from time import monotonic

LEAST_BYTES, MOST_BYTES = 32 * 1024, 1024 * 1024
"""Above a megabyte the round trip hardly counts any more."""
FIRST_BYTES = 128 * 1024
"""A quarter of a second on a slow mobile line."""
QUICK_S, SLOW_S = 0.5, 2.0
SHARE = 4


class Pace:
    """Lets a piece be a quarter of what has crossed without a break.

    So a cut, which costs the piece that was on its way, never costs more than a fifth of what was
    sent; and a piece that takes seconds makes the next ones smaller.
    """

    def __init__(self) -> None:
        """Begin small: nothing is known of the line yet."""
        self._crossed = 0
        self._most = MOST_BYTES
        self._began = 0.0

    @property
    def bytes_at_once(self) -> int:
        """Return how large the next piece may be."""
        return min(max(self._crossed // SHARE, FIRST_BYTES), self._most)

    def begin(self) -> int:
        """Note that a piece goes on its way; return how large it may be."""
        self._began = monotonic()
        return self.bytes_at_once

    def end(self, crossed: int) -> None:
        """Learn from a piece that has crossed."""
        took_s = monotonic() - self._began
        if took_s > SLOW_S:
            self._most = max(self.bytes_at_once // 2, LEAST_BYTES)
        elif took_s < QUICK_S:
            self._most = min(self._most * 2, MOST_BYTES)
        self._crossed += crossed
