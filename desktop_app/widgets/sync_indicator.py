"""The button that says how sync stands, in words; being offline is normal and never red."""

from PySide6.QtWidgets import QWidget

from desktop_app.services.sync_text import SyncWords
from desktop_app.widgets.kit.button import Button, Kind


class SyncIndicator(Button):
    """Opens the sync page; its words are made by `services.sync_text`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", Kind.OUTLINED, icon="laptop", parent=parent)
        self.set_toolbar()

    def set_flat(self, flat: bool) -> None:
        """Do without an edge in a narrow window."""
        self.set_kind(Kind.FLAT if flat else Kind.OUTLINED)

    def set_current(self, on: bool) -> None:
        """Show that its page is the one in sight."""
        self.setCheckable(on)
        self.setChecked(on)

    def show_words(self, words: SyncWords, *, short: bool = False) -> None:
        """Show how it stands; the whole sentence in the tooltip."""
        self.set_text(words.short if short else words.button)
        self.set_icon(words.icon)
        self.setToolTip(words.sentence)
        self.setAccessibleDescription(words.sentence)
