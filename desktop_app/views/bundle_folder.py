"""Where the last bundle was: the stick is often in the same place. Kept in the store."""

from pathlib import Path

from db.local.store import LocalStore

FOLDER = "bundle_folder"


def last_folder(store: LocalStore) -> str:
    """Return the folder of the last bundle, while it is still there."""
    kept = store.meta(FOLDER) or ""
    return kept if kept and Path(kept).is_dir() else ""


def remember_folder(store: LocalStore, path: Path) -> None:
    """Begin in the folder of this file the next time."""
    store.set_meta(FOLDER, str(path.parent))
