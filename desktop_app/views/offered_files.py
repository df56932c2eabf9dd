"""What is dropped on a record or pasted with it: files, or a picture such as a screenshot."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from desktop_app.i18n import _
from desktop_app.services.attachments import read_file

Source = tuple[str, Callable[[], bytes]]
"""A file's name, and how to get its content, on any thread."""


def of_paths(paths: Iterable[Path]) -> list[Source]:
    """Return files as sources; they are read later."""
    return [(path.name, _reader(path)) for path in paths]


def _reader(path: Path) -> Callable[[], bytes]:
    return lambda: read_file(path)


def offered(mime: QMimeData) -> list[Source]:
    """Return the files, or else the picture, in what was dropped or copied."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if paths or not mime.hasImage():
        return of_paths(paths)
    image = mime.imageData()
    content = _png(image) if isinstance(image, QImage) else b""
    return [(_("Pasted picture") + ".png", lambda: content)]


def _png(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"PNG").write(image)
    buffer.close()
    return bytes(content.data())
