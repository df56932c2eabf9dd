"""What the views of one opened store share; made once, in the composition root."""

from dataclasses import dataclass, field

from db.local.store import LocalStore
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.jobs import Jobs
from desktop_app.background.presence import Presence
from desktop_app.services.row_words import RowWords
from desktop_app.services.titles import Titles
from desktop_app.services.undo import UndoStack


@dataclass(frozen=True, slots=True)
class Session:
    """An opened store with its news, its jobs, its undo, titles of records, and who edits what."""

    store: LocalStore
    bus: ChangeBus
    jobs: Jobs
    titles: Titles = field(init=False)
    words: RowWords = field(init=False)
    undo: UndoStack = field(init=False)
    presence: Presence = field(init=False)

    def __post_init__(self) -> None:
        """Make what hangs on the store."""
        object.__setattr__(self, "titles", Titles(self.store))
        object.__setattr__(self, "words", RowWords(self.titles))
        object.__setattr__(self, "undo", UndoStack(self.store))
        object.__setattr__(self, "presence", Presence())

    @property
    def is_example(self) -> bool:
        """Whether this store holds the example data."""
        return self.store.meta("example") is not None
