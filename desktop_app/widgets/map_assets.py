"""What the map page may load, and the guard that keeps every request on this machine.

All files come through the scheme ``app://page``: Leaflet from its package, our scripts from the
resources, records and symbols from memory. The guard is the promise behind the page's own content
policy: it refuses each http(s), ws and file request, whatever asked for it, unless the application
has allowed that origin as a tile source.
"""

import mimetypes
from collections import deque
from collections.abc import Callable
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

from PySide6.QtCore import QBuffer, QFile, QIODevice, QObject, QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

import resources
from desktop_app.services.map_document import ORIGIN

SCHEME = b"app"
PAGE_URL = QUrl(f"{ORIGIN}/index.html")
TYPES = {".js": "text/javascript", ".geojson": "application/json", ".json": "application/json"}
LEAFLET_FILES = {"leaflet.js", "leaflet.css"}

Content = Callable[[], bytes]


def register_scheme() -> None:
    """Make ``app://`` known to Chromium; call before the first web profile exists."""
    if not QWebEngineUrlScheme.schemeByName(SCHEME).name().isEmpty():
        return
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    flags = QWebEngineUrlScheme.Flag
    scheme.setFlags(
        flags.SecureScheme | flags.LocalAccessAllowed | flags.CorsEnabled | flags.FetchApiAllowed
    )
    QWebEngineUrlScheme.registerScheme(scheme)


class AssetHandler(QWebEngineUrlSchemeHandler):
    """Answers ``app://page/...`` from packages, resources and memory; never from a free path."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._content: dict[str, bytes] = {}
        self._kept: dict[str, bytes] = {}

    def put(self, name: str, content: bytes) -> None:
        """Serve ``content`` as ``app://page/name`` from now on."""
        self._content[name] = content

    def find(self, name: str) -> bytes | None:
        """Return the file called ``name``, None when the page has no business with it."""
        if name in self._content:
            return self._content[name]
        if name not in self._kept:
            found = _read(name)
            if found is None:
                return None
            self._kept[name] = found
        return self._kept[name]

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Answer one request; runs on the UI thread, so everything is short and in memory."""
        name = job.requestUrl().path().lstrip("/")
        found = self.find(name) if job.requestUrl().host() == "page" else None
        if found is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        suffix = PurePosixPath(name).suffix
        kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        buffer = QBuffer(job)
        buffer.setData(found)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(kind.encode(), buffer)


def _read(name: str) -> bytes | None:
    folder, _, file = name.rpartition("/")
    if name == "qwebchannel.js":
        return _read_qt("qtwebchannel/qwebchannel.js")
    if folder == "leaflet" and file in LEAFLET_FILES:
        return (files("xstatic.pkg.leaflet") / "data" / file).read_bytes()
    if folder == "map" and PurePosixPath(file).suffix in {".js", ".css", ".geojson"}:
        try:
            return resources.path(f"map/{file}").read_bytes()
        except FileNotFoundError:
            return None
    return None


def _read_qt(name: str) -> bytes | None:
    source = QFile(f":/{name}")
    if not source.open(QIODevice.OpenModeFlag.ReadOnly):
        return None
    return bytes(source.readAll().data())


class RequestGuard(QWebEngineUrlRequestInterceptor):
    """Lets the page's own requests pass and refuses all that would leave the machine.

    Attributes:
        passed, refused: the last hundred addresses of each kind, for diagnosis and tests.
        allowed: origins of tile sources, such as ``https://service.pdok.nl``.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.passed: deque[str] = deque(maxlen=100)
        self.refused: deque[str] = deque(maxlen=100)
        self.allowed: frozenset[str] = frozenset()

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Refuse what is not ours."""
        url = info.requestUrl()
        if self.permits(url):
            self.passed.append(url.toString())
            return
        info.block(True)
        self.refused.append(url.toString())

    def permits(self, url: QUrl) -> bool:
        """Return whether the page may load ``url``."""
        if url.scheme() == SCHEME.decode():
            return url.host() == "page"
        if url.scheme() in {"data", "blob", "about"}:
            return True
        port = f":{url.port()}" if url.port() > 0 else ""
        return f"{url.scheme()}://{url.host()}{port}" in self.allowed


def harden(settings: Any) -> None:
    """Switch off what a map never needs: plug-ins, pop-ups, pasting, storage, foreign content."""
    kind = type(settings).WebAttribute
    for name in (
        "PluginsEnabled",
        "JavascriptCanOpenWindows",
        "JavascriptCanAccessClipboard",
        "LocalStorageEnabled",
        "LocalContentCanAccessRemoteUrls",
        "LocalContentCanAccessFileUrls",
        "ScreenCaptureEnabled",
        "DnsPrefetchEnabled",
        "NavigateOnDropEnabled",
        "ErrorPageEnabled",
        "PdfViewerEnabled",
    ):
        settings.setAttribute(getattr(kind, name), False)
