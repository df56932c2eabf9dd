"""A calendar to choose a day from, in our colours: Qt's own paints weekends red."""

from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QToolButton, QWidget

from desktop_app.i18n import language
from desktop_app.tokens import CAPTION
from desktop_app.widgets.icons import icon
from desktop_app.widgets.theme import font, px, tokens

_ARROWS = {"qt_calendar_prevmonth": "chevron-left", "qt_calendar_nextmonth": "chevron-right"}
_WEEKEND = (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday)


class Calendar(QCalendarWidget):
    """Weeks begin on Monday, days of other months are muted, the names are the language's own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setGridVisible(False)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self.setLocale(QLocale(language()))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setContentsMargins(1, 1, 1, 1)
        self.setMinimumSize(px(300), px(280))
        for name, glyph in _ARROWS.items():
            if (button := self.findChild(QToolButton, name)) is not None:
                button.setIcon(icon(glyph))
        self._paint_days()

    def changeEvent(self, event: QEvent) -> None:
        """Paint the days in the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_days()

    def _paint_days(self) -> None:
        day, header = QTextCharFormat(), QTextCharFormat()
        day.setForeground(QColor(tokens().text))
        for weekday in _WEEKEND:
            self.setWeekdayTextFormat(weekday, day)
        header.setForeground(QColor(tokens().muted))
        header.setBackground(QColor(tokens().raised))
        header.setFont(font(CAPTION))
        self.setHeaderTextFormat(header)
