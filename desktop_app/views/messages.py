"""The only place that makes file dialogs and message boxes; nothing here opens by itself."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.i18n import _


def file_to_open(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Let the user choose a file to read; None when they gave up."""
    name, _kind = QFileDialog.getOpenFileName(parent, title, "", kinds)
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
