"""Above the one thing that a narrow window shows: where one is, list, map or details, and filters."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.i18n import _, format_number
from desktop_app.tokens import BODY, HEADING, Tone
from desktop_app.widgets.kit.button import Button
from desktop_app.widgets.kit.switch import SegmentSwitch
from desktop_app.widgets.kit.text import text
from desktop_app.widgets.theme import px

HEIGHT = 41


class NarrowBar(QWidget):
    """Title and count, the switch, and the filter button.

    Signals:
        part_chosen(str): list, map or panel. filter_toggled(bool): show the filters or not.
    """

    part_chosen = Signal(str)
    filter_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title, self._count = text("", HEADING), text("", BODY, Tone.MUTED)
        self.switch = SegmentSwitch(
            (("list", _("List")), ("map", _("Map")), ("panel", _("Details")))
        )
        self.filter = Button(_("Filter"), icon="filter-variant")
        self.filter.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), 0, px(16), 0)
        row.setSpacing(px(8))
        row.addWidget(self._title)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self.switch)
        row.addWidget(self.filter)
        self.setFixedHeight(px(HEIGHT))
        self.switch.chosen.connect(self.part_chosen)
        self.filter.toggled.connect(self.filter_toggled)

    def show_list(self, title: str, count: int) -> None:
        """Show which list it is."""
        self._title.setText(title)
        self._count.setText(format_number(count))

    def show_part(self, part: str) -> None:
        """Show which part is in sight."""
        self.switch.set_current(part)
        self.filter.setVisible(part == "list")
