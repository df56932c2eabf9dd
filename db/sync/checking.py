"""Comparing both sides after a cycle, and mending what differs (promise S8).

The shared database gives, with the last page, per entity the number of rows this person sees and the
sum of their digests; the laptop kept the digest that came with each row. Where these differ the rows
at fault are found and fetched again; what may not be seen any more is forgotten. What the shared
database has no longer, without having been put back, is never deleted here: it is told.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

from db.changes import SYNC, ChangeSet, Json, now
from db.codec import as_mapping, dumps
from db.entities import ENTITIES
from db.errors import Refused
from db.fields import N_
from db.local import conflicts, digests, forgetting, lost, meta
from db.local.engine import reading, writing
from db.local.records import declared_part
from db.local.store import LocalStore
from db.shared.protocol import SharedDatabase
from db.shared.rights import Right
from db.sync import replica
from db.sync.progress import Step, stopped

_log = logging.getLogger(__name__)

PUT_BACK = N_(
    "The shared database was put back to an earlier state. Synchronise first, so that nothing is lost."
)
ROWS_AT_ONCE = 500
LAST_CHECK, LAST_WHOLE = "last_check", "last_whole_check"
"""Keys of the small settings that hold the last comparison, and when contents were last compared."""
WHOLE_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Check:
    """How a comparison ended; kept as JSON in the small setting `last_check`.

    `counts` gives the rows compared by entity, `repaired` how many were fetched again, `forgotten`
    how many may not be seen here any more, `lost` how many the shared database lacks.
    """

    at: str
    counts: dict[str, int]
    repaired: int = 0
    forgotten: int = 0
    lost: int = 0
    received: int = 0

    @property
    def is_equal(self) -> bool:
        """Whether both sides were equal, or are so now."""
        return not self.lost


def check(
    store: LocalStore, shared: SharedDatabase, sums: Mapping[str, Sequence[int]], received: int
) -> Check:
    """Compare both sides by their sums, mend what differs, and note how it ended."""
    with reading(store.engine) as connection:
        ours = digests.sums(connection)
    known = {name: (int(pair[0]), int(pair[1])) for name, pair in sums.items() if name in ENTITIES}
    outcome = _Outcome()
    for entity, theirs in known.items():
        if ours.get(entity, (0, 0)) != theirs:
            outcome += _repair(store, shared, entity)
    counts = {name: pair[0] for name, pair in known.items()}
    return _note(store, counts, outcome, received)


def check_contents(
    store: LocalStore,
    shared: SharedDatabase,
    progress: Callable[[Step], None] = lambda step: None,
    stop: Event | None = None,
) -> Check:
    """Compare every value of every shared record, and mend what differs; some seconds of work.

    Raises:
        Cancelled: on request, by `stop`; what was mended so far stands. Refused: the database was put
        back; a cycle must offer again what it lost, before anything is taken from it.
    """
    _refuse_put_back(store, shared)
    outcome, counts = _Outcome(), {}
    with reading(store.engine) as connection:
        cursor = meta.furthest(connection)[0]
        total, done = digests.held(connection), 0
    for entity in ENTITIES:
        outcome += _repair(store, shared, entity)
        with reading(store.engine) as connection:
            ids = sorted(digests.of_entity(connection, entity))
        counts[entity] = len(ids)
        for start in range(0, len(ids), ROWS_AT_ONCE):
            stopped(stop or Event())
            rows = shared.rows(entity, ids[start : start + ROWS_AT_ONCE])
            wrong = _wrong(store, entity, [row for row in rows if not _is_news(row, cursor)])
            _apply(store, entity, wrong)
            outcome += _Outcome(repaired=len(wrong))
            done += len(rows)
            progress(Step("check", done, total))
    store.set_meta(LAST_WHOLE, now().isoformat())
    return _note(store, counts, outcome, 0)


def _wrong(
    store: LocalStore, entity: str, rows: Sequence[Mapping[str, Json]]
) -> list[Mapping[str, Json]]:
    """Return the rows that differ here; not those whose deletion is asked about: own work covers them."""
    ids = [str(row["id"]) for row in rows]
    with reading(store.engine) as connection:
        here = replica.shared_values(connection, entity, ids)
        asked = conflicts.open_conflicts(connection, ids)
    covered = {str(item.record_id) for item in asked if item.kind != conflicts.FIELDS}
    return [row for row in rows if row["id"] not in covered and _differs(here.get(row["id"]), row)]


def _refuse_put_back(store: LocalStore, shared: SharedDatabase) -> None:
    with reading(store.engine) as connection:
        cursor, tip = meta.furthest(connection)
        epoch = meta.get(connection, "epoch")
    info = shared.hello(cursor, tip)
    if not info.is_known or str(info.epoch) != epoch:
        raise Refused(PUT_BACK, reason="restored")


def last(store: LocalStore) -> Check | None:
    """Return how the last comparison ended; None before the first."""
    text = store.meta(LAST_CHECK)
    if text is None:
        return None
    told = as_mapping(text)
    return Check(**{name: told[name] for name in told if name != "is_equal"})


def is_whole_check_due(store: LocalStore) -> bool:
    """Whether contents were not compared for a week."""
    last = store.meta(LAST_WHOLE)
    return last is None or now() - datetime.fromisoformat(last) >= WHOLE_EVERY


@dataclass(frozen=True, slots=True)
class _Outcome:
    repaired: int = 0
    forgotten: int = 0
    lost: int = 0

    def __add__(self, other: "_Outcome") -> "_Outcome":
        return _Outcome(
            self.repaired + other.repaired,
            self.forgotten + other.forgotten,
            self.lost + other.lost,
        )


def _repair(store: LocalStore, shared: SharedDatabase, entity: str) -> _Outcome:
    """Fetch the rows of one entity that differ by digest; forget those that may not be seen."""
    with reading(store.engine) as connection:
        cursor = meta.furthest(connection)[0]
    theirs = shared.digests(entity)
    with reading(store.engine) as connection:
        ours = digests.of_entity(connection, entity)
        rights = (meta.get(connection, "rights") or "").split()
        gone = ours.keys() - theirs.keys()
        sees_all = Right.CONTACTS.value in rights
        hidden = [] if sees_all or not gone else sorted(gone & lost.of_contacts(connection))
    differing = sorted(id_ for id_, digest in theirs.items() if ours.get(id_) != digest)
    wrong = 0
    for start in range(0, len(differing), ROWS_AT_ONCE):
        rows = shared.rows(entity, differing[start : start + ROWS_AT_ONCE])
        damaged = [row for row in rows if not _is_news(row, cursor)]
        _apply(store, entity, damaged)
        wrong += len(damaged)
    forgotten: list[str] = []
    if hidden:
        with writing(store.engine) as connection:
            forgotten = forgetting.forget(connection, entity, hidden)
        store.announce(ChangeSet(SYNC, {entity: frozenset(map(UUID, forgotten))}))
    if wrong or gone:
        _log.warning("%s: %d rows differed, %d were not there", entity, wrong, len(gone))
    return _Outcome(wrong, len(forgotten), len(gone) - len(hidden))


def _is_news(row: Mapping[str, Json], cursor: int) -> bool:
    """Whether a colleague wrote a row since the last pull: the next brings it, with its history."""
    return int(row["seq"]) > cursor


def _apply(store: LocalStore, entity: str, rows: Sequence[Mapping[str, Json]]) -> None:
    if not rows:
        return
    before = min(int(row["seq"]) for row in rows) - 1
    with writing(store.engine) as connection:
        ids = replica.apply_rows(connection, store.editor, rows, before)
    store.announce(ChangeSet(SYNC, ids))


def _differs(ours: Mapping[str, Json] | None, theirs: Mapping[str, Json]) -> bool:
    """Whether a record's values differ; what is missing, None and empty stand for each other."""
    if ours is None:
        return True
    mine, other = declared_part(ours), declared_part(theirs)
    names = (mine.keys() | other.keys()) - replica.NOT_KEPT
    is_deleted = bool(ours.get("deleted")) != bool(theirs.get("deleted"))
    return is_deleted or any(_filled(mine.get(n)) != _filled(other.get(n)) for n in names)


def _filled(value: Json) -> Json:
    """Return a value, or None for an empty one; nought is a value."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if value or is_number else None


def _note(store: LocalStore, counts: dict[str, int], outcome: _Outcome, received: int) -> Check:
    made = Check(now().isoformat(), counts, **asdict(outcome), received=received)
    with writing(store.engine) as connection:
        meta.put(connection, LAST_CHECK, dumps({**asdict(made), "is_equal": made.is_equal}))
    store.forget_meta()
    return made
