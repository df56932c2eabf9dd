"""The composition root: builds and connects everything that lives long; nothing else does.

The order of a start is chosen for speed: settings, store, window, and only when the window can be
seen the map's web view and the sync worker.
"""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from desktop_app import i18n, platform
from desktop_app.background.jobs import JobRunner
from desktop_app.profile import profile_at
from desktop_app.program import Program
from desktop_app.tokens import Appearance
from desktop_app.widgets.style import Look

log = logging.getLogger(__name__)

TURN_S = 0.001
"""How soon the window gets its turn back while sync computes; Python's own 5 ms, at every statement
of the store, add up to what one notices."""


def main(arguments: Sequence[str]) -> int:
    """Open the window and return the exit code."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--profile", type=Path)
    given, _rest = options.parse_known_args(list(arguments[1:]))
    profile = profile_at(given.profile)
    settings = profile.settings()
    i18n.use(settings.language.value)
    platform.prepare()
    sys.setswitchinterval(TURN_S)
    app = QApplication([arguments[0]])
    translator = qt_texts(settings.language.value)
    app.installTranslator(translator)
    look = Look(app, Appearance(settings.appearance.value))
    jobs = JobRunner()
    program = Program(profile, look, jobs)
    sys.excepthook = program.on_bug
    QTimer.singleShot(0, program.begin)
    try:
        return app.exec()
    finally:
        sys.excepthook = sys.__excepthook__
        program.close()
        jobs.close()


def qt_texts(language: str) -> QTranslator:
    """Return the texts of Qt's own buttons and menus."""
    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator.load(QLocale(language), "qtbase", "_", folder)
    return translator


if __name__ == "__main__":
    sys.exit(main(sys.argv))
