"""What one side of a double edit says, on its card: words with the difference marked, chips, a map."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.changes import Values
from db.entities import ENTITIES
from db.fields import FieldSpec, Kind
from db.local.conflicts import DELETED_THERE
from desktop_app.i18n import _
from desktop_app.services.asked import Take, shape_on, value_on
from desktop_app.services.merging import Question
from desktop_app.services.shape_difference import size_text
from desktop_app.services.symbols import symbol, symbol_key
from desktop_app.services.typed_text import Names, text_of
from desktop_app.services.words import fold
from desktop_app.tokens import BODY, CAPTION, SMALL, Tone
from desktop_app.widgets.kit.chip import Chip
from desktop_app.widgets.kit.flow import FlowLayout
from desktop_app.widgets.kit.text import Paragraph, text
from desktop_app.widgets.kit.text_diff import TextDiff
from desktop_app.widgets.map_picture import MapPicture, Shown, around
from desktop_app.widgets.theme import px


class SideView(QWidget):
    """One side, or the result, of a question.

    With marks it shows what differs from what it was before both; the result stands as it is.
    """

    def __init__(
        self,
        question: Question,
        side: Values,
        key: str,
        names: Names,
        *,
        take: Take | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`take` says whose side it is; None: the result."""
        super().__init__(parent)
        self._question, self._side, self._key, self._names = question, side, key, names
        self._take, self._marks = take, take is not None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(4))
        if not question.is_about_fields and take is not None:
            self._show_deletion(take)
        else:
            self._show_fields(question.shown)

    def texts(self) -> list[TextDiff]:
        """Return the texts on it, which show all of themselves together with the other side's."""
        return self.findChildren(TextDiff)

    def _show_deletion(self, take: Take) -> None:
        question = self._question
        if question.deletes(take):
            words = _("The record goes away. You can bring it back later.")
            self._column.addWidget(Paragraph(words, BODY))
            return
        self._column.addWidget(Paragraph(_("The record stays, with what was changed in it."), BODY))
        self._column.addSpacing(px(4))
        self._show_fields(question.shown)

    def _show_fields(self, specs: Iterable[FieldSpec]) -> None:
        wanted = list(specs)
        is_lonely = len(wanted) == 1 and self._question.is_about_fields
        for spec in wanted:
            if not is_lonely and spec.kind is not Kind.GEOMETRY:
                self._column.addWidget(text(_(spec.meta.label), CAPTION, Tone.MUTED))
            self._column.addWidget(self._field(spec))
        if not wanted and self._question.is_about_fields:
            self._column.addWidget(Paragraph(_("This version can't show this field."), BODY))

    def _field(self, spec: FieldSpec) -> QWidget:
        value = value_on(spec, self._side)
        base = value_on(spec, self._question.conflict.conflict.base)
        if spec.kind is Kind.GEOMETRY:
            return self._place()
        if spec.kind.is_collection:
            return self._chips(spec, frozenset(value or ()), frozenset(base or ()))  # type: ignore[call-overload]
        if spec.kind is Kind.CODE and value is not None:
            return _beside(self._code(spec, value))
        words = text_of(spec, value, self._names)
        if spec.kind is Kind.TEXT and words:
            was = text_of(spec, base, self._names)
            # An empty text that was filled in needs no marks: all of it is new.
            return TextDiff(was if was else words, words, shows_marks=self._marks)
        return Paragraph(words or _("(empty)"), BODY)

    def _code(self, spec: FieldSpec, value: Any) -> Chip:
        entity = ENTITIES[self._question.conflict.entity]
        if spec.name != entity.STATE:
            return Chip(_(value.label))
        shown = symbol(symbol_key(entity.ENTITY, value))
        return Chip(_(value.label), shown.tone, shown.icon)

    def _chips(self, spec: FieldSpec, value: frozenset[Any], base: frozenset[Any]) -> QWidget:
        """Return the members as chips; what this side added or took out is marked."""
        chips = [(self._member(spec, one), one) for one in value | (base if self._marks else value)]
        holder = QWidget()
        flow = FlowLayout(holder, spacing=4)
        for word, member in sorted(chips, key=lambda pair: fold(pair[0])):
            flow.addWidget(self._chip(word, is_in=member in value, was_in=member in base))
        if not chips:
            flow.addWidget(text(_("(empty)"), BODY))
        return holder

    def _chip(self, word: str, *, is_in: bool, was_in: bool) -> Chip:
        if not self._marks or is_in == was_in:
            return Chip(word)
        chip = Chip(word, *((Tone.GREEN, "plus") if is_in else (Tone.RED, "minus")))
        spoken = _("added: {words}") if is_in else _("taken out: {words}")
        chip.setAccessibleName(spoken.format(words=word))
        chip.setToolTip(chip.accessibleName())
        return chip

    def _member(self, spec: FieldSpec, member: Any) -> str:
        return text_of(spec, frozenset({member}), self._names)

    def _place(self) -> QWidget:
        question, conflict = self._question, self._question.conflict.conflict
        theirs, mine = shape_on(question, conflict.theirs), shape_on(question, conflict.ours)
        shape, base = shape_on(question, self._side), shape_on(question, conflict.base)
        bounds = around(theirs, mine, base if base and base.kind == "Point" else None)
        before = theirs if self._take is Take.MINE and theirs != shape else None
        base = base if base not in (theirs, mine) else None
        picture = MapPicture(bounds, waits=True)
        nearby = [(one.title, one.key, one.geometry) for one in question.nearby]
        picture.show_shape(Shown(shape, self._key, before, base, nearby), bounds)
        words = size_text(shape) if shape else _("Not on the map")
        picture.setAccessibleName(words)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        column.addWidget(picture)
        column.addWidget(text(words, SMALL, wrap=True))
        return holder


def _beside(chip: Chip) -> QWidget:
    """Return a holder in which a chip is no wider than its word."""
    holder = QWidget()
    FlowLayout(holder).addWidget(chip)
    return holder


def deletion_words(question: Question) -> str:
    """Return what is the case, where one deleted what the other changed."""
    if question.conflict.kind == DELETED_THERE:
        words = _("%(who)s deleted this while you were changing it. What should happen?")
    else:
        words = _("%(who)s changed this while you deleted it. What should happen?")
    return words % {"who": question.theirs.who}
