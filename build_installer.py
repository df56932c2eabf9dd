"""Make a folder with the whole program in it: compile the texts, run PyInstaller. No app logic.

What comes out (`dist/naoberkaart/`) runs on a machine without Python. Packages for Debian, Windows
and macOS are to be made from that folder; they are not made here yet.

    python3 build_installer.py
"""

import subprocess
import sys
from pathlib import Path

import dev

ROOT = Path(__file__).resolve().parent
# Map assets, icon fonts and Alembic's scripts are found at run time, so PyInstaller has to be told.
WITH_DATA = ("xstatic.pkg.leaflet", "folium", "branca", "qtawesome", "db")
WITH_MODULES = ("db", "desktop_app", "keyring.backends", "qtawesome", "xstatic.pkg.leaflet")
NOT_NEEDED = ("tests", "pytest", "hypothesis", "mypy", "ruff", "tkinter")


def arguments() -> list[str]:
    """Return PyInstaller's arguments; stock hooks bring Qt WebEngine and its resources."""
    given = ["--noconfirm", "--onedir", "--windowed", "--name", "naoberkaart"]
    given += ["--add-data", f"{ROOT / 'resources'}:resources"]
    for name in WITH_DATA:
        given += ["--collect-data", name]
    for name in WITH_MODULES:
        given += ["--collect-submodules", name]
    for name in NOT_NEEDED:
        given += ["--exclude-module", name]
    return [*given, str(ROOT / "desktop_app" / "__main__.py")]


def main() -> int:
    """Set up, compile the texts and build."""
    try:
        dev.set_up()
    except dev.SetupFailed as problem:
        print(problem, file=sys.stderr)
        return 2
    python = str(dev.environment_python())
    built = subprocess.call([python, "-m", "PyInstaller", *arguments()], cwd=ROOT)
    if built == 0:
        print(f"Made {ROOT / 'dist' / 'naoberkaart'}")
    return built


if __name__ == "__main__":
    sys.exit(main())
