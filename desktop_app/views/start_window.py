"""The window before a store is open: welcome, or the passphrase, with the same menus and look."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow, QWidget

from desktop_app.tokens import HEIGHT_MENU
from desktop_app.views.actions import Situation
from desktop_app.views.commands import Commands
from desktop_app.views.first_start import Beginning, FirstStart, UnlockPage
from desktop_app.widgets.theme import px


class StartWindow(QMainWindow):
    """Shows one page until a store is open.

    Signals:
        command(str): an action chosen from the menus.
    """

    command = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Naoberkaart")
        self.commands = Commands(self)
        self.commands.fill(self.menuBar())
        self.menuBar().setFixedHeight(px(HEIGHT_MENU))
        self.commands.update(Situation(has_store=False, has_map=False))
        self.commands.chosen.connect(self._on_chosen)

    def welcome(self, *, needs_passphrase: bool) -> FirstStart:
        """Show the welcome page and return it."""
        page = FirstStart(needs_passphrase=needs_passphrase)
        self.setCentralWidget(page)
        page.cards[Beginning.CONNECT].button.setFocus()
        return page

    def unlock(self, *, needs_passphrase: bool) -> UnlockPage:
        """Show the page that opens an existing store and return it."""
        page = UnlockPage(needs_passphrase=needs_passphrase)
        self.setCentralWidget(page)
        page.form.first.setFocus()
        return page

    def _on_chosen(self, name: str) -> None:
        if name == "quit":
            self.close()
        else:
            self.command.emit(name)
