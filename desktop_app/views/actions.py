"""Every command once: menus, toolbar, context menus and the shortcut help are built from ACTIONS.

`enabled_when` looks at a `Situation` (a value) and answers with why the command is not possible
now, as a message id; an empty answer means that it is. A disabled command can so always say why.
"""

from collections.abc import Callable
from dataclasses import dataclass

from db.fields import N_


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """What is going on in the window; all that decides which commands are possible."""

    has_store: bool = True
    entity: str = ""
    """The entity of the place shown; empty on pages such as sync."""
    is_chosen: bool = False
    """Whether one record is chosen."""
    is_deleted: bool = False
    is_editing: bool = False
    may_write: bool = True
    can_undo: bool = False
    can_redo: bool = False
    has_map: bool = True
    has_place: bool = False
    """Whether the entity shown has a geometry."""
    is_connected: bool = False
    is_example: bool = False


Answer = Callable[[Situation], str]

_NO_STORE = N_("Choose first how to begin.")
_NONE_CHOSEN = N_("Choose a record first.")
_EDITING = N_("Save or cancel the form first.")
_NO_LIST = N_("Go to a list first.")
_NO_MAP = N_("There is no map on this page.")


def _always(_: Situation) -> str:
    return ""


def _with_store(now: Situation) -> str:
    return "" if now.has_store else _NO_STORE


def _in_list(now: Situation) -> str:
    return _with_store(now) or ("" if now.entity else _NO_LIST)


def _new(now: Situation) -> str:
    return _with_store(now) or (_EDITING if now.is_editing else "")


def _chosen(now: Situation) -> str:
    return _with_store(now) or ("" if now.is_chosen else _NONE_CHOSEN)


def _editable(now: Situation) -> str:
    if now.is_editing:
        return _EDITING
    if now.is_chosen and now.is_deleted:
        return N_("This was deleted. Restore it first.")
    if now.is_chosen and not now.may_write:
        return N_("Only the administrator can change this.")
    return _chosen(now)


def _saving(now: Situation) -> str:
    return "" if now.is_editing else N_("There is no form open.")


def _undoable(now: Situation) -> str:
    return "" if now.can_undo else N_("There is nothing to undo.")


def _redoable(now: Situation) -> str:
    return "" if now.can_redo else N_("There is nothing to redo.")


def _restorable(now: Situation) -> str:
    return _chosen(now) or ("" if now.is_deleted else N_("This was not deleted."))


def _mapped(now: Situation) -> str:
    return _with_store(now) or ("" if now.has_map else _NO_MAP)


def _placeable(now: Situation) -> str:
    if not now.has_place:
        return _mapped(now) or N_("Go to a list with places on the map first.")
    return _mapped(now) or (_EDITING if now.is_editing else "")


def _connected(now: Situation) -> str:
    return _with_store(now) or (
        "" if now.is_connected else N_("Connect to the municipality first.")
    )


def _carrying(now: Situation) -> str:
    return _with_store(now) or (N_("Examples are never sent.") if now.is_example else "")


def _example(now: Situation) -> str:
    return _with_store(now) or ("" if now.is_example else N_("There is no example data."))


@dataclass(frozen=True, slots=True)
class Action:
    """One command; `label` has an & before its underlined letter, `shortcut` in Qt's words."""

    id: str
    menu: str
    label: str
    shortcut: str = ""
    icon: str = ""
    enabled_when: Answer = _always
    ends_group: bool = False
    """Whether a line stands below it in its menu."""


FILE, EDIT, VIEW, MAP, SYNC, HELP = (
    N_("&File"),
    N_("&Edit"),
    N_("&View"),
    N_("&Map"),
    N_("&Synchronise"),
    N_("&Help"),
)
MENUS = (FILE, EDIT, VIEW, MAP, SYNC, HELP)

ACTIONS: tuple[Action, ...] = (
    Action("new", FILE, N_("&New in this place"), "Ctrl+N", "plus", _new),
    Action("import", FILE, N_("&Read in a list…"), "", "import", _in_list),
    Action("export", FILE, N_("Save &list as…"), "", "export-variant", _in_list, ends_group=True),
    Action("clear_examples", FILE, N_("&Erase the example data"), "", "flask-outline", _example),
    Action("settings", FILE, N_("&Settings…"), "Ctrl+,", "cog-outline", ends_group=True),
    Action("quit", FILE, N_("&Quit"), "Ctrl+Q"),
    Action("undo", EDIT, N_("&Undo"), "Ctrl+Z", "undo", _undoable),
    Action("redo", EDIT, N_("&Redo"), "Ctrl+Y", "redo", _redoable, ends_group=True),
    Action("search", EDIT, N_("&Search"), "Ctrl+K", "magnify", _with_store, ends_group=True),
    Action("open", EDIT, N_("&Open"), "Return", "eye-outline", _chosen),
    Action("edit", EDIT, N_("&Edit record"), "F2", "pencil-outline", _editable),
    Action("save", EDIT, N_("Sa&ve"), "Ctrl+S", "check", _saving),
    Action("save_next", EDIT, N_("Save and ne&xt"), "Ctrl+Return", "", _saving),
    Action("delete", EDIT, N_("&Delete"), "Del", "trash-can-outline", _editable),
    Action("restore", EDIT, N_("Res&tore"), "", "restore", _restorable),
    Action("table", VIEW, N_("List as &table"), "Ctrl+T", "table-large", _in_list),
    Action("deleted", VIEW, N_("Show &deleted records"), "", "", _in_list, ends_group=True),
    Action("tab1", VIEW, N_("Tab &Details"), "Ctrl+1", "", _chosen),
    Action("tab2", VIEW, N_("Tab &Relations"), "Ctrl+2", "", _chosen),
    Action("tab3", VIEW, N_("Tab &Attachments"), "Ctrl+3", "", _chosen),
    Action("tab4", VIEW, N_("Tab &History"), "Ctrl+4", "", _chosen, ends_group=True),
    Action("next_pane", VIEW, N_("&Next pane"), "F6"),
    Action("previous_pane", VIEW, N_("&Previous pane"), "Shift+F6"),
    Action("full_screen", VIEW, N_("&Full screen"), "F11"),
    Action("new_point", MAP, N_("New &point"), "", "map-marker-plus-outline", _placeable),
    Action("draw_area", MAP, N_("Draw &area"), "", "shape-polygon-plus", _placeable, ends_group=True),
    Action("zoom_in", MAP, N_("Zoom &in"), "", "plus", _mapped),
    Action("zoom_out", MAP, N_("Zoom &out"), "", "minus", _mapped),
    Action("whole_map", MAP, N_("Whole &municipality"), "", "home-outline", _mapped),
    Action("sync_now", SYNC, N_("&Synchronise now"), "F9", "sync", _connected),
    Action("sync_page", SYNC, N_("What &waits and what arrived"), "", "cloud-clock-outline", _with_store),
    Action("receipts", SYNC, N_("All &receipts of 90 days"), "", "cloud-check-outline", _with_store),
    Action("merge_page", SYNC, N_("&Merge double edits"), enabled_when=_with_store, ends_group=True),
    Action("bundle_make", SYNC, N_("Put work on a &USB stick…"), "", "export-variant", _carrying),
    Action("bundle_send", SYNC, N_("&Deliver work from a USB stick…"), icon="import",
           enabled_when=_connected, ends_group=True),
    Action("connect", SYNC, N_("&Connect to the municipality…"), "", "lan-connect", _with_store),
    Action("shortcuts", HELP, N_("&Help on this page"), "F1", "help-circle-outline"),
    Action("about", HELP, N_("&About Naoberkaart"), "", "information-outline"),
)  # fmt: skip

BY_ID = {action.id: action for action in ACTIONS}
