"""The kit by hand: keys, mouse, names for screen readers, and what it tells its owner."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QButtonGroup, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_app import i18n
from desktop_app.tokens import TARGET_MIN, Tone
from desktop_app.widgets.kit.button import Button, IconButton, Kind, ReasonLabel
from desktop_app.widgets.kit.chip import Chip, Tag, state_chip
from desktop_app.widgets.kit.choice_card import ChoiceCard
from desktop_app.widgets.kit.detail import DetailHeader, KeyValues, Tabs
from desktop_app.widgets.kit.empty_state import EmptyState
from desktop_app.widgets.kit.field_note import FieldNote
from desktop_app.widgets.kit.filter_button import FilterButton, RangeFilterButton
from desktop_app.widgets.kit.fold_group import FoldGroup
from desktop_app.widgets.kit.message_bar import Message, MessageBar, UndoBar
from desktop_app.widgets.kit.nav_list import NavEntry, NavList, NavSection
from desktop_app.widgets.kit.search_box import SearchBox
from desktop_app.widgets.kit.switch import SegmentSwitch
from desktop_app.widgets.kit.text import Paragraph
from desktop_app.widgets.kit.text_diff import TextDiff

KERNEN = [("rekken", "Rekken"), ("haarlo", "Haarlo"), ("neede", "Neede")]
PLACES = (
    NavSection((NavEntry("initiative", "Initiatieven", "lightbulb-on-outline", 1280),)),
    NavSection((NavEntry("plot", "Kavels", "vector-square"),), heading="Mijn lijsten"),
    NavSection((NavEntry("merge", "Samenvoegen", "source-merge", 2),), at_bottom=True),
)


def test_a_disabled_button_says_why_beside_it(qtbot: QtBot) -> None:
    button = Button("Brief maken", icon="file-document-outline")
    label = ReasonLabel(button)
    qtbot.addWidget(button)
    qtbot.addWidget(label)
    button.set_reason("samenvatting is leeg")
    assert not button.isEnabled()
    assert label.text() == "Kan nog niet: samenvatting is leeg"
    assert button.accessibleDescription() == "samenvatting is leeg"
    button.set_reason("")
    assert button.isEnabled()
    assert label.isHidden()


@pytest.mark.parametrize("kind", list(Kind))
def test_buttons_of_every_kind_are_large_enough_and_work_with_the_space_bar(
    qtbot: QtBot, kind: Kind
) -> None:
    button = Button("Opslaan", kind, icon="check", shortcut="Ctrl+S")
    qtbot.addWidget(button)
    button.show()
    assert min(button.width(), button.height()) >= TARGET_MIN
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_a_button_without_a_word_has_a_name_and_a_tooltip(qtbot: QtBot) -> None:
    button = IconButton("close", "Sluiten", shortcut="Esc")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Sluiten"
    assert button.toolTip() == "Sluiten (Esc)"


def test_a_filter_shows_its_choice_and_clears_with_cross_or_key(qtbot: QtBot) -> None:
    kern = FilterButton("Kern", KERNEN)
    qtbot.addWidget(kern)
    kern.show()
    kern.set_chosen(("haarlo", "rekken"))
    assert kern.chosen() == ("rekken", "haarlo")
    assert kern.accessibleName() == "Kern: Rekken, Haarlo"
    kern.resize(kern.sizeHint())
    with qtbot.waitSignal(kern.changed) as cleared:
        qtbot.mouseClick(kern, Qt.MouseButton.LeftButton, pos=QPoint(kern.width() - 12, 16))
    assert cleared.args == [()]
    assert kern.accessibleName() == "Kern"
    kern.set_chosen(("neede",))
    with qtbot.waitSignal(kern.changed):
        qtbot.keyClick(kern, Qt.Key.Key_Delete)
    assert kern.chosen() == ()


def test_a_filter_opens_with_a_key_and_chooses_with_the_space_bar(qtbot: QtBot) -> None:
    kern = FilterButton("Kern", KERNEN)
    qtbot.addWidget(kern)
    kern.show()
    qtbot.keyClick(kern, Qt.Key.Key_Down)
    assert kern.panel.isVisible()
    with qtbot.waitSignal(kern.changed) as changed:
        qtbot.keyClick(kern.panel.focusWidget(), Qt.Key.Key_Space)
    assert changed.args == [("rekken",)]
    kern.panel.close()


def test_a_filter_keeps_its_choice_when_the_offer_changes(qtbot: QtBot) -> None:
    kern = FilterButton("Kern", KERNEN)
    qtbot.addWidget(kern)
    kern.set_chosen(("haarlo", "neede"))
    kern.set_choices([*KERNEN[1:2], ("ruurlo", "Ruurlo")])
    assert kern.chosen() == ("haarlo",)


def test_a_range_filter_says_its_range_in_words(qtbot: QtBot) -> None:
    area = RangeFilterButton("m²", "m²")
    qtbot.addWidget(area)
    area.set_chosen(400, 1250)
    assert area.accessibleName() == "m²: 400 tot 1.250 m²"
    area.set_chosen(None, 700)
    assert area.chosen() == (None, 700)
    with qtbot.waitSignal(area.changed) as changed:
        area.clear()
    assert changed.args == [(None, None)]


def test_the_search_box_waits_for_a_pause_and_clears_with_escape(qtbot: QtBot) -> None:
    box = SearchBox("Zoek", shortcut="Ctrl+K")
    qtbot.addWidget(box)
    box.show()
    with qtbot.waitSignal(box.searched) as found:
        qtbot.keyClicks(box, "tuin")
    assert found.args == ["tuin"]
    with qtbot.waitSignal(box.searched) as cleared:
        qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert cleared.args == [""]
    with qtbot.waitSignal(box.left_down):
        qtbot.keyClick(box, Qt.Key.Key_Down)


def test_navigation_names_counts_and_goes_with_arrows_and_enter(qtbot: QtBot) -> None:
    nav = NavList(PLACES)
    qtbot.addWidget(nav)
    nav.resize(200, 400)
    nav.show()
    nav.set_current("initiative")
    nav.focus_current()
    first = nav.focusWidget()
    assert first is not None
    assert first.accessibleName() == "Initiatieven, 1.280"
    qtbot.keyClick(first, Qt.Key.Key_Down)
    second = nav.focusWidget()
    assert second is not None
    assert nav.current() == "initiative"
    with qtbot.waitSignal(nav.place_chosen) as went:
        qtbot.keyClick(second, Qt.Key.Key_Return)
    assert went.args == ["plot"]
    assert nav.current() == "plot"


def test_navigation_is_narrow_on_narrow_windows(qtbot: QtBot) -> None:
    nav = NavList(PLACES)
    qtbot.addWidget(nav)
    wide = nav.width()
    nav.set_narrow(True)
    assert nav.width() < wide
    assert nav.keys() == ["initiative", "plot", "merge"]


def test_a_folded_group_opens_and_says_what_is_inside(qtbot: QtBot) -> None:
    group = FoldGroup("Gebouw")
    qtbot.addWidget(group)
    group.set_summary("4 van 9 ingevuld")
    group.show()
    heading = group.findChildren(QWidget)[0]
    assert heading.accessibleName() == "Gebouw, 4 van 9 ingevuld"
    with qtbot.waitSignal(group.unfolded) as unfolded:
        qtbot.keyClick(heading, Qt.Key.Key_Space)
    assert unfolded.args == [True]
    assert group.body.isVisible()


def test_a_message_with_a_link_takes_one_to_the_field(qtbot: QtBot) -> None:
    bar = MessageBar(Message.ERROR)
    bar.set_links(Message.ERROR, "Klopt niet:", [("price", "Huur & meer"), ("area", "Grootte")])
    qtbot.addWidget(bar)
    bar.show()
    assert bar.accessibleName() == "Klopt niet: Huur & meer, Grootte"
    with qtbot.waitSignal(bar.link_chosen) as chosen:
        bar.findChildren(Paragraph)[1].linkActivated.emit("price")
    assert chosen.args == ["price"]


def test_a_title_from_a_record_is_shown_as_text(qtbot: QtBot) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    bar = MessageBar(Message.INFORMATION, hostile, hostile)
    qtbot.addWidget(bar)
    for label in bar.findChildren(Paragraph):
        assert "&lt;img" in super(Paragraph, label).text()


def test_a_switch_emits_only_what_the_user_did(qtbot: QtBot) -> None:
    switch = SegmentSwitch([("list", "Lijst"), ("map", "Kaart")])
    qtbot.addWidget(switch)
    with qtbot.assertNotEmitted(switch.chosen):
        switch.set_current("list")
    with qtbot.waitSignal(switch.chosen) as chosen:
        switch.findChildren(QWidget)[1].click()  # type: ignore[attr-defined]
    assert chosen.args == ["map"]


def test_chips_say_their_word_and_tags_how_to_remove_them(qtbot: QtBot) -> None:
    chip, tag = state_chip("initiative.plan", "Plan"), Tag("Wonen")
    for widget in (chip, tag):
        qtbot.addWidget(widget)
    assert isinstance(chip, Chip)
    assert (chip.accessibleName(), chip.tone) == ("Plan", Tone.BLUE)
    assert tag.accessibleName() == "Wonen weghalen"
    assert tag.sizeHint().height() >= TARGET_MIN


def test_a_note_takes_no_room_while_silent(qtbot: QtBot) -> None:
    holder = QWidget()
    note = FieldNote()
    QVBoxLayout(holder).addWidget(note)
    qtbot.addWidget(holder)
    holder.show()
    assert not note.isVisible()
    note.set_note("error", "Een postcode eindigt op twee letters.")
    assert note.isVisible()
    assert note.words() == "Een postcode eindigt op twee letters."


def test_an_empty_place_says_what_to_do(qtbot: QtBot) -> None:
    draw = Button("Kavel tekenen", Kind.PRIMARY)
    empty = EmptyState("vector-square", "Nog geen kavels", "Teken de eerste.", [draw])
    qtbot.addWidget(empty)
    assert empty.accessibleName() == "Nog geen kavels. Teken de eerste."


def test_the_detail_heading_closes_and_pins(qtbot: QtBot) -> None:
    head = DetailHeader()
    qtbot.addWidget(head)
    head.set_record("INI-2026-0042", "Dorpsplein Rekken")
    head.set_chips([Chip("Plan"), Chip("Wacht")])
    head.set_chips([Chip("Toetsing")])
    assert head.chips.count() == 1
    with qtbot.assertNotEmitted(head.pin_toggled):
        head.set_pinned(True)
    with qtbot.waitSignal(head.close_asked):
        head.findChildren(IconButton)[1].click()


def test_tabs_and_values_speak(qtbot: QtBot) -> None:
    tabs, values = Tabs(("Gegevens", "Relaties")), KeyValues()
    for widget in (tabs, values):
        qtbot.addWidget(widget)
    tabs.set_count(1, 4)
    assert tabs.accessibleTabName(1) == "Relaties 4"
    values.set_rows([("Kern", "Rekken"), ("Team", "")])
    names = [label.accessibleName() for label in values.findChildren(Paragraph)]
    assert names == ["Kern", "Kern: Rekken"]


def test_the_kit_speaks_english_too(qtbot: QtBot) -> None:
    i18n.use("en")
    try:
        bar = UndoBar()
        qtbot.addWidget(bar)
        assert bar.findChildren(Button)[0].text() == "Undo"
    finally:
        i18n.use("nl")


def test_a_diff_marks_added_words_and_shows_tags_as_text(qtbot: QtBot) -> None:
    diff = TextDiff("Panelen op het dak", "120 zonnepanelen op het <b>dak</b>")
    qtbot.addWidget(diff)
    html = super(Paragraph, diff).text()
    assert "<u>" in html
    assert "&lt;" in html
    assert "<b>" not in html
    assert "toegevoegd: 120" in diff.accessibleName()
    assert "weggehaald: Panelen" in diff.accessibleName()


def test_one_card_of_a_group_is_chosen_by_a_click_anywhere(qtbot: QtBot) -> None:
    holder = QWidget()
    group = QButtonGroup(holder)
    cards = [ChoiceCard("Neem deze", group, key=str(number)) for number in (1, 2)]
    column = QVBoxLayout(holder)
    for card in cards:
        column.addWidget(card)
    qtbot.addWidget(holder)
    holder.show()
    assert not any(card.is_chosen() for card in cards)
    with qtbot.waitSignal(cards[1].chosen):
        qtbot.mouseClick(cards[1], Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    cards[0].set_chosen(True)
    assert [card.is_chosen() for card in cards] == [True, False]
    cards[0].set_chosen(False)
    assert not any(card.is_chosen() for card in cards)


def test_no_top_level_widget_is_left(qapp: QApplication) -> None:
    assert not [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]
