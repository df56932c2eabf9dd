"""Real encrypted stores for tests, with the kernen in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from db.local.engine import create_store, open_store
from db.local.keys import new_key
from db.local.store import LocalStore
from db.reference import reference_kernen

TEST_KEY = new_key()


def new_store(path: Path, *, me: UUID | None = None) -> LocalStore:
    """Make a store at `path` whose person is `me` (a new one when None)."""
    store = LocalStore(create_store(path, TEST_KEY))
    store.set_meta("me", str(me or uuid4()))
    store.save_new(reference_kernen(), as_example=True)
    return store


def reopened(path: Path) -> LocalStore:
    """Open a store that `new_store` made."""
    return LocalStore(open_store(path, TEST_KEY))


@contextmanager
def a_store(folder: Path) -> Iterator[LocalStore]:
    """Give a store that is closed afterwards."""
    store = new_store(folder / "store.db")
    try:
        yield store
    finally:
        store.close()
