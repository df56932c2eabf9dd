"""The catalogue keeps every Dutch text through extracting, filling in and being written at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.tools import texts


def source_of_three() -> Catalog:
    source = Catalog()
    source.add("Title", locations=[("db/fields.py", None)])
    source.add("Save", locations=[("desktop_app/app.py", None)])
    source.add(("{n} plot", "{n} plots"), locations=[("desktop_app/app.py", None)])
    return source


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a catalogue of its own, over a source of three texts."""
    monkeypatch.setattr(texts, "PO", tmp_path / "naoberkaart.po")
    monkeypatch.setattr(texts, "extracted", source_of_three)
    return tmp_path


def test_what_lacks_dutch_is_named(catalogue):
    assert texts.update({"Title": "Titel"}, prune=False) == ["Save", "('{n} plot', '{n} plots')"]


def test_given_texts_stay_when_others_are_given(catalogue):
    texts.update({"Title": "Titel"}, prune=False)
    texts.update({"{n} plot|{n} plots": ["{n} kavel", "{n} kavels"]}, prune=False)
    assert texts.update({"Save": "Opslaan"}, prune=False) == []
    assert texts.catalogue().get("{n} plot").string == ("{n} kavel", "{n} kavels")


def test_a_better_text_replaces_the_old_one(catalogue):
    texts.update({"{n} plot|{n} plots": ["een", "meer"]}, prune=False)
    texts.update({"{n} plot|{n} plots": ["{n} kavel", "{n} kavels"]}, prune=False)
    assert texts.catalogue().get("{n} plot").string == ("{n} kavel", "{n} kavels")


def test_a_text_for_source_still_to_come_is_kept_until_pruned(catalogue):
    texts.update({"Later": "Later"}, prune=False)
    texts.update({}, prune=False)
    assert texts.catalogue().get("Later").string == "Later"
    texts.update({}, prune=True)
    assert texts.catalogue().get("Later") is None


def test_nothing_is_lost_when_several_write_at_once(catalogue):
    given = [{"Title": "Titel"}, {"Save": "Opslaan"}, {"Other": "Ander"}]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda one: texts.update(one, prune=False), given))
    kept = texts.catalogue()
    assert [kept.get(name).string for name in ("Title", "Save", "Other")] == [
        "Titel",
        "Opslaan",
        "Ander",
    ]


def test_the_command_reads_a_file(catalogue):
    (catalogue / "mine.json").write_text(json.dumps({"Title": "Titel"}), encoding="utf-8")
    assert texts.main(["--set", str(catalogue / "mine.json")]) == 0
    assert texts.main([]) == 1
