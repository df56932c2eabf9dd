"""The tab Details: the next action, the facts by group, texts in full; what is empty is left out."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from db.entities.initiative import Initiative
from db.fields import FieldSpec, Kind, Record, fields_of
from db.geometry import Geometry
from desktop_app.i18n import _, format_date, format_day
from desktop_app.services.typed_dates import today
from desktop_app.services.typed_text import link_text, text_of
from desktop_app.tokens import BODY, HEADING
from desktop_app.views.layouts import layout_of
from desktop_app.views.session import Session
from desktop_app.views.sources import address_text
from desktop_app.widgets.geometry_editor import degrees_text
from desktop_app.widgets.kit.detail import KeyValues
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.kit.text import note, rule, text
from desktop_app.widgets.theme import px

_FIRST: dict[str, tuple[str, ...]] = {
    "initiative": ("kern", "themes", "lead", "team", "contacts", "kind"),
}
"""Facts at the top, by entity; else those of the first part of the form."""

_ADDRESS = {"street", "house_number", "house_letter", "house_addition", "postcode", "town"}
_SILENT = _ADDRESS | {"kern_chosen", "next_action", "action_date"}
_IN_CHIPS = {"initiative": "status"}
"""What stands in the head already."""


class FactsTab(QScrollArea):
    """The facts of one record, to read and copy."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_record(self, record: Record) -> None:
        """Show a record's facts."""
        place = self.verticalScrollBar().value()
        body = QWidget()
        body.setProperty("kind", "surface")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(px(16), px(16), px(16), px(16))
        self._column.setSpacing(px(12))
        if isinstance(record, Initiative):
            self._add_next_action(record)
        self._add_first(record)
        self._add_texts(record)
        self._add_groups(record)
        self._add_stamp(record)
        self._column.addStretch(1)
        self.setWidget(body)
        self.verticalScrollBar().setValue(place)

    def _add_next_action(self, record: Initiative) -> None:
        if not record.next_action and not record.action_date:
            return
        day = record.action_date
        is_late = day is not None and day < today()
        when = f": {format_day(day)} {day.year}" if day else ""
        title = (_("Next action, overdue") if is_late else _("Next action")) + when
        kind = Message.WARNING if is_late else Message.INFORMATION
        bar = MessageBar(kind, record.next_action or "", title, icon="calendar-check-outline")
        self._column.addWidget(bar)

    def _add_first(self, record: Record) -> None:
        layout = layout_of(record.ENTITY)
        rows = [name for row in layout.first for name in row]
        names = _FIRST.get(record.ENTITY, tuple(rows))
        facts = KeyValues()
        if address := address_text(record):
            facts.add(_("Address"), address)
        for name in names:
            self._add_fact(facts, record, name)
        self._column.addWidget(facts)

    def _add_texts(self, record: Record) -> None:
        layout = layout_of(record.ENTITY)
        for row in layout.first:
            for name in row:
                if fields_of(type(record))[name].meta.multiline:
                    self._add_text(record, name)

    def _add_text(self, record: Record, name: str) -> None:
        spec = fields_of(type(record))[name]
        words = getattr(record, name)
        if not words or name == record.TITLE:
            return
        self._add_heading(_(spec.meta.label))
        label = text(words, BODY, wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(label)

    def _add_heading(self, words: str) -> None:
        if self._column.count():
            self._column.addWidget(rule())
        self._column.addWidget(text(words, HEADING))

    def _add_groups(self, record: Record) -> None:
        shown = set(_FIRST.get(record.ENTITY, ()))
        first = {name for row in layout_of(record.ENTITY).first for name in row}
        left = [name for name in first if record.ENTITY in _FIRST and name not in shown]
        for group in layout_of(record.ENTITY).groups:
            names = [name for name in group.names() if name not in shown]
            self._add_group(record, _(group.title), names)
        rest = [name for name in left if name not in (record.TITLE, record.STATE)]
        self._add_group(record, _("Place on the map"), [n for n in rest if n == "geometry"])

    def _add_group(self, record: Record, title: str, names: list[str]) -> None:
        specs = fields_of(type(record))
        facts, count = KeyValues(), 0
        texts = [name for name in names if specs[name].meta.multiline]
        for name in names:
            if name not in texts:
                count += self._add_fact(facts, record, name)
        if count:
            self._add_heading(title)
            self._column.addWidget(facts)
        else:
            facts.deleteLater()
        for name in texts:
            self._add_text(record, name)

    def _add_fact(self, facts: KeyValues, record: Record, name: str) -> bool:
        spec, value = fields_of(type(record))[name], getattr(record, name)
        shown = (record.TITLE, record.STATE, _IN_CHIPS.get(record.ENTITY))
        skips = name in _SILENT or name in shown or spec.meta.multiline
        if skips or value in (None, "", False) or value == frozenset():
            return False
        label = _(spec.meta.label)
        if self._is_hidden(spec):
            facts.add(label, _("Only with the right to contact details"), "lock-outline")
        elif isinstance(value, Geometry):
            facts.add(label, f"{text_of(spec, value)}\n{degrees_text(value)}")
        elif spec.kind is Kind.LINKS:
            words = sorted(link_text(link, self._session.titles) for link in value)
            facts.add(label, "\n".join(words))
        else:
            facts.add(label, text_of(spec, value, self._session.titles))
        return True

    def _is_hidden(self, spec: FieldSpec) -> bool:
        rights = self._session.store.meta("rights")
        return spec.meta.personal and rights is not None and "contacts" not in rights.split()

    def _add_stamp(self, record: Record) -> None:
        if record.changed_at is None:
            return
        who = self._session.titles.staff(record.changed_by) if record.changed_by else ""
        when = format_date(record.changed_at)
        words = _("Last changed on %(day)s by %(who)s.") if who else _("Last changed on %(day)s.")
        self._column.addWidget(rule())
        self._column.addWidget(note(words % {"day": when, "who": who}))
