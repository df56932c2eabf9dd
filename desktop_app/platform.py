"""What differs between Windows, macOS and Linux: one place, so that nothing else asks."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices

from desktop_app.i18n import _

IS_WINDOWS, IS_MAC = sys.platform == "win32", sys.platform == "darwin"


def prepare() -> None:
    """Set what Qt and Chromium must know before the application object is made."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    QCoreApplication.setApplicationName("Naoberkaart")
    QCoreApplication.setOrganizationName("")
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    quiet = "--disable-logging --log-level=3"
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{flags} {quiet}".strip()
    if IS_WINDOWS:
        _name_for_the_taskbar()


def _name_for_the_taskbar() -> None:
    """Let Windows group our windows under our own icon, not under Python's."""
    import ctypes

    shell = getattr(ctypes, "windll", None)
    if shell is not None:
        shell.shell32.SetCurrentProcessExplicitAppUserModelID("naoberkaart")


def key_place() -> str:
    """Return where this system keeps keys, to stand in a sentence."""
    if IS_WINDOWS:
        return _("the credential store of Windows")
    return _("the keychain of your computer")


def open_file(path: Path) -> bool:
    """Open a file in the program that the system has for it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
