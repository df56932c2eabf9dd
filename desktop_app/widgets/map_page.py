"""Chromium for the map: profile, page, view, channel. Imported only when the map is first shown."""

from PySide6.QtCore import QCoreApplication, QObject, QUrl
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


class MapEngine(QObject):
    """Builds and closes what Chromium needs, in the order it wants.

    The profile keeps nothing on disk and must outlive its page.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_closed = False
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

    def open(self, html: bytes) -> None:
        """Load the page."""
        self.assets.put(PAGE_URL.path().lstrip("/"), html)
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
