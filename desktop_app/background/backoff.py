"""Later and later after each failure, a little apart for laptops that lost the same network."""

import random

MOST_DOUBLINGS = 10


class Backoff:
    """Says how long to wait for the next try: 5, 10, 20 … 300 seconds."""

    def __init__(self, first_s: float, longest_s: float) -> None:
        self._first_s, self._longest_s = first_s, longest_s
        self._failures = 0

    def forget(self) -> None:
        """Begin anew: it went well, or there is reason to think it will."""
        self._failures = 0

    def next_s(self) -> float:
        """Return how long to wait after one more failure."""
        delay_s = min(self._first_s * 2.0**self._failures, self._longest_s)
        self._failures = min(self._failures + 1, MOST_DOUBLINGS)
        return delay_s * random.uniform(0.9, 1.1)
