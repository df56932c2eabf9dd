"""Power loss, a full disk, a wrong key and a damaged file: a clear message, and nothing lost."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from db.errors import LocalStoreDamaged, StorageFull, WrongKey
from db.local import keys
from db.local.engine import backup, create_store, integrity_faults, open_store, writing
from db.local.store import LocalStore
from tests.factories import initiative
from tests.stores import TEST_KEY, a_store, new_store, reopened

_WRITER = """
import sys
from collections.abc import Iterator
from pathlib import Path
from db.local.engine import open_store
from db.local.store import LocalStore
from tests.factories import initiative
store = LocalStore(open_store(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])))
while True:
    record = store.save(initiative(), None).record
    print(record.id, flush=True)
"""


def test_kill_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    """After “opgeslagen” a dead laptop still has the record, and the outbox has its change."""
    path = tmp_path / "store.db"
    new_store(path).close()
    child = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path), TEST_KEY.hex()],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    told = [child.stdout.readline().strip() for _ in range(25)]
    os.kill(child.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    told += child.stdout.read().split()
    child.stdout.close()
    child.wait()
    store = reopened(path)
    waiting = {str(entry.change.record_id) for entry in store.outbox(limit=-1)}
    assert set(told) <= waiting
    assert store.counts()["initiative"] == len(waiting)
    assert integrity_faults(store.engine) == ()
    store.close()


def test_full_disk_keeps_what_was_saved_and_says_so(tmp_path: Path) -> None:
    """The save that does not fit is refused whole; saving works again once there is room."""
    with a_store(tmp_path) as store:
        kept = store.save(initiative(), None).record
        with store.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        _limit(store, pages + 2)
        with pytest.raises(StorageFull):
            _save_until_it_fails(store)
        assert store.get("initiative", kept.id) == kept
        saved = store.counts()["initiative"]
        _limit(store, 1_000_000)
        store.save(initiative(), None)
        assert store.counts()["initiative"] == saved + 1
        assert len(store.outbox(limit=-1)) == saved + 1


def _save_until_it_fails(store: LocalStore) -> None:
    for _ in range(500):
        store.save(initiative(description="x" * 4000), None)


def _limit(store: LocalStore, pages: int) -> None:
    """Make the file full at `pages`, on the one pooled connection that is in use."""
    store.engine.dispose()
    with store.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def test_a_copied_file_is_useless_without_its_key(tmp_path: Path) -> None:
    """No text of a record is readable in the file, and another key does not open it."""
    with a_store(tmp_path) as store:
        store.save(initiative(title="Geheim dorpsplein"), None)
    found = b"".join(file.read_bytes() for file in tmp_path.glob("store.db*"))
    assert b"Geheim" not in found
    assert b"SQLite format" not in found
    with pytest.raises(WrongKey):
        open_store(tmp_path / "store.db", keys.new_key())


def test_damage_is_noticed(tmp_path: Path) -> None:
    """A file with a rotten page says so instead of giving half the records."""
    path = tmp_path / "store.db"
    with a_store(tmp_path) as store:
        store.save_new([initiative() for _ in range(50)])
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    path.write_bytes(content)
    damaged = open_store(path, TEST_KEY)
    try:
        assert integrity_faults(damaged) != ()
    except LocalStoreDamaged:
        pass
    finally:
        damaged.dispose()
    path.write_bytes(b"not a store at all" * 500)
    with pytest.raises(LocalStoreDamaged):
        open_store(path, TEST_KEY)


def test_missing_or_newer_file_is_said_in_words(tmp_path: Path) -> None:
    """A store of a newer version is left untouched."""
    with pytest.raises(LocalStoreDamaged, match="missing"):
        open_store(tmp_path / "none.db", TEST_KEY)
    engine = create_store(tmp_path / "store.db", TEST_KEY)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 999")
    engine.dispose()
    with pytest.raises(LocalStoreDamaged, match="newer"):
        open_store(tmp_path / "store.db", TEST_KEY)


def test_backup_opens_with_the_same_key(tmp_path: Path) -> None:
    """A backup is whole and encrypted, made while the store is in use."""
    with a_store(tmp_path) as store:
        record = store.save(initiative(), None).record
        backup(store.engine, tmp_path / "backup.db")
    copy = reopened(tmp_path / "backup.db")
    assert copy.get("initiative", record.id) == record
    copy.close()


def test_passphrase_opens_what_it_sealed(tmp_path: Path) -> None:
    """Where there is no key store a passphrase guards the key; a wrong one is told apart from damage."""
    path = tmp_path / "key.sealed"
    keys.seal(TEST_KEY, "koffie met melk", path)
    assert keys.unseal(path, "koffie met melk") == TEST_KEY
    assert TEST_KEY.hex().encode() not in path.read_bytes()
    with pytest.raises(WrongKey):
        keys.unseal(path, "thee")
    path.write_text("{}", encoding="ascii")
    with pytest.raises(LocalStoreDamaged):
        keys.unseal(path, "koffie met melk")


def test_no_keyring_is_noticed_not_trusted() -> None:
    """A system without key store (or one that drops secrets) is never taken for one."""
    assert keys.keep_in_keyring("store", TEST_KEY) is False


def test_writers_on_two_threads_take_turns(tmp_path: Path) -> None:
    """The sync worker and the window save at the same time without losing or failing."""
    from concurrent.futures import ThreadPoolExecutor

    with a_store(tmp_path) as store:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: store.save(initiative(), None), range(80)))
        assert store.counts()["initiative"] == 80
        assert len(store.outbox(limit=-1)) == 80


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a disk of 3 MB; needs the right to mount."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if (
        sys.platform != "linux"
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("this account can't mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_really_full_disk_loses_nothing(small_disk: Path) -> None:
    """On a disk that is full the save is refused in words; after making room work goes on."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_000_000))
    with a_store(small_disk) as store:
        kept = store.save(initiative(), None).record
        with pytest.raises(StorageFull):
            _save_until_it_fails(store)
        assert store.get("initiative", kept.id) == kept
        assert len(store.outbox(limit=-1)) == store.counts()["initiative"] > 1
        ballast.unlink()
        store.save(initiative(), None)
        assert integrity_faults(store.engine) == ()


def test_an_error_that_is_logged_tells_no_personal_details(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong in the file: what it was about stays in the file (promise L2)."""
    store = new_store(tmp_path / "store.db")
    statement, row = "INSERT INTO conflict(id, ours) VALUES (?,?)", ("a", "Jan Jansen, 0612345678")
    try:
        with writing(store.engine) as connection:
            connection.exec_driver_sql(statement, row)
    except DBAPIError:
        logging.getLogger("db").exception("a cycle met a bug")
    store.close()
    assert "NOT NULL" in caplog.text
    assert "Jansen" not in caplog.text
