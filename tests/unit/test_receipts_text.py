"""Receipts under their days, and the outbox as a file for a person."""

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.changes import Change, now
from db.errors import StorageFull, UserProblem
from db.local import journal
from db.local.engine import writing
from db.local.journal import OutboxState
from db.local.store import LocalStore
from desktop_app import i18n
from desktop_app.services.outbox_export import FORMAT, export_outbox
from desktop_app.services.receipts_text import ReceiptKey, day_text, receipt_rows, receipts_of
from desktop_app.services.titles import Titles
from tests.factories import initiative
from tests.stores import a_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    i18n.use("nl")
    with a_store(tmp_path) as made:
        yield made


def settled(store: LocalStore, title: str, receipt: int, days: int, **how: str) -> Change:
    """Keep a change that got its receipt so many days ago."""
    store.save(initiative(title=title), None)
    change = store.outbox()[-1].change
    state = OutboxState.REFUSED if how else OutboxState.STORED
    with writing(store.engine) as connection:
        journal.set_state(connection, change, state, receipt=receipt, **how)
        moment = (now() - timedelta(days=days)).isoformat()
        connection.exec_driver_sql(
            "UPDATE outbox SET receipted_at = ? WHERE change_id = ?", (moment, str(change.id))
        )
    return change


def test_receipts_stand_under_their_days_newest_first(store: LocalStore) -> None:
    settled(store, "Oud", 1, 1)
    settled(store, "Ook nieuw", 2, 0)
    settled(store, "Nieuw", 3, 0)
    settled(store, "Verjaard", 9, 91)
    rows = receipt_rows(receipts_of(store, Titles(store)))
    told = [row.title for _key, row in rows]
    assert told == ["Vandaag", "Nieuw", "Ook nieuw", "Gisteren", "Oud"]
    assert [isinstance(key, date) for key, _row in rows] == [True, False, False, True, False]


def test_a_search_keeps_only_what_fits_and_its_days(store: LocalStore) -> None:
    settled(store, "Élan op het plein", 48213, 1)
    settled(store, "Iets anders", 48214, 0)
    texts = receipts_of(store, Titles(store))
    for words in ("elan", "48213", "plein 48213", "  ÉLAN  "):
        assert [row.title for _key, row in receipt_rows(texts, words)][1:] == ["Élan op het plein"]
    assert receipt_rows(texts, "bestaat niet") == []


def test_a_refused_change_keeps_its_place_with_the_reason(store: LocalStore) -> None:
    change = settled(store, "Kavel", 7, 0, reason="overlap")
    [_day, (key, row)] = receipt_rows(receipts_of(store, Titles(store)))
    assert key == ReceiptKey(change.id, "initiative", change.record_id)
    assert row.mark == "geweigerd"
    assert "andere kavel" in row.subtitle


def test_days_are_named_as_people_do() -> None:
    i18n.use("nl")
    today = date(2026, 11, 24)
    assert day_text(today, today) == "Vandaag"
    assert day_text(date(2026, 11, 20), today) == "vr\u00a020\u00a0nov"
    assert day_text(date(2025, 12, 30), today) == "30\u00a0dec\u00a02025"


def test_the_outbox_is_written_for_a_spreadsheet(store: LocalStore, tmp_path: Path) -> None:
    store.save(initiative(title="=Plein"), None)
    settled(store, "Geweigerd plan", 7, 0, reason="rights")
    file = tmp_path / "wacht.csv"
    assert export_outbox(store, file, Titles(store)) == 2
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert [row["Stand"] for row in rows] == ["wacht op verzenden", "geweigerd"]
    assert json.loads(rows[0]["Waarden"])["title"] == "=Plein"
    assert "u mag dit niet wijzigen" in rows[1]["Reden"]


def test_as_json_every_change_is_whole(store: LocalStore, tmp_path: Path) -> None:
    store.save(initiative(title="Plein"), None)
    file = tmp_path / "wacht.json"
    export_outbox(store, file, Titles(store))
    value = json.loads(file.read_text("utf-8"))
    assert value["format"] == FORMAT
    [written] = value["changes"]
    assert Change.from_json(written) == store.outbox()[0].change
    assert (written["state"], written["receipt"]) == ("waiting", None)


def test_a_failure_leaves_no_half_file(store: LocalStore, tmp_path: Path) -> None:
    store.save(initiative(), None)
    with pytest.raises(UserProblem):
        export_outbox(store, tmp_path / "wacht.doc", Titles(store))
    with pytest.raises(StorageFull):
        export_outbox(store, tmp_path / "geen-map" / "wacht.csv", Titles(store))
    assert {one.name for one in tmp_path.iterdir() if "wacht" in one.name} == set()
