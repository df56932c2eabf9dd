"""The laptop's store as the rest of the program sees it: values in, values out.

Every method is synchronous and safe on any thread. A write is one transaction, and after its commit
the listeners get one `ChangeSet`: the only way in which news travels.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from uuid import UUID, uuid4

from sqlalchemy import Engine

from db import rules
from db.changes import ChangeSet, Values
from db.codec import from_json_record
from db.entities import ENTITIES
from db.entities.place import Attachment
from db.errors import UserProblem
from db.fields import N_, Record
from db.local import blobs, conflicts, deciding, edits, journal, listing, meta, state, taking_back
from db.local.conflicts import OpenConflict
from db.local.edits import Editor, Saved
from db.local.engine import reading, writing
from db.local.journal import DraftRow, HistoryLine, OutboxEntry, OutboxState
from db.local.query import Hit, MapRow, Page, Query
from db.local.records import read, read_many
from db.local.state import RecordState, Tally

BULK = 500


class LocalStore:
    """Records, history, outbox, conflicts, drafts and attachments of one laptop."""

    def __init__(self, engine: Engine) -> None:
        """Use an engine of `db.local.engine`; a new store gets its device id here."""
        self.engine = engine
        self._listeners: list[Callable[[ChangeSet], None]] = []
        self._meta: dict[str, str | None] = {}
        device = self.meta("device_id")
        if device is None:
            device = str(uuid4())
            self.set_meta("device_id", device)
        self.device_id = UUID(device)

    # Who and where

    @property
    def me(self) -> UUID | None:
        """The staff id of this laptop's person."""
        text = self.meta("me")
        return UUID(text) if text else None

    @property
    def editor(self) -> Editor:
        """Who is stamped on changes made here."""
        return Editor(self.me, self.device_id)

    @property
    def is_connected(self) -> bool:
        """Whether this laptop belongs to a shared database (not: whether it can be reached now)."""
        return self.meta("epoch") is not None

    def meta(self, key: str) -> str | None:
        """Return a small setting of the store itself (`me`, `cursor`, `epoch`, `example` ...)."""
        if key not in self._meta:
            with reading(self.engine) as connection:
                self._meta[key] = meta.get(connection, key)
        return self._meta[key]

    def set_meta(self, key: str, value: str | None) -> None:
        """Keep a small setting; None removes it."""
        with writing(self.engine) as connection:
            meta.put(connection, key, value)
        self._meta[key] = value

    def forget_meta(self) -> None:
        """Read the small settings anew; for `db.sync`, which writes them in its own transactions."""
        self._meta.clear()

    # News

    def listen(self, callback: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Call `callback` after every commit, on the committing thread; returns the way to stop."""
        self._listeners.append(callback)

        def stop() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return stop

    def announce(self, changes: ChangeSet) -> None:
        """Tell the listeners; `db.sync` calls this after its own transactions."""
        for callback in tuple(self._listeners):
            callback(changes)

    # Reading

    def get(self, entity: str, record_id: UUID) -> Record | None:
        """Return a record, a tombstone included, or None."""
        with reading(self.engine) as connection:
            value = read(connection, entity, record_id)
        return from_json_record(ENTITIES[entity], value) if value else None

    def get_many(self, entity: str, ids: Iterable[UUID]) -> dict[UUID, Record]:
        """Return the records that exist, by id."""
        with reading(self.engine) as connection:
            found = read_many(connection, entity, [str(record_id) for record_id in ids])
        return {
            UUID(text): from_json_record(ENTITIES[entity], value) for text, value in found.items()
        }

    def find(self, query: Query) -> Page:
        """Return one page of a selection."""
        with reading(self.engine) as connection:
            return listing.find(connection, query)

    def position(self, query: Query, record_id: UUID) -> int | None:
        """Return the row of a record in a selection, however far; None when it is not in it."""
        with reading(self.engine) as connection:
            return listing.position(connection, query, record_id)

    def map_rows(self, query: Query) -> list[MapRow]:
        """Return every pin of a selection."""
        with reading(self.engine) as connection:
            return listing.map_rows(connection, query)

    def search(self, text: str, limit: int = 20) -> list[Hit]:
        """Search every entity at once; accents and dots do not matter."""
        with reading(self.engine) as connection:
            return listing.search(connection, text, limit)

    def near(self, x_rd: float, y_rd: float, radius_m: float, entity: str) -> list[Hit]:
        """Return what lies within `radius_m` of a place in RD metres, nearest first."""
        with reading(self.engine) as connection:
            return listing.near(connection, x_rd, y_rd, radius_m, entity)

    def counts(self) -> dict[str, int]:
        """Return the number of live records by entity."""
        with reading(self.engine) as connection:
            return listing.counts(connection)

    def titles(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """Return the titles of records of any entity, by id."""
        with reading(self.engine) as connection:
            return listing.titles(connection, ids)

    def history(self, record_id: UUID, limit: int = 200) -> tuple[HistoryLine, ...]:
        """Return what happened to a record, newest first."""
        with reading(self.engine) as connection:
            return journal.history(connection, record_id, limit)

    # Writing

    def save(self, ours: Record, base: Record | None, origin: UUID | None = None) -> Saved:
        """Save `ours`, made from `base` (None: new). With conflicts in the answer nothing was saved.

        Raises:
            UserProblem: a rule is broken (`problems`), or the record was deleted meanwhile.
            StorageFull: the disk is full; nothing was saved.
        """
        found = rules.errors(rules.problems(ours, base))
        if found:
            raise UserProblem(
                N_("This can't be saved yet. Look at the fields marked in red."), found
            )
        with writing(self.engine) as connection:
            saved = edits.save(connection, self.editor, ours, base)
            if saved.change is not None:
                conflicts.renew_ours(connection, saved.change)
        if saved.change is not None:
            self.announce(ChangeSet.of(origin, ours.ENTITY, ours.id))
        return saved

    def save_new(
        self, records: Iterable[Record], origin: UUID | None = None, *, as_example: bool = False
    ) -> int:
        """Save many new records that keep the rules, 500 a transaction; return how many.

        Records whose id exists already are left alone. Examples and reference records are not put
        in the outbox (`as_example`).
        """
        source, count = iter(records), 0
        while batch := list(islice(source, BULK)):
            with writing(self.engine) as connection:
                ids = edits.create_many(connection, self.editor, batch, as_example=as_example)
            count += sum(len(found) for found in ids.values())
            self.announce(ChangeSet(origin, ids))
        return count

    def delete(self, record: Record, origin: UUID | None = None) -> Saved:
        """Make a tombstone; can be undone with `restore`."""
        return self._set_deleted(record, origin, deleted=True)

    def restore(self, record: Record, origin: UUID | None = None) -> Saved:
        """Bring a tombstone back."""
        return self._set_deleted(record, origin, deleted=False)

    def _set_deleted(self, record: Record, origin: UUID | None, *, deleted: bool) -> Saved:
        with writing(self.engine) as connection:
            deciding.answer_deletion(connection, self.editor, record.id, deleted=deleted)
            saved = edits.set_deleted(connection, self.editor, record, deleted=deleted)
        self.announce(ChangeSet.of(origin, record.ENTITY, record.id))
        return saved

    # States, outbox, conflicts

    def record_states(self, ids: Iterable[UUID]) -> dict[UUID, RecordState]:
        """Return where each record is on its way to the shared database."""
        with reading(self.engine) as connection:
            return state.record_states(connection, ids, is_connected=self.is_connected)

    def tally(self) -> Tally:
        """Return what is left to do, in total."""
        with reading(self.engine) as connection:
            last = meta.get(connection, "last_sync")
            return state.tally(connection, last_sync=last, is_connected=self.is_connected)

    def outbox(
        self, states: Iterable[OutboxState] = journal.UNSENT, limit: int = 500
    ) -> tuple[OutboxEntry, ...]:
        """Return changes in these states, oldest first."""
        with reading(self.engine) as connection:
            return journal.entries(connection, states, limit=limit)

    def receipts(self, limit: int = 200) -> tuple[OutboxEntry, ...]:
        """Return the changes that arrived, newest first."""
        with reading(self.engine) as connection:
            return journal.receipts(connection, limit)

    def take_back(self, change_id: UUID) -> None:
        """Undo one change that waits or was refused; one that may have arrived gets a counter-change."""
        with writing(self.engine) as connection:
            change = taking_back.take_back(connection, self.editor, change_id)
        self.announce(ChangeSet.of(None, change.entity, change.record_id))

    def conflicts(self, record_ids: Iterable[UUID] | None = None) -> tuple[OpenConflict, ...]:
        """Return the double edits (of these records) that wait for a person, oldest first."""
        with reading(self.engine) as connection:
            ids = None if record_ids is None else map(str, record_ids)
            return conflicts.open_conflicts(connection, ids)

    def resolve(self, conflict_id: UUID, values: Values, origin: UUID | None = None) -> None:
        """Decide a conflict: the fields as they shall be, or {"deleted": bool}."""
        self.decide([(conflict_id, values)], origin)

    def decide(self, answers: Iterable[tuple[UUID, Values]], origin: UUID | None = None) -> None:
        """Decide conflicts together, each as `resolve` does."""
        with writing(self.engine) as connection:
            decided = deciding.decide(connection, self.editor, answers)
        self.announce(ChangeSet.about(origin, decided))

    def reopen(self, conflict_ids: Iterable[UUID], origin: UUID | None = None) -> None:
        """Take decisions back: they wait for a person again, and what was sent is put back."""
        with writing(self.engine) as connection:
            reopened = deciding.reopen(connection, self.editor, conflict_ids)
        self.announce(ChangeSet.about(origin, reopened))

    # Drafts and attachments

    def put_draft(self, draft: DraftRow) -> None:
        """Keep a half-typed form, so that it survives a crash."""
        with writing(self.engine) as connection:
            journal.put_draft(connection, draft)

    def drafts(self) -> tuple[DraftRow, ...]:
        """Return all half-typed forms, newest first."""
        with reading(self.engine) as connection:
            return journal.drafts(connection)

    def drop_draft(self, draft_id: UUID) -> None:
        """Forget a half-typed form."""
        with writing(self.engine) as connection:
            connection.exec_driver_sql("DELETE FROM draft WHERE id = ?", (str(draft_id),))

    def add_blob(self, content: bytes) -> str:
        """Keep an attachment's bytes; return their SHA-256."""
        with writing(self.engine) as connection:
            return blobs.add(connection, content)

    def blob(self, sha256: str) -> bytes | None:
        """Return an attachment's bytes, or None when they are not on this laptop."""
        with reading(self.engine) as connection:
            return blobs.read(connection, sha256)

    def attachments(self, record_id: UUID) -> tuple[Attachment, ...]:
        """Return a record's live attachments, oldest first."""
        with reading(self.engine) as connection:
            ids = blobs.attachment_ids(connection, record_id)
            found = read_many(connection, "attachment", ids)
        records = [from_json_record(Attachment, found[text]) for text in ids]
        return tuple(record for record in records if isinstance(record, Attachment))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
