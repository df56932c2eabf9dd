"""Show the component sheet, or save it: `python -m tests.gallery [--dark] [--save FOLDER]`.

Scale it as any Qt program: `QT_SCALE_FACTOR=2 python -m tests.gallery --save FOLDER`.
"""

import argparse
import os
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.tokens import Appearance
from desktop_app.widgets.style import Look
from tests.gallery.components import components_sheet
from tests.gallery.controls import controls_sheet
from tests.gallery.map_signs import map_signs_sheet

SHEETS = {
    "components": components_sheet,
    "map-signs": map_signs_sheet,
    "controls": controls_sheet,
}


def save(sheet: QWidget, file: Path) -> None:
    """Draw a sheet as it would show, without a window on the screen."""
    sheet.show()
    sheet.activateWindow()
    if (focus := sheet.findChild(QWidget, "focus")) is not None:
        focus.setFocus(Qt.FocusReason.TabFocusReason)
    for _turn in range(3):
        QApplication.processEvents()
    if (layout := sheet.layout()) is not None:
        sheet.setFixedHeight(layout.heightForWidth(sheet.width()))
    QApplication.processEvents()
    sheet.grab().save(str(file))
    sheet.close()


def main() -> int:
    """Show or save all sheets."""
    parser = argparse.ArgumentParser(prog="tests.gallery")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--save", type=Path)
    wanted = parser.parse_args()
    app = QApplication(sys.argv[:1])
    Look(app, Appearance.DARK if wanted.dark else Appearance.LIGHT)
    ending = "-dark" if wanted.dark else ""
    scale = f"-{os.environ['QT_SCALE_FACTOR']}x" if "QT_SCALE_FACTOR" in os.environ else ""
    shown = []
    for name, make in SHEETS.items():
        sheet = make()
        if wanted.save:
            wanted.save.mkdir(parents=True, exist_ok=True)
            save(sheet, wanted.save / f"{name}{ending}{scale}.png")
        else:
            sheet.show()
            shown.append(sheet)
    return 0 if wanted.save else app.exec()


if __name__ == "__main__":
    sys.exit(main())
