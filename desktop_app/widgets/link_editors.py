"""Editors of lists of links: contacts with their role, members with role and period; plain texts."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from db.fields import FieldSpec, Kind, fields_of
from desktop_app.i18n import _
from desktop_app.services.typed_text import value_of
from desktop_app.tokens import CAPTION, Tone
from desktop_app.widgets.choice_editors import ComboEditor, code_choices
from desktop_app.widgets.editor import Choice, Editor, Sources
from desktop_app.widgets.kit.button import IconButton
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.reference_editors import ManyEditor, NewRecord, SearchLine, offers
from desktop_app.widgets.theme import px
from desktop_app.widgets.typed_editors import DateEditor


class TextsEditor(ManyEditor):
    """Several short texts of one format; Enter, comma or leaving adds what was typed."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, QLineEdit(), parent)
        form = spec.meta.text_format
        self.line.setPlaceholderText(form.example if form else _("Add"))
        self.line.editingFinished.connect(self._on_entered)
        self.line.textEdited.connect(self._on_typed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter here: it adds a text and does not close the form."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_entered()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _on_typed(self, words: str) -> None:
        if words.endswith((",", ";")):
            self.line.setText(words[:-1])
            self._on_entered()

    def _on_entered(self) -> None:
        words = self.line.text().strip()
        if words:
            self.line.clear()
            self._take(self._value | value_of(self.spec, words))


class LinksEditor(Editor):
    """A row for each link: its record, and an editor for each of its other fields."""

    def __init__(self, spec: FieldSpec, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._sources = sources
        self._specs: Mapping[str, FieldSpec] = fields_of(spec.type)
        self._target = next(name for name, one in self._specs.items() if one.meta.refers_to)
        self._links: list[Any] = []
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(8))
        entity = self._specs[self._target].meta.refers_to
        self.line = SearchLine(lambda words: offers(sources, entity, words))
        self.line.setPlaceholderText(_("Search or make new"))
        self.line.chosen.connect(self._on_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self._rows)
        column.addWidget(self.line)
        self.setFocusProxy(self.line)
        self._show()

    def field(self) -> QWidget:
        """Return the line in which one searches."""
        return self.line

    def value(self) -> frozenset[Any]:
        """Return the links."""
        return frozenset(self._links)

    def set_value(self, value: Any) -> None:
        """Show the links in the order of their titles."""
        links = frozenset(value or ())
        if links != frozenset(self._links) or not links:
            self._links = sorted(links, key=self._title)
            self._show()

    def _title(self, link: Any) -> str:
        target = self._specs[self._target]
        record_id = getattr(link, self._target)
        return self._sources.title(target.meta.refers_to, record_id) or _("unknown record")

    def _on_chosen(self, choice: Choice) -> None:
        value = choice.value
        if isinstance(value, NewRecord):
            value = self._sources.create(self._specs[self._target].meta.refers_to, value.name)
        self.line.clear()
        if value is not None and all(getattr(link, self._target) != value for link in self._links):
            self._links.append(self.spec.type(**{self._target: value}))
            self._changed()

    def _changed(self) -> None:
        self._show()
        self.edited.emit(self.value())

    def _show(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, link in enumerate(self._links):
            self._show_link(row, link)
        self._rows.setVisible(bool(self._links))

    def _show_link(self, row: int, link: Any) -> None:
        title = text(self._title(link), wrap=True)
        title.setMinimumWidth(px(80))
        title.setToolTip(title.text())
        remove = IconButton("close", _("Remove {value}").format(value=title.text()))
        remove.clicked.connect(lambda: self._remove(row))
        self._grid.addWidget(title, 2 * row, 0)
        self._grid.setColumnStretch(0, 1)
        others = [name for name in self._specs if name != self._target]
        dates = [name for name in others if self._specs[name].kind is Kind.DATE]
        for place, name in enumerate(name for name in others if name not in dates):
            self._grid.addWidget(self._part(row, link, name), 2 * row, 1 + place)
        self._grid.addWidget(remove, 2 * row, 3)
        if dates:
            self._grid.addWidget(self._period(row, link, dates), 2 * row + 1, 0, 1, 4)

    def _period(self, row: int, link: Any, names: list[str]) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, px(4))
        for place, name in enumerate(names):
            words = text(_(self._specs[name].meta.label), CAPTION, Tone.MUTED)
            grid.addWidget(words, 0, 2 * place)
            grid.addWidget(self._part(row, link, name), 0, 2 * place + 1)
        return box

    def _part(self, row: int, link: Any, name: str) -> Editor:
        spec = self._specs[name]
        if spec.kind is Kind.CODE:
            editor: Editor = ComboEditor(spec, code_choices(spec))
        else:
            editor = DateEditor(spec)
        editor.set_value(getattr(link, name))
        editor.field().setAccessibleName(f"{_(spec.meta.label)}, {self._title(link)}")
        editor.edited.connect(lambda value: self._set_part(row, name, value))
        return editor

    def _set_part(self, row: int, name: str, value: Any) -> None:
        self._links[row] = dataclasses.replace(self._links[row], **{name: value})
        self.edited.emit(self.value())

    def _remove(self, row: int) -> None:
        del self._links[row]
        self._changed()
