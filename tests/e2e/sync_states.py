"""The sync page in its states, for pictures: a photo half sent, refused, stalled, and so on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from db.changes import now
from db.entities.place import Attachment, MediaType
from db.local import journal
from db.local.engine import writing
from db.local.journal import OutboxState
from db.local.store import LocalStore
from desktop_app.services.sync_text import SyncNow
from tests.e2e.working_day import all_of

PHOTO_BYTES, SENT_BYTES = 4_800_000, 2_100_000


def add_photo(store: LocalStore) -> str:
    """Put a photo with the walking path, whose record has arrived and whose bytes have not."""
    plans = [one for one in all_of(store, "initiative") if "Berkel" in one.title_text]
    sha256 = store.add_blob(b"\xff\xd8\xff" + bytes(PHOTO_BYTES - 3))
    photo = Attachment(
        belongs_to=plans[0].id, belongs_to_entity="initiative", file_name="oever-berkel.jpg",
        media_type=MediaType.JPEG, size_bytes=PHOTO_BYTES, sha256=sha256, id=UUID(int=7),
    )  # fmt: skip
    change = store.save(photo, None).change
    assert change is not None
    with writing(store.engine) as connection:
        journal.set_state(connection, change, OutboxState.STORED, receipt=48_220)
    return sha256


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture's name, and how sync stands on it."""

    name: str
    state: Callable[[], SyncNow]


def scenes(sha256: str) -> list[Scene]:
    """Return the states that the worker can be in, with the photo half on its way."""
    half = {sha256: SENT_BYTES}
    soon, long_ago = timedelta(seconds=20), timedelta(seconds=130)

    def working() -> SyncNow:
        return SyncNow("working", 1, 2, step="photos", files=half)

    def stalled() -> SyncNow:
        return SyncNow("working", 12, 40, step="send", moved_at=now() - long_ago)

    refusals = [
        Scene(reason, lambda reason=reason: SyncNow("refused", reason=reason))  # type: ignore[misc]
        for reason in ("revoked", "restored", "emptied")
    ]
    return [
        Scene("quiet", lambda: SyncNow("quiet")),
        Scene("offline", lambda: SyncNow("offline", next_try=now() + soon, files=half)),
        Scene("working", working),
        Scene("stalled", stalled),
        *refusals,
    ]
