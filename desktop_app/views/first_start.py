"""The first start: connect, practise with examples, or begin empty; and opening with a passphrase."""

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from db.geometry import BERKELLAND_BOUNDS
from desktop_app.i18n import LANGUAGES, _, language
from desktop_app.platform import key_place
from desktop_app.tokens import BODY, HEADING, WELCOME, TextSize, Tone
from desktop_app.views.connect_form import ConnectForm
from desktop_app.views.passphrase_form import PassphraseForm
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.choice_card import ChoiceCard
from desktop_app.widgets.kit.message_bar import Glyph, Message, MessageBar
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.map_picture import MapPicture
from desktop_app.widgets.theme import px

_MAP_WIDTH, _PAGE_WIDTH = 520, 702
_LEAD = TextSize(16, 24)


class Beginning(Enum):
    """How one begins."""

    CONNECT = "connect"
    EXAMPLES = "examples"
    EMPTY = "empty"


def _in_the_middle(widget: QWidget, margin: int | None = None) -> QWidget:
    side = px(24)
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(side, margin or side, side, margin or side)
    row.addStretch(1)
    row.addWidget(widget, 20)
    row.addStretch(1)
    return holder


class FirstStart(QWidget):
    """The welcome page.

    Signals:
        begun(Beginning, str): the choice, and a new passphrase ("" where none is needed).
        language_chosen(str): the code of a language.
    """

    begun = Signal(object, str)
    language_chosen = Signal(str)

    def __init__(self, *, needs_passphrase: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.connect_form = ConnectForm()
        self.passphrase = PassphraseForm(is_new=True)
        self.passphrase.setVisible(needs_passphrase)
        self._needs_passphrase = needs_passphrase
        self.cards = {
            Beginning.CONNECT: self._card(
                _("Connect to the municipality"),
                _(
                    "You get what you may see on this laptop."
                    " Your administrator gave you an address and a name."
                ),
                "lan-connect",
            ),
            Beginning.EXAMPLES: self._card(
                _("Practise with examples first"),
                _(
                    "Invented initiatives, premises and plots in the eleven villages."
                    " Always marked as examples, and erased in one go."
                ),
                "flask-outline",
            ),
            Beginning.EMPTY: self._card(
                _("Begin empty on this laptop"),
                _("You can always connect later. You lose nothing by it."),
                "database-outline",
            ),
        }  # fmt: skip
        self.cards[Beginning.CONNECT].body.addWidget(self.connect_form)
        self.go = Button(
            _("Go on"), Kind.PRIMARY, icon="arrow-right", shortcut="Enter"
        ).set_toolbar()
        self.notice = MessageBar(Message.ERROR)
        self._picture = MapPicture(_wider(BERKELLAND_BOUNDS))
        self._lay_out()
        self._connect()
        self._choose(Beginning.CONNECT)

    def _card(self, title: str, words: str, icon: str) -> ChoiceCard:
        card = ChoiceCard(title, self._group, size=HEADING)
        card.head.addWidget(Glyph(icon, Tone.MUTED, 24))
        card.body.setContentsMargins(px(28), 0, px(40), 0)
        card.body.addWidget(text(words, BODY, Tone.MUTED, wrap=True))
        return card

    def _lay_out(self) -> None:
        page = QWidget()
        page.setMaximumWidth(px(_PAGE_WIDTH))
        column = QVBoxLayout(page)
        column.setSpacing(px(12))
        column.addStretch(1)
        column.addWidget(text(_("Welcome to Naoberkaart"), WELCOME))
        what = _("Initiatives, premises and plots of Berkelland. Also without internet.")
        column.addWidget(text(what, _LEAD, Tone.MUTED, wrap=True))
        column.addSpacing(px(8))
        for card in self.cards.values():
            column.addWidget(card)
        column.addWidget(self.passphrase)
        column.addWidget(self._lock())
        column.addWidget(self.notice)
        self.notice.hide()
        column.addStretch(2)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(_in_the_middle(page))
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(area, 1)
        right.addWidget(self._foot())
        self._picture.setFixedWidth(px(_MAP_WIDTH))
        self._picture.hide()  # it may not make a narrow window wide
        self._picture.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        both = QHBoxLayout(self)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        both.addWidget(self._picture)
        both.addLayout(right, 1)

    def _foot(self) -> QWidget:
        """Return what stays in sight while the page scrolls."""
        foot = QWidget()
        foot.setMaximumWidth(px(_PAGE_WIDTH))
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.go)
        row.addStretch(1)
        row.addWidget(self._languages())
        return _in_the_middle(foot, px(12))

    def _lock(self) -> MessageBar:
        where = key_place()
        words = _("Everything on this laptop is encrypted. The key is in %(place)s.")
        if self._needs_passphrase:
            words = _(
                "Everything on this laptop is encrypted. Your passphrase is the key: nobody else has it."
            )
        return MessageBar(Message.DONE, words % {"place": where}, icon="lock-outline")

    def _languages(self) -> Button:
        menu = QMenu(self)
        for code, one in LANGUAGES.items():
            act = menu.addAction(one.name)
            act.triggered.connect(lambda _on=False, code=code: self.language_chosen.emit(code))
        button = Button(LANGUAGES[language()].name, Kind.FLAT)
        button.setMenu(menu)
        return button

    def _connect(self) -> None:
        for beginning, card in self.cards.items():
            card.chosen.connect(lambda one=beginning: self._choose(one))
        self.go.clicked.connect(self._on_go)

    def _choose(self, beginning: Beginning) -> None:
        for one, card in self.cards.items():
            card.set_chosen(one is beginning)
        self.connect_form.setVisible(beginning is Beginning.CONNECT)

    def chosen(self) -> Beginning:
        """Return the choice."""
        return next(one for one, card in self.cards.items() if card.is_chosen())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the map out where there is little room."""
        super().resizeEvent(event)
        self._picture.setVisible(self.width() >= px(1100))

    def keyPressEvent(self, event: object) -> None:
        """Go on with Enter, also from a line: it hands its Enter on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # type: ignore[attr-defined]
            self._on_go()

    def _on_go(self) -> None:
        beginning, passphrase = self.chosen(), ""
        if not self.go.isEnabled():
            return  # it is being set up; two at a time would spoil each other's file
        if beginning is Beginning.CONNECT and not self.connect_form.is_complete():
            return
        if self._needs_passphrase:
            passphrase = self.passphrase.passphrase()
            if not passphrase:
                return
        self.begun.emit(beginning, passphrase)

    def set_busy(self, words: str) -> None:
        """Show that it is being set up; "" when that ended."""
        self.go.set_reason(words)

    def show_problem(self, words: str) -> None:
        """Say why it could not begin."""
        self.set_busy("")
        if self.chosen() is Beginning.CONNECT:
            self.connect_form.show_problem(words)
        else:
            self.notice.set_message(Message.ERROR, words)
            self.notice.show()


def _wider(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    room = (east - west) * 0.05
    return west - room, south - room, east + room, north + room


class UnlockPage(QWidget):
    """Asks for the passphrase of a store that was made before, or says why it does not open.

    Signals:
        unlocked(str): a passphrase to try ("" to try again without).
        set_aside(): put the damaged file aside and begin anew.
    """

    unlocked = Signal(str)
    set_aside = Signal()

    def __init__(self, *, needs_passphrase: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needs_passphrase = needs_passphrase
        self.form = PassphraseForm(is_new=False)
        self.notice = MessageBar(Message.ERROR)
        self.notice.hide()
        self.go = Button(
            _("Open") if needs_passphrase else _("Try again"),
            Kind.PRIMARY,
            icon="lock-open-outline",
        )
        self.aside = Button(_("Put aside and begin anew"), Kind.DANGER)
        self.aside.hide()
        page = QWidget()
        page.setMaximumWidth(px(420))
        column = QVBoxLayout(page)
        column.setSpacing(px(12))
        column.addStretch(1)
        column.addWidget(text("Naoberkaart", WELCOME))
        words = _("Your work on this laptop is encrypted. Type your passphrase to open it.")
        self._words = text(words, BODY, Tone.MUTED, wrap=True)
        column.addWidget(self._words)
        column.addWidget(self.form)
        column.addWidget(self.notice)
        column.addWidget(self.go)
        column.addWidget(self.aside)
        column.addStretch(2)
        self._words.setVisible(needs_passphrase)
        self.form.setVisible(needs_passphrase)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(page, 10)
        row.addStretch(1)
        self.go.clicked.connect(self._on_go)
        self.form.first.returnPressed.connect(self._on_go)
        self.aside.clicked.connect(self.set_aside)

    def _on_go(self) -> None:
        if not self._needs_passphrase:
            self.unlocked.emit("")
        elif passphrase := self.form.passphrase():
            self.unlocked.emit(passphrase)

    def show_problem(self, words: str, *, is_damaged: bool = False) -> None:
        """Say why it does not open; a damaged file can be put aside."""
        if self._needs_passphrase and not is_damaged:
            self.form.show_problem(words)
            return
        self.notice.set_message(Message.ERROR, words)
        self.notice.show()
        self.aside.setVisible(is_damaged)
