"""Work on a USB stick, from the window: put on it, delivered from it, or dropped on the window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from db.shared.protocol import SharedDatabase
from db.sync.bundle_file import SUFFIX
from desktop_app.i18n import _
from desktop_app.views.bundle_folder import last_folder, remember_folder
from desktop_app.views.carry_dialog import CarryDialog
from desktop_app.views.deliver_dialog import DeliverDialog
from desktop_app.views.messages import file_to_open
from desktop_app.views.session import Session

Connect = Callable[[], SharedDatabase]


class BundleActs(QObject):
    """Opens the two dialogs, and takes files that are dropped on the window.

    Signals:
        delivered(): the shared database may hold something new.
        failed(str): why nothing can be delivered here.
    """

    delivered = Signal()
    failed = Signal(str)

    def __init__(
        self, session: Session, window: QWidget, connection: Callable[[], Connect | None]
    ) -> None:
        """Deliver over what `connection` gives; it gives None while there is no shared database."""
        super().__init__(window)
        self._session, self._window, self._connection = session, window, connection
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def carry(self) -> CarryDialog:
        """Open the dialog that puts all unsent work in one sealed file."""
        dialog = CarryDialog(self._session, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def choose(self) -> None:
        """Let the user choose a file, and deliver it."""
        folder = last_folder(self._session.store)
        kinds = _("Work on a USB stick") + f" (*{SUFFIX})"
        path = file_to_open(self._window, _("Deliver work from a USB stick"), kinds, folder)
        if path is not None:
            self.deliver(path)

    def deliver(self, path: Path) -> DeliverDialog | None:
        """Open the dialog that delivers a file; None when this laptop is not connected."""
        connect = self._connection()
        if connect is None:
            self.failed.emit(_("Connect to the municipality first."))
            return None
        remember_folder(self._session.store, path)
        dialog = DeliverDialog(self._session, connect, path, self._window)
        dialog.delivered.connect(self.delivered)
        dialog.open()
        return dialog

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take one bundle that is dragged onto the window."""
        if not isinstance(event, QDropEvent) or (path := _dropped(event)) is None:
            return False
        event.acceptProposedAction()
        if event.type() is QEvent.Type.Drop:
            self.deliver(path)
        return True


def _dropped(event: QDropEvent) -> Path | None:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix == SUFFIX else None
