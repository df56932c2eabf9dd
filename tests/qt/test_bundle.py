"""Work of a colleague from a USB stick, by keyboard: words, contents, how it ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.errors import Unreachable
from db.reference import reference_kernen
from db.shared.memory import MemoryServer
from db.shared.protocol import Person, SharedDatabase
from db.sync.bundle import make_bundle
from desktop_app.views import bundle_acts, carry_dialog
from desktop_app.views.bundle_acts import BundleActs
from desktop_app.views.bundle_folder import last_folder
from desktop_app.views.deliver_dialog import DeliverDialog
from desktop_app.views.session import Session
from tests.factories import contact_person, initiative
from tests.sync.world import Laptop

WORDS = "appel fiets polder roman zwaluw tulp"


class Counter:
    """Counter Neede's window and the laptop of Rekken that lost its connection."""

    def __init__(self, folder: Path, session: Session, window: QWidget) -> None:
        self.server = MemoryServer()
        self.server.store(reference_kernen())
        self.maker = self.server.add_person("Balie Rekken", ("counter_clerk",))
        self.me = self.server.add_person("Balie Neede", ("counter_clerk",))
        self.rekken = Laptop(folder / "rekken.db", self.server.connect(self.maker))
        assert self.rekken.sync()
        self.file = folder / "werk.naober"
        self.shared: SharedDatabase | None = self.server.connect(self.me)
        self.window, self.told = window, list[str]()
        self.acts = BundleActs(session, window, self.connection)
        self.acts.failed.connect(self.told.append)

    def connection(self):  # type: ignore[no-untyped-def]
        shared = self.shared
        return None if shared is None else lambda: shared

    def make(self) -> None:
        make_bundle(self.rekken.store, self.file, WORDS)

    def as_person(self, person: Person) -> None:
        self.shared = self.server.connect(person)


@pytest.fixture
def counter(qtbot: QtBot, session: Session, tmp_path: Path) -> Iterator[Counter]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    made = Counter(tmp_path, session, window)
    yield made
    made.rekken.store.close()


def type_words(words: str = WORDS) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, words)
    QTest.keyClick(focus, Qt.Key.Key_Return)


def opened(qtbot: QtBot, counter: Counter) -> DeliverDialog:
    dialog = counter.acts.deliver(counter.file)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.words.hasFocus())
    return dialog


def press() -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Space)


def test_words_then_contents_then_result(
    qtbot: QtBot, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.rekken.create(initiative(title="Oeverpad"))
    counter.make()
    monkeypatch.setattr(bundle_acts, "file_to_open", lambda *_asked: counter.file)
    asked = []
    counter.acts.delivered.connect(lambda: asked.append(1))
    counter.acts.choose()
    dialog = counter.window.findChild(DeliverDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.words.hasFocus())
    type_words()
    assert dialog.about.text().startswith("Werk van Balie Rekken, gemaakt op ")
    assert "1 wijziging." in dialog.about.text()
    assert asked == []
    press()
    assert dialog.message.accessibleName() == "1 wijziging is aangekomen."
    assert asked == [1]
    assert dialog.stop.hasFocus()
    report = counter.file.with_name("werk.naober.verslag.txt")
    assert "door Balie Neede" in report.read_text("utf-8-sig")
    press()
    assert not dialog.isVisible()
    assert last_folder(counter.acts._session.store) == str(counter.file.parent)


def test_wrong_words_can_be_typed_again(qtbot: QtBot, counter: Counter) -> None:
    counter.rekken.create(initiative())
    counter.make()
    dialog = opened(qtbot, counter)
    type_words("appel fites polder roman zwaluw tulp")
    assert "Is het “fiets”?" in dialog.message.accessibleName()
    assert dialog.words.hasFocus()
    type_words()
    assert "Balie Rekken" in dialog.about.text()


def test_what_needs_a_person_is_named(qtbot: QtBot, counter: Counter) -> None:
    counter.rekken.create(initiative(title="Oeverpad"))
    assert counter.rekken.sync()
    [plan] = counter.rekken.records("initiative")
    counter.rekken.edit(plan, title="Van Rekken")
    with counter.server.lock:
        row = counter.server.rows["initiative", plan.id]
        counter.server.put("initiative", plan.id, {**row.values, "title": "Van Neede"})
    counter.make()
    dialog = opened(qtbot, counter)
    type_words()
    press()
    assert "1 vraagt de maker om een keuze." in dialog.message.accessibleName()
    assert dialog.lines.text() == "• Van Rekken: twee mensen hebben hetzelfde gewijzigd (titel)"
    assert "Komt die laptop niet terug?" in dialog.what_to_do.text()


def test_work_of_someone_whose_access_ended_asks_for_a_second_press(
    qtbot: QtBot, counter: Counter
) -> None:
    counter.rekken.create(initiative())
    counter.make()
    counter.server.revoke(counter.maker)
    dialog = opened(qtbot, counter)
    type_words()
    press()
    assert "De toegang van Balie Rekken is gestopt." in dialog.message.accessibleName()
    assert dialog.go.text() == "Toch bezorgen"
    press()
    assert dialog.message.accessibleName() == "1 wijziging is aangekomen."


def test_a_reader_is_told_and_nothing_is_sent(qtbot: QtBot, counter: Counter) -> None:
    counter.rekken.create(contact_person())
    counter.make()
    counter.as_person(counter.server.add_person("Lezer", ("reader",)))
    before = len(counter.server.receipts)
    dialog = opened(qtbot, counter)
    type_words()
    press()
    assert "Laat een collega dit bezorgen" in dialog.message.accessibleName()
    assert len(counter.server.receipts) == before


def test_a_line_that_fails_can_be_tried_again(qtbot: QtBot, counter: Counter) -> None:
    counter.rekken.create(initiative())
    counter.make()
    working, tries = counter.shared, []

    def connection():  # type: ignore[no-untyped-def]
        def connect() -> object:
            tries.append(1)
            if len(tries) == 1:
                raise Unreachable("Geen verbinding.")
            return working

        return connect

    counter.acts._connection = connection
    dialog = opened(qtbot, counter)
    type_words()
    press()
    assert dialog.message.accessibleName() == "Geen verbinding."
    press()
    assert dialog.message.accessibleName() == "1 wijziging is aangekomen."


def test_without_a_shared_database_it_is_said(counter: Counter) -> None:
    counter.shared = None
    assert counter.acts.deliver(counter.file) is None
    assert counter.told == ["Maak eerst verbinding met de gemeente."]


def test_a_file_dropped_on_the_window_is_delivered(counter: Counter) -> None:
    counter.rekken.create(initiative())
    counter.make()
    for name, is_taken in (("foto.jpg", False), ("werk.naober", True)):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(counter.file.with_name(name)))])
        arguments = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton)
        none = Qt.KeyboardModifier.NoModifier
        entering = QDragEnterEvent(QPointF(5, 5).toPoint(), *arguments, none)
        QApplication.sendEvent(counter.window, entering)
        assert entering.isAccepted() is is_taken
        QApplication.sendEvent(counter.window, QDropEvent(QPointF(5, 5), *arguments, none))
        assert (counter.window.findChild(DeliverDialog) is not None) is is_taken


def test_the_words_can_be_copied_and_printed_and_the_folder_is_kept(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed, asked = [], []
    counter.acts._session.store.save(initiative(), None)
    monkeypatch.setattr(carry_dialog, "print_text", lambda _at, words: printed.append(words))

    def chosen(_at: object, _title: str, name: str, _kinds: str) -> Path:
        asked.append(name)
        return counter.file

    monkeypatch.setattr(carry_dialog, "file_to_save", chosen)
    for _time in range(2):
        dialog = counter.acts.carry()
        words = dialog.words.accessibleName()
        dialog.copy.click()
        assert QApplication.clipboard().text() == words
        dialog.print.click()
        assert words in printed[-1]
        dialog.go.click()
        dialog.close()
    assert asked[0].endswith(".naober")
    assert Path(asked[1]).parent == counter.file.parent
