"""The rows of the sync page: each with its icon, its words, and what can be done about it.

Every button is named after what it acts on, so that the focus finds it again after a refresh.
"""

from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from db.local.journal import OutboxState
from desktop_app.i18n import _, format_number, ngettext
from desktop_app.services.check_text import CheckText
from desktop_app.services.outbox_text import OutboxText
from desktop_app.services.sync_overview import ChoiceText, FileText, RefusedText
from desktop_app.tokens import BODY, BUTTON, SMALL, Tone
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.flow import FlowLayout
from desktop_app.widgets.kit.message_bar import Glyph
from desktop_app.widgets.kit.text import Paragraph, text
from desktop_app.widgets.painting import fill_round
from desktop_app.widgets.theme import px, tokens

Act = Callable[[], None]


def act_button(
    words: str, icon: str, name: str, act: Act, about: str = "", kind: Kind = Kind.OUTLINED
) -> Button:
    """Return a button that can be found again by `name`; `about` says on what it acts."""
    made = Button(words, kind, icon=icon)
    made.setObjectName(name)
    made.setAccessibleDescription(about)
    made.clicked.connect(lambda: act())
    return made


def plain_row(
    icon: str, tone: Tone, title: str, words: str, right: Sequence[QWidget] = ()
) -> QWidget:
    """Return a row: icon, title and second line, and at the right what belongs to it."""
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(text(title, BUTTON, wrap=True))
    if words:
        column.addWidget(text(words, SMALL, Tone.MUTED, wrap=True))
    line = QHBoxLayout()
    line.setContentsMargins(px(16), px(8), px(16), px(8))
    line.setSpacing(px(12))
    line.addWidget(Glyph(icon, tone, 20))
    line.addLayout(column, 1)
    for widget in right:
        line.addWidget(widget)
    row = QWidget()
    row.setLayout(line)
    return row


def link_row(button: Button) -> QWidget:
    """Return a link on a row of its own."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(px(5), px(6), px(16), px(6))
    line.addWidget(button)
    line.addStretch(1)
    return row


def nothing_row(*, is_connected: bool) -> QWidget:
    """Say that nothing waits, and what happens with what is saved next."""
    if is_connected:
        more = _("What you save is sent by itself.")
        return plain_row("cloud-check-outline", Tone.GREEN, _("Nothing waits."), more)
    more = _("It is sent as soon as this laptop is connected to the municipality.")
    return plain_row("laptop", Tone.MUTED, _("What you save stays on this laptop."), more)


def refused_row(one: RefusedText, edit: Act, again: Act, back: Act) -> QWidget:
    """Return a refused record: what, why, and the three ways on."""
    title = Paragraph("", BODY)
    value = f" <i>{escape(one.value)}</i>" if one.value else ""
    title.set_html(escape(one.title) + value, f"{one.title} {one.value}".strip())
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(title)
    for reason in one.reasons:
        column.addWidget(text(reason, SMALL, Tone.MUTED, wrap=True))
    buttons = FlowLayout()
    for button in (
        act_button(_("Open the change"), "pencil-outline", f"edit:{one.key}", edit, one.title),
        act_button(_("Send again"), "sync", f"again:{one.key}", again, one.title),
        act_button(_("Turn back"), "undo", f"back:{one.key}", back, one.title),
    ):
        buttons.addWidget(button)
    column.addSpacing(px(8))
    column.addLayout(buttons)
    line = QHBoxLayout()
    line.setContentsMargins(px(16), px(10), px(16), px(12))
    line.setSpacing(px(12))
    line.addWidget(Glyph("alert-octagon-outline", Tone.AMBER, 20), 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(column, 1)
    row = QWidget()
    row.setLayout(line)
    return row


def choice_row(one: ChoiceText, choose: Act) -> QWidget:
    """Return the double edits of one kind, with the way to the choosing."""
    button = act_button(_("Choose"), "arrow-right", f"choose:{one.title}", choose, one.words)
    count = text(one.count, SMALL, Tone.MUTED)
    return plain_row("source-merge", Tone.AMBER, one.title, one.words, (count, button))


def waiting_row(one: OutboxText, back: Act) -> QWidget:
    """Return a change that waits, with its time and the way to take it back."""
    button = act_button(_("Take back"), "undo", f"back:{one.change_id}", back, one.title, Kind.FLAT)
    when = text(one.when, SMALL, Tone.MUTED)
    is_sent = one.state is OutboxState.SENT
    icon = "cloud-upload-outline" if is_sent else "cloud-clock-outline"
    what = f"{one.what} · {_('sent, no receipt yet')}" if is_sent else one.what
    return plain_row(icon, Tone.MUTED, one.title, what, (when, button))


class AmountBar(QWidget):
    """How much of a file has crossed; the words beside it say the same."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self._part = done / total if total else 0.0
        self.setFixedSize(px(120), px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the whole and what has crossed."""
        scheme, box = tokens(), QRectF(self.rect())
        painter = QPainter(self)
        fill_round(painter, box, 4, QColor(scheme.line))
        box.setWidth(max(box.width() * self._part, box.height()))
        fill_round(painter, box, 4, QColor(scheme.accent))
        painter.end()


def file_row(one: FileText) -> QWidget:
    """Return a file on its way, with how far it is."""
    amount = text(one.amount, SMALL, Tone.MUTED)
    icon = "image-outline" if one.is_coming else "image-sync-outline"
    right = (amount, AmountBar(one.done, one.total)) if one.done else (amount,)
    return plain_row(icon, Tone.MUTED, one.name, one.words, right)


def receipt_row(one: OutboxText) -> QWidget:
    """Return a change that arrived, with its receipt."""
    receipt = (text(one.receipt, SMALL, Tone.MUTED),)
    if one.state is OutboxState.CONFLICT:
        what = f"{one.what} · {_('double edit')}"
        return plain_row("source-merge", Tone.AMBER, one.title, what, receipt)
    return plain_row("cloud-check-outline", Tone.GREEN, one.title, one.what, receipt)


def others_row(count: int) -> QWidget:
    """Return how many more there are than are shown."""
    words = ngettext("And %(count)s other.", "And %(count)s others.", count)
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(px(48), px(8), px(12), px(8))
    line.addWidget(text(words % {"count": format_number(count)}, SMALL, Tone.MUTED))
    return row


class CheckCard(QFrame):
    """The last check: its sentence, and below it what was compared."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._glyph = Glyph("shield-check-outline", Tone.GREEN, 20)
        self._title = text("", BUTTON, wrap=True)
        self._words = text("", SMALL, Tone.MUTED, wrap=True)
        line = QHBoxLayout()
        line.setSpacing(px(8))
        line.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(17), px(13), px(17), px(13))
        column.setSpacing(px(6))
        column.addLayout(line)
        column.addWidget(self._words)

    def show_check(self, told: CheckText) -> None:
        """Show how the check ended."""
        self._glyph.set_glyph(told.icon, told.tone)
        for label, words in ((self._title, told.title), (self._words, told.words)):
            if label.text() != words:
                label.setText(words)
        self.setAccessibleName(f"{told.title}. {told.words}")
