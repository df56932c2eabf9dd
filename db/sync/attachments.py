"""The bytes of attachments, to and fro: the last part of a cycle."""

from collections.abc import Callable
from threading import Event

from db.errors import Rejected
from db.local import blobs
from db.local.engine import reading, writing
from db.local.store import LocalStore
from db.shared.protocol import CHUNK_BYTES, SharedDatabase
from db.sync.progress import Step, stopped


def exchange(
    store: LocalStore, shared: SharedDatabase, progress: Callable[[Step], None], stop: Event
) -> int:
    """Send and fetch what is on one side only; return how many attachments were moved."""
    with reading(store.engine) as connection:
        to_send, to_fetch = blobs.unsent(connection), blobs.missing(connection)
    total = len(to_send) + len(to_fetch)
    moved = 0
    for sha256, size in to_send:
        moved += _send(store, shared, sha256, size, stop)
        progress(Step("photos", moved, total))
    for sha256, size in to_fetch:
        moved += _fetch(store, shared, sha256, size, stop)
        progress(Step("photos", moved, total))
    return moved


def _send(store: LocalStore, shared: SharedDatabase, sha256: str, size: int, stop: Event) -> int:
    """Send one attachment; 0 when it was turned away: it waits, and holds up no other."""
    content = store.blob(sha256) or b""
    try:
        offset = shared.blob_offsets({sha256: size})[sha256]
        while offset < len(content) and not stopped(stop):
            piece = content[offset : offset + CHUNK_BYTES]
            offset = shared.put_blob(sha256, offset, size, piece)
    except Rejected:
        return 0
    with writing(store.engine) as connection:
        blobs.mark_stored(connection, sha256)
    return 1


def _fetch(store: LocalStore, shared: SharedDatabase, sha256: str, size: int, stop: Event) -> int:
    """Fetch one attachment; 0 when the other laptop has not sent all of it yet."""
    content = bytearray()
    while len(content) < size and not stopped(stop):
        chunk = shared.get_blob(sha256, len(content), CHUNK_BYTES)
        if not chunk:
            return 0
        content += chunk
    with writing(store.engine) as connection:
        kept = blobs.add(connection, bytes(content), is_stored=True)
        if kept != sha256:
            connection.exec_driver_sql("DELETE FROM blob WHERE sha256 = ?", (kept,))
    return int(kept == sha256)
