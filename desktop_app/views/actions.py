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
    return _with_store(now) or ("" if now.is_connected else N_("Connect to the municipality first."))


@dataclass(frozen=True, kw_only=True, slots=True)
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
    Action(id="new", menu=FILE, label=N_("&New in this place"), shortcut="Ctrl+N", icon="plus", enabled_when=_new),
    Action(id="import", menu=FILE, label=N_("&Read in a list…"), icon="import", enabled_when=_in_list),
    Action(id="export", menu=FILE, label=N_("Save &list as…"), icon="export-variant", enabled_when=_in_list, ends_group=True),
    Action(id="clear_examples", menu=FILE, label=N_("&Erase the example data"), icon="flask-outline", enabled_when=_with_store),
    Action(id="settings", menu=FILE, label=N_("&Settings…"), shortcut="Ctrl+,", icon="cog-outline", ends_group=True),
    Action(id="quit", menu=FILE, label=N_("&Quit"), shortcut="Ctrl+Q"),
    Action(id="undo", menu=EDIT, label=N_("&Undo"), shortcut="Ctrl+Z", icon="undo", enabled_when=_undoable),
    Action(id="redo", menu=EDIT, label=N_("&Redo"), shortcut="Ctrl+Y", icon="redo", enabled_when=_redoable, ends_group=True),
    Action(id="search", menu=EDIT, label=N_("&Search"), shortcut="Ctrl+K", icon="magnify", enabled_when=_with_store, ends_group=True),
    Action(id="open", menu=EDIT, label=N_("&Open"), shortcut="Return", icon="eye-outline", enabled_when=_chosen),
    Action(id="edit", menu=EDIT, label=N_("&Edit record"), shortcut="F2", icon="pencil-outline", enabled_when=_editable),
    Action(id="save", menu=EDIT, label=N_("Sa&ve"), shortcut="Ctrl+S", icon="check", enabled_when=_saving),
    Action(id="save_next", menu=EDIT, label=N_("Save and ne&xt"), shortcut="Ctrl+Return", enabled_when=_saving),
    Action(id="delete", menu=EDIT, label=N_("&Delete"), shortcut="Del", icon="trash-can-outline", enabled_when=_editable),
    Action(id="restore", menu=EDIT, label=N_("Res&tore"), icon="restore", enabled_when=_restorable),
    Action(id="table", menu=VIEW, label=N_("List as &table"), shortcut="Ctrl+T", icon="table-large", enabled_when=_in_list),
    Action(id="deleted", menu=VIEW, label=N_("Show &deleted records"), icon="trash-can-outline", enabled_when=_in_list, ends_group=True),
    Action(id="tab1", menu=VIEW, label=N_("Tab &Details"), shortcut="Ctrl+1", enabled_when=_chosen),
    Action(id="tab2", menu=VIEW, label=N_("Tab &Relations"), shortcut="Ctrl+2", enabled_when=_chosen),
    Action(id="tab3", menu=VIEW, label=N_("Tab &Attachments"), shortcut="Ctrl+3", enabled_when=_chosen),
    Action(id="tab4", menu=VIEW, label=N_("Tab &History"), shortcut="Ctrl+4", enabled_when=_chosen, ends_group=True),
    Action(id="next_pane", menu=VIEW, label=N_("&Next pane"), shortcut="F6"),
    Action(id="previous_pane", menu=VIEW, label=N_("&Previous pane"), shortcut="Shift+F6"),
    Action(id="full_screen", menu=VIEW, label=N_("&Full screen"), shortcut="F11"),
    Action(id="new_point", menu=MAP, label=N_("New &point"), icon="map-marker-plus-outline", enabled_when=_placeable),
    Action(id="draw_area", menu=MAP, label=N_("Draw &area"), icon="shape-polygon-plus", enabled_when=_placeable, ends_group=True),
    Action(id="zoom_in", menu=MAP, label=N_("Zoom &in"), icon="plus", enabled_when=_mapped),
    Action(id="zoom_out", menu=MAP, label=N_("Zoom &out"), icon="minus", enabled_when=_mapped),
    Action(id="whole_map", menu=MAP, label=N_("Whole &municipality"), icon="home-outline", enabled_when=_mapped),
    Action(id="sync_now", menu=SYNC, label=N_("&Synchronise now"), shortcut="F9", icon="sync", enabled_when=_connected),
    Action(id="sync_page", menu=SYNC, label=N_("What &waits and what arrived"), icon="cloud-clock-outline", enabled_when=_with_store),
    Action(id="merge_page", menu=SYNC, label=N_("&Merge double edits"), icon="source-merge", enabled_when=_with_store, ends_group=True),
    Action(id="connect", menu=SYNC, label=N_("&Connect to the municipality…"), icon="lan-connect", enabled_when=_with_store),
    Action(id="shortcuts", menu=HELP, label=N_("&Help on this page"), shortcut="F1", icon="help-circle-outline"),
    Action(id="about", menu=HELP, label=N_("&About Naoberkaart"), icon="information-outline"),
)  # fmt: skip

BY_ID = {action.id: action for action in ACTIONS}
