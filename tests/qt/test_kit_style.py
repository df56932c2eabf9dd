"""Light, dark and back while running; the focus ring; symbols and icons that are really painted."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop_app.services.symbols import map_keys
from desktop_app.tokens import DARK, LIGHT, Appearance, Tokens
from desktop_app.widgets.focus_ring import wants_ring
from desktop_app.widgets.icons import glyph, icon, paint_icon
from desktop_app.widgets.kit_style import set_state
from desktop_app.widgets.style import Look, general_font, palette_of, stylesheet
from desktop_app.widgets.symbols import sprite
from desktop_app.widgets.theme import is_high_contrast, px, tokens, tokens_of
from tests.gallery.__main__ import SHEETS


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    """Dress the application for one test, and undress it after."""
    font, palette = qapp.font(), qapp.palette()
    made = Look(qapp, Appearance.LIGHT)
    yield made
    made.set_appearance(Appearance.SYSTEM)
    delete(made)
    qapp.setStyle("Fusion")
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


def drawn(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(image.width())
        for y in range(image.height())
    }


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_the_palette_says_which_scheme_is_in_force(scheme: Tokens) -> None:
    assert tokens_of(palette_of(scheme)) is scheme


def test_light_and_dark_change_while_running(look: Look, qtbot: QtBot) -> None:
    edit = QLineEdit("7151 AB")
    qtbot.addWidget(edit)
    edit.show()
    assert tokens() is LIGHT
    assert LIGHT.surface in colours(drawn(edit))
    look.set_appearance(Appearance.DARK)
    assert tokens() is DARK
    assert DARK.surface in colours(drawn(edit))


def test_a_system_palette_of_high_contrast_keeps_its_colours() -> None:
    palette = QPalette(QColor("black"))
    palette.setColor(QPalette.ColorRole.Window, QColor("black"))
    palette.setColor(QPalette.ColorRole.Base, QColor("black"))
    palette.setColor(QPalette.ColorRole.Text, QColor("yellow"))
    scheme = tokens_of(palette)
    assert scheme.is_dark
    assert (scheme.surface, scheme.red_soft) == ("#000000", "#000000")
    assert (scheme.text, scheme.edge) == ("#FFFF00", "#FFFF00")
    assert scheme.red == DARK.red


def test_larger_text_of_the_system_makes_everything_larger(look: Look, qapp: QApplication) -> None:
    assert not is_high_contrast()
    assert px(36) == 36
    system = QFont(qapp.font())
    system.setPointSizeF(22)
    qapp.setFont(general_font(system))
    assert px(36) == pytest.approx(72, abs=2)


def test_an_error_shows_in_the_edge_of_the_field(look: Look, qtbot: QtBot) -> None:
    edit, combo = QLineEdit("7151 0B"), QComboBox()
    for field in (edit, combo):
        qtbot.addWidget(field)
        field.show()
        assert LIGHT.red not in colours(drawn(field))
        set_state(field, "error")
        assert LIGHT.red in colours(drawn(field))
        set_state(field, "")
        assert LIGHT.red not in colours(drawn(field))
        assert field.height() >= 36


def test_the_ring_follows_the_keyboard(look: Look, qtbot: QtBot) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    edit, button, rows = QLineEdit(), QPushButton("Opslaan"), QListView()
    for widget in (edit, button, rows):
        column.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    edit.setFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    (ring,) = window.findChildren(QFocusFrame)
    assert ring.widget() is button
    assert ring.geometry() == button.geometry().adjusted(-3, -3, 3, 3)
    assert not wants_ring(rows)


def test_every_symbol_has_a_picture_in_every_variant(qapp: QApplication) -> None:
    made = sprite(LIGHT, 2.0)
    image = QImage.fromData(made.png)
    for key in map_keys():
        for variant in ("", "@chosen", "@list"):
            cell = image.copy(QRect(*made.index[key + variant]))
            painted = [cell.pixelColor(x, cell.height() // 2).alpha() for x in range(cell.width())]
            assert max(painted) > 200, key + variant
    everywhere = QRect(0, 0, image.width(), image.height())
    assert all(everywhere.contains(QRect(*place)) for place in made.index.values())


def test_the_sprite_is_the_same_for_the_same_colours(qapp: QApplication) -> None:
    assert sprite(DARK, 1.0) == sprite(DARK, 1.0)
    assert sprite(DARK, 1.0).png != sprite(LIGHT, 1.0).png


def test_an_icon_takes_the_colour_of_the_scheme_in_force(look: Look) -> None:
    save = icon("check", "accent")
    assert LIGHT.accent in colours(save.pixmap(48, 48).toImage())
    look.set_appearance(Appearance.DARK)
    assert DARK.accent in colours(save.pixmap(48, 48).toImage())


def test_an_icon_is_centred_in_its_place(qapp: QApplication) -> None:
    image = QImage(48, 48, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_icon(painter, QRectF(0, 0, 48, 48), "checkbox-blank", QColor("black"))
    painter.end()
    assert glyph("checkbox-blank").boundingRect().center().x() == pytest.approx(12, abs=0.6)
    assert image.pixelColor(24, 24).alpha() == 255
    with pytest.raises(KeyError):
        icon("no-such-icon")


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_the_stylesheet_names_only_known_colours(scheme: Tokens) -> None:
    sheet = stylesheet(scheme)
    assert "$" not in sheet
    assert "@" not in sheet.split("*/")[1]


@pytest.mark.parametrize("name", list(SHEETS))
def test_the_component_sheet_opens(look: Look, qtbot: QtBot, name: str) -> None:
    """Every control in every state is drawn once, in light and in dark, without a warning."""
    sheet = SHEETS[name]()
    qtbot.addWidget(sheet)
    sheet.show()
    light = drawn(sheet)
    look.set_appearance(Appearance.DARK)
    assert drawn(sheet) != light
