"""What happened, in order, as plain JSON: the only thing that the checker gets to see."""

import json
from pathlib import Path
from typing import Any

FORMAT = "naoberkaart-sync-history/1"

Event = dict[str, Any]


class History:
    """Events in the order in which they happened; `n` is the place, `step` the action it belongs to."""

    def __init__(self, **about: Any) -> None:
        self.about = about
        self.events: list[Event] = []
        self.step = 0

    def add(self, event: str, at: str, **what: Any) -> int:
        """Note one event at `at` (a laptop, or the server); return its number."""
        self.events.append(
            {"n": len(self.events), "step": self.step, "event": event, "at": at, **what}
        )
        return len(self.events) - 1

    def to_json(self) -> dict[str, Any]:
        """Return the whole, as `--history` writes it."""
        return {"format": FORMAT, **self.about, "events": self.events}

    def write(self, path: Path) -> None:
        """Write it to a file."""
        text = json.dumps(self.to_json(), ensure_ascii=False, indent=1)
        path.write_text(text, encoding="utf-8")
