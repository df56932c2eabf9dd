"""The emergency bundle on the command line: made, looked into, and refused in plain words."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.unit.test_command_line import PLEIN, Laptop


@pytest.fixture
def laptop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Laptop:
    monkeypatch.setenv("NAOBERKAART_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("NAOBERKAART_LANG", "nl")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    return Laptop(tmp_path / "profile", capsys)


def words_said(laptop: Laptop) -> str:
    first = laptop.said.splitlines()[0]
    return first.partition(": ")[2]


def test_the_words_are_said_once_and_open_the_file(laptop: Laptop, tmp_path: Path) -> None:
    laptop.json("record", "add", "initiative", PLEIN)
    file, key = tmp_path / "werk.naober", tmp_path / "woorden"
    assert "1 wijziging geschreven naar werk.naober" in laptop.run("bundle", "make", file)
    assert "Schrijf ze niet op de stick" in laptop.said
    key.write_text(words_said(laptop))
    told = laptop.run("bundle", "show", file, "--passphrase-file", key)
    assert "Dorpsplein: " in told
    about, change = laptop.json("bundle", "show", file, "--passphrase-file", key, "--json")
    assert (about["changes"], about["attachments"]) == (1, 0)
    assert (change["title"], change["kind"]) == ("Dorpsplein", "create")
    assert "values" not in change
    whole = laptop.run("bundle", "show", file, "--passphrase-file", key, "--values")
    assert json.loads(whole.splitlines()[1])["values"]["title"] == "Dorpsplein"
    assert laptop.json("status", "--json")["waiting"] == 1


def test_machines_get_no_words_on_standard_output(laptop: Laptop, tmp_path: Path) -> None:
    laptop.json("record", "add", "initiative", PLEIN)
    wrote = laptop.run("bundle", "make", tmp_path / "werk.naober", "--json")
    assert words_said(laptop) not in wrote
    assert set(json.loads(wrote)) >= {"file", "changes", "attachments", "maker"}


def test_own_words_are_taken_from_a_file_and_not_repeated(laptop: Laptop, tmp_path: Path) -> None:
    laptop.json("record", "add", "initiative", PLEIN)
    key, file = tmp_path / "woorden", tmp_path / "werk.naober"
    key.write_text("een zin die niemand raadt\n")
    laptop.run("bundle", "make", file, "--passphrase-file", key)
    assert "niemand raadt" not in laptop.said
    laptop.run("bundle", "show", file, "--passphrase-file", key)
    key.write_text("kort")
    laptop.run("bundle", "make", tmp_path / "b.naober", "--passphrase-file", key, code=2)
    assert "te kort" in laptop.said


def test_a_word_heard_wrong_is_pointed_out(laptop: Laptop, tmp_path: Path) -> None:
    laptop.json("record", "add", "initiative", PLEIN)
    key, file = tmp_path / "woorden", tmp_path / "werk.naober"
    laptop.run("bundle", "make", file)
    right = words_said(laptop)
    for wrong, told in (
        ("fites " + right.partition(" ")[2], "Is het “fiets”?"),
        (right.rpartition(" ")[0], "Dit zijn 5 woorden"),
        ("zo maar iets", "Kijk elk woord na"),
    ):
        key.write_text(wrong)
        laptop.run("bundle", "show", file, "--passphrase-file", key, code=2)
        assert told in laptop.said
    key.write_text(right.upper().replace(" ", " - "))
    laptop.run("bundle", "show", file, "--passphrase-file", key)


def test_wrong_use_makes_and_changes_nothing(laptop: Laptop, tmp_path: Path) -> None:
    laptop.json("record", "add", "initiative", PLEIN)
    there = tmp_path / "brief.naober"
    there.write_text("Geachte heer")
    laptop.run("bundle", "make", there, code=2)
    assert there.read_text() == "Geachte heer"
    laptop.run("bundle", "make", tmp_path / "weg" / "werk.naober", code=1)
    assert "Er is geen bestand gemaakt" in laptop.said
    laptop.run("bundle", "show", there, code=2)
    assert "--passphrase-file" in laptop.said
    laptop.run("bundle", "send", there, code=2)
    assert "nog niet verbonden" in laptop.said
    laptop.run("bundle", code=2)


def test_nothing_waits_so_nothing_is_made(laptop: Laptop, tmp_path: Path) -> None:
    laptop.run("record", "list", "initiative", "--json")
    laptop.run("bundle", "make", tmp_path / "werk.naober", code=2)
    assert "Er wacht niets op verzenden" in laptop.said
    assert not (tmp_path / "werk.naober").exists()
