"""The file on the stick: sealed, checked byte for byte, and never half made."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from threading import Event

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.errors import AppError, StorageFull
from db.local.store import LocalStore
from db.sync import bundle_file
from db.sync.bundle import make_bundle
from db.sync.bundle_file import FORMAT, Bundle, key_text
from db.sync.bundled import About, BundleProblem
from db.sync.progress import Cancelled, Step
from desktop_app.services.bundle_words import COUNT, new_passphrase, opened, word_list
from tests.factories import attachment, initiative
from tests.stores import a_store

WORDS = "appel fiets polder roman zwaluw tulp"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with a_store(tmp_path) as made:
        made.save(plan := initiative(title="Oever van de Berkel"), None)
        made.add_blob(b"%PDF" + bytes(9_000))
        photo = attachment(b"%PDF" + bytes(9_000), belongs_to=plan.id)
        made.save(photo, None)
        yield made


@pytest.fixture
def file(store: LocalStore, tmp_path: Path) -> Path:
    path = tmp_path / "werk.naober"
    make_bundle(store, path, WORDS)
    return path


def reason_of(path: Path, words: str = WORDS) -> str:
    """Return why a file can't be used; "" when all of it can be read."""
    try:
        with Bundle(path, words) as bundle:
            bundle.verify()
    except BundleProblem as problem:
        return problem.reason
    return ""


def test_nothing_of_the_work_can_be_read_without_the_words(file: Path) -> None:
    content = file.read_bytes()
    assert b"Oever" not in content
    assert b"SQLite" not in content
    assert reason_of(file) == ""
    assert reason_of(file, "appel fiets polder roman zwaluw tuin") == "words"
    assert not list(file.parent.glob("*.part*"))


def test_every_faulty_byte_and_every_cut_is_noticed(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    other = tmp_path / "anders.naober"

    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(whole) - 1), st.integers(1, 255), st.booleans())
    def faulty(place: int, bits: int, is_cut: bool) -> None:
        changed = bytearray(whole)
        changed[place] ^= bits
        other.write_bytes(whole[:place] if is_cut else bytes(changed))
        assert reason_of(other) in {"damaged", "words", "not_a_bundle"}

    faulty()


@settings(max_examples=12, deadline=None)
@given(content=st.binary(max_size=9_000))
def test_any_other_file_is_turned_away_in_words(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "iets.naober"
    path.write_bytes(content)
    assert reason_of(path) in {"damaged", "words", "not_a_bundle"}


@pytest.mark.parametrize("start", [b"", b"SQLite format 3\0", b"%PDF-1.7", b"PK\3\4docx"])
def test_a_file_of_another_kind_is_named_as_such(start: bytes, tmp_path: Path) -> None:
    path = tmp_path / "iets.naober"
    path.write_bytes(start)
    assert reason_of(path) == "not_a_bundle"
    assert reason_of(tmp_path / "weg.naober") == "not_a_bundle"
    assert not (tmp_path / "weg.naober").exists()


def rewritten(path: Path, statement: str, *values: object) -> None:
    """Change what is in a file, as a program with the words could."""
    connection = sqlcipher.connect(str(path))
    connection.execute(f"PRAGMA key = 'naober {WORDS}'")
    connection.execute(statement, values)
    connection.commit()
    connection.close()


ABOUT = asdict(About(changes=2, blobs=1))


@pytest.mark.parametrize(
    ("statement", "value", "reason"),
    [
        ("UPDATE about SET format = ?", FORMAT + 1, "newer"),
        ("UPDATE about SET format = ?", "een", "damaged"),
        ("UPDATE about SET content = ?", "{", "damaged"),
        ("UPDATE about SET content = ?", "[]", "damaged"),
        ("UPDATE about SET content = ?", json.dumps({**ABOUT, "changes": "2"}), "damaged"),
        ("UPDATE about SET content = ?", json.dumps({**ABOUT, "changes": 3}), "damaged"),
        ("UPDATE about SET content = ?", json.dumps({**ABOUT, "maker": "ik"}), "damaged"),
        ("UPDATE about SET content = ?", json.dumps({**ABOUT, "later": 1}), ""),
        ("DELETE FROM about WHERE ? = 1", 1, "damaged"),
        ("UPDATE change SET content = ?", "{}", "damaged"),
        ("UPDATE change SET content = ?", "[[[[", "damaged"),
        ("UPDATE change SET content = ?", b"\xff", "damaged"),
        ("UPDATE blob SET content = ?", b"andere bytes", "damaged"),
        ("UPDATE blob SET content = ?", "tekst", "damaged"),
    ],
)
def test_contents_that_make_no_sense_are_no_bug(
    file: Path, statement: str, value: object, reason: str
) -> None:
    rewritten(file, statement, value)
    assert reason_of(file) == reason


def test_a_stop_leaves_no_file_and_the_old_one_whole(store: LocalStore, file: Path) -> None:
    before = file.read_bytes()
    stop = Event()

    def progress(step: Step) -> None:
        stop.set()

    with pytest.raises(Cancelled):
        make_bundle(store, file, WORDS, progress, stop)
    assert file.read_bytes() == before
    assert not list(file.parent.glob("*.part*"))


@pytest.mark.parametrize("step", ["write", "flush", "rename"])
def test_a_stick_that_is_pulled_out_leaves_no_half_file(
    step: str, store: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "stick" / "werk.naober"
    path.parent.mkdir()

    def gone(*_: object) -> None:
        raise OSError(5, "Input/output error")

    if step == "write":
        path.parent.rmdir()
    elif step == "flush":
        monkeypatch.setattr(bundle_file, "_flush", gone)
    else:
        monkeypatch.setattr(os, "replace", gone)
    with pytest.raises(StorageFull) as told:
        make_bundle(store, path, WORDS)
    assert "still in" in str(told.value)
    assert not path.exists()


def test_a_full_stick_is_said_to_be_full(
    store: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = bundle_file._connected

    def small(path: Path, words: str) -> object:
        connection = connected(path, words)
        connection.execute("PRAGMA max_page_count = 4")
        return connection

    monkeypatch.setattr(bundle_file, "_connected", small)
    path = tmp_path / "werk.naober"
    with pytest.raises(StorageFull) as told:
        make_bundle(store, path, WORDS)
    assert "room" in str(told.value)
    assert not list(tmp_path.glob("werk*"))


def test_what_is_read_back_is_compared(
    store: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick that swallows what is written to it gets no file with a name."""
    path = tmp_path / "werk.naober"

    def spoil(part: Path) -> None:
        content = bytearray(part.read_bytes())
        content[-100] ^= 1
        part.write_bytes(content)

    monkeypatch.setattr(bundle_file, "_flush", spoil)
    with pytest.raises(BundleProblem):
        make_bundle(store, path, WORDS)
    assert not path.exists()


def test_examples_and_an_empty_outbox_make_no_file(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        for example, reason in (("1", "example"), (None, "empty")):
            store.set_meta("example", example)
            with pytest.raises(BundleProblem) as told:
                make_bundle(store, tmp_path / "x.naober", WORDS)
            assert told.value.reason == reason


def test_the_words_are_plain_different_and_enough() -> None:
    words = word_list()
    assert len(words) == len(set(words)) == 512
    assert not [word for word in words if "ei" in word or "ij" in word or not word.isalpha()]
    made = {new_passphrase() for _ in range(50)}
    assert len(made) == 50
    assert {len(one.split()) for one in made} == {COUNT}


@settings(max_examples=12)
@given(st.text(max_size=80))
def test_any_typed_words_give_an_answer(typed: str) -> None:
    assert key_text(key_text(typed)) == key_text(typed)
    path = Path(__file__)
    with suppress(AppError):
        opened(path, typed).close()


def test_about_survives_the_journey() -> None:
    about = About(maker_name="Balie Rekken", changes=3, needs_contacts=True)
    assert About.from_json(asdict(about)) == about
    assert replace(about, changes=3) == about
