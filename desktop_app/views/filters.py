"""The filter buttons above a list: the first few beside each other, the rest behind "More"."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from db.fields import N_
from desktop_app.i18n import _
from desktop_app.services.listing import (
    Chosen,
    FilterKind,
    FilterSpec,
    Listing,
    Range,
    filters_of,
    has_mine,
)
from desktop_app.widgets.editor import Sources
from desktop_app.widgets.kit.filter_button import (
    FilterBase,
    FilterButton,
    RangeFilterButton,
)
from desktop_app.widgets.kit.flow import FlowLayout
from desktop_app.widgets.theme import px

SHOWN: dict[str, tuple[str, ...]] = {
    "initiative": ("kern", "themes", "phase"),
    "premises": ("kern", "availability", "floor_area_m2", "rent"),
    "plot": ("kern", "status", "plot_area_m2"),
    "search_request": ("status", "kind", "kernen"),
    "organisation": ("legal_form", "kern"),
    "team": ("kind", "policy_areas"),
}
"""The filters beside each other, by entity; others go behind "More"."""

_WORDS = {
    ("premises", "availability"): N_("Free"),
    ("premises", "floor_area_m2"): "m²",
    ("premises", "rent"): N_("Price"),
    ("plot", "plot_area_m2"): "m²",
    ("plot", "price_per_m2"): N_("Price"),
    ("initiative", "themes"): N_("Theme"),
}
"""Shorter words than the label of the field."""

CENTS = 100


class LateFilter(FilterButton):
    """A filter that makes its many boxes only when it is first opened: windows start sooner."""

    def __init__(self, word: str, choices: Callable[[], list[tuple[object, str]]]) -> None:
        super().__init__(word)
        self._offered, self._is_filled = choices, False

    def refresh(self) -> None:
        """Offer what there is now, if anything was offered before."""
        if self._is_filled:
            self.set_choices(self._offered())

    def set_chosen(self, values: Iterable[object]) -> None:
        """Choose `values` without emitting anything."""
        wanted = tuple(values)
        if wanted:
            self._fill()
        super().set_chosen(wanted)

    def _fill(self) -> None:
        if not self._is_filled:
            self._is_filled = True
            self.set_choices(self._offered())

    def _on_clicked(self) -> None:
        self._fill()
        super()._on_clicked()


class MoreFilters(FilterBase):
    """The button "More": other filters and "mine" in a panel."""

    def __init__(self, buttons: Sequence[FilterBase], mine: QCheckBox | None) -> None:
        super().__init__(_("More"))
        self._buttons, self.mine = buttons, mine
        if mine is not None:
            mine.setMinimumHeight(px(32))
            self.panel.column.addWidget(mine)
        for button in buttons:
            self.panel.column.addWidget(button)

    def clear(self) -> None:
        """Clear every filter inside."""
        for button in self._buttons:
            button.clear()
        if self.mine is not None:
            self.mine.setChecked(False)

    def show_count(self, count: int) -> None:
        """Say how many of the filters inside are on."""
        self._show_summary(_("More: %(count)d") % {"count": count} if count else "")


class FilterBar(QWidget):
    """All filters of one entity.

    Signals:
        changed(Listing): the listing with what was chosen now.
    """

    changed = Signal(object)

    def __init__(self, entity: str, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entity, self._sources = entity, sources
        self._listing = Listing(entity=entity)
        self._specs = {spec.name: spec for spec in filters_of(entity)}
        self._buttons: dict[str, FilterBase] = {
            name: self._make(spec) for name, spec in self._specs.items()
        }
        shown = SHOWN.get(entity, tuple(self._specs)[:3])
        self._hidden = [name for name in self._specs if name not in shown]
        self._mine = QCheckBox(_("Mine")) if has_mine(entity) else None
        if self._mine is not None:
            self._mine.toggled.connect(self._on_mine)
        flow = FlowLayout(spacing=8)
        for name in shown:
            flow.addWidget(self._buttons[name])
        self._more: MoreFilters | None = None
        if self._hidden or self._mine is not None:
            self._more = MoreFilters([self._buttons[name] for name in self._hidden], self._mine)
            flow.addWidget(self._more)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(flow)

    def _make(self, spec: FilterSpec) -> FilterBase:
        word = _(_WORDS.get((self._entity, spec.name), spec.field.meta.label))
        if spec.kind is FilterKind.RANGE:
            unit = "€" if spec.field.is_money else spec.field.meta.unit
            button: FilterBase = RangeFilterButton(word, unit)
        else:
            button = LateFilter(word, lambda: self._choices(spec))
        button.changed.connect(lambda value: self._on_changed(spec, value))
        return button

    def _choices(self, spec: FilterSpec) -> list[tuple[object, str]]:
        if spec.kind is FilterKind.CODES:
            return [(code, _(code.label)) for code in spec.codes]
        if spec.kind is FilterKind.REFERENCE:
            return [(one.value, one.title) for one in self._sources.choices(spec.refers_to)]
        return [(True, _("Yes")), (False, _("No"))]

    def refresh_choices(self, entities: Sequence[str]) -> None:
        """Offer newer records of these entities."""
        for spec in self._specs.values():
            button = self._buttons[spec.name]
            if spec.refers_to in entities and isinstance(button, LateFilter):
                button.refresh()

    def set_listing(self, listing: Listing) -> None:
        """Show what a listing has chosen; nothing is emitted."""
        self._listing = listing
        for name, button in self._buttons.items():
            chosen = listing.chosen.get(name)
            if isinstance(button, RangeFilterButton):
                ends = chosen if isinstance(chosen, Range) else Range()
                button.set_chosen(self._shown(name, ends.low), self._shown(name, ends.high))
            elif isinstance(button, FilterButton):
                button.set_chosen(chosen if isinstance(chosen, frozenset) else ())
        if self._mine is not None:
            self._mine.blockSignals(True)
            self._mine.setChecked(listing.is_mine)
            self._mine.blockSignals(False)
        self._count()

    def _shown(self, name: str, number: object) -> int | None:
        if not isinstance(number, (int, float)):
            return None
        return int(number) // (CENTS if self._specs[name].field.is_money else 1)

    def _on_changed(self, spec: FilterSpec, value: object) -> None:
        chosen: Chosen
        if spec.kind is FilterKind.RANGE:
            factor = CENTS if spec.field.is_money else 1
            assert isinstance(value, tuple)
            low, high = value
            chosen = Range(
                None if low is None else low * factor, None if high is None else high * factor
            )
        else:
            chosen = frozenset(value)  # type: ignore[call-overload]
        self._take(self._listing.choose(spec.name, chosen))

    def _on_mine(self, mine: bool) -> None:
        self._take(replace(self._listing, is_mine=mine))

    def _take(self, listing: Listing) -> None:
        self._listing = listing
        self._count()
        self.changed.emit(listing)

    def _count(self) -> None:
        if self._more is not None:
            count = sum(name in self._listing.chosen for name in self._hidden)
            self._more.show_count(count + self._listing.is_mine)
