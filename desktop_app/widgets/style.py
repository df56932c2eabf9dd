"""Dresses the application: Fusion, our palette, one short stylesheet, the system's own font.

Native styles take stylesheets badly, so Fusion is used everywhere; title bars, file and print
dialogs stay the system's. The look follows the system's light or dark, contrast and text size
while the program runs.
"""

import re
import sys
from string import Template

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

import resources
from desktop_app.tokens import BODY, DARK, FONT_FAMILIES, LIGHT, POINTS_PER_PX, Appearance, Tokens
from desktop_app.widgets.focus_ring import FocusRing
from desktop_app.widgets.kit_style import KitStyle
from desktop_app.widgets.theme import px, tokens_of

_SCHEMES = {
    Appearance.SYSTEM: Qt.ColorScheme.Unknown,
    Appearance.LIGHT: Qt.ColorScheme.Light,
    Appearance.DARK: Qt.ColorScheme.Dark,
}
_USUAL_POINTS = {"win32": 9.0, "darwin": 13.0}
_USUAL_POINTS_ELSEWHERE = 11.0
_NO_CHOICE = ("Sans Serif", "Sans", "DejaVu Sans", "Bitstream Vera Sans", "MS Shell Dlg 2")
"""Families that Qt reports where the system has no general font of its own."""


class Look(QObject):
    """Keeps the application dressed; make one in the composition root, before any widget."""

    def __init__(self, app: QApplication, appearance: Appearance = Appearance.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._appearance = appearance
        app.setStyle(KitStyle())
        self._system_font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        self._ring = FocusRing(app, self)
        # Held on to: PySide calls `accessibility()` deleted as soon as its parent is collected.
        self._hints = app.styleHints()
        self._hints.colorSchemeChanged.connect(self._dress)
        self._hints.accessibility().contrastPreferenceChanged.connect(self._dress)
        self.set_appearance(appearance)

    @property
    def appearance(self) -> Appearance:
        """Return what the user chose."""
        return self._appearance

    def set_appearance(self, appearance: Appearance) -> None:
        """Show light, dark, or what the system shows, from now on."""
        self._appearance = appearance
        self._hints.setColorScheme(_SCHEMES[appearance])
        self._dress()

    @Slot()
    def _dress(self) -> None:
        """Set font, palette and stylesheet; order matters, the sheet measures with the font."""
        self._app.setFont(general_font(self._system_font))
        if self._wants_contrast():
            self._app.setPalette(QPalette())
        else:
            self._app.setPalette(palette_of(DARK if self._is_dark() else LIGHT))
        self._app.setStyleSheet(stylesheet(tokens_of(self._app.palette())))

    def _is_dark(self) -> bool:
        if self._appearance is not Appearance.SYSTEM:
            return self._appearance is Appearance.DARK
        return self._hints.colorScheme() == Qt.ColorScheme.Dark

    def _wants_contrast(self) -> bool:
        preference = self._hints.accessibility().contrastPreference()
        return preference == Qt.ContrastPreference.HighContrast


def general_font(system: QFont) -> QFont:
    """Return the body font: the system's family and text size, digits of one width."""
    font = QFont(system)
    if system.family() in _NO_CHOICE:
        installed = set(QFontDatabase.families())
        font.setFamilies([name for name in FONT_FAMILIES if name in installed] + [system.family()])
    usual = _USUAL_POINTS.get(sys.platform, _USUAL_POINTS_ELSEWHERE)
    larger = max(1.0, system.pointSizeF() / usual)
    points_per_px = 1.0 if sys.platform == "darwin" else POINTS_PER_PX
    font.setPointSizeF(BODY.px * points_per_px * larger)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def palette_of(scheme: Tokens) -> QPalette:
    """Return the palette that says ``scheme`` to Qt's own widgets."""
    role = QPalette.ColorRole
    colours = {
        role.Window: scheme.window,
        role.Base: scheme.surface,
        role.AlternateBase: scheme.hover,
        role.Button: scheme.surface,
        role.Text: scheme.text,
        role.WindowText: scheme.text,
        role.ButtonText: scheme.text,
        role.BrightText: scheme.red,
        role.PlaceholderText: scheme.muted,
        role.Highlight: scheme.sel,
        role.HighlightedText: scheme.text,
        role.Accent: scheme.accent,
        role.Link: scheme.accent,
        role.LinkVisited: scheme.accent,
        role.Light: scheme.raised,
        role.Midlight: scheme.hover,
        role.Mid: scheme.line,
        role.Dark: scheme.edge,
        role.Shadow: scheme.edge,
        role.ToolTipBase: scheme.raised,
        role.ToolTipText: scheme.text,
    }
    palette = QPalette()
    for name, value in colours.items():
        palette.setColor(name, QColor(value))
    for name in (role.Text, role.WindowText, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(scheme.disabled))
    for name in (role.Base, role.Button):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(scheme.disabled_bg))
    return palette


def stylesheet(scheme: Tokens) -> str:
    """Return the stylesheet with the colours of ``scheme`` and sizes for the present font."""
    text = resources.path("style.qss").read_text(encoding="utf-8")
    text = re.sub(r"@(\d+)", lambda found: f"{px(int(found[1]))}px", text)
    names = set(re.findall(r"\$(\w+)", text))
    return Template(text).substitute({name: scheme.colour(name) for name in names})
