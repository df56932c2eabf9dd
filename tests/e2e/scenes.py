"""The scenes of `tests.e2e.shots`: a store after a working day, and every view on it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from db.fields import Record
from db.local.store import LocalStore
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.jobs import JobRunner
from desktop_app.services.sync_text import SyncNow
from desktop_app.settings import Settings
from desktop_app.views.dialogs import ConnectDialog, SettingsDialog, ShortcutHelp
from desktop_app.views.main_window import MainWindow
from desktop_app.views.session import Session
from desktop_app.views.start_window import StartWindow
from desktop_app.views.transfer import ImportDialog
from desktop_app.widgets.editor import Choice
from tests.e2e import double_edits, sync_states
from tests.e2e.eyes import eventually
from tests.e2e.working_day import all_of, fill
from tests.stores import new_store

MAP_PATIENCE_MS = 15_000
PLACES = "premises plot search_request organisation contact_person team kern to_check".split()


class Camera:
    """Takes pictures of windows of one size."""

    def __init__(self, out: Path, look: str, size: tuple[int, int]) -> None:
        self.out, self.look, self.size = out, look, size

    def take(self, window: QWidget, name: str, *, wait_ms: int = 500) -> str:
        """Wait until it is still, and take the picture with what floats above it."""
        QTest.qWait(wait_ms)
        place = window.mapToGlobal(QPoint(0, 0))
        picture = window.screen().grabWindow(0, place.x(), place.y(), *self.size)
        picture.save(str(self.out / f"{name}-{self.look}.png"))
        return name


def scenes(folder: Path, camera: Camera) -> Iterator[str]:
    """Show every view, taking its picture, and yield its name."""
    yield from starting(camera)
    jobs = JobRunner()
    empty = new_store(folder / "empty.db")
    bus = ChangeBus(empty)
    window = shown(Session(empty, bus, jobs), camera)
    window.go("plot")
    yield camera.take(window, "08-empty-list", wait_ms=1500)
    close(window, bus, empty)
    store = new_store(folder / "store.db")
    bus = ChangeBus(store)
    session = Session(store, bus, jobs)
    fill(store)
    window = shown(session, camera)
    yield from lists(window, camera)
    yield from forms(window, camera)
    yield from pages(window, camera)
    yield from dialogs(session, window, camera, folder)
    close(window, bus, store)
    jobs.close()


def starting(camera: Camera) -> Iterator[str]:
    """The first start and the passphrase."""
    start = StartWindow()
    start.resize(*camera.size)
    start.show()
    start.welcome(needs_passphrase=False)
    yield camera.take(start, "08-first-start")
    start.unlock(needs_passphrase=True)
    yield camera.take(start, "08-passphrase")
    start.close()
    start.deleteLater()


def shown(session: Session, camera: Camera) -> MainWindow:
    """Show a window of the camera's size, with its map drawn when that is in sight."""
    window = MainWindow(session)
    window.resize(*camera.size)
    window.go("initiative")
    window.show()
    window.activateWindow()
    area = window.workspace.area
    if area.isVisible() and not area.map.is_ready:
        wait_for(lambda: area.map.is_ready)
    QTest.qWait(500)
    return window


def wait_for(is_so: Callable[[], bool]) -> None:
    """Let the window work until this is so."""
    for _round in range(MAP_PATIENCE_MS // 50):
        if is_so():
            return
        QTest.qWait(50)


def close(window: MainWindow, bus: ChangeBus, store: LocalStore) -> None:
    """Close a window and its store."""
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    bus.close()
    store.close()


def choose(window: MainWindow, title: str) -> Record:
    """Choose the row with this title."""
    pane = window.workspace.list
    for row in range(pane.total):
        record = pane.model.record(row)
        if record is not None and record.title_text == title:
            pane.view.setCurrentIndex(pane.model.index(row, 0))
            return record
    raise LookupError(title)


def lists(window: MainWindow, camera: Camera) -> Iterator[str]:
    """Lists, the detail and its tabs, the table, filters."""
    yield camera.take(window, "01-main-window", wait_ms=1500)
    choose(window, "Dorpsplein Rekken opnieuw inrichten")
    yield camera.take(window, "02-chosen")
    window.run("open")
    for number, tab in enumerate(("details", "relations", "attachments", "history")):
        window.workspace.panel.detail.tabs.setCurrentIndex(number)
        yield camera.take(window, f"02-initiative-{tab}")
    window.workspace.panel.detail.tabs.setCurrentIndex(0)
    window.workspace.show_part("map")
    wait_for(lambda: window.workspace.area.map.is_ready)
    yield camera.take(window, "02-map", wait_ms=1500)
    window.workspace.panel.close_detail()
    window.search("school")
    yield camera.take(window, "01-search")
    window.search("Industrieweg")
    yield camera.take(window, "08-not-found")
    window.search("")
    for place in PLACES:
        window.go(place)
        yield camera.take(window, f"01-{place}", wait_ms=900)
    window.go("premises")
    window.run("table")
    yield camera.take(window, "01-table")
    window.run("table")


def write(window: MainWindow, name: str, words: str) -> None:
    """Type in a field of the open form and leave it."""
    form = window.workspace.panel.form.form
    assert form is not None
    editor = form.editor(name)
    field: Any = editor.field()
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)
    editor.flush()
    editor.left.emit()


def forms(window: MainWindow, camera: Camera) -> Iterator[str]:
    """Forms: with an error and a warning, a new record with a look-alike, a plot, a reason."""
    window.go("premises")
    choose(window, "Hal Industrieweg 14")
    window.run("edit")
    write(window, "divisible_from_m2", "1.500")
    write(window, "rent", "48.000")
    yield camera.take(window, "03-premises-form", wait_ms=1200)
    window.workspace.panel.form.cancel()
    window.new("initiative")
    QTest.qWait(300)
    write(window, "title", "Moestuin met de buurt")
    field: Any = window.workspace.panel.form.form.editor("geometry").field()  # type: ignore[union-attr]
    field.setFocus()
    QTest.keyClicks(field, "Eiber")
    yield camera.take(window, "06-quick-intake", wait_ms=1000)
    window.workspace.panel.form.cancel()
    window.go("plot")
    window.workspace.list.view.setCurrentIndex(window.workspace.list.model.index(0, 0))
    window.run("edit")
    yield camera.take(window, "03-plot-form", wait_ms=2000)
    window.workspace.panel.form.cancel()
    window.go("team")
    window.workspace.list.view.setCurrentIndex(window.workspace.list.model.index(0, 0))
    window.run("edit")
    yield camera.take(window, "03-team-form")
    window.workspace.panel.form.cancel()
    yield from changed_elsewhere(window, camera)


def changed_elsewhere(window: MainWindow, camera: Camera) -> Iterator[str]:
    """A colleague's changes come into an open form: one field both changed, others follow."""
    people = {one.title_text: one.id for one in all_of(window.session.store, "staff")}
    window.go("initiative")
    record = choose(window, "Dorpsplein Rekken opnieuw inrichten")
    window.run("edit")
    write(window, "title", "Dorpsplein Rekken wordt groen")
    double_edits.change_as(
        window.session.store,
        record,
        people["Balie Neede"],
        title="Dorpsplein Rekken: fase 2",
        summary="Bomen, banken en een waterpunt.",
        next_action="Offerte vergelijken",
    )
    yield camera.take(window, "03-changed-elsewhere")
    form = window.workspace.panel.form.form
    assert form is not None
    form.boxes["title"].extra.take.click()  # type: ignore[union-attr]
    yield camera.take(window, "03-changed-elsewhere-taken")
    window.workspace.panel.form.cancel()
    window.workspace.panel.close_detail()


def pages(window: MainWindow, camera: Camera) -> Iterator[str]:
    """My day, sync in its states, and the double edits."""
    window.go("my_day")
    yield camera.take(window, "01-my-day")
    window.go("sync")
    page: Any = window.pages["sync"]
    for scene in sync_states.scenes(sync_states.add_photo(window.session.store)):
        window.show_sync(scene.state())
        page.refresh()
        yield camera.take(window, f"05-sync-{scene.name}")
    page.show_receipts()
    eventually(lambda: page.receipts.list.rowCount())
    yield camera.take(window, "05-sync-receipts")
    page.show_overview()
    window.show_sync(SyncNow("quiet"))
    yield from merging(window, camera)


def merging(window: MainWindow, camera: Camera) -> Iterator[str]:
    """Double edits: a text and a place, an area, amounts and dates, a deletion; then none."""
    store = window.session.store
    people = {one.title_text: one.id for one in all_of(store, "staff")}
    window.go("merge")
    page: Any = window.pages["merge"]
    if page.merge.title != "Zonnedak sporthal Neede":
        page.go_record(1)
    yield camera.take(window, "04-double-edit")
    type_keys(window, "32")
    yield camera.take(window, "04-double-edit-chosen")
    press(window, Qt.Key.Key_Up)
    type_keys(window, "4")
    yield camera.take(window, "04-double-edit-typing")
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    yield camera.take(window, "04-double-edit-area")
    type_keys(window, "2")
    yield camera.take(window, "04-double-edit-area-chosen")
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    yield camera.take(window, "04-double-edit-none")
    double_edits.rent(store, people["Balie Borculo"])
    double_edits.deleted(store, people["Kerncontact Beltrum"])
    yield camera.take(window, "04-double-edit-amounts")
    page.go_record(1)
    yield camera.take(window, "04-double-edit-deleted")


def type_keys(window: MainWindow, words: str) -> None:
    """Type letters where the focus is."""
    for letter in words:
        QTest.keyClicks(window.focusWidget() or window, letter)


def press(window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """Press a key where the focus is."""
    QTest.keyClick(window.focusWidget() or window, key, *modifiers)


def dialogs(session: Session, window: MainWindow, camera: Camera, folder: Path) -> Iterator[str]:
    """The dialogs that a user may open."""
    window.go("initiative")
    people = [Choice(one.id, one.title_text) for one in all_of(session.store, "staff")]
    table = folder / "plannen.csv"
    table.write_text("Titel;Kern;Fase\nNieuw plan;Rekken;Idee\nX;Nergens;Onzin\n", encoding="utf-8")
    made: list[tuple[str, Callable[[], QWidget]]] = [
        ("10-settings", lambda: SettingsDialog(Settings(), people, None, parent=window)),
        ("10-connect", lambda: ConnectDialog(None, window)),
        ("10-keys", lambda: ShortcutHelp(window)),
        ("10-import", lambda: ImportDialog(session, "initiative", table, window)),
    ]
    for name, make in made:
        dialog = make()
        dialog.show()
        yield camera.take(window, name, wait_ms=900)
        dialog.close()
        dialog.deleteLater()
