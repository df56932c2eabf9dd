"""The form of any entity: `fields_of`, the editors, and an order that the layout gives.

A form shows values and tells what the user makes of them; it knows no store and no rule. Problems
come in from the draft, and are shown once the user has left a field (and again while typing once it
was wrong), or all of them after trying to save. Folded groups make their editors when first opened.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from db.fields import Kind, Record, fields_of
from db.rules import Level, Problem
from desktop_app.i18n import _, ngettext
from desktop_app.services.problem_text import problem_text
from desktop_app.tokens import Tone
from desktop_app.widgets.editor import Editor, Sources
from desktop_app.widgets.editors import make_editor
from desktop_app.widgets.field_box import FieldBox
from desktop_app.widgets.form_layout import FormGroup, FormLayout, Row
from desktop_app.widgets.kit.fold_group import FoldGroup
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.reading_order import step
from desktop_app.widgets.theme import px

NARROW = 440
"""Below this width side-by-side fields go below one another."""


class RecordForm(QScrollArea):
    """Fields of one record.

    Signals:
        edited(str, object): field, value.
        unreadable(str, str): field, and what was typed in it that can't be read.
        asked(str, str): field, and what its editor wants from outside.
        left(str): focus left this field.
    """

    edited = Signal(str, object)
    unreadable = Signal(str, str)
    asked = Signal(str, str)
    left = Signal(str)

    def __init__(
        self,
        entity: type[Record],
        layout: FormLayout,
        sources: Sources,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._specs = fields_of(entity)
        self._layout, self._sources = layout, sources
        self._record: Record | None = None
        self._problems: tuple[Problem, ...] = ()
        self._visited: set[str] = set()
        self._shows_all = False
        self.boxes: dict[str, FieldBox] = {}
        self._grids: list[tuple[QGridLayout, Sequence[Row]]] = []
        self._groups: list[tuple[FormGroup, FoldGroup]] = []
        self._is_narrow = False
        self.summary = MessageBar(Message.ERROR)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        self.summary.link_chosen.connect(self.focus_field)

    def _lay_out(self) -> None:
        body = QWidget()
        body.setProperty("kind", "surface")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, px(12), 0, px(16))
        self._column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(px(16), 0, px(24), px(12))
        top.addWidget(self.summary)
        self.summary.hide()
        self.top = top
        self._column.addLayout(top)
        first = QGridLayout()
        first.setContentsMargins(px(16), 0, px(24), px(16))
        self._fill(first, self._layout.first)
        self._column.addLayout(first)
        for group in self._layout.groups:
            fold = FoldGroup(_(group.title))
            fold.unfolded.connect(lambda on, group=group: self._on_unfolded(group, on))
            self._groups.append((group, fold))
            self._column.addWidget(fold)
        self._column.addStretch(1)
        self.setWidget(body)

    def _fill(self, grid: QGridLayout, rows: Sequence[Row]) -> None:
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(14))
        self._grids.append((grid, rows))
        for row in rows:
            for name in row:
                self._make(name)
        self._arrange(grid, rows)

    def _make(self, name: str) -> None:
        spec = self._specs[name]
        editor = make_editor(spec, self._sources)
        if self._record is not None:
            editor.set_value(getattr(self._record, name))
        editor.edited.connect(lambda value: self._on_edited(name, value))
        editor.left.connect(lambda: self._on_left(name))
        editor.asked.connect(lambda what: self.asked.emit(name, what))
        editor.unreadable.connect(lambda typed: self.unreadable.emit(name, typed))
        self.boxes[name] = FieldBox(spec, editor, self._layout.words.get(name))

    def _arrange(self, grid: QGridLayout, rows: Sequence[Row]) -> None:
        """Put the fields of a row beside each other, or below where it is narrow."""
        while grid.takeAt(0):
            pass
        place = 0
        for row in rows:
            span = 6 if self._is_narrow else 6 // len(row)
            for column, name in enumerate(row):
                if self._is_narrow:
                    grid.addWidget(self.boxes[name], place, 0, 1, 6)
                    place += 1
                else:
                    grid.addWidget(self.boxes[name], place, column * span, 1, span)
            place += 0 if self._is_narrow else 1
        for column in range(6):
            grid.setColumnStretch(column, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Go to one column where two do not fit."""
        super().resizeEvent(event)
        narrow = self.viewport().width() < px(NARROW)
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            for grid, rows in self._grids:
                self._arrange(grid, rows)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go through the fields as one reads them, also those that were made later."""
        there = step(self, forward=forward)
        if there is None:
            return super().focusNextPrevChild(forward)
        there.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(there)
        return True

    # Values

    def set_record(self, record: Record, names: Iterable[str] | None = None) -> None:
        """Show a record's values, or only those of `names`; nothing is emitted."""
        self._record = record
        for name in self.boxes if names is None else names:
            if name in self.boxes:
                self.boxes[name].editor.set_value(getattr(record, name))
        self._summarise()

    def editor(self, name: str) -> Editor:
        """Return the editor of a field, opening its group when needed."""
        return self.box_of(name).editor

    def note(self, record: Record) -> None:
        """Know the present values without showing them anew (the user is typing them)."""
        self._record = record
        self._summarise()

    def _on_edited(self, name: str, value: Any) -> None:
        if self._specs[name].kind in _SEEN_AT_ONCE:
            self._visited.add(name)
        self.edited.emit(name, value)

    def _on_left(self, name: str) -> None:
        self._visited.add(name)
        self.left.emit(name)
        self._show()

    # Problems

    def show_problems(self, problems: Iterable[Problem], *, all_of_them: bool = False) -> None:
        """Take what is wrong; with `all_of_them` (after trying to save) hide nothing any more."""
        self._problems = tuple(problems)
        self._shows_all = self._shows_all or all_of_them
        self._show()

    def focus_field(self, name: str) -> None:
        """Go to a field, unfolding its group."""
        self._unfold_for(name)
        box = self.boxes[name]
        self.ensureWidgetVisible(box, 0, px(60))
        box.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def start(self) -> QWidget:
        """Return the editor of the first field."""
        box = next(iter(self.boxes.values()), None)
        return box.editor if box is not None else self

    def flush(self) -> None:
        """Read what is being typed at this moment."""
        for box in self.boxes.values():
            box.editor.flush()

    def box_of(self, name: str) -> FieldBox:
        """Return the box of a field, opening its group when needed."""
        self._unfold_for(name)
        return self.boxes[name]

    def focus_first_error(self) -> None:
        """Go to the first field that blocks saving."""
        for problem in self._problems:
            if problem.level is Level.ERROR and problem.field in self._specs:
                self.focus_field(problem.field)
                return

    def visible_errors(self) -> list[str]:
        """Return the fields whose errors are shown."""
        shown = dict.fromkeys(p.field for p in self._shown() if p.level is Level.ERROR)
        return [name for name in shown if name in self._specs]

    def _shown(self) -> list[Problem]:
        return [p for p in self._problems if self._shows_all or p.field in self._visited]

    def _show(self) -> None:
        shown: dict[str, Problem] = {}
        for problem in self._shown():
            shown.setdefault(problem.field, problem)
            if problem.level is Level.ERROR:
                self._unfold_for(problem.field)
        for name, box in self.boxes.items():
            found = shown.get(name)
            box.set_problem(found.level if found else None, problem_text(found) if found else "")
        self._show_summary()
        self._summarise()

    def _show_summary(self) -> None:
        names = self.visible_errors()
        self.summary.setVisible(bool(names))
        if not names:
            return
        links = [(name, _(self._specs[name].meta.label)) for name in names]
        words = ngettext(
            "%(count)d field is not right yet:", "%(count)d fields are not right yet:", len(names)
        )
        count = {"count": len(names)}
        self.summary.set_links(Message.ERROR, words % count, links)

    # Groups

    def _on_unfolded(self, group: FormGroup, unfolded: bool) -> None:
        fold = next(fold for known, fold in self._groups if known is group)
        if unfolded and fold.body.layout() is None:
            grid = QGridLayout(fold.body)
            grid.setContentsMargins(px(16), px(4), px(24), px(16))
            self._fill(grid, group.rows)
            self._show()

    def _unfold_for(self, name: str) -> None:
        for group, fold in self._groups:
            if name in group.names() and not fold.is_unfolded:
                fold.set_unfolded(True)

    def _summarise(self) -> None:
        shown = self._shown()
        for group, fold in self._groups:
            names = set(group.names())
            errors = sum(p.field in names and p.level is Level.ERROR for p in shown)
            warnings = sum(p.field in names and p.level is Level.WARNING for p in shown)
            if errors:
                words = ngettext("%(count)d error", "%(count)d errors", errors)
                fold.set_summary(words % {"count": errors}, Tone.RED)
            elif warnings:
                words = ngettext("%(count)d warning", "%(count)d warnings", warnings)
                fold.set_summary(words % {"count": warnings}, Tone.AMBER)
            else:
                fold.set_summary(self._filled_words(group))

    def _filled_words(self, group: FormGroup) -> str:
        names = list(group.names())
        filled = sum(_is_filled(getattr(self._record, name, None)) for name in names)
        if not filled:
            return _("empty")
        return _("%(filled)d of %(all)d filled in") % {"filled": filled, "all": len(names)}


_SEEN_AT_ONCE = frozenset(
    {Kind.CODE, Kind.CODES, Kind.BOOLEAN, Kind.REFERENCE, Kind.REFERENCES, Kind.LINKS}
    | {Kind.GEOMETRY}
)


def _is_filled(value: Any) -> bool:
    return value not in (None, "", False) and value != frozenset()
