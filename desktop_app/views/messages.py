"""The only place that makes dialogs of the system: files, paper; nothing here opens by itself."""

from pathlib import Path

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.i18n import _
from desktop_app.tokens import WELCOME
from desktop_app.widgets.theme import font


def file_to_open(parent: QWidget, title: str, kinds: str, folder: str = "") -> Path | None:
    """Let the user choose a file to read, beginning in `folder`; None when they gave up."""
    name, _kind = QFileDialog.getOpenFileName(parent, title, folder, kinds)
    return Path(name) if name else None


def files_to_attach(parent: QWidget) -> list[Path]:
    """Let the user choose photos and documents."""
    kinds = _("Photos and documents") + " (*.jpg *.jpeg *.png *.pdf)"
    names, _kind = QFileDialog.getOpenFileNames(parent, _("Add attachments"), "", kinds)
    return [Path(name) for name in names]


def file_to_save(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Let the user choose where to write a file; None when they gave up."""
    chosen, _kind = QFileDialog.getSaveFileName(parent, title, name, kinds)
    return Path(chosen) if chosen else None


def print_text(parent: QWidget, words: str) -> bool:
    """Let the user choose a printer, and print a few lines in large letters; False: they gave up."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # looks for printers when loaded

    printer = QPrinter()
    if not QPrintDialog(printer, parent).exec():
        return False
    paper = QTextDocument(words)
    paper.setDefaultFont(font(WELCOME))
    paper.print_(printer)
    return True
