"""The editor of a place: coordinates in RD or degrees, a place by name, or the map.

The map is never the only way: what can be dragged can also be typed, and taken over from a record
or village in the list below the line. A corner that is drawn arrives through `set_place`.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.errors import UserProblem
from db.fields import FieldSpec
from db.geometry import Geometry, lon_lat
from desktop_app.i18n import NBSP, _, format_number
from desktop_app.services.place_text import parse_place, place_text
from desktop_app.widgets.editor import Choice, Editor, FocusWatch, Sources
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.text import note
from desktop_app.widgets.reference_editors import SearchLine
from desktop_app.widgets.theme import px


def degrees_text(geometry: Geometry) -> str:
    """Return "52,10060° N, 6,57090° O": where the pin stands in WGS84, latitude first as people do."""
    lon, lat = lon_lat(*geometry.anchor)
    shown = [format_number(part, 5) + "°" + NBSP for part in (lat, lon)]
    return f"{shown[0]}{_('N')}, {shown[1]}{_('E')}"


class GeometryEditor(Editor):
    """A place on the map; which kinds may be drawn depends on the field."""

    def __init__(
        self,
        spec: FieldSpec,
        sources: Sources,
        kinds: Sequence[str] = ("point", "line", "polygon"),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(spec, parent)
        self._value: Geometry | None = None
        self._name = ""
        self._sources = sources
        self._kinds = tuple(kinds)
        self.line = SearchLine(self._offers, "map-marker-outline")
        self.line.setPlaceholderText(_("Address, village or coordinates"))
        self.line.setClearButtonEnabled(True)
        self.where = note("")
        self.buttons: dict[str, Button] = {}
        self._lay_out()
        self._connect()
        self.set_value(None)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        words = {
            "point": (_("Point"), "map-marker-plus-outline"),
            "line": (_("Line"), "vector-polyline-plus"),
            "polygon": (_("Area"), "shape-polygon-plus"),
        }
        for kind in self._kinds:
            button = Button(words[kind][0], Kind.OUTLINED, icon=words[kind][1])
            button.setToolTip(_("Draw on the map"))
            button.clicked.connect(lambda _on=False, kind=kind: self.asked.emit(f"draw_{kind}"))
            self.buttons[kind] = button
            row.addWidget(button)
        self.clear = Button(_("Clear"), Kind.FLAT)
        row.addWidget(self.clear)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addWidget(self.line)
        column.addWidget(self.where)
        column.addLayout(row)
        self.setFocusProxy(self.line)

    def _connect(self) -> None:
        self.line.chosen.connect(self._on_chosen)
        self.line.editingFinished.connect(self._on_entered)
        self.clear.clicked.connect(lambda: self._take(None))
        self._watch = FocusWatch(self, self.line)

    def field(self) -> QWidget:
        """Return the line."""
        return self.line

    def value(self) -> Geometry | None:
        """Return the place."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a place in RD and degrees; one that was taken by name keeps its name in the line."""
        if value != self._value:
            self._value, self._name = value, ""
        shown = self._shown()
        if self.line.text() != shown:
            self.line.setText(shown)
            self.line.setCursorPosition(0)
        self.where.setText(degrees_text(value) if value else _("No place on the map yet."))
        self.clear.setVisible(value is not None)

    def set_typed(self, text: str) -> None:
        """Show a text that could not be read."""
        self.line.setText(text)

    def set_place(self, geometry: Geometry | None) -> None:
        """Take a place that was drawn or moved on the map."""
        if geometry != self._value:
            self._take(geometry)

    def _offers(self, typed: str) -> Sequence[Choice]:
        try:
            place = parse_place(typed)
        except UserProblem:
            return self._sources.places(typed)
        return (Choice(place, place_text(place), degrees_text(place), "crosshairs-gps"),)

    def _shown(self) -> str:
        return self._name or (place_text(self._value) if self._value else "")

    def _on_chosen(self, choice: Choice) -> None:
        self._value, self._name = choice.value, choice.title
        self._take(choice.value)

    def flush(self) -> None:
        """Read at once what was typed."""
        self._on_entered()

    @Slot()
    def _on_entered(self) -> None:
        typed = self.line.text().strip()
        if typed == self._shown() or self._is_choosing():
            return
        if not typed:
            self._take(None)
            return
        try:
            self._take(parse_place(typed))
        except UserProblem:
            self._take_named(typed)

    def _is_choosing(self) -> bool:
        """Return whether a place stands lit in the list, which Enter is about to take."""
        completer = self.line.completer()
        popup = completer.popup() if completer is not None else None
        return popup is not None and popup.isVisible() and popup.currentIndex().isValid()

    def _take_named(self, typed: str) -> None:
        """Take the place that has this whole name; people write "rekken" and go on."""
        for choice in self._sources.places(typed):
            if choice.title.casefold() == typed.casefold():
                self._on_chosen(choice)
                return
        self.unreadable.emit(typed)

    def _take(self, value: Geometry | None) -> None:
        self.set_value(value)
        self.edited.emit(value)
