"""One question of a double edit: three cards (theirs, mine, result), keys 1 to 4.

The view itself takes the focus, so that a screen reader tells the whole question, and so that the
keys act on the one with the bar.
"""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_app.i18n import _
from desktop_app.services.asked import Side, Take, shape_on, words_on
from desktop_app.services.merging import Question
from desktop_app.services.shape_difference import difference_text
from desktop_app.services.typed_text import Names
from desktop_app.tokens import CAPTION, HEADING, SMALL, Tone
from desktop_app.views.question_result import QuestionResult
from desktop_app.views.question_side import SideView, deletion_words
from desktop_app.widgets.editor import Sources
from desktop_app.widgets.kit.choice_card import ChoiceCard
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.reading_order import HOLDS_STOPS
from desktop_app.widgets.theme import px, qcolor

NARROW = 560
"""Below this width three cards would be narrower than their buttons: they stand below one another."""

WAS = 90
"""Letters of the old value beside the heading: one line."""


class QuestionView(QWidget):
    """One question with its cards.

    Signals:
        taken(object): the `Take` that was chosen.
        entered(): it got the focus.
        typed(): what the user wrote changed.
        stepped(int): the user goes so many fields on (or back).
    """

    taken = Signal(object)
    entered = Signal()
    typed = Signal()
    stepped = Signal(int)

    def __init__(
        self,
        question: Question,
        key: str,
        names: Names,
        sources: Sources,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.question, self._key, self._names = question, key, names
        self.is_current, self.is_narrow, self._is_high = False, False, True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRing", False)
        self.setProperty(HOLDS_STOPS, True)
        self._group = QButtonGroup(self)
        self._captions: list[QWidget] = []
        self.theirs, self.mine = self._card(Take.THEIRS), self._card(Take.MINE)
        self.result = QuestionResult(question, key, names, sources, self._group)
        self._lay_out()
        self._connect()
        self._show_choice()
        self.set_current(False)

    def _card(self, take: Take) -> ChoiceCard:
        question = self.question
        side = question.theirs if take is Take.THEIRS else question.mine
        words = _("Take this")
        if not question.is_about_fields:
            words = _("Delete") if question.deletes(take) else _("Keep")
        card = ChoiceCard(words, self._group, key=str(take.value), choice_below=True)
        if question.is_about_fields:
            card.set_chosen_word(_("Chosen"))
        shown = SideView(question, question.side(take), self._key, self._names, take=take)
        caption = text(_caption(side), CAPTION, Tone.MUTED, wrap=True)
        caption.hide()
        self._captions.append(caption)
        card.body.addWidget(caption)
        card.body.addWidget(shown)
        card.body.addStretch(1)
        told = words_on(question, question.side(take), self._names) or _("(empty)")
        card.button.setAccessibleName(f"{words}: {question.title}, {side.who}: {told}")
        return card

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(text(self.question.title, HEADING))
        head.addWidget(text(self.was(), SMALL, Tone.MUTED, wrap=True), 1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(px(16))
        for card in (self.theirs, self.mine, self.result):
            card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._row.addWidget(card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), 0, 0, 0)
        column.setSpacing(px(8))
        column.addLayout(head)
        column.addLayout(self._row)

    def _connect(self) -> None:
        self.theirs.chosen.connect(lambda: self.choose(Take.THEIRS))
        self.mine.chosen.connect(lambda: self.choose(Take.MINE))
        self.result.asked.connect(self.choose)
        self.result.typed.connect(self.typed)
        for button in self._group.buttons():
            button.installEventFilter(self)
        texts = [one for card in (self.theirs, self.mine) for one in card.findChildren(SideView)]
        for one in (found for side in texts for found in side.texts()):
            one.whole_asked.connect(self._show_whole)

    def _show_whole(self) -> None:
        for side in self.findChildren(SideView):
            for found in side.texts():
                found.show_whole()

    def was(self) -> str:
        """Return what it was, or how two places differ, in words."""
        question, conflict = self.question, self.question.conflict.conflict
        if question.place is not None:
            differs = difference_text(
                shape_on(question, conflict.theirs), shape_on(question, conflict.ours)
            )
            return _("Difference: %(distance)s") % {"distance": differs} if differs else ""
        if not question.is_about_fields:
            return deletion_words(question)
        base = " · ".join(words_on(question, conflict.base, self._names).split("\n"))
        short = base if len(base) <= WAS else base[:WAS].rpartition(" ")[0] + " …"
        return _("Was: “%(value)s”") % {"value": short} if base else _("Was empty.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards below one another where they do not fit; each then says whose it is."""
        super().resizeEvent(event)
        self.is_narrow = self.width() < px(NARROW)
        way = QBoxLayout.Direction
        self._row.setDirection(way.TopToBottom if self.is_narrow else way.LeftToRight)
        self._show_captions()

    def set_high(self, high: bool) -> None:
        """Say on each card whose it is, where a low window has no headings above them."""
        self._is_high = high
        self._show_captions()

    def _show_captions(self) -> None:
        for caption in (*self._captions, self.result.heading):
            caption.setVisible(self.is_narrow or not self._is_high)

    # Choosing

    def can_take(self, take: Take) -> bool:
        """Whether this can be chosen here."""
        return take in (Take.THEIRS, Take.MINE) or take in self.result.buttons

    def choose(self, take: Take) -> None:
        """Make a choice, and show what it comes to."""
        if not self.can_take(take):
            return
        if take is Take.TYPED:
            self.question.start_typing()
        self.question.take = take
        self._show_choice()
        self.taken.emit(take)

    def _show_choice(self) -> None:
        take = self.question.take
        self.theirs.set_chosen(take is Take.THEIRS)
        self.mine.set_chosen(take is Take.MINE)
        self.result.show_result()
        self._tell()

    def set_current(self, current: bool) -> None:
        """Show the bar, and the keys that act here."""
        self.is_current = current
        for card in (self.theirs, self.mine):
            card.hint.setVisible(current)
        self.result.show_keys(current)
        self.update()

    def _tell(self) -> None:
        """Say all of it in words, for a screen reader."""
        question, conflict = self.question, self.question.conflict.conflict
        sides = [
            f"{side.who}: {words_on(question, values, self._names) or _('(empty)')}"
            for side, values in ((question.theirs, conflict.theirs), (question.mine, conflict.ours))
        ]
        self.setAccessibleName(". ".join([question.title, self.was(), *sides]))
        self.setAccessibleDescription(self.chosen_words())

    def chosen_words(self) -> str:
        """Return what is chosen, or which keys choose."""
        question = self.question
        keys = [f"1: {self._word(Take.THEIRS)}", f"2: {self._word(Take.MINE)}"]
        keys += [f"{take.value}: {button.text()}" for take, button in self.result.buttons.items()]
        if question.take is None:
            return _("Nothing chosen. %(keys)s.") % {"keys": ", ".join(keys)}
        return _("Chosen: %(choice)s.") % {"choice": self._word(question.take)}

    def _word(self, take: Take) -> str:
        question = self.question
        if take in self.result.buttons:
            return self.result.buttons[take].text()
        if not question.is_about_fields:
            return _("Delete") if question.deletes(take) else _("Keep")
        return question.theirs.who if take is Take.THEIRS else question.mine.who

    # Focus

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Become the one on which the keys act."""
        super().focusInEvent(event)
        self.entered.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Become the one on which the keys act."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the arrow keys for going to another field: a radio button would choose with them."""
        if isinstance(watched, QAbstractButton) and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if event.type() == QEvent.Type.KeyPress and step:
                self.stepped.emit(step)
                return True
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar at the left."""
        if self.is_current:
            painter = QPainter(self)
            painter.fillRect(QRect(0, 0, px(4), self.height()), qcolor("accent"))
            painter.end()


def _caption(side: Side) -> str:
    """Return who and when in one line, as a narrow card has room for."""
    who = _("You") if side.who == _("You, on this laptop") else side.who
    return " · ".join(part for part in (who, side.when) if part)
