"""What the sync page shows: rows a record, numbers once they are given, files with their amount."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.changes import Change, ChangeKind, now
from db.entities.initiative import Initiative, Phase
from db.entities.place import Attachment, MediaType
from db.local import conflicts, journal
from db.local.engine import writing
from db.local.journal import OutboxState
from db.local.store import LocalStore
from db.merge import Conflict
from db.sync.restoring import OFFERED
from desktop_app import i18n
from desktop_app.services.check_text import check_text
from desktop_app.services.sync_overview import Overview, amount_text, overview
from desktop_app.services.sync_text import SyncNow
from desktop_app.services.titles import Titles
from tests.factories import initiative
from tests.stores import a_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    i18n.use("nl")
    with a_store(tmp_path) as made:
        made.set_meta("epoch", "00000000-0000-4000-8000-000000000001")
        made.set_meta("last_sync", now().isoformat())
        yield made


def seen(store: LocalStore, now: SyncNow | None = None) -> Overview:
    return overview(store, Titles(store), now or SyncNow())


def added(store: LocalStore, **values: object) -> Initiative:
    record = store.save(initiative(**values), None).record
    assert isinstance(record, Initiative)
    return record


def moved(store: LocalStore, change: Change, state: OutboxState, **how: object) -> None:
    with writing(store.engine) as connection:
        journal.set_state(connection, change, state, **how)  # type: ignore[arg-type]


def edited(store: LocalStore, record: Initiative, **values: object) -> Change:
    stored = store.get("initiative", record.id)
    saved = store.save(replace(stored, **values), stored)  # type: ignore[type-var, arg-type]
    assert saved.change is not None
    return saved.change


def test_refusals_are_told_once_a_record(store: LocalStore) -> None:
    """What asks for attention is counted as it is shown: by record."""
    record = added(store, title="Plein", phase=Phase.IDEA)
    moved(store, store.outbox()[0].change, OutboxState.STORED, receipt=1)
    one = edited(store, record, phase=Phase.PLAN)
    other = edited(store, record, summary="Groen")
    for change in (one, other):
        moved(store, change, OutboxState.REFUSED, receipt=2, reason="rights")
    told = seen(store)
    [row] = told.refused
    assert told.asks == 1
    assert row.change_ids == (one.id, other.id)
    assert len(row.reasons) == 1
    assert "u mag dit niet wijzigen" in row.reasons[0]


def test_one_refused_code_is_told_with_its_value(store: LocalStore) -> None:
    record = added(store, title="Plein", phase=Phase.IDEA)
    moved(store, store.outbox()[0].change, OutboxState.STORED, receipt=1)
    change = edited(store, record, phase=Phase.PLAN)
    moved(store, change, OutboxState.REFUSED, receipt=2, reason="rights")
    [row] = seen(store).refused
    assert (row.title, row.value) == ("Plein: fase naar", "Plan")


def test_double_edits_of_one_record_count_once(store: LocalStore) -> None:
    record = added(store, title="Plein")
    change = store.outbox()[0].change
    moved(store, change, OutboxState.STORED, receipt=1)
    with writing(store.engine) as connection:
        for name in ("title", "summary"):
            found = Conflict((name,), {name: "a"}, {name: "b"}, {name: "c"})
            conflicts.put(connection, change, conflicts.FIELDS, found, None, None)
    told = seen(store)
    assert told.asks == 1
    [row] = told.choices
    assert (row.words, row.count) == ("Plein", "2 velden")
    assert record.id


def test_a_number_is_told_as_soon_as_it_was_given(store: LocalStore) -> None:
    """Until then it follows; afterwards nobody has to guess which it became."""
    record = added(store, title="Moestuin")
    [waits] = seen(store).waiting
    assert waits.title == "Nieuw: Moestuin"
    assert waits.what.startswith("Nummer volgt: concept-")
    moved(store, store.outbox()[0].change, OutboxState.STORED, receipt=48211)
    with writing(store.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE initiative SET code = 'INI-2026-0128' WHERE id = ?", (str(record.id),)
        )
    [arrived] = seen(store).arrived
    assert (arrived.title, arrived.what) == ("Moestuin", "Nieuw: INI-2026-0128")
    assert arrived.receipt == "bewijs 48211"


def photo(store: LocalStore, owner: Initiative, sha256: str, size: int) -> Attachment:
    made = Attachment(
        belongs_to=owner.id, belongs_to_entity="initiative", file_name="oever.jpg",
        media_type=MediaType.JPEG, size_bytes=size, sha256=sha256,
    )  # fmt: skip
    store.save(made, None)
    return made


def test_files_are_told_with_how_far_they_are(store: LocalStore) -> None:
    owner = added(store, title="Wandelpad")
    content = b"x" * 4_800_000
    sha256 = store.add_blob(content)
    photo(store, owner, sha256, len(content))
    [before] = seen(store).files
    assert before.words == "Wandelpad · wacht op verbinding"
    assert before.amount == "4,8\u00a0MB"
    [half] = seen(store, SyncNow("offline", files={sha256: 2_100_000})).files
    assert half.words == "Wandelpad · gaat straks verder"
    assert half.amount == "2,1 van 4,8\u00a0MB"
    assert seen(store).waiting[-1].title == "Wandelpad"


def test_what_was_done_to_a_file_is_told_of_its_record(store: LocalStore) -> None:
    """Also an edit, which does not say whose the file is: the way to it is the record."""
    owner = added(store, title="Wandelpad")
    made = photo(store, owner, store.add_blob(b"x"), 1)
    stored = store.get("attachment", made.id)
    assert isinstance(stored, Attachment)
    store.save(replace(stored, caption="De oever"), stored)
    edit_row = seen(store).waiting[-1]
    assert (edit_row.title, edit_row.what) == ("Wandelpad", "Onderschrift")
    assert edit_row.place == ("initiative", owner.id)
    moved(store, store.outbox()[-1].change, OutboxState.REFUSED, receipt=2, reason="rights")
    [row] = seen(store).refused
    assert (row.entity, row.record_id) == ("initiative", owner.id)


def test_files_of_colleagues_that_are_not_here_are_told(store: LocalStore) -> None:
    """Nobody is told that all is in step while a photo is still to come."""
    owner = added(store)
    photo(store, owner, "a" * 64, 640_000)
    for entry in store.outbox():
        moved(store, entry.change, OutboxState.STORED, receipt=1)
    told = seen(store)
    assert [(one.is_coming, one.amount) for one in told.files] == [(True, "640\u00a0kB")]
    assert told.files_count == 1
    assert not store.tally().is_clean


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [
        (0, 400, "1\u00a0kB"),
        (300_000, 640_000, "300 van 640\u00a0kB"),
        (999_999, 2_000_000, "1,0 van 2,0\u00a0MB"),
    ],
)
def test_amounts_share_one_unit(done: int, total: int, words: str) -> None:
    i18n.use("nl")
    assert amount_text(done, total) == words


def test_the_last_delivery_is_counted_by_itself(store: LocalStore) -> None:
    for number in range(3):
        added(store, title=f"Plan {number}")
        moved(store, store.outbox()[0].change, OutboxState.STORED, receipt=number + 1)
    with writing(store.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET receipted_at = '2026-01-01T09:00:00+00:00' WHERE receipt = 1"
        )
    with writing(store.engine) as connection:
        connection.exec_driver_sql("DELETE FROM outbox WHERE receipt = 1")
    assert seen(store).arrived_note.endswith("· 2 wijzigingen")


def test_no_number_stands_above_receipts_of_several_deliveries(store: LocalStore) -> None:
    """“1 change” over four rows would be wrong."""
    for number in range(4):
        added(store, title=f"Plan {number}")
        moved(store, store.outbox()[0].change, OutboxState.STORED, receipt=number + 1)
    with writing(store.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET receipted_at = '2026-01-01T09:00:00+00:00' WHERE receipt < 4"
        )
    note = seen(store).arrived_note
    assert note.startswith("laatst ")
    assert "wijziging" not in note


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "Er ontbrak daar niets van deze laptop."),
        (1, "1 wijziging van deze laptop is opnieuw aangeboden."),
        (7, "7 wijzigingen van deze laptop zijn opnieuw aangeboden."),
    ],
)
def test_a_restored_database_is_told(store: LocalStore, count: int, words: str) -> None:
    assert seen(store).put_back is None
    store.set_meta(OFFERED, json.dumps({"at": now().isoformat(), "count": count}))
    told = seen(store).put_back
    assert told is not None
    assert told[0] == "De gedeelde database is teruggezet naar een oudere stand."
    assert told[1].endswith(words)


def test_the_last_check_says_what_was_compared(store: LocalStore) -> None:
    found = {"at": now().isoformat(), "is_equal": True, "repaired": 0, "received": 9}
    counts = {"initiative": 1280, "premises": 1, "attachment": 214, "kern": 12}
    store.set_meta("last_check", json.dumps({**found, "counts": counts}))
    told = check_text(store)
    assert told.title.endswith("beide kanten waren gelijk")
    assert told.words == (
        "1.280 initiatieven, 1 pand, 214 bijlagen en 12 andere gegevens vergeleken. "
        "9\u00a0gegevens zijn hier bijgewerkt."
    )
    store.set_meta("last_check", json.dumps({**found, "received": 0, "counts": counts}))
    assert check_text(store).words.endswith("vergeleken.")
    store.set_meta("last_check", json.dumps({**found, "repaired": 2, "counts": {}}))
    assert check_text(store).title.endswith("2 verschillen zijn hersteld")
    store.set_meta("last_check", json.dumps({**found, "is_equal": False, "counts": {}}))
    assert check_text(store).title.endswith("Er wordt opnieuw vergeleken.")


def test_records_that_the_shared_database_lost_are_told(store: LocalStore) -> None:
    """Nothing is removed here; someone must hear of it."""
    found = {"at": now().isoformat(), "is_equal": False, "lost": 3, "counts": {}}
    store.set_meta("last_check", json.dumps(found))
    told = check_text(store)
    assert told.title.endswith("3 gegevens ontbreken in de gedeelde database")
    assert told.words.endswith("Ze staan nog op deze laptop. Bel uw beheerder.")


def test_without_a_check_it_says_what_is_here(store: LocalStore) -> None:
    assert check_text(store).title == "Nog niet vergeleken"
    store.set_meta("epoch", None)
    assert check_text(store).title == "Op deze laptop"


def test_a_deletion_by_one_and_a_change_by_another_stand_apart(store: LocalStore) -> None:
    record = added(store, title="Plein")
    change = Change(
        entity="initiative", record_id=record.id, kind=ChangeKind.EDIT, base={}, values={},
        made_at=now(),
    )  # fmt: skip
    with writing(store.engine) as connection:
        found = Conflict(("title",), {}, {"title": "b"}, {"deleted": True})
        conflicts.put(connection, change, conflicts.DELETED_THERE, found, None, None)
    [row] = seen(store).choices
    assert row.title == "Door de een verwijderd, door de ander gewijzigd"
