"""The declared actions as QActions: menus, shortcuts, and one signal that says which was chosen."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from desktop_app.i18n import _
from desktop_app.views.actions import ACTIONS, BY_ID, MENUS, Situation
from desktop_app.widgets.icons import icon

CHECKABLE = frozenset({"table", "deleted", "full_screen"})


class Commands(QObject):
    """Makes a QAction of every declared action and keeps it possible or not.

    Signals:
        chosen(str): the id of the action the user wants.
    """

    chosen = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        for declared in ACTIONS:
            action = QAction(_(declared.label), window)
            if declared.icon:
                action.setIcon(icon(declared.icon))
            if declared.shortcut and declared.id != "open":
                action.setShortcut(QKeySequence(declared.shortcut))
            action.setCheckable(declared.id in CHECKABLE)
            action.triggered.connect(lambda _on=False, name=declared.id: self.chosen.emit(name))
            window.addAction(action)
            self._actions[declared.id] = action

    def action(self, name: str) -> QAction:
        """Return the QAction of an id."""
        return self._actions[name]

    def fill(self, bar: QMenuBar) -> None:
        """Put all menus in the menu bar."""
        for title in MENUS:
            menu = bar.addMenu(_(title))
            menu.setToolTipsVisible(True)
            self._fill_menu(menu, title)

    def _fill_menu(self, menu: QMenu, title: str) -> None:
        own = [declared for declared in ACTIONS if declared.menu == title]
        for declared in own:
            menu.addAction(self._actions[declared.id])
            if declared.ends_group and declared is not own[-1]:
                menu.addSeparator()

    def update(self, now: Situation) -> None:
        """Enable what is possible in this situation; what is not says why."""
        for declared in ACTIONS:
            reason = declared.enabled_when(now)
            action = self._actions[declared.id]
            action.setEnabled(not reason)
            action.setToolTip(_(reason))
            action.setStatusTip(_(reason))

    def check(self, name: str, on: bool) -> None:
        """Show whether something that can be on is on."""
        self._actions[name].setChecked(on)

    def name_undo(self, undo: str, redo: str) -> None:
        """Say what would be undone and done again; empty texts leave the bare words."""
        for name, what in (("undo", undo), ("redo", redo)):
            words = _(BY_ID[name].label)
            self._actions[name].setText(f"{words}: {what}" if what else words)
