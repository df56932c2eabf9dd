"""Editors that point at another record: search as you type, and make a new one on the way."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from db.fields import FieldSpec
from desktop_app.i18n import _
from desktop_app.services.listing_text import ROW_ROLE, RowText
from desktop_app.services.symbols import entity_icon
from desktop_app.tokens import Tone
from desktop_app.widgets.choice_editors import TagField
from desktop_app.widgets.delegates import ChoiceRowDelegate
from desktop_app.widgets.editor import Choice, Editor, FocusWatch, Sources
from desktop_app.widgets.icons import icon
from desktop_app.widgets.kit.chip import Tag

MADE_ON_THE_WAY = frozenset({"contact_person", "organisation"})
"""What may be made with no more than a name while filling in something else."""

Index = QModelIndex | QPersistentModelIndex


class NewRecord:
    """The value of the choice that makes a record with the name typed."""

    def __init__(self, name: str) -> None:
        self.name = name


class ChoiceModel(QAbstractListModel):
    """Some choices, for a list below a line."""

    def __init__(self) -> None:
        super().__init__()
        self._choices: list[Choice] = []

    def set_choices(self, choices: Iterable[Choice]) -> None:
        """Offer these."""
        self.beginResetModel()
        self._choices = list(choices)
        self.endResetModel()

    def choice(self, row: int) -> Choice:
        """Return the one at `row`."""
        return self._choices[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a choice."""
        if not index.isValid():
            return None
        choice = self._choices[index.row()]
        if role == ROW_ROLE:
            return RowText(
                choice.title, right=choice.detail, icon=choice.icon, icon_kind=Tone.MUTED
            )
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return choice.title
        return None


class SearchLine(QLineEdit):
    """A line with a list of choices below it that follows what is typed.

    Signals:
        chosen(object): the `Choice` taken from the list.
    """

    chosen = Signal(object)

    def __init__(
        self,
        search: Callable[[str], Sequence[Choice]],
        glyph: str = "magnify",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._search = search
        self._model = ChoiceModel()
        self.addAction(QAction(icon(glyph, "muted"), "", self), self.ActionPosition.LeadingPosition)
        popup = QListView()
        popup.setObjectName("completer")
        popup.setUniformItemSizes(True)
        popup.setMouseTracking(True)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(8)
        completer.setPopup(popup)
        popup.setItemDelegate(ChoiceRowDelegate(popup))
        completer.activated[QModelIndex].connect(self._on_activated)  # type: ignore[index]
        self.textEdited.connect(self._on_edited)
        self._completer = completer
        self.setCompleter(completer)

    def _on_edited(self, text: str) -> None:
        self._model.set_choices(self._search(text.strip()) if text.strip() else ())
        if self._model.rowCount() and self.hasFocus():
            self._completer.complete()

    def _on_activated(self, index: QModelIndex) -> None:
        if 0 <= index.row() < self._model.rowCount():
            self.chosen.emit(self._model.choice(index.row()))


def offers(sources: Sources, entity: str, text: str) -> list[Choice]:
    """Return the hits for `text`, and for some entities the offer to make a new one."""
    found = list(sources.search(entity, text))
    if entity in MADE_ON_THE_WAY and len(text) >= 2:
        words = _("Make new: “%(name)s”") % {"name": text}
        found.append(Choice(NewRecord(text), words, "", "plus"))
    return found


class ReferenceEditor(Editor):
    """One other record."""

    def __init__(self, spec: FieldSpec, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._sources = sources
        self._value: UUID | None = None
        entity = spec.meta.refers_to
        self.line = SearchLine(lambda text: offers(sources, entity, text), entity_icon(entity))
        self.line.setPlaceholderText(
            _("Search or make new") if entity in MADE_ON_THE_WAY else _("Search")
        )
        self.line.setClearButtonEnabled(True)
        self.line.chosen.connect(self._on_chosen)
        self.line.textChanged.connect(self._on_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        self.setFocusProxy(self.line)
        self._watch = FocusWatch(self, self.line)
        self.left.connect(lambda: self.set_value(self._value))

    def field(self) -> QWidget:
        """Return the line."""
        return self.line

    def value(self) -> UUID | None:
        """Return the id of the chosen record."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show the title of the record with this id."""
        self._value = value
        title = self._sources.title(self.spec.meta.refers_to, value) if value else ""
        shown = title or (_("unknown record") if value else "")
        if self.line.text() != shown:
            self.line.blockSignals(True)
            self.line.setText(shown)
            self.line.setCursorPosition(0)
            self.line.blockSignals(False)

    def _on_changed(self, text: str) -> None:
        if not text and self._value is not None:
            self._take(None)

    def _on_chosen(self, choice: Choice) -> None:
        value = choice.value
        if isinstance(value, NewRecord):
            value = self._sources.create(self.spec.meta.refers_to, value.name)
        if value is not None:
            self._take(value)

    def _take(self, value: UUID | None) -> None:
        self.set_value(value)
        self.edited.emit(value)


class ManyEditor(Editor):
    """Several values as tags above a line in which one adds: records, or plain texts."""

    def __init__(self, spec: FieldSpec, line: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._value: frozenset[Any] = frozenset()
        self.line = line
        self.line.setFrame(False)
        self.line.setMinimumWidth(150)
        self.box = TagField(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.box)
        self.setFocusProxy(self.line)
        self._watch = FocusWatch(self, self.line)

    def field(self) -> QWidget:
        """Return the box around the tags."""
        return self.box

    def value(self) -> frozenset[Any]:
        """Return the values."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show the values as tags, in the order of their words."""
        self._value = frozenset(value or ())
        named = sorted((self.word(item), item) for item in self._value)
        self.box.show_tags([self._tag(word, item) for word, item in named])

    def word(self, item: Any) -> str:
        """Return what stands on an item's tag."""
        return str(item)

    def _tag(self, word: str, item: Any) -> Tag:
        tag = Tag(word)
        tag.clicked.connect(lambda: self._take(self._value - {item}))
        return tag

    def _add(self, item: Any) -> None:
        self.line.clear()
        self._take(self._value | {item})

    def _take(self, value: frozenset[Any]) -> None:
        self.set_value(value)
        self.edited.emit(value)


class ReferencesEditor(ManyEditor):
    """Several other records."""

    def __init__(self, spec: FieldSpec, sources: Sources, parent: QWidget | None = None) -> None:
        entity = spec.meta.refers_to
        line = SearchLine(lambda text: offers(sources, entity, text))
        line.setPlaceholderText(_("Search"))
        self._sources = sources
        super().__init__(spec, line, parent)
        line.chosen.connect(self._on_chosen)

    def word(self, item: Any) -> str:
        """Return the title of the record."""
        return self._sources.title(self.spec.meta.refers_to, item) or _("unknown record")

    def _on_chosen(self, choice: Choice) -> None:
        value = choice.value
        if isinstance(value, NewRecord):
            value = self._sources.create(self.spec.meta.refers_to, value.name)
        if value is not None:
            self._add(value)
