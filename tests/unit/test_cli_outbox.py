"""The outbox and the receipts on the command line: the same as in the window, for machines too."""

import io
import json
import sys
from pathlib import Path

import pytest

from db.changes import now
from db.local import journal
from db.local.engine import writing
from db.local.journal import OutboxState
from desktop_app.profile import open_profile, profile_at
from tests.unit.test_command_line import PLEIN, Laptop


@pytest.fixture
def laptop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Laptop:
    monkeypatch.setenv("NAOBERKAART_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("NAOBERKAART_LANG", "nl")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    return Laptop(tmp_path / "profile", capsys)


def settle(laptop: Laptop, state: OutboxState, receipt: int, reason: str | None = None) -> str:
    """Let the last change that waits have been answered; return its id."""
    store = open_profile(profile_at(laptop.folder), lambda is_new: "")
    change = store.outbox()[-1].change
    with writing(store.engine) as connection:
        journal.set_state(connection, change, state, receipt=receipt, reason=reason)
    store.close()
    return str(change.id)


def test_what_waits_is_listed_in_words_and_as_json(laptop: Laptop) -> None:
    made = laptop.json("record", "add", "initiative", PLEIN)
    assert "Nieuw: Dorpsplein" in laptop.run("outbox")
    told = laptop.json("outbox", "list", "--json")
    assert (told["record_id"], told["kind"], told["state"]) == (made["id"], "create", "waiting")
    assert told["values"]["title"] == "Dorpsplein"


def test_an_unsent_edit_is_taken_back_by_its_number(laptop: Laptop) -> None:
    made = laptop.json("record", "add", "initiative", PLEIN)
    laptop.run("record", "set", "initiative", made["id"], '{"title": "Anders"}')
    edit = laptop.json("outbox", "list", "--json")[1]["id"]
    assert laptop.json("outbox", "take-back", edit[:13], "--json")["taken_back"] is True
    assert laptop.json("record", "get", "initiative", made["id"])["title"] == "Dorpsplein"
    laptop.run("outbox", "take-back", edit, code=2)
    assert "niet precies één" in laptop.said


def test_what_was_refused_is_sent_again_once(laptop: Laptop) -> None:
    laptop.json("record", "add", "initiative", PLEIN)
    first = settle(laptop, OutboxState.REFUSED, 7, "rights")
    assert laptop.json("outbox", "list", "--json")["reason"] == "rights"
    made = laptop.json("outbox", "send-again", first, "--json")
    assert made["count"] == 1
    assert made["ids"] != [first]
    laptop.run("outbox", "send-again", first, code=2)
    assert laptop.json("outbox", "send-again", "--json")["count"] == 0
    assert laptop.json("outbox", "list", "--json")["state"] == "waiting"


def test_the_outbox_is_exported(laptop: Laptop, tmp_path: Path) -> None:
    laptop.json("record", "add", "initiative", PLEIN)
    file = tmp_path / "wacht.json"
    assert laptop.json("outbox", "export", file, "--json")["count"] == 1
    assert len(json.loads(file.read_text("utf-8"))["changes"]) == 1
    laptop.run("outbox", "export", tmp_path / "wacht.txt", code=2)


def test_receipts_are_searched(laptop: Laptop) -> None:
    laptop.json("record", "add", "initiative", PLEIN)
    settle(laptop, OutboxState.STORED, 48213)
    laptop.json("record", "add", "initiative", PLEIN.replace("Dorpsplein", "Moestuin"))
    settle(laptop, OutboxState.STORED, 48214)
    assert [one["receipt"] for one in laptop.json("receipts", "--json")] == [48214, 48213]
    assert laptop.json("receipts", "--search", "dorpsplein", "--json")["receipt"] == 48213
    assert "bewijs 48214" in laptop.run("receipts", "--limit", "1")


def test_the_status_says_what_the_window_says(laptop: Laptop) -> None:
    laptop.json("record", "add", "initiative", PLEIN)
    store = open_profile(profile_at(laptop.folder), lambda is_new: "")
    store.set_meta("epoch", "00000000-0000-4000-8000-000000000001")
    store.set_meta("last_sync", now().isoformat())
    found = {"at": now().isoformat(), "is_equal": True, "counts": {"initiative": 1}}
    store.set_meta("last_check", json.dumps(found))
    store.close()
    assert "1 wijziging wacht, laatst gesynchroniseerd" in laptop.run("status")
    assert "beide kanten waren gelijk" in laptop.run("status")
    told = laptop.json("status", "--json")
    assert (told["in_step"], told["last_check"]["counts"]) == (False, {"initiative": 1})
