"""Where Tab goes in a form whose parts come and go: in reading order, not in the order of making.

Qt puts a widget that is made later at the end of the focus chain of its window. A group that is
unfolded and a link that is added would then be reached after all else.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

HOLDS_STOPS = "holdsStops"
"""A property of a widget at which Tab stops, and then at what is inside it, too."""


def stops(parent: QWidget) -> Iterator[QWidget]:
    """Give the widgets inside `parent` that Tab stops at, from top to bottom, left to right."""
    inside = [child for child in parent.children() if isinstance(child, QWidget)]
    shown = [child for child in inside if not child.isWindow() and not _is_hidden(child)]
    for child in sorted(shown, key=lambda one: (one.y(), one.x())):
        if not child.isEnabled():
            continue
        if _is_stop(child):
            yield child
        if not _is_stop(child) or child.property(HOLDS_STOPS):
            yield from stops(child)


def _is_hidden(widget: QWidget) -> bool:
    """Tell a hidden widget from one that was only just made and still is to be shown."""
    return widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


def step(parent: QWidget, *, forward: bool) -> QWidget | None:
    """Return the widget that Tab (or Shift+Tab) goes to from inside `parent`; None: nowhere."""
    order = list(stops(parent))
    now = parent.window().focusWidget()
    at = None if now is None else _place_of(now, order)
    if at is None:
        return None
    to = at + (1 if forward else -1)
    return order[to] if 0 <= to < len(order) else _outside(parent, forward=forward)


def _place_of(focus: QWidget, order: list[QWidget]) -> int | None:
    around = [place for place, one in enumerate(order) if one is focus or one.isAncestorOf(focus)]
    return around[-1] if around else None


def _outside(parent: QWidget, *, forward: bool) -> QWidget | None:
    widget = _neighbour(parent, forward=forward)
    while widget is not None and widget is not parent:
        if not parent.isAncestorOf(widget) and _is_stop(widget) and _can_take(widget):
            return widget
        widget = _neighbour(widget, forward=forward)
    return None


def _neighbour(widget: QWidget, *, forward: bool) -> QWidget | None:
    return widget.nextInFocusChain() if forward else widget.previousInFocusChain()


def _is_stop(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _can_take(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled()
