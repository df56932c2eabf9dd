"""Data files of the program: texts, map scripts, icons. No code but the way to find them.

In a bundle made by PyInstaller the files are unpacked under `sys._MEIPASS`; from a checkout or an
installed wheel they lie beside this module.
"""

import sys
from pathlib import Path

__all__ = ["path"]


def path(name: str) -> Path:
    """Return where the resource `name` (relative, with forward slashes) lies on disk.

    Raises:
        FileNotFoundError: no such resource; a bug of ours, never the user's doing.
    """
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) / "resources" if bundle else Path(__file__).parent
    found = root / name
    if not found.exists():
        raise FileNotFoundError(f"no resource {name!r} under {root}")
    return found
