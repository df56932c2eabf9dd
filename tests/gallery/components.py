"""Picture 11 of the design: buttons, fields, chips, rows and messages."""

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.tokens import CAPTION, SMALL, Tone
from desktop_app.widgets.icons import icon
from desktop_app.widgets.kit.button import Button, Kind, ReasonLabel
from desktop_app.widgets.kit.chip import Chip, Tag, state_chip
from desktop_app.widgets.kit.field_note import FieldNote
from desktop_app.widgets.kit.message_bar import Message, MessageBar, UndoBar
from desktop_app.widgets.kit.small import ThinProgress
from desktop_app.widgets.kit.text import FieldLabel, text
from desktop_app.widgets.kit_style import set_state
from tests.gallery.parts import TOP, captioned, card, page
from tests.gallery.rows import RowPicture
from tests.gallery.samples import CHIPS, ROWS, STATES


def components_sheet() -> QWidget:
    sheet, column = page("Onderdelen", "maten in px bij 100 %", 1366)
    for part in (_buttons(), _fields(), _states()):
        column.addWidget(part)
    below = QHBoxLayout()
    below.setSpacing(16)
    below.addWidget(_rows(), 64)
    below.addWidget(_messages(), 66)
    column.addLayout(below)
    return sheet


def _buttons() -> QWidget:
    frame, column = card("Knoppen")
    row = QHBoxLayout()
    row.setSpacing(24)
    on = Button("Lagen", icon="layers-outline")
    on.setCheckable(True)
    on.setChecked(True)
    off = Button("Brief maken", icon="file-document-outline")
    reason = ReasonLabel(off)
    off.set_reason("samenvatting is leeg")
    reason.setWordWrap(False)
    last = QVBoxLayout()
    last.setSpacing(4)
    last.addWidget(off)
    last.addWidget(reason)
    for button, words in (
        (Button("Opslaan", Kind.PRIMARY, icon="check", shortcut="Ctrl+S"), "één per deel"),
        (Button("Bewerken", icon="pencil-outline"), "gewoon"),
        (Button("Terugnemen", Kind.FLAT, icon="undo"), "in een rij"),
        (Button("Alle bewijzen", Kind.LINK), "verwijzing"),
        (on, "staat aan"),
        (Button("Verwijderen", Kind.DANGER, icon="trash-can-outline"), "verwijderen"),
    ):
        row.addLayout(captioned(button, words))
    row.addLayout(last)
    row.addStretch(1)
    column.addLayout(row)
    return frame


def _field(label: FieldLabel, field: QWidget, note: QWidget | None = None) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(label)
    column.addWidget(field)
    if note is not None:
        column.addWidget(note)
    column.addStretch(1)
    return column


def _line(words: str, state: str = "", *, locked: bool = False) -> QLineEdit:
    field = QLineEdit(words)
    field.setEnabled(not locked)
    if locked:
        lock = icon("lock-outline", "muted")
        field.addAction(lock, QLineEdit.ActionPosition.TrailingPosition)
    set_state(field, state)
    return field


def _fields() -> QWidget:
    frame, column = card("Velden")
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(14)
    focus = _line("7151 A")
    focus.setObjectName("focus")
    error = FieldNote("error", "Een postcode eindigt op twee letters, zoals 7151 AB.")
    warning = FieldNote("warning", "Verlopen. U kunt wel opslaan.")
    locked = FieldNote("reason", "Alleen het fonds kan dit wijzigen.")
    upper = [
        _field(FieldLabel("Titel", "(verplicht)"), _line("Moestuin met de buurt")),
        _field(FieldLabel("Postcode", "(1234 AB)"), focus, FieldNote("", "Nog 1 letter")),
        _field(FieldLabel("Postcode", "(1234 AB)"), _line("7151 0B", "error"), error),
        _field(FieldLabel("Label geldig tot"), _line("3 jan 2026", "warning"), warning),
        _field(FieldLabel("Toegekend"), _line("€ 7.500", locked=True), locked),
    ]
    for place, part in enumerate(upper):
        grid.addLayout(part, 0, place)
        grid.setColumnStretch(place, 1)
    kern = QComboBox()
    kern.addItems(["Eibergen", "Neede", "Borculo"])
    date = QDateEdit(QDate(2026, 11, 24))
    date.setDisplayFormat("d MMM yyyy")
    date.setCalendarPopup(True)
    lower = [
        _field(FieldLabel("Kern"), kern),
        _field(FieldLabel("Thema’s"), _tags()),
        _field(FieldLabel("Datum"), date),
        _field(FieldLabel("Meenemen"), _choices()),
        _field(FieldLabel("Kies"), _radios()),
    ]
    for place, part in enumerate(lower):
        grid.addLayout(part, 1, place)
    column.addLayout(grid)
    return frame


def _tags() -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 6, 0, 6)
    row.addWidget(Tag("Wonen"))
    row.addWidget(Tag("Groen"))
    row.addStretch(1)
    return holder


def _choices() -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 6, 0, 6)
    row.setSpacing(20)
    first, second = QCheckBox("Foto’s"), QCheckBox("Contacten")
    first.setChecked(True)
    row.addWidget(first)
    row.addWidget(second)
    row.addStretch(1)
    return holder


def _radios() -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 6, 0, 6)
    row.setSpacing(20)
    first, second = QRadioButton("Van u"), QRadioButton("Van balie")
    first.setChecked(True)
    row.addWidget(first)
    row.addWidget(second)
    row.addStretch(1)
    return holder


def _states() -> QWidget:
    frame, column = card("Status: altijd een pictogram en een woord")
    grid = QGridLayout()
    grid.setVerticalSpacing(8)
    rows: dict[str, list[Chip]] = {
        name: [state_chip(key, word) for key, word in states] for name, states in STATES.items()
    }
    rows |= {
        name: [Chip(word, tone, glyph) for word, tone, glyph in chips]
        for name, chips in CHIPS.items()
    }
    for place, (name, chips) in enumerate(rows.items()):
        grid.addWidget(text(name, SMALL, Tone.MUTED), place, 0)
        line = QHBoxLayout()
        line.setSpacing(8)
        for chip in chips:
            line.addWidget(chip)
        line.addStretch(1)
        grid.addLayout(line, place, 1)
    grid.setColumnMinimumWidth(0, 104)
    grid.setColumnStretch(1, 1)
    column.addLayout(grid)
    return frame


def _rows() -> QWidget:
    frame, column = card("Rijen")
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    for place, (row, words, state) in enumerate(ROWS):
        grid.addWidget(RowPicture(row, state), place, 0)
        grid.addWidget(text(words, CAPTION, Tone.MUTED, wrap=True), place, 1)
    column.addLayout(grid)
    column.addStretch(1)
    return frame


def _messages() -> QWidget:
    frame, column = card("Berichten op de plek van het werk")
    column.setSpacing(8)
    wrong = MessageBar(Message.ERROR)
    wrong.set_links(Message.ERROR, "Er klopt nog 1 veld niet:", [("postcode", "Postcode")])
    undo = UndoBar()
    undo.show_done("Deelauto Rietmolen is verwijderd.")
    progress = ThinProgress("Lijst laadt")
    progress.set_amount(4, 10)
    waiting = QHBoxLayout()
    waiting.addWidget(text("Lijst laadt langer dan 0,3 s:", SMALL, Tone.MUTED))
    waiting.addWidget(progress, 1)
    for bar in (
        MessageBar(Message.INFORMATION, "Balie Neede bewerkt dit initiatief nu ook."),
        MessageBar(
            Message.WARNING, "Dit lijkt op een burgerservicenummer. Haal het weg als dat zo is."
        ),
        wrong,
        MessageBar(Message.DONE, "Opgeslagen op deze laptop om 10:02."),
        undo,
    ):
        column.addWidget(bar, 0, TOP)
    column.addLayout(waiting)
    column.addStretch(1)
    return frame
