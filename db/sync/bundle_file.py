"""The file of an emergency bundle: a SQLCipher database that only its passphrase opens.

The same cipher as the laptop's own store, so there is nothing new to trust or install: AES-256 under
a key that PBKDF2 makes of the passphrase (256,000 rounds, SQLCipher's own), every page signed, so that
one wrong byte is noticed. The file is written under another name, read back from the stick, and only
then gets its own: a stick that is pulled out or full leaves no half file that looks whole.
"""

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import sqlcipher3.dbapi2 as sqlcipher

from db.changes import Change
from db.codec import dumps
from db.errors import StorageFull
from db.fields import N_
from db.sync.bundled import About, Bundled, BundleProblem
from db.sync.progress import stopped

FORMAT = 1
"""Goes up when an older program could misread the file."""
SUFFIX = ".naober"
LEAST_LETTERS = 16
"""Of a passphrase that a person chose: the file may fall into anyone's hands."""
BATCH = 500

WRONG_WORDS = N_(
    "These words do not open this file. Check every word. If they are right, the file is damaged"
    " or it is something else."
)
DAMAGED = N_("This file is damaged or not complete. Have it made again on the other laptop.")
NOT_A_BUNDLE = N_("This file is no work on a USB stick. Choose a file that ends in .naober.")
NEWER = N_("This file was made by a newer version. Update the program first.")
TOO_SHORT = N_("This passphrase is too short. Use at least %(count)d letters, or let us make one.")
FULL = N_("There is not enough room. No file was made. Choose another USB stick.")
UNPLUGGED = N_(
    "The USB stick can't be written to. No file was made. Is it still in, and not write-protected?"
)


class BundleWriter:
    """Takes what goes into a new file; made by `writing_bundle`."""

    def __init__(self, connection: Any) -> None:
        """Make the tables."""
        self._run = connection.execute
        self._run("CREATE TABLE about(format INTEGER NOT NULL, content TEXT NOT NULL)")
        self._run(
            "CREATE TABLE change(position INTEGER PRIMARY KEY, content TEXT NOT NULL, title TEXT)"
        )
        self._run(
            "CREATE TABLE blob(sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, content BLOB NOT NULL)"
        )

    def put_about(self, about: About) -> None:
        """Say what is in it."""
        self._run("INSERT INTO about VALUES (?,?)", (FORMAT, dumps(asdict(about))))

    def put_change(self, item: Bundled) -> None:
        """Add a change after those before."""
        self._run(
            "INSERT INTO change(content, title) VALUES (?,?)",
            (dumps(item.change.to_json()), item.title),
        )

    def put_blob(self, sha256: str, content: bytes) -> None:
        """Add the bytes of an attachment."""
        self._run("INSERT OR IGNORE INTO blob VALUES (?,?,?)", (sha256, len(content), content))


class Bundle:
    """A bundle that was opened; what is read from it was signed by who knew the passphrase."""

    def __init__(self, path: Path, passphrase: str) -> None:
        """Open the file at `path`.

        Raises:
            BundleProblem: the passphrase does not fit, or the file is damaged, newer or no bundle.
        """
        self.path = path
        _refuse_other_files(path)
        with _reading_errors():
            self._connection = _connected(path, passphrase)
        try:
            self.about = self._read_about()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Bundle":
        """Use it in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the file, so that the stick can be taken out."""
        self._connection.close()

    def changes(self, size: int = BATCH) -> Iterator[list[Bundled]]:
        """Return all changes in the order in which they were made, `size` at a time."""
        position = 0
        while True:
            rows = self._rows(
                "SELECT position, content, title FROM change WHERE position > ?"
                " ORDER BY position LIMIT ?",
                (position, size),
            )
            if not rows:
                return
            position = rows[-1][0]
            with _reading_errors():
                batch = [
                    Bundled(Change.from_json(json.loads(content)), str(title or ""))
                    for _position, content, title in rows
                ]
            yield batch

    def blobs(self) -> list[tuple[str, int]]:
        """Return (sha256, size in bytes) of every attachment, small ones first."""
        return self._rows("SELECT sha256, size FROM blob ORDER BY size, sha256")

    def blob(self, sha256: str) -> bytes:
        """Return the bytes of an attachment.

        Raises:
            BundleProblem: they are not what their name says.
        """
        rows = self._rows("SELECT content FROM blob WHERE sha256 = ?", (sha256,))
        content = bytes(rows[0][0]) if rows and isinstance(rows[0][0], bytes) else b""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BundleProblem(DAMAGED, reason="damaged")
        return content

    def verify(self, stop: Event | None = None) -> None:
        """Check the signature of every page, also of unused ones, and read everything.

        Raises:
            BundleProblem: something is damaged or missing. Cancelled: on request.
        """
        stop = stop or Event()
        faults = self._rows("PRAGMA cipher_integrity_check")
        changes = sum(len(batch) for batch in self.changes() if not stopped(stop))
        blobs = [one for one, _size in self.blobs() if not stopped(stop) and self.blob(one)]
        if faults or (changes, len(blobs)) != (self.about.changes, self.about.blobs):
            raise BundleProblem(DAMAGED, reason="damaged")

    def _read_about(self) -> About:
        with _reading_errors():
            rows = self._connection.execute("SELECT format, content FROM about").fetchall()
            if not rows or not isinstance(rows[0][0], int):
                raise BundleProblem(DAMAGED, reason="damaged")
            if rows[0][0] > FORMAT:
                raise BundleProblem(NEWER, reason="newer")
            about = About.from_json(json.loads(rows[0][1]))
            for text in (about.maker, about.device_id, about.epoch):
                if text:
                    UUID(text)
            return about

    def _rows(self, query: str, parameters: tuple[object, ...] = ()) -> list[Any]:
        with _reading_errors():
            return list(self._connection.execute(query, parameters).fetchall())


@contextmanager
def writing_bundle(path: Path, passphrase: str) -> Iterator[BundleWriter]:
    """Give a writer; at the end the file is read back, and only then stands at `path`.

    Raises:
        StorageFull: there is no room, or the stick is gone; nothing is left at `path`.
        BundleProblem: the passphrase is too short, or what was read back is not what was written.
    """
    if len(key_text(passphrase)) < LEAST_LETTERS:
        raise BundleProblem(TOO_SHORT, reason="short", count=LEAST_LETTERS)
    part = path.with_name(f"{path.name}.part")
    try:
        with _writing_errors():
            part.unlink(missing_ok=True)
            connection = _connected(part, passphrase)
            try:
                # No journal: until it is whole, the file is worth nothing anyway.
                for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -4000"):
                    connection.execute(f"PRAGMA {pragma}")
                connection.execute("BEGIN")
                yield BundleWriter(connection)
                connection.execute("COMMIT")
            finally:
                connection.close()
            _flush(part)
        with Bundle(part, passphrase) as written:
            written.verify()
        with _writing_errors():
            os.replace(part, path)  # noqa: PTH105 - atomic on every platform
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def key_text(passphrase: str) -> str:
    """Return a passphrase as it counts: capitals, dashes and more spaces make no difference.

    >>> key_text(" Appel-fiets  POLDER ")
    'appel fiets polder'
    """
    return " ".join(passphrase.replace("-", " ").replace("\0", " ").casefold().split())


def _connected(path: Path, passphrase: str) -> Any:
    connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
    secret = key_text(passphrase).replace("'", "''")
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = 'naober {secret}'")
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _refuse_other_files(path: Path) -> None:
    """Turn away what can't be a bundle before the passphrase is tried: wrong words are blamed last."""
    try:
        with path.open("rb") as stream:
            first = stream.read(16)
    except OSError as exc:
        message = N_("The file %(name)s can't be read. Is the USB stick still in?")
        raise BundleProblem(message, reason="not_a_bundle", name=path.name) from exc
    if not first or first.startswith(
        (b"SQLite format 3", b"%PDF", b"PK\3\4", b"\xff\xd8", b"\x89PNG")
    ):
        raise BundleProblem(NOT_A_BUNDLE, reason="not_a_bundle")


@contextmanager
def _reading_errors() -> Iterator[None]:
    try:
        yield
    except BundleProblem:
        raise
    except sqlcipher.Error as exc:
        if "not a database" in str(exc):
            raise BundleProblem(WRONG_WORDS, reason="words") from exc
        raise BundleProblem(DAMAGED, reason="damaged") from exc
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as exc:
        raise BundleProblem(DAMAGED, reason="damaged") from exc


@contextmanager
def _writing_errors() -> Iterator[None]:
    try:
        yield
    except sqlcipher.Error as exc:
        raise StorageFull(FULL if "full" in str(exc) else UNPLUGGED) from exc
    except OSError as exc:
        raise StorageFull(FULL if exc.errno == errno.ENOSPC else UNPLUGGED) from exc


def _flush(path: Path) -> None:
    """Have the bytes on the stick, not only in memory, so that reading back means something."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
