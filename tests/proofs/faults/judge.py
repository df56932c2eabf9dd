"""The judge: reads both databases by bare SQL and holds them against what people saved.

It shares no code with the engine, the store or the functions in the database. What it checks:
every change that a laptop holds a receipt for is in the shared database exactly once; every value
that anyone saved can be found; no change left an outbox without a receipt; and, after healing, every
replica equals the shared database, attachments included.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlcipher3.dbapi2 as sqlcipher
from psycopg.rows import dict_row

from tests.proofs.faults.laptop import KEY

ENTITIES = (
    "initiative", "premises", "plot", "organisation", "contact_person", "contact_moment",
    "attachment", "search_request",
)  # fmt: skip
SYSTEM = ("revision", "code", "created_at", "created_by", "changed_at", "changed_by")
UNSENT = ("waiting", "sent")
OWN_WISH = (*UNSENT, "taken_back")


@dataclass(frozen=True)
class Saved:
    """What a person saved: noted when it was done, before anything could go wrong."""

    change_id: str
    entity: str
    record_id: str
    kind: str
    values: Mapping[str, Any]


@dataclass
class Verdict:
    """What the judge found; `acknowledged` counts the receipts that laptops hold."""

    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing was found."""
        return not (self.lost or self.doubled or self.wrong)

    def join(self, other: "Verdict") -> None:
        """Take over what another judgement found."""
        self.acknowledged += other.acknowledged
        self.lost += other.lost
        self.doubled += other.doubled
        self.wrong += other.wrong


def of_store(path: Path, query: str) -> list[dict[str, Any]]:
    """Read a laptop's store by SQL."""
    connection = sqlcipher.connect(str(path), isolation_level=None)
    try:
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]
    finally:
        connection.close()


def receipts_of(path: Path) -> dict[str, int]:
    """Return the receipt numbers that a laptop holds, by change."""
    rows = of_store(path, "SELECT change_id, receipt FROM outbox WHERE receipt IS NOT NULL")
    return {row["change_id"]: row["receipt"] for row in rows}


def left_by(path: Path) -> tuple[dict[str, int], list[str]]:
    """Return the receipts in a store as a killed process left it, and what is damaged in it.

    A copy is read: reading mends the file, which is for the next process to do.
    """
    with tempfile.TemporaryDirectory() as folder:
        for part in path.parent.glob(f"{path.name}*"):
            shutil.copy(part, folder)
        copy = Path(folder) / path.name
        said = [
            str(value)
            for pragma in ("cipher_integrity_check", "integrity_check")
            for row in of_store(copy, f"PRAGMA {pragma}")
            for value in row.values()
            if value != "ok"
        ]
        return receipts_of(copy), said


def check_receipts(
    shared: "psycopg.Connection[Any]",
    held: Mapping[str, int],
    verdict: Verdict,
    stored: Set[str] | None,
) -> None:
    """Every receipt that is held was given by the shared database, and its change stands once.

    After a restore only what had been `stored` must be there again, under any number.
    """
    verdict.acknowledged += len(held)
    given = {
        str(row["change_id"]): row["number"]
        for row in shared.execute("SELECT change_id, number FROM naoberkaart.receipt")
    }
    verdict.lost += [
        f"receipt {number} of {change}"
        for change, number in held.items()
        if (given.get(change) != number if stored is None else change in stored - given.keys())
    ]
    again = shared.execute(
        "SELECT change_id, kind, count(*) AS n FROM naoberkaart.change_log"
        " WHERE change_id IS NOT NULL GROUP BY change_id, kind HAVING count(*) > 1"
    )
    verdict.doubled += [f"{row['change_id']} {row['kind']} x {row['n']}" for row in again]


def stored_in(admin_url: str) -> frozenset[str]:
    """Return the changes of which the shared database stored anything."""
    query = (
        "SELECT change_id::text FROM naoberkaart.receipt"
        " WHERE result ->> 'outcome' IN ('applied', 'merged')"
    )
    with psycopg.connect(admin_url) as shared:
        return frozenset(row[0] for row in shared.execute(query))


def check_outbox(path: Path, saved: Iterable[Saved], verdict: Verdict) -> None:
    """No change has left the outbox, or the waiting in it, without a receipt."""
    rows = {row["change_id"]: row for row in of_store(path, "SELECT * FROM outbox")}
    for change in saved:
        row = rows.get(change.change_id)
        if row is None:
            verdict.lost.append(f"{change.change_id} is in no outbox")
        elif row["state"] not in OWN_WISH and row["receipt"] is None:
            verdict.wrong.append(f"{change.change_id} {row['state']} without a receipt")


def check_values(
    shared: "psycopg.Connection[Any]", path: Path, saved: Iterable[Saved], verdict: Verdict
) -> None:
    """Every value that was saved is in its record, in the history, or in what was refused."""
    refused = "SELECT change FROM outbox WHERE state IN ('refused', 'taken_back')"
    kept = {json.loads(row["change"])["id"] for row in of_store(path, refused)}
    for change in saved:
        if change.change_id in kept:
            continue
        there = _traces(shared, change)
        missing = [
            name
            for name, value in change.values.items()
            if value not in (None, [], False, "", 0) and not _is_among(value, there.get(name, []))
        ]
        verdict.lost += [f"{change.entity} {change.record_id}.{name}" for name in missing]


def _traces(shared: "psycopg.Connection[Any]", change: Saved) -> dict[str, list[Any]]:
    """Return every value the shared database knows of a record, by field."""
    found: dict[str, list[Any]] = {}
    row = shared.execute(
        f"SELECT to_jsonb(t) AS value FROM naoberkaart.{change.entity} t WHERE id = %s",
        (change.record_id,),
    ).fetchone()
    for name, value in (row["value"] if row else {}).items():
        found.setdefault(name, []).append(value)
    lines = shared.execute(
        "SELECT fields FROM naoberkaart.change_log WHERE record_id = %s", (change.record_id,)
    )
    for line in lines:
        for name, pair in line["fields"].items():
            found.setdefault(name, []).extend(pair)
    return found


def _is_among(value: Any, found: list[Any]) -> bool:
    if isinstance(value, list):
        return all(any(item in other for other in found if other) for item in value)
    return any(_plain(value) == _plain(other) for other in found)


def check_equal(shared: "psycopg.Connection[Any]", path: Path, verdict: Verdict) -> None:
    """A healed replica shows what the shared database holds, row by row and column by column."""
    for entity in ENTITIES:
        there = {
            str(row["id"]): row["value"]
            for row in shared.execute(
                f"SELECT id, to_jsonb(t) AS value FROM naoberkaart.{entity} t"
            )
        }
        rows = of_store(path, f"SELECT * FROM {entity}")
        here = {row["id"]: row for row in rows if row["revision"] or not row["deleted"]}
        for record_id in there.keys() ^ here.keys():
            verdict.wrong.append(f"{entity} {record_id} is on one side only ({path.name})")
        for record_id in there.keys() & here.keys():
            different = _differing(there[record_id], here[record_id])
            if different:
                verdict.wrong.append(f"{entity} {record_id} differs in {different} ({path.name})")
    _check_attachments(shared, path, verdict)


def _differing(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    names = set(there) & set(here) - {"extra", "digest"}
    return sorted(n for n in names if _plain(there[n]) != _plain(here[n], like=there[n]))


def _plain(value: Any, like: Any = None) -> Any:
    """Return a value of either database in one form."""
    if isinstance(like, bool):
        return bool(value)
    if isinstance(like, dict | list) and isinstance(value, str):
        value = json.loads(value)
    if isinstance(value, str) and len(value) > 18 and value[10:11] == "T":
        return datetime.fromisoformat(value)
    return None if value in ([], {}) else value


def _check_attachments(shared: "psycopg.Connection[Any]", path: Path, verdict: Verdict) -> None:
    here = {
        row["sha256"]: hashlib.sha256(row["content"]).hexdigest()
        for row in of_store(path, "SELECT sha256, content FROM blob")
    }
    wanted = shared.execute(
        "SELECT DISTINCT a.sha256, b.is_complete, (SELECT string_agg(c.content, ''::bytea ORDER BY"
        " c.position) FROM naoberkaart.blob_chunk c WHERE c.sha256 = a.sha256) AS content"
        " FROM naoberkaart.attachment a LEFT JOIN naoberkaart.blob b USING (municipality, sha256)"
        " WHERE NOT a.deleted"
    )
    for row in wanted:
        name = row["sha256"]
        if not row["is_complete"] or hashlib.sha256(row["content"]).hexdigest() != name:
            verdict.wrong.append(f"attachment {name[:8]} is not whole in the shared database")
        if here.get(name) != name:
            verdict.wrong.append(f"attachment {name[:8]} is not whole on {path.name}")


def judge(
    admin_url: str,
    stores: Mapping[Path, Iterable[Saved]],
    heard: Mapping[str, int],
    stored: Set[str] | None = None,
) -> Verdict:
    """Judge healed laptops; `stores` gives what was saved on each, `heard` the receipts of before."""
    verdict = Verdict()
    with psycopg.connect(admin_url, row_factory=dict_row, autocommit=True) as shared:
        held = dict(heard)
        for path, saved in stores.items():
            changes = list(saved)
            held |= receipts_of(path)
            check_outbox(path, changes, verdict)
            check_values(shared, path, changes, verdict)
            check_equal(shared, path, verdict)
        check_receipts(shared, held, verdict, stored)
    return verdict
