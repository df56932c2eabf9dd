"""What stands in no picture by itself: navigation, filters, detail, empty list, legend."""

from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.services.listing_text import CELL_ROLE, CellText
from desktop_app.services.symbols import legend_groups
from desktop_app.tokens import Tone
from desktop_app.widgets.kit.button import Button, IconButton, Kind
from desktop_app.widgets.kit.chip import Chip, state_chip
from desktop_app.widgets.kit.choice_card import ChoiceCard
from desktop_app.widgets.kit.detail import DetailHeader, KeyValues, Tabs
from desktop_app.widgets.kit.empty_state import EmptyState
from desktop_app.widgets.kit.filter_button import FilterButton, RangeFilterButton
from desktop_app.widgets.kit.fold_group import FoldGroup
from desktop_app.widgets.kit.legend import Legend
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.kit.nav_list import NavEntry, NavList, NavSection
from desktop_app.widgets.kit.search_box import SearchBox
from desktop_app.widgets.kit.small import SegmentBar
from desktop_app.widgets.kit.switch import SegmentSwitch
from desktop_app.widgets.kit.text_diff import TextDiff
from desktop_app.widgets.kit.views import dress_table
from tests.gallery.parts import TOP, card, page

WORDS = "Idee Verkenning Plan Toetsing Uitvoering Beheer Afgerond Gestopt".split()
SECTIONS = (
    NavSection(
        (
            NavEntry("today", "Mijn dag", "calendar-check-outline", 4),
            NavEntry("initiative", "Initiatieven", "lightbulb-on-outline", 128),
            NavEntry("premises", "Bedrijfspanden", "office-building-outline", 46),
            NavEntry("plot", "Kavels", "vector-square", 31),
        )
    ),
    NavSection((NavEntry("organisation", "Organisaties", "domain"),)),
    NavSection(
        (NavEntry("stuck", "Vastgelopen", "clock-outline", 3),),
        heading="Mijn lijsten",
    ),
    NavSection(
        (NavEntry("merge", "Samenvoegen", "source-merge", 2, Tone.AMBER),),
        at_bottom=True,
    ),
)


def controls_sheet() -> QWidget:
    sheet, column = page("Delen van het venster", "", 1366)
    top = QHBoxLayout()
    search = SearchBox("Zoek op titel, adres, naam of nummer", shortcut="Ctrl+K")
    search.setFixedWidth(480)
    top.addWidget(search)
    top.addWidget(Button("Nieuw", Kind.PRIMARY, icon="plus").set_toolbar())
    top.addStretch(1)
    sync = Button("3 wachten · laatst 09:14", icon="cloud-clock-outline").set_toolbar()
    top.addWidget(sync)
    column.addLayout(top)
    row = QHBoxLayout()
    row.addWidget(_nav())
    row.addWidget(_filters(), 1)
    row.addWidget(_detail())
    column.addLayout(row)
    below = QHBoxLayout()
    below.addWidget(_empty(), 1)
    below.addWidget(_table(), 1)
    below.addWidget(_legend(), 0, TOP)
    column.addLayout(below)
    column.addLayout(_double_edit())
    return sheet


def _double_edit() -> QHBoxLayout:
    row, group = QHBoxLayout(), QButtonGroup()
    base = "Zonnepanelen op het dak van de sporthal."
    theirs = "Zonnepanelen op het dak van de sporthal, voor 60 huishoudens uit de buurt."
    mine = "120 zonnepanelen op het dak van de sporthal."
    for number, words in enumerate((theirs, mine), start=1):
        one = ChoiceCard("Neem deze", group, key=str(number), choice_below=True)
        one.body.addWidget(TextDiff(base, words))
        one.set_chosen(number == 2)
        row.addWidget(one, 1)
    group.setParent(one)
    return row


def _nav() -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    for narrow in (False, True):
        nav = NavList(SECTIONS)
        nav.set_current("initiative")
        nav.set_narrow(narrow)
        row.addWidget(nav)
    return holder


def _filters() -> QWidget:
    frame, column = card("Filters en velden")
    row = QHBoxLayout()
    kern = FilterButton("Kern", [(name, name) for name in ("Rekken", "Haarlo", "Neede")])
    chosen = FilterButton("Kern", [(name, name) for name in ("Rekken", "Haarlo", "Neede")])
    chosen.set_chosen(("Rekken", "Haarlo"))
    area = RangeFilterButton("m²", "m²")
    area.set_chosen(400, None)
    for button in (kern, chosen, area):
        row.addWidget(button)
    row.addStretch(1)
    row.addWidget(IconButton("table", "Lijst of tabel"))
    column.addLayout(row)
    switch = SegmentSwitch([("list", "Lijst"), ("map", "Kaart"), ("detail", "Gegevens")])
    switch.set_current("list")
    column.addWidget(switch)
    tones = [Tone.GREEN] * 5 + [Tone.AMBER] * 2 + [None]
    column.addWidget(SegmentBar(tones, "5 ja, 2 ja mits, 1 open"))
    for title, summary, tone in (
        ("Gebouw", "4 van 9 ingevuld", Tone.MUTED),
        ("Energie en aansluitingen", "1 waarschuwing", Tone.AMBER),
        ("Plan en milieu", "leeg", Tone.MUTED),
    ):
        group = FoldGroup(title)
        group.set_summary(summary, tone)
        body = QVBoxLayout(group.body)
        body.addWidget(QLabel("Velden"))
        group.set_unfolded(title == "Plan en milieu")
        column.addWidget(group)
    column.addStretch(1)
    return frame


def _detail() -> QWidget:
    panel = QFrame()
    panel.setProperty("kind", "panel")
    panel.setFixedWidth(416)
    column = QVBoxLayout(panel)
    column.setContentsMargins(1, 0, 0, 0)
    column.setSpacing(0)
    head = DetailHeader()
    head.set_record("INI-2026-0042", "Dorpsplein Rekken opnieuw inrichten")
    waiting = Chip("Wacht op verzenden", Tone.GREY, "cloud-clock-outline")
    busy = Chip("In behandeling", Tone.GREY, "progress-clock")
    head.set_chips([state_chip("initiative.plan", "Plan"), busy, waiting])
    head.set_buttons(
        [
            Button("Bewerken", Kind.PRIMARY, icon="pencil-outline", shortcut="F2"),
            Button("Naar toetsing", icon="arrow-right"),
            IconButton("dots-horizontal", "Meer", Kind.OUTLINED),
        ]
    )
    tabs = Tabs(("Gegevens", "Relaties", "Bijlagen", "Geschiedenis"))
    tabs.set_count(1, 4)
    tabs.set_count(2, 3)
    values = KeyValues()
    values.setContentsMargins(16, 12, 16, 12)
    values.add("Kern", "Rekken")
    values.add("Thema’s", "Ontmoeten en dorpshuis, groen en landschap")
    values.add("Trekker", "Kerncontact Rekken")
    values.add("Initiatiefnemer", "Alleen met recht op contactgegevens", "lock-outline")
    bar = MessageBar(
        Message.INFORMATION,
        "Offerte bestrating vragen bij openbare ruimte",
        "Volgende actie: wo 2 dec 2026",
        icon="calendar-check-outline",
    )
    for part in (head, tabs, bar, values):
        column.addWidget(part)
    column.addStretch(1)
    return panel


def _empty() -> QWidget:
    draw = Button("Kavel tekenen", Kind.PRIMARY, icon="shape-polygon-plus", shortcut="Ctrl+N")
    read = Button("Lijst inlezen", icon="import")
    words = "Teken de eerste kavel op de kaart, of haal een lijst binnen uit Excel of CSV."
    frame = QFrame()
    frame.setProperty("kind", "card")
    column = QVBoxLayout(frame)
    column.addWidget(EmptyState("vector-square", "Nog geen kavels", words, [draw, read]))
    return frame


def _table() -> QWidget:
    cells = [
        [
            CellText("Verkeer", is_strong=True),
            CellText("Te beoordelen", "clock-outline", Tone.AMBER),
            CellText("Beschikbaar", "door-open", Tone.GREEN, is_chip=True),
        ],
        [
            CellText("Hal 14", symbol="premises.available"),
            CellText("Ja", "check-circle", Tone.GREEN),
            CellText("eigen beleidsregel", "", Tone.ACCENT, is_chip=True),
        ],
    ]
    table = QTableWidget(len(cells), 3)
    table.setHorizontalHeaderLabels(["Beleidsterrein", "Oordeel", "Toelichting"])
    dress_table(table)
    table.setColumnWidth(1, 150)
    for row, line in enumerate(cells):
        for place, cell in enumerate(line):
            table.model().setData(table.model().index(row, place), cell, CELL_ROLE)
    return table


def _legend() -> QWidget:
    groups = legend_groups("initiative")
    return Legend("Fase van het initiatief", list(zip([g[0] for g in groups], WORDS, strict=True)))
