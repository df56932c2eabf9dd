"""Attachments and lists: taken in from files, with what can't be taken said in words."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from db.entities.initiative import Initiative
from desktop_app.views.attachments_tab import AttachmentsTab
from desktop_app.views.session import Session
from desktop_app.views.transfer import ImportDialog
from tests.factories import initiative


def photo(path: Path) -> Path:
    out = BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    path.write_bytes(out.getvalue())
    return path


@pytest.fixture
def tab(qtbot: QtBot, session: Session) -> AttachmentsTab:
    made = AttachmentsTab(session)
    qtbot.addWidget(made)
    made.show_record(session.store.save(initiative(), None).record)
    made.show()
    return made


def test_a_photo_is_added_with_its_picture(tab: AttachmentsTab, tmp_path: Path) -> None:
    counts: list[int] = []
    tab.count_changed.connect(counts.append)
    tab.add([photo(tmp_path / "oever-berkel.jpg")])
    assert counts[-1] == 1
    assert not tab.cards[0].picture.pixmap().isNull()


def test_what_cannot_be_taken_is_named(tab: AttachmentsTab, tmp_path: Path) -> None:
    broken = tmp_path / "kapot.jpg"
    broken.write_bytes(b"\xff\xd8\xff nee")
    tab.add([broken, photo(tmp_path / "goed.jpg")])
    assert "kapot.jpg" in tab._notice
    assert len(tab.cards) == 1


def test_the_notice_of_an_earlier_file_goes_when_the_record_is_saved(
    tab: AttachmentsTab, session: Session, tmp_path: Path
) -> None:
    """What could not be taken is old news then; while nothing was done it stays in sight."""
    broken = tmp_path / "kapot.jpg"
    broken.write_bytes(b"\xff\xd8\xff nee")
    tab.add([broken])
    record = tab._record
    assert isinstance(record, Initiative)
    tab.show_record(record)
    assert "kapot.jpg" in tab._notice
    tab.show_record(session.store.save(replace(record, title="Anders"), record).record)
    assert tab._notice == ""


def test_removing_can_be_undone(tab: AttachmentsTab, session: Session, tmp_path: Path) -> None:
    tab.add([photo(tmp_path / "a.jpg")])
    tab.cards[0].remove_asked.emit()
    assert tab.cards == []
    session.undo.undo()
    assert tab._record is not None
    assert len(session.store.attachments(tab._record.id)) == 1


def test_that_persons_are_shown_is_kept(
    tab: AttachmentsTab, session: Session, tmp_path: Path
) -> None:
    tab.add([photo(tmp_path / "a.jpg")])
    tab.cards[0].marked.emit(True)
    assert tab._record is not None
    assert session.store.attachments(tab._record.id)[0].shows_persons


def test_a_list_is_tried_first_and_then_taken_in(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    table = tmp_path / "plannen.csv"
    table.write_text("Titel;Kern;Fase\nNieuw plan;Rekken;Idee\nX;Nergens;Onzin\n", "utf-8")
    dialog = ImportDialog(session, "initiative", table)
    qtbot.addWidget(dialog)
    assert session.store.counts()["initiative"] == 0
    assert "1 nieuw" in dialog._message.accessibleName()
    assert "Rij 3" in dialog._lines.text()
    with qtbot.waitSignal(dialog.finished_well):
        dialog.go.click()
    assert session.store.counts()["initiative"] == 1


def test_a_file_that_is_no_list_says_so(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    nothing = tmp_path / "leeg.csv"
    nothing.write_bytes(b"")
    dialog = ImportDialog(session, "initiative", nothing)
    qtbot.addWidget(dialog)
    assert not dialog.go.isEnabled()
    assert dialog._message.accessibleName()
