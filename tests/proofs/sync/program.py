"""One laptop's program: it starts, sees, ends at any statement, and starts again on what is left."""

import contextvars
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from db.changes import ChangeSet, clock
from db.fields import Record
from db.local.conflicts import OpenConflict
from db.local.store import LocalStore
from tests.proofs.sync import seeing
from tests.proofs.sync.fuse import Fuse, Killed
from tests.proofs.sync.history import History
from tests.proofs.sync.line import Line
from tests.stores import reopened


class Program:
    """A store, the line to the shared database, and a clock that may be years off."""

    def __init__(self, name: str, path: Path, shared: Any, history: History) -> None:
        self.name, self.path, self.history = name, path, history
        self.line = Line(shared, name, history)
        self.fuse = Fuse()
        self.years_off = 0
        self.forms: dict[str, Record] = {}
        self.decided: list[OpenConflict] = []
        self._noted: dict[str, dict[str, Any]] = {"screen": {}, "outbox": {}, "questions": {}}
        self.store: LocalStore
        self.start()
        history.add("laptop", name, device=str(self.store.device_id))

    def start(self) -> None:
        """Start the program on what the disk holds."""
        self.store = reopened(self.path)
        self.fuse.wire(self.store.engine)
        self.store.listen(self._on_news)

    def die(self) -> None:
        """End the program without a word; forms that were open are gone."""
        self.fuse.left = None
        self.forms.clear()
        self.store.engine.dispose(close=False)
        self.history.add("killed", self.name)
        self.start()
        self.look()

    def close(self) -> None:
        """Let go of everything."""
        self.store.close()
        self.line.close()

    def living(self, work: Callable[[], Any], kill_at: int | None) -> Any:
        """Do `work` by this laptop's clock; a kill inside it ends and restarts the program."""
        context = contextvars.copy_context()
        off = timedelta(days=365 * self.years_off)
        context.run(clock.set, lambda: datetime.now(UTC) + off)
        self.fuse.left = kill_at
        try:
            return context.run(work)
        except Killed:
            self.die()
            return "killed"
        finally:
            self.fuse.left = None

    def _on_news(self, news: ChangeSet) -> None:
        """Look where the news says; the whole screen is looked at after every act and cycle."""
        self.look([entity for entity in seeing.SHOWN if entity in news.ids])

    def look(self, entities: Iterable[str] = seeing.SHOWN) -> None:
        """Note what is on the screen, in the outbox and asked, as far as it is new."""
        left, self.fuse.left = self.fuse.left, None
        try:
            parts = {"screen": seeing.screen(self.store, entities)}
            parts |= {
                "outbox": seeing.outbox(self.store),
                "questions": seeing.questions(self.store),
            }
        finally:
            self.fuse.left = left
        rest = self._noted["screen"].items()
        parts["screen"] |= {key: row for key, row in rest if row["entity"] not in entities}
        differing = {name: seeing.difference(self._noted[name], now) for name, now in parts.items()}
        if any(part["new"] or part["gone"] for part in differing.values()):
            self.history.add("look", self.name, **differing)
        self._noted = parts
