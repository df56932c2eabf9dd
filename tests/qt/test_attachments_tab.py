"""Attachments and lists: taken in from files, with what can't be taken said in words."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.entities.initiative import Initiative
from db.entities.place import Attachment, MediaType
from db.local import attaching
from desktop_app.i18n import format_date
from desktop_app.services.attachment_text import Act
from desktop_app.services.sync_text import SyncNow
from desktop_app.views import opened_copies
from desktop_app.views.attachments_tab import AttachmentsTab
from desktop_app.views.session import Session
from desktop_app.views.transfer import ImportDialog
from tests.factories import attachment, initiative
from tests.qt.window import shown
from tests.unit.test_public_copies import noted_photo


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
    assert "kapot.jpg" in tab.notice.accessibleName()
    assert tab.notice.isVisible()
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
    assert "kapot.jpg" in tab.notice.accessibleName()
    assert tab.notice.isVisible()
    tab.show_record(session.store.save(replace(record, title="Anders"), record).record)
    assert not tab.notice.isVisible()


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


def test_a_caption_is_typed_on_the_card_and_undone(
    tab: AttachmentsTab, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    tab.add([photo(tmp_path / "a.jpg")])
    caption = tab.cards[0].caption
    qtbot.keyClicks(caption, "Oever na de regen")
    qtbot.keyClick(caption, Qt.Key.Key_Return)
    assert kept(tab, session).caption == "Oever na de regen"
    session.undo.undo()
    assert kept(tab, session).caption is None


def kept(tab: AttachmentsTab, session: Session) -> Attachment:
    assert tab._record is not None
    [found] = session.store.attachments(tab._record.id)
    return found


def test_news_does_not_take_the_hands_from_the_keys(
    tab: AttachmentsTab, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    """Sync brings news while a caption is typed: the card, the focus and the words stay."""
    tab.add([photo(tmp_path / "a.jpg")])
    card = tab.cards[0]
    tab.activateWindow()
    card.caption.setFocus()
    qtbot.waitUntil(card.caption.hasFocus)
    qtbot.keyClicks(card.caption, "Oever na")
    assert tab._record is not None
    tab.show_record(tab._record)
    assert tab.cards == [card]
    assert card.caption.text() == "Oever na"
    assert card.caption.hasFocus()


def test_delete_removes_a_card_but_not_while_typing(
    tab: AttachmentsTab, qtbot: QtBot, tmp_path: Path
) -> None:
    tab.add([photo(tmp_path / "a.jpg")])
    tab.activateWindow()
    qtbot.keyClick(tab.cards[0].caption, Qt.Key.Key_Delete)
    assert len(tab.cards) == 1
    qtbot.keyClick(tab.cards[0].first, Qt.Key.Key_Delete)
    assert tab.cards == []


def test_delete_on_a_card_leaves_the_record_alone(
    session: Session, qtbot: QtBot, no_chromium: None, tmp_path: Path
) -> None:
    """In the window the same key deletes the record; on a card it is the card's."""
    plan = session.store.save(initiative(), None).record
    window = shown(qtbot, session)
    view = window.workspace.list.view
    view.setCurrentIndex(view.model().index(0, 0))
    window.run("open")
    detail = window.workspace.panel.detail
    detail.tabs.setCurrentIndex(2)
    detail.attachments.add([photo(tmp_path / "a.jpg")])
    button = detail.attachments.cards[0].first
    qtbot.waitUntil(button.isVisible)
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Delete)
    assert detail.attachments.cards == []
    kept = session.store.get("initiative", plan.id)
    assert kept is not None
    assert not kept.deleted


def test_files_are_dropped_and_pictures_pasted(
    tab: AttachmentsTab, session: Session, tmp_path: Path
) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(photo(tmp_path / "a.jpg")))])
    place = QPointF(20, 20)
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place.toPoint(), action, dropped, button, none)
    tab.dragEnterEvent(entering)
    assert entering.isAccepted()
    tab.dropEvent(QDropEvent(place, action, dropped, button, none))
    assert [card.attachment.file_name for card in tab.cards] == ["a.jpg"]
    screenshot = QImage(60, 40, QImage.Format.Format_RGB32)
    screenshot.fill(Qt.GlobalColor.blue)
    QGuiApplication.clipboard().setImage(screenshot)
    tab.paste()
    kinds = {card.attachment.file_name: card.attachment.media_type for card in tab.cards}
    assert kinds == {"a.jpg": MediaType.JPEG, "Geplakte afbeelding.png": MediaType.PNG}


@pytest.fixture
def away(session: Session, tab: AttachmentsTab) -> Attachment:
    """Give an attachment of a colleague that is too large to come by itself."""
    assert tab._record is not None
    made = attachment(
        b"x" * 10, belongs_to=tab._record.id, size_bytes=4_800_000, file_name="plan.pdf"
    )
    session.store.save(made, None)
    session.store.set_meta("epoch", "some shared database")
    tab.show_record(tab._record)
    return made


def test_a_large_file_is_fetched_on_demand_with_its_progress(
    tab: AttachmentsTab, session: Session, away: Attachment
) -> None:
    card = tab.cards[0]
    assert (card.act, card.first.text()) == (Act.FETCH, "Ophalen")
    assert card.weight.text() == "4,8\N{NO-BREAK SPACE}MB"
    assert card.where.text == "Nog niet op deze laptop"
    card.first.click()
    assert card.act is Act.STOP
    assert attaching.file_state(session.store, away.sha256).is_asked
    tab.show_sync(SyncNow("working", step="photos", files={away.sha256: 2_100_000}))
    assert card.weight.text() == "2,1 van 4,8\N{NO-BREAK SPACE}MB"
    assert card.bar.isVisible()
    card.first.click()
    assert card.act is Act.FETCH
    assert not attaching.file_state(session.store, away.sha256).is_asked


def test_what_arrives_is_shown(tab: AttachmentsTab, session: Session, away: Attachment) -> None:
    session.store.add_blob(b"x" * 10)
    assert tab._record is not None
    tab.show_record(tab._record)
    assert tab.cards[0].act is Act.OPEN


def test_what_is_disguised_is_not_opened(
    tab: AttachmentsTab, session: Session, away: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colleague's laptop may have been broken into: its bytes are looked at again here."""
    opened: list[Path] = []
    monkeypatch.setattr(opened_copies, "open_file", opened.append)
    session.store.add_blob(b"x" * 10)
    assert tab._record is not None
    tab.show_record(tab._record)
    tab.cards[0].first.click()
    assert opened == []
    assert "voor de zekerheid" in tab.notice.accessibleName()


def test_a_photo_is_opened_from_a_copy(
    tab: AttachmentsTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(opened_copies, "open_file", opened.append)
    path = photo(tmp_path / "a.jpg")
    tab.add([path])
    tab.cards[0].first.click()
    assert [one.read_bytes() for one in opened] == [path.read_bytes()]


def test_a_record_without_a_place_can_get_that_of_its_photo(
    tab: AttachmentsTab, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(noted_photo())
    tab.show_record(session.store.save(initiative(geometry=None), None).record)
    tab.add([path])
    card = tab.cards[0]
    day = format_date(date(2026, 6, 3))
    assert card.told.text() == f"Gemaakt op {day} om 14:05, bij Borculo"
    qtbot.waitUntil(card.place.isVisible)
    card.place.click()
    assert tab._record is not None
    placed = session.store.get("initiative", tab._record.id)
    assert isinstance(placed, Initiative)
    assert placed.geometry == card.taken.place
    assert placed.kern is not None
    assert not card.place.isVisible()
    session.undo.undo()
    undone = session.store.get("initiative", tab._record.id)
    assert isinstance(undone, Initiative)
    assert undone.geometry is None


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
