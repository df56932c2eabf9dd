"""The few dialogs, opened by the user only: settings, connect, shortcuts, about; never above 640 high."""

import dataclasses
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from db.entities.people import Team
from db.fields import N_, fields_of
from db.shared.connecting import Address
from desktop_app.i18n import _
from desktop_app.settings import Settings, specs
from desktop_app.tokens import BODY, HEADING, LABEL, TITLE, Tone
from desktop_app.views.actions import ACTIONS, MENUS
from desktop_app.views.connect_form import ConnectForm
from desktop_app.widgets import on_screen
from desktop_app.widgets.choice_editors import ComboEditor
from desktop_app.widgets.editor import Choice, Sources
from desktop_app.widgets.editors import make_editor
from desktop_app.widgets.field_box import FieldBox
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.small import KeyHint
from desktop_app.widgets.kit.text import FieldLabel, note, text
from desktop_app.widgets.theme import px

MOST_HEIGHT = 640
SHOWN = ("language", "appearance", "syncs_by_itself", "fetches_everything")
"""Settings in the dialog; where the shared database is stands in the connect dialog."""


class Dialog(QDialog):
    """A title, what scrolls, and buttons that stay in sight."""

    def __init__(self, title: str, parent: QWidget | None = None, *, width: int = 520) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(px(width))
        self.setMaximumHeight(px(MOST_HEIGHT))
        self.body = QWidget()
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(px(24), px(16), px(24), px(16))
        self.column.setSpacing(px(14))
        self.column.addWidget(text(title, TITLE))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.body)
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(px(24), px(12), px(24), px(16))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area, 1)
        outer.addLayout(self.foot)
        self.resize(px(width), px(MOST_HEIGHT))
        on_screen.fit(self)

    def showEvent(self, event: QShowEvent) -> None:
        """Be no higher than what is in it, now that everything has its look."""
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """Be no higher than what is in it."""
        self.column.activate()
        body = self.column.totalHeightForWidth(self.width() - px(16))
        if body < 0:
            body = self.column.totalSizeHint().height()
        wanted = max(body, px(120)) + self.foot.sizeHint().height() + px(24)
        self.resize(self.width(), min(wanted, px(MOST_HEIGHT)))
        on_screen.fit(self)


class SettingsDialog(Dialog):
    """What the person chose; a change holds at once.

    Signals:
        changed(Settings): the settings with one more choice.
        me_chosen(object): the staff id of the person at this laptop.
    """

    changed = Signal(object)
    me_chosen = Signal(object)

    def __init__(
        self,
        settings: Settings,
        people: list[Choice],
        me: UUID | None,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Settings"), parent)
        self._settings = settings
        self.boxes: dict[str, FieldBox] = {}
        if people:
            self._add_me(people, me)
        for name in SHOWN:
            self._add(name)
        self.column.addStretch(1)
        close = Button(_("Close"), Kind.PRIMARY)
        close.clicked.connect(self.accept)
        self.foot.addStretch(1)
        self.foot.addWidget(close)
        self.fit()

    def _add_me(self, people: list[Choice], me: UUID | None) -> None:
        editor = ComboEditor(fields_of(Team)["coordinator"], people)
        editor.set_value(me)
        editor.edited.connect(self.me_chosen)
        self.column.addWidget(FieldLabel(_("Who works on this laptop"), "", editor.field()))
        self.column.addWidget(editor)

    def _add(self, name: str) -> None:
        spec = specs()[name]
        editor = make_editor(spec, Sources())
        editor.set_value(getattr(self._settings, name))
        editor.edited.connect(lambda value: self._on_edited(name, value))
        self.boxes[name] = FieldBox(spec, editor)
        self.column.addWidget(self.boxes[name])

    def _on_edited(self, name: str, value: Any) -> None:
        self._settings = dataclasses.replace(self._settings, **{name: value})
        self.changed.emit(self._settings)


class ConnectDialog(Dialog):
    """Connects this laptop with the municipality.

    Signals:
        asked(Address): try this address.
        forgotten(): work alone from now on.
    """

    asked = Signal(object)
    forgotten = Signal()

    def __init__(self, address: Address | None, parent: QWidget | None = None) -> None:
        super().__init__(_("Connect to the municipality"), parent, width=600)
        self.form = ConnectForm()
        self.form.set_address(address)
        words = _("Your administrator gave you an address, a name and a password.")
        self.column.addWidget(text(words, BODY, Tone.MUTED, wrap=True))
        self.column.addWidget(self.form)
        self.column.addStretch(1)
        self.go = Button(_("Connect"), Kind.PRIMARY, icon="lan-connect")
        close = Button(_("Cancel"), shortcut="Esc")
        self.foot.addWidget(self.go)
        self.foot.addWidget(close)
        self.foot.addStretch(1)
        if address is not None:
            alone = Button(_("Work alone"), Kind.FLAT)
            alone.clicked.connect(self.forgotten)
            self.foot.addWidget(alone)
        self.go.clicked.connect(self._on_go)
        close.clicked.connect(self.reject)
        self.fit()

    def _on_go(self) -> None:
        if self.form.is_complete():
            self.form.show_problem("")
            self.go.set_reason(_("Busy connecting…"))
            self.asked.emit(self.form.address())

    def show_problem(self, words: str) -> None:
        """Say why it did not work."""
        self.go.set_reason("")
        self.form.show_problem(words)
        self.fit()


MORE_KEYS = (
    ("Alt+1 … 9", N_("Go to a place")),
    ("↑ ↓", N_("Through the list; the detail follows")),
    ("Enter", N_("Open")),
    ("Esc", N_("Close, back; in a form: cancel")),
)
MAP_KEYS = (
    ("← → ↑ ↓", N_("Move the map, or what is being moved by 1 m")),
    (N_("Shift+arrows"), N_("Move by 10 m")),
    ("+ −", N_("Zoom")),
    ("Home", N_("The whole municipality")),
    ("Tab", N_("The next pin in sight")),
    ("Ctrl+Enter", N_("Close the area that is drawn")),
)
MERGE_KEYS = (
    ("1", N_("Take theirs")),
    ("2", N_("Take mine")),
    ("3", N_("Together")),
    ("4", N_("Type it myself")),
    ("↑ ↓", N_("Another field")),
    ("Page Up, Page Down", N_("Another record")),
    ("Ctrl+Enter", N_("Save")),
    ("Esc", N_("Decide later")),
)


class ShortcutHelp(Dialog):
    """Every key, built from the declared actions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Keys"), parent, width=560)
        for menu in MENUS:
            rows = [
                (one.shortcut, one.label) for one in ACTIONS if one.menu == menu and one.shortcut
            ]
            if rows:
                self._add(_(menu), rows)
        self._add(_("Everywhere"), MORE_KEYS)
        self._add(_("On the map"), MAP_KEYS)
        self._add(_("Double edits"), MERGE_KEYS)
        close = Button(_("Close"), Kind.PRIMARY)
        close.clicked.connect(self.accept)
        self.foot.addStretch(1)
        self.foot.addWidget(close)

    def _add(self, title: str, rows: Any) -> None:
        self.column.addWidget(text(title.replace("&", ""), HEADING))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(16))
        for number, (keys, words) in enumerate(rows):
            grid.addWidget(KeyHint(_(keys).replace("Return", "Enter")), number, 0)
            grid.addWidget(text(_(words).replace("&", "").rstrip("…")), number, 1)
        grid.setColumnMinimumWidth(0, px(110))
        grid.setColumnStretch(1, 1)
        self.column.addLayout(grid)


class AboutDialog(Dialog):
    """What this is, which version, and whose map data."""

    def __init__(self, version: str, parent: QWidget | None = None) -> None:
        super().__init__("Naoberkaart", parent, width=420)
        self.column.addWidget(text(_("Version %(version)s") % {"version": version}, LABEL))
        words = _("Initiatives and premises of a rural municipality, on the map and offline.")
        self.column.addWidget(text(words, BODY, wrap=True))
        self.column.addWidget(
            note(_("Borders: CBS/Kadaster (CC BY 4.0). Villages: GeoNames (CC BY 4.0)."))
        )
        self.column.addWidget(note(_("Free software under the EUPL 1.2.")))
        self.column.addStretch(1)
        close = Button(_("Close"), Kind.PRIMARY)
        close.clicked.connect(self.accept)
        self.foot.addStretch(1)
        self.foot.addWidget(close)
        self.fit()
