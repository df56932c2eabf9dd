"""The ground of the small maps of double edits, read beside the window when it is first needed."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop_app.background.jobs import Jobs
from desktop_app.widgets.map_ground import is_ground_loaded, load_ground
from desktop_app.widgets.map_picture import MapPicture


def load_ground_for(page: QWidget, jobs: Jobs) -> None:
    """Have the ground read, unless it is there, and the maps of this page drawn anew."""
    if not is_ground_loaded():
        jobs.run(load_ground, _Redrawing(page).on_loaded)


class _Redrawing(QObject):
    """Lives as long as the page, so that nothing is drawn after it."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page

    def on_loaded(self, _ground: object) -> None:
        """Draw the maps with their ground."""
        for picture in self._page.findChildren(MapPicture):
            picture.update()
        self.deleteLater()
