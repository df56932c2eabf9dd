"""Chromium for the map: profile, page, view, channel. Imported only when the map is first shown."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from desktop_app.widgets.map_assets import (
    PAGE_URL,
    SCHEME,
    AssetHandler,
    RequestGuard,
    harden,
    register_scheme,
)
from desktop_app.widgets.map_bridge import MapBridge


class MapPage(QWebEnginePage):
    """A page that goes nowhere: no links, no new windows."""

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main: bool
    ) -> bool:
        """Accept the map page itself and nothing else."""
        return is_main and QUrl(url) == PAGE_URL

    def createWindow(self, kind: QWebEnginePage.WebWindowType) -> QWebEnginePage | None:  # type: ignore[override]
        """Open no window."""
        return None


MAP_KEYS = {
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home,
    Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_Return, Qt.Key.Key_Enter,
}  # fmt: skip
"""Keys of the map itself, whatever else the window does with them elsewhere."""
SKETCH_KEYS = {Qt.Key.Key_Escape, Qt.Key.Key_Backspace, Qt.Key.Key_Delete}
"""Keys that are the map's only while something is being drawn or moved."""
MAX_RELOADS = 3


class MapEngine(QObject):
    """Builds and closes what Chromium needs, in the order it wants.

    The profile keeps nothing on disk and must outlive its page.

    Signals:
        lost(): the page's process ended and the page is being loaded again.
    """

    lost = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_closed = False
        self.is_sketching = False
        self._reloads = 0
        register_scheme()
        self.profile = QWebEngineProfile(QCoreApplication.instance())
        self.assets = AssetHandler(self.profile)
        self.guard = RequestGuard(self.profile)
        self.profile.installUrlSchemeHandler(SCHEME, self.assets)
        self.profile.setUrlRequestInterceptor(self.guard)
        self.profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
        self.view = QWebEngineView(parent)
        self.page = MapPage(self.profile, self.view)
        harden(self.page.settings())
        self.bridge = MapBridge(self)
        channel = QWebChannel(self.page)
        channel.registerObject("bridge", self.bridge)
        self.page.setWebChannel(channel)
        self.view.setPage(self.page)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.close)
        self.page.renderProcessTerminated.connect(self._on_terminated)

    def open(self, html: bytes) -> None:
        """Load the page."""
        self.assets.put(PAGE_URL.path().lstrip("/"), html)
        self.page.load(PAGE_URL)

    def watch_keys(self) -> None:
        """See the keys of the page before the window's shortcuts do; call once it is loaded."""
        proxy = self.view.focusProxy()
        if proxy is not None:
            proxy.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the map's own keys while the map has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_ours = event.key() in MAP_KEYS or (self.is_sketching and event.key() in SKETCH_KEYS)
            if is_ours and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
                event.accept()
                return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._hand_on(event)
        return False

    def _hand_on(self, event: QKeyEvent) -> None:
        """Give Esc to the window too, which Chromium keeps to itself: it closes what is open."""
        if event.key() == Qt.Key.Key_Escape and not self.is_sketching:
            copy = QKeyEvent(event.type(), event.key(), event.modifiers())
            QCoreApplication.postEvent(self.view.window(), copy)

    def _on_terminated(self) -> None:
        """Load again when Chromium's process died; a page that keeps dying stays empty."""
        self._reloads += 1
        if not self.is_closed and self._reloads <= MAX_RELOADS:
            self.lost.emit()
            self.page.load(PAGE_URL)

    def close(self) -> None:
        """Delete view and page before the profile; a second call does nothing."""
        if self.is_closed:
            return
        self.is_closed = True
        self.view.close()
        self.page.deleteLater()
        self.view.deleteLater()
        self.profile.deleteLater()
        self.deleteLater()
