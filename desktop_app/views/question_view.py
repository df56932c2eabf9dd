"""One question of a double edit: three cards (theirs, mine, result), keys 1 to 4."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from db.codec import from_json
from db.errors import UserProblem
from db.fields import Kind
from db.geometry import Geometry
from db.local.conflicts import DELETED_THERE
from desktop_app.i18n import _
from desktop_app.services.merging import Question, Take, typed_start
from desktop_app.services.place_text import move_text, place_text
from desktop_app.services.problem_text import error_text
from desktop_app.services.typed_text import Names
from desktop_app.tokens import BODY, BUTTON, HEADING, SMALL, Tone
from desktop_app.widgets.kit.choice_card import ChoiceCard
from desktop_app.widgets.kit.field_note import FieldNote
from desktop_app.widgets.kit.small import KeyHint
from desktop_app.widgets.kit.text import Paragraph, text
from desktop_app.widgets.kit.text_diff import TextDiff
from desktop_app.widgets.map_picture import MapPicture, around
from desktop_app.widgets.theme import font, px, qcolor

NARROW = 440


class QuestionView(QWidget):
    """One question with its cards.

    Signals:
        taken(object): the `Take` that was chosen.
    """

    taken = Signal(object)

    def __init__(
        self, question: Question, key: str, names: Names, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.question, self._key, self._names = question, key, names
        self._is_current = False
        self._group = QButtonGroup(self)
        self._theirs, self._mine = self._card(Take.THEIRS), self._card(Take.MINE)
        self._result = QFrame()
        self._result.setProperty("kind", "card-pale")
        self._result_words = Paragraph("", BODY)
        self._result_map = MapPicture()
        self._typed = QPlainTextEdit()
        self._note = FieldNote()
        self._buttons: dict[Take, QRadioButton] = {}
        self._lay_out()
        self._show_result()

    def _card(self, take: Take) -> ChoiceCard:
        word = _("Take this") if self.question.is_about_fields else self._act(take)
        card = ChoiceCard(word, self._group, key=str(take.value), choice_below=True)
        conflict = self.question.conflict.conflict
        side = conflict.theirs if take is Take.THEIRS else conflict.ours
        card.body.addWidget(self._side(take))
        card.body.addStretch(1)
        card.setAccessibleName(f"{self.question.title}: {self.question.words(side, self._names)}")
        card.chosen.connect(lambda: self.choose(take))
        return card

    def _act(self, take: Take) -> str:
        deleted_there = self.question.conflict.kind == DELETED_THERE
        return _("Delete") if (take is Take.THEIRS) == deleted_there else _("Keep")

    def _side(self, take: Take) -> QWidget:
        question = self.question
        conflict = question.conflict.conflict
        side = conflict.theirs if take is Take.THEIRS else conflict.ours
        if not question.is_about_fields:
            return Paragraph(self._deletion_words(take), BODY)
        spec = question.single
        if self._shape(take) is not None or self._base_shape() is not None:
            return self._picture(take)
        words = question.words(side, self._names)
        if spec is not None and spec.kind is Kind.TEXT:
            base = question.words(conflict.base, self._names)
            return TextDiff(base, words or _("(empty)"))
        return Paragraph(words or _("(empty)"), BODY)

    def _deletion_words(self, take: Take) -> str:
        deleted_there = self.question.conflict.kind == DELETED_THERE
        if (take is Take.THEIRS) == deleted_there:
            return _("The record goes away. You can bring it back later.")
        return _("The record stays, with what was changed in it.")

    def _shape(self, take: Take) -> Geometry | None:
        conflict = self.question.conflict.conflict
        side = conflict.theirs if take is Take.THEIRS else conflict.ours
        return self._geometry(side)

    def _base_shape(self) -> Geometry | None:
        return self._geometry(self.question.conflict.conflict.base)

    def _geometry(self, side: object) -> Geometry | None:
        for spec in self.question.specs:
            if spec.kind is Kind.GEOMETRY:
                value = from_json(spec, side.get(spec.name))  # type: ignore[attr-defined]
                return value if isinstance(value, Geometry) else None
        return None

    def _picture(self, take: Take) -> QWidget:
        theirs, mine = self._shape(Take.THEIRS), self._shape(Take.MINE)
        bounds = around(theirs, mine)
        shape = theirs if take is Take.THEIRS else mine
        picture = MapPicture(bounds)
        picture.show_shape(shape, self._key, bounds, None if take is Take.THEIRS else theirs)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(picture)
        column.addWidget(text(place_text(shape) if shape else _("Not on the map"), SMALL))
        return holder

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(text(self.question.title, HEADING))
        head.addWidget(text(self._was(), SMALL, Tone.MUTED, wrap=True), 1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(px(16))
        for card in (self._theirs, self._mine, self._result):
            card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._row.addWidget(card, 1)
        self._lay_out_result()
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), 0, 0, 0)
        column.setSpacing(px(8))
        column.addLayout(head)
        column.addLayout(self._row)

    def _was(self) -> str:
        theirs, mine = self._shape_pair()
        if theirs is not None and mine is not None:
            moved = move_text(theirs, mine)
            return _("Difference: %(distance)s") % {"distance": moved} if moved else ""
        if not self.question.is_about_fields:
            return _("One of you deleted this, the other changed it.")
        base = self.question.words(self.question.conflict.conflict.base, self._names)
        return _("Was: “%(value)s”") % {"value": base} if base else _("Was empty.")

    def _shape_pair(self) -> tuple[Geometry | None, Geometry | None]:
        if not self.question.is_about_fields:
            return None, None
        return self._shape(Take.THEIRS), self._shape(Take.MINE)

    def _lay_out_result(self) -> None:
        column = QVBoxLayout(self._result)
        column.setContentsMargins(px(14), px(12), px(14), px(12))
        column.setSpacing(px(8))
        for widget in (self._result_map, self._result_words, self._typed, self._note):
            column.addWidget(widget)
        column.addStretch(1)
        self._typed.setTabChangesFocus(True)
        self._typed.setFixedHeight(px(84))
        self._typed.textChanged.connect(self._on_typed)
        row = QHBoxLayout()
        for take, word, on in (
            (Take.BOTH, _("Together"), self.question.can_join),
            (Take.TYPED, _("Type it myself"), self.question.can_type),
        ):
            if on:
                button = QRadioButton(word)
                button.setFont(font(BUTTON))
                self._group.addButton(button)
                button.clicked.connect(lambda _on=False, take=take: self.choose(take))
                self._buttons[take] = button
                row.addWidget(button)
                row.addWidget(KeyHint(str(take.value)))
        row.addStretch(1)
        column.addLayout(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards below one another where they do not fit."""
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        self._row.setDirection(
            way.TopToBottom if self.width() < px(NARROW) * 1.4 else way.LeftToRight
        )

    # Choosing

    def can_take(self, take: Take) -> bool:
        """Whether a key can choose this here."""
        return take in (Take.THEIRS, Take.MINE) or take in self._buttons

    def choose(self, take: Take) -> None:
        """Make a choice, and show what it comes to."""
        if not self.can_take(take):
            return
        if take is Take.TYPED and self.question.take is not Take.TYPED:
            self._typed.setPlainText(self.question.typed or typed_start(self.question))
        self.question.take = take
        self._theirs.set_chosen(take is Take.THEIRS)
        self._mine.set_chosen(take is Take.MINE)
        for known, button in self._buttons.items():
            button.setChecked(known is take)
        self._show_result()
        if take is Take.TYPED:
            self._typed.setFocus()
            self._typed.selectAll()
        self.taken.emit(take)

    def set_current(self, current: bool) -> None:
        """Show the bar that says where the keys act."""
        self._is_current = current
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar at the left."""
        if self._is_current:
            painter = QPainter(self)
            painter.fillRect(QRect(0, 0, px(4), self.height()), qcolor("accent"))
            painter.end()

    def _on_typed(self) -> None:
        self.question.typed = self._typed.toPlainText()
        self._note.set_note("", "")
        if self.question.take is Take.TYPED:
            try:
                self.question.result()
            except UserProblem as problem:
                self._note.set_note("error", error_text(problem))

    def _show_result(self) -> None:
        question = self.question
        is_typed = question.take is Take.TYPED
        self._typed.setVisible(is_typed)
        shape = self._result_shape()
        self._result_map.setVisible(shape is not None)
        if shape is not None:
            bounds = around(*self._shape_pair())
            self._result_map.show_shape(shape, self._key, bounds)
        self._result_words.setVisible(not is_typed)
        if question.take is None:
            self._result_words.setText(_("Choose what stays."))
        elif not question.is_about_fields:
            deletes = bool(question.result()["deleted"])
            self._result_words.setText(_("Is deleted.") if deletes else _("Stays."))
        elif not is_typed:
            words = question.words(question.result(), self._names)
            self._result_words.setText(words or _("(empty)"))

    def _result_shape(self) -> Geometry | None:
        if self.question.take not in (Take.THEIRS, Take.MINE) or not self.question.is_about_fields:
            return None
        return self._shape(self.question.take)
