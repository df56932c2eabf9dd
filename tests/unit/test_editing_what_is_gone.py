"""A form whose record is not in the store any more: what was typed is not lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.changes import ChangeKind
from db.entities.initiative import Initiative
from db.errors import Forgotten
from db.local import forgetting
from db.local.engine import writing
from db.local.store import LocalStore
from desktop_app.services.editing import Draft
from tests.factories import IN_REKKEN, REKKEN, initiative
from tests.stores import a_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with a_store(tmp_path) as made:
        yield made


@pytest.fixture
def stored(store: LocalStore) -> Initiative:
    record = store.save(initiative(title="Dorpsplein Rekken"), None).record
    assert isinstance(record, Initiative)
    return record


def lose_row(store: LocalStore, record: Initiative) -> None:
    """Let the disk have lost the row; its line in the listing and its history are here still."""
    with writing(store.engine) as connection:
        connection.exec_driver_sql("DELETE FROM initiative WHERE id = ?", (str(record.id),))


def test_a_form_over_a_row_that_the_disk_lost_saves(store: LocalStore, stored: Initiative) -> None:
    """The row comes back as it was opened, and what was typed is an edit of it."""
    draft = Draft.of(stored)
    draft.set("summary", "Getypt")
    lose_row(store, stored)
    saved = draft.save(store)
    assert saved.change is not None
    assert (saved.change.kind, saved.change.values) == (ChangeKind.EDIT, {"summary": "Getypt"})
    again = store.get("initiative", stored.id)
    assert isinstance(again, Initiative)
    assert (again.title, again.summary) == ("Dorpsplein Rekken", "Getypt")
    assert [hit.title for hit in store.search("getypt dorpsplein")] == ["Dorpsplein Rekken"]


def test_a_form_over_a_record_of_which_only_history_is_left_saves(
    store: LocalStore, stored: Initiative
) -> None:
    draft = Draft.of(stored)
    draft.set("summary", "Getypt")
    lose_row(store, stored)
    with writing(store.engine) as connection:
        connection.exec_driver_sql("DELETE FROM item WHERE record_id = ?", (str(stored.id),))
    assert draft.save(store).change is not None
    assert store.counts()["initiative"] == 1


def test_what_was_typed_over_a_forgotten_record_becomes_a_new_one(
    store: LocalStore, stored: Initiative
) -> None:
    """Nothing that was removed for good comes back with it."""
    with writing(store.engine) as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'stored'")
    draft = Draft.of(stored)
    draft.set("summary", "Getypt")
    draft.set_text("supporters", "veel")
    draft.set_text("supporters", "3")
    with writing(store.engine) as connection:
        forgetting.forget(connection, "initiative", [str(stored.id)])
    with pytest.raises(Forgotten):
        draft.save(store)
    assert draft.base is None
    assert draft.ours.id != stored.id
    assert (draft.value("summary"), draft.value("supporters")) == ("Getypt", 3)
    assert draft.value("title") != stored.title
    assert store.history(stored.id) == ()
    draft.set("title", "Nieuw plan")
    draft.set("geometry", IN_REKKEN)
    draft.set("kern", REKKEN)
    assert draft.save(store).change is not None
    assert store.counts()["initiative"] == 1
